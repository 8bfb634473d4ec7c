import { html, raw } from "hono/html";
import { escapeHtml, figure, percent, plain, signed } from "../../publish/html/markup.ts";
import type { Bilingual } from "../../publish/report.ts";
import { TEXTS, type TextKey } from "../../publish/texts.ts";
import { fill } from "../../publish/words.ts";
import type { Language } from "../page/language.ts";
import type { Markup } from "../page/layout.ts";
import type { PageView } from "./define-page.ts";
import { gradeClass } from "./palette.ts";
import type { StandingRow } from "./shapes.ts";
import { SITE_TEXTS } from "./texts.ts";

export { figure, percent, plain, signed };

const ALL_TEXTS = { ...TEXTS, ...SITE_TEXTS };
export type SaidKey = TextKey | keyof typeof SITE_TEXTS;

/** Says texts of reports and pages in one language. */
export function speaker(language: Language) {
  return (key: SaidKey, values?: Readonly<Record<string, string | number | Bilingual>>): string => {
    const text: Bilingual = ALL_TEXTS[key];
    return (values ? fill(text, values) : text)[language];
  };
}

/** A head cell; of numbers, it stands to the right as they do. */
export function headCell(text: string, number = false, roomy = false): Markup {
  const classes = [...(number ? ["n"] : []), ...(roomy ? ["roomy"] : [])].join(" ");
  return classes
    ? html`<th scope="col" class="${classes}">${text}</th>`
    : html`<th scope="col">${text}</th>`;
}

/** The title of a column; of numbers as `{ n: title }`. A roomy one is left out on a phone. */
type Head =
  | string
  | { readonly n: string; readonly roomy?: boolean }
  | { readonly text: string; readonly roomy?: boolean };

const titleOf = (head: Head): string =>
  typeof head === "string" ? head : "n" in head ? head.n : head.text;

export interface TableParts {
  /** Titles of the columns. */
  readonly head: readonly Head[];
  readonly rows: readonly Markup[];
  readonly caption?: string | undefined;
  readonly className?: string;
}

/** A table of so many columns or more stands as a list of its rows on a phone, each value with its column's title. */
const LISTED_FROM = 4;
/** A value wider than this takes a line of its own there; Chinese characters count twice. */
const LONG = 26;

/**
 * A table that scrolls sideways by itself where the screen is narrow, by keyboard too; one of many columns becomes a list of its
 * rows there, so that no column is out of sight.
 */
export function drawTable({ head, rows, caption, className }: TableParts): Markup {
  const titles = head.map(titleOf);
  const label = caption ?? titles.join(" ");
  if (className === "row-list" || (className === undefined && head.length >= LISTED_FROM)) {
    return labelCells(rows, titles).then((labelled) =>
      drawFrame({ head, rows: labelled, caption, className: "row-list" }, label),
    );
  }
  return drawFrame({ head, rows, caption, ...(className !== undefined && { className }) }, label);
}

