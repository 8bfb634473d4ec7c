import {
  type Level,
  reaches,
  type SeriesDefinition,
  severity,
  type WarningDefinition,
} from "../standard/warning-definition.ts";
import type { BodyEpisode } from "./findings.ts";

export interface Sentence {
  readonly zh: string;
  readonly en: string;
}

const NAMES: Record<Level | "no_data", Sentence> = {
  green: { zh: "绿色", en: "green" },
  yellow: { zh: "黄色", en: "yellow" },
  orange: { zh: "橙色", en: "orange" },
  red: { zh: "红色", en: "red" },
  no_data: { zh: "无数据", en: "no data" },
};

/** Reasons named in a composite's sentence; the rest are counted. */
const NAMED = 3;

/** One sentence on a composite level: what stands above green, the worst first. */
export function describeComposite(
  definition: WarningDefinition,
  level: Level | "no_data",
  standing: readonly BodyEpisode[],
  periods: readonly string[],
  full: boolean,
): Sentence {
  if (!full) return { zh: "", en: "" };
  const name = NAMES[level];
  if (level === "no_data") {
    return { zh: "没有可供判断的数据。", en: "There is no data to judge by." };
  }
  if (standing.length === 0) {
    return {
      zh: `综合风险为${name.zh}，各项均未触线。`,
      en: `The composite risk is ${name.en}; no line is reached.`,
    };
  }
  const ordered = standing.toSorted(
    (a, b) =>
      severity(b.level) - severity(a.level) || a.began - b.began || (a.ruleId < b.ruleId ? -1 : 1),
  );
  const parts = ordered
    .slice(0, NAMED)
    .map((episode) => describeEpisode(definition, episode, periods));
  const more = ordered.length - parts.length;
  return {
    zh: `综合风险为${name.zh}：${parts.map(({ zh }) => zh).join("；")}${more > 0 ? `；另有${more}项` : ""}。`,
    en: `The composite risk is ${name.en}: ${parts.map(({ en }) => en).join("; ")}${more > 0 ? `; and ${more} more` : ""}.`,
  };
}

/** A rule that stands above green, in words without a full stop. */
export function describeEpisode(
  { rules, outlooks, series }: WarningDefinition,
  episode: BodyEpisode,
  periods: readonly string[],
): Sentence {
  const outlook = outlooks.find(({ id }) => id === episode.ruleId);
  const rule = rules.find(({ id }) => id === (outlook?.rule ?? episode.ruleId));
  const on = series.find(({ id }) => id === rule?.series);
  const value = writeValue(on, episode.value);
  const line = writeValue(on, episode.line);
  const part = episode.part
    ? { zh: `（${episode.part}）`, en: ` (${episode.part})` }
    : { zh: "", en: "" };
  if (outlook) {
    return {
      zh: `${outlook.title.zh}：${on?.title.zh}预计${episode.expected}达到${value.zh}，越过${line.zh}`,
      en: `${outlook.title.en}: ${on?.title.en} is expected to be ${value.en} in ${episode.expected}, beyond ${line.en}`,
    };
  }
  const name = NAMES[episode.level];
  const band = rule?.bands.find(({ level }) => level === episode.level);
  const began = periods[episode.began];
  const since =
    began === periods.at(-1)
      ? { zh: "", en: "" }
      : { zh: `，始于${began}`, en: `, since ${began}` };
  const release = writeValue(on, band?.release ?? episode.line);
  const over = band !== undefined && reaches(band, episode.value);
  return {
    zh: `${on?.title.zh}${part.zh}为${value.zh}（${over ? `${name.zh}线${line.zh}` : `曾越过${name.zh}线${line.zh}，尚未稳定回到${release.zh}以内`}${since.zh}）`,
    en: `${on?.title.en}${part.en}: ${value.en} (${over ? `${name.en} line ${line.en}` : `was beyond the ${name.en} line ${line.en} and is not yet safely within ${release.en}`}${since.en})`,
  };
}

/** A value with its unit; large sums of money in 亿元 and millions. */
export function writeValue(series: SeriesDefinition | undefined, value: number): Sentence {
  const unit = series?.unit ?? { zh: "", en: "" };
  if (unit.zh === "元" && Math.abs(value) >= 1e6) {
    return { zh: `${round(value / 1e8)}亿元`, en: `${round(value / 1e6)} million yuan` };
  }
  const text = round(value);
  if (unit.en === "%") return { zh: `${text}${unit.zh}`, en: `${text}%` };
  return { zh: `${text}${unit.zh}`, en: `${text} ${text === "1" ? ofOne(unit.en) : unit.en}` };
}

/** The unit of one: 1 record, 1 working day. Units are written in the plural; what is none, as times the noise, is left. */
function ofOne(unit: string): string {
  if (!/^[a-z]+( [a-z]+)?$/i.test(unit)) return unit;
  return unit.replace(/([a-z]+)ies$/, "$1y").replace(/([^s])s$/, "$1");
}

function round(value: number): string {
  const text = value.toFixed(Math.abs(value) >= 1000 ? 0 : 1).replace(/\.0$/, "");
  return text === "-0" ? "0" : text;
}
