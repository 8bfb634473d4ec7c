import type { Report, ReportLevel, Standing } from "../report.ts";
import { TEXTS } from "../texts.ts";
import { fill } from "../words.ts";
import { anchor, attribute, both, escapeHtml, figure, section } from "./markup.ts";
import { trim } from "./sparkline.ts";

/** Above this many bodies lines cannot be told apart, and the spread is shown instead. */
const MOST_LINES = 14;
const WIDTH = 860;
const HEIGHT = 340;
const LEFT = 40;
const RIGHT = 150;
const TOP = 12;
const BOTTOM = 28;
/** Ten hues that stay apart for colour-blind readers too (Tableau's ten, darkened where too light for text). */
const HUES = [
  "#3f6ea0",
  "#c8651b",
  "#b9383c",
  "#4b9189",
  "#47873f",
  "#9a7a10",
  "#8a5f84",
  "#c65f74",
  "#7f5f4b",
  "#6b6461",
] as const;

interface Scale {
  readonly x: (place: number) => number;
  readonly y: (score: number) => number;
  readonly low: number;
  readonly high: number;
}

/** The course of scores: a line per body at small levels, the spread at large ones. */
export function renderTrends(report: Report): string {
  const parts = report.levels.map((level) => {
    const few = level.standings.length <= MOST_LINES;
    const words = fill(few ? TEXTS.trendLines : TEXTS.trendFan, { level: level.name });
    const scale = makeScale(report, level);
    if (!scale) return "";
    const inside = few ? renderLines(level.standings, scale) : renderFan(level, scale);
    return `<figure><figcaption>${both(words)}</figcaption><svg class=trend viewBox="0 0 ${WIDTH} ${HEIGHT}" role=img aria-label="${attribute(words)}">${renderAxes(report, scale)}${inside}</svg></figure>`;
  });
  return section("trends", "trends", parts.join("\n"));
}

function makeScale(report: Report, { standings }: ReportLevel): Scale | undefined {
  const known = standings.flatMap(({ history }) => history.filter((score) => score !== null));
  if (known.length === 0) return undefined;
  const step = 5;
  const low = Math.floor(Math.min(...known) / step) * step;
  const high = Math.max(Math.ceil(Math.max(...known) / step) * step, low + step);
  const width = WIDTH - LEFT - RIGHT;
  const places = Math.max(report.context.periods.length - 1, 1);
  return {
    low,
    high,
    x: (place) => LEFT + (place / places) * width,
    y: (score) => HEIGHT - BOTTOM - ((score - low) / (high - low)) * (HEIGHT - TOP - BOTTOM),
  };
}

function renderAxes({ context }: Report, { low, high, x, y }: Scale): string {
  const step = [5, 10, 20, 25, 50].find((size) => (high - low) / size <= 6) ?? 100;
  const lines: string[] = [];
  for (let score = Math.ceil(low / step) * step; score <= high; score += step) {
    const at = trim(y(score));
    lines.push(
      `<path class=grid d="M${LEFT} ${at}H${WIDTH - RIGHT}"/><text class=axis x=${LEFT - 6} y=${at} dy=4 text-anchor=end>${score}</text>`,
    );
  }
  const { periods } = context;
  const every = Math.ceil(periods.length / 9);
  periods.forEach(({ id }, place) => {
    if ((periods.length - 1 - place) % every !== 0) return;
    lines.push(
      `<text class=axis x=${trim(x(place))} y=${HEIGHT - 8} text-anchor=middle>${escapeHtml(id)}</text>`,
    );
  });
  return lines.join("");
}

function renderLines(standings: readonly Standing[], scale: Scale): string {
  const last = standings
    .map((standing, index) => {
      const place = standing.history.findLastIndex((score) => score !== null);
      return { standing, index, place, score: standing.history[place] ?? null };
    })
    .filter(({ score }) => score !== null)
    .toSorted((a, b) => (b.score as number) - (a.score as number));
  const heights = separate(last.map(({ score }) => scale.y(score as number)));
  return last
    .map(({ standing, index, place, score }, order) => {
      const hue = HUES[index % HUES.length];
      const { name, id } = standing.body;
      const x = scale.x(place);
      const y = heights[order] as number;
      const label = (language: "zh" | "en") =>
        `<text lang=${language} x=${WIDTH - RIGHT + 14} y=${trim(y)} dy=4 fill="${hue}">${escapeHtml(name[language])} ${figure(score, 1)}</text>`;
      return `<a class=line href="#${anchor(id)}"><title>${attribute(name)}</title><path class=course stroke="${hue}" d="${drawLine(standing.history, scale)}"/><circle cx=${trim(x)} cy=${trim(scale.y(score as number))} r=3 fill="${hue}" /><path class=leader d="M${trim(x + 4)} ${trim(scale.y(score as number))}L${WIDTH - RIGHT + 11} ${trim(y)}"/>${label("zh")}${label("en")}</a>`;
    })
    .join("");
}

/** Moves labels apart, from the top down, then back up where they would leave the picture. */
function separate(wanted: readonly number[]): number[] {
  const gap = 17;
  const placed: number[] = [];
  for (const y of wanted) placed.push(Math.max(y, (placed.at(-1) ?? -gap) + gap));
  let limit = HEIGHT - 6;
  for (let index = placed.length - 1; index >= 0; index--) {
    placed[index] = Math.min(placed[index] as number, limit);
    limit = (placed[index] as number) - gap;
  }
  return placed;
}

function drawLine(history: readonly (number | null)[], { x, y }: Scale): string {
  return history
    .map((score, place) =>
      score === null
        ? ""
        : `${(history[place - 1] ?? null) === null ? "M" : "L"}${trim(x(place))} ${trim(y(score))}`,
    )
    .join("");
}

function renderFan({ standings }: ReportLevel, scale: Scale): string {
  const places = standings[0]?.history.map((_, place) => place) ?? [];
  const spread = places
    .map((place) => ({
      place,
      scores: standings.flatMap(({ history }) => history[place] ?? []).toSorted((a, b) => a - b),
    }))
    .filter(({ scores }) => scores.length > 0);
  const at = (share: number) => (point: { scores: number[] }) => quantile(point.scores, share);
  const band = (low: number, high: number, className: string) => {
    const upper = spread.map((p) => `${trim(scale.x(p.place))} ${trim(scale.y(at(high)(p)))}`);
    const lower = spread.map((p) => `${trim(scale.x(p.place))} ${trim(scale.y(at(low)(p)))}`);
    return `<path class=${className} d="M${[...upper, ...lower.reverse()].join("L")}Z"/>`;
  };
  const middle = spread.map((p) => `${trim(scale.x(p.place))} ${trim(scale.y(at(0.5)(p)))}`);
  const end = spread.at(-1);
  const marks = end
    ? (
        [
          ["highest", 1],
          ["median", 0.5],
          ["lowest", 0],
        ] as const
      ).map(([key, share]) =>
        (["zh", "en"] as const)
          .map(
            (language) =>
              `<text lang=${language} x=${WIDTH - RIGHT + 14} y=${trim(scale.y(at(share)(end)))} dy=4>${TEXTS[key][language]} ${figure(at(share)(end), 1)}</text>`,
          )
          .join(""),
      )
    : [];
  return `${band(0, 1, "range")}${band(0.25, 0.75, "half")}<path class=median d="M${middle.join("L")}"/>${marks.join("")}`;
}

/** Linear between the two nearest values, of a sorted list. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] as number;
  const above = sorted[Math.ceil(at)] as number;
  return below + (above - below) * (at - Math.floor(at));
}