/** Rows whose cells say the title of their column, and whether they are long. */
async function labelCells(
  rows: readonly Markup[],
  titles: readonly string[],
): Promise<readonly Markup[]> {
  const drawn = (await Promise.all(rows)).map(String);
  return drawn.map((row) => {
    let at = 0;
    const text = row.replace(
      /<tr\b|<(t[dh])\b([^>]*)>((?:(?!<\/t[dh]>)[\s\S])*)/g,
      (whole, tag?: string, attributes = "", inside = "") => {
        if (tag === undefined) {
          at = 0;
          return whole;
        }
        const title = titles[at] ?? "";
        at += Number(/colspan="?(\d+)/.exec(attributes)?.[1] ?? 1);
        const seen = inside.replace(/<span class="hidden">[^<]*<\/span>|<[^>]*>/g, "").trim();
        const long =
          seen.length + (seen.match(/\p{Script=Han}/gu)?.length ?? 0) > LONG ? " data-long" : "";
        return `<${tag}${attributes} data-label="${escapeHtml(title)}"${long}>${inside}`;
      },
    );
    return raw(text);
  });
}

function drawFrame({ head, rows, caption, className }: TableParts, label: string): Markup {
  return html`<div class="wide" role="region" tabindex="0" aria-label="${label}"><table class="${className ?? ""}">${caption ? html`<caption>${caption}</caption>` : ""}<thead><tr>${head.map(
    (one) =>
      typeof one === "string"
        ? headCell(one)
        : headCell(titleOf(one), "n" in one, one.roomy === true),
  )}</tr></thead><tbody>
${rows}
</tbody></table></div>`;
}

/** A part of the page with its heading, and what stands beside it. */
export function panel(
  id: string,
  title: string,
  inside: Markup,
  aside: Markup | string = "",
): Markup {
  return html`<section class="panel" id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}${aside === "" ? "" : html` <span class="aside">${aside}</span>`}</h2>
${inside}</section>`;
}

/** The coloured mark of a grade. */
export function gradeChip(
  grade: string | null,
  grades: readonly { readonly id: string; readonly title: Bilingual }[],
  language: Language,
): Markup {
  if (grade === null) return html`–`;
  const found = grades.find(({ id }) => id === grade);
  return html`<b class="chip ${gradeClass(grade)}" title="${found?.title[language] ?? grade}">${grade}</b>`;
}

const LEVELS: Record<string, TextKey> = {
  green: "levelGreen",
  yellow: "levelYellow",
  orange: "levelOrange",
  red: "levelRed",
  no_data: "levelNoData",
};

/** A warning level in words. */
export function sayLevel(level: string, language: Language): string {
  return speaker(language)(LEVELS[level] ?? "levelNoData");
}

/** The coloured mark of a warning level. */
export function levelChip(level: string, language: Language): Markup {
  const known = LEVELS[level] ? level : "no_data";
  return html`<b class="chip w-${known}">${sayLevel(known, language)}</b>`;
}

/** Every grade with its colour and the range of scores. */
export function gradeKey({ month, language }: PageView<unknown>): Markup {
  return html`<p class="key">${month.report.grades.map(
    ({ id, title, from, below }) =>
      html`<span><b class="chip ${gradeClass(id)}">${id}</b> ${title[language]} <small>${from ?? ""}–${below ?? ""}</small></span>`,
  )}</p>`;
}

/** Ranks moved, as an arrow with its words. */
export function drawMove(rank: number | null, before: number | null, language: Language): Markup {
  if (rank === null || before === null) return html`<span class="same">–</span>`;
  const places = before - rank;
  const direction = places > 0 ? "up" : places < 0 ? "down" : "same";
  const words = speaker(language)(direction, { count: Math.abs(places) });
  const sign = places > 0 ? `▲${places}` : places < 0 ? `▼${-places}` : "＝";
  return html`<span class="${direction}"><span aria-hidden="true">${sign}</span><span class="hidden">${words}</span></span>`;
}

const RANGE_WIDTH = 120;
const RANGE_HEIGHT = 18;
const RANGE_EDGE = 6;

/** A rank with its interval as a bar from the first place to the last, and the figures behind it. */
export function drawRange(
  { rank, rank_range: range, ranked_of: of }: StandingRow,
  language: Language,
): Markup {
  if (!range || !of) return html`–`;
  const at = (place: number) =>
    RANGE_EDGE + ((place - 1) / Math.max(of - 1, 1)) * (RANGE_WIDTH - 2 * RANGE_EDGE);
  const middle = RANGE_HEIGHT / 2;
  const low = Math.round(range.low);
  const high = Math.round(range.high);
  const label = speaker(language)("rankRangeOf", {
    median: plain(range.median),
    low: plain(range.low),
    high: plain(range.high),
    top: percent(range.top_three),
    bottom: percent(range.bottom_three),
  });
  const dot = rank === null ? "" : `<circle cx="${at(rank).toFixed(1)}" cy="${middle}" r="4"/>`;
  return html`<span class="range" title="${label}">${raw(
    `<svg class="interval" width="${RANGE_WIDTH}" height="${RANGE_HEIGHT}" viewBox="0 0 ${RANGE_WIDTH} ${RANGE_HEIGHT}" aria-hidden="true"><path class="track" d="M${RANGE_EDGE} ${middle}H${RANGE_WIDTH - RANGE_EDGE}"/><path class="span" d="M${at(range.low).toFixed(1)} ${middle}H${Math.max(at(range.high), at(range.low) + 0.1).toFixed(1)}"/>${dot}</svg>`,
  )} <span>${low}–${high}</span></span>`;
}

const BAR_WIDTH = 110;
const BAR_HEIGHT = 10;

/** A score of 0 to 100 as a bar, with a mark for the median of peers. */
export function drawBar(score: number | null, median: number | null): Markup {
  if (score === null) return html``;
  const x = (value: number) => ((Math.min(Math.max(value, 0), 100) / 100) * BAR_WIDTH).toFixed(1);
  const mark =
    median === null
      ? ""
      : `<rect class="mark" x="${x(median)}" y="0" width="2" height="${BAR_HEIGHT}"/>`;
  return html`${raw(
    `<svg class="score-bar" width="${BAR_WIDTH}" height="${BAR_HEIGHT}" viewBox="0 0 ${BAR_WIDTH} ${BAR_HEIGHT}" aria-hidden="true"><rect class="track" width="${BAR_WIDTH}" height="${BAR_HEIGHT}"/><rect class="fill" width="${x(score)}" height="${BAR_HEIGHT}"/>${mark}</svg>`,
  )}`;
}

/** Markup of the reports, which escaped it already, as it is. */
export function asMarkup(text: string): Markup {
  return html`${raw(text)}`;
}

/** A label for markup that is put together as text. */
export function labelOf(text: string): string {
  return escapeHtml(text);
}

/** A mark beside the grade where a veto caps it. */
export function vetoMark(
  { vetoed_by: rule, grade_before_veto: grade }: StandingRow,
  titles: ReadonlyMap<string, Bilingual>,
  language: Language,
): Markup {
  if (rule === null) return html``;
  const say = speaker(language);
  const title = titles.get(rule) ?? { zh: rule, en: rule };
  return html` <abbr class="veto" title="${say("vetoed", { rule: title, grade: grade ?? "–" })}">${say("veto")}</abbr>`;
}
