import { namePeriod } from "../period.ts";
import {
  type Level,
  lineOf,
  reaches,
  type SeriesDefinition,
  severity,
  type WarningBand,
  type WarningDefinition,
  type WarningRule,
} from "../standard/warning-definition.ts";
import { writeFigure } from "./figure-text.ts";
import type { BodyEpisode } from "./findings.ts";
import { releaseBand } from "./judge.ts";
import { describeLine, describeRelease, describeSide } from "./sentence-lines.ts";
import { describeValue } from "./sentence-values.ts";

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
      zh: `综合风险等级为${name.zh}，各项均未达到预警线。`,
      en: `The composite risk is ${name.en}; no warning line is reached.`,
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
  const several = describeSeveral(definition, level, ordered);
  return {
    zh: `综合风险等级为${name.zh}${several.zh}。${parts.map(({ zh }) => zh).join("；")}${more > 0 ? `；另有${more}项预警` : ""}。`,
    en: `The composite risk is ${name.en}${several.en}. ${parts.map(({ en }) => en).join("; ")}${more > 0 ? `; and ${more} more` : ""}.`,
  };
}

/** Why the composite is worse than each of what stands: several together make it so. */
function describeSeveral(
  { composite, outlooks }: WarningDefinition,
  level: Level,
  standing: readonly BodyEpisode[],
): Sentence {
  const several = composite?.several;
  const forecast = new Set(outlooks.map(({ id }) => id));
  const ofRules = standing.filter(({ ruleId }) => !forecast.has(ruleId));
  if (!several || ofRules.some((one) => severity(one.level) >= severity(level))) {
    return { zh: "", en: "" };
  }
  const least = NAMES[several.at_least];
  return {
    zh: `（${several.count}项以上达到${least.zh}，按规则定为${NAMES[level].zh}）`,
    en: ` (${several.count} or more warnings at ${least.en} make it ${NAMES[level].en})`,
  };
}

/**
 * A rule or outlook that stands above green, or stood so, in words without a full stop: the value, on which side of which line, when
 * it would be released, and since when the level named has been held.
 * @param periods ids of the grid's periods, the last one asked for
 */
export function describeEpisode(
  { rules, outlooks, series }: WarningDefinition,
  episode: BodyEpisode,
  periods: readonly string[],
): Sentence {
  const outlook = outlooks.find(({ id }) => id === episode.ruleId);
  const rule = rules.find(({ id }) => id === (outlook?.rule ?? episode.ruleId)) as WarningRule;
  const on = series.find(({ id }) => id === rule.series) as SeriesDefinition;
  const level = outlook?.reaches ?? (episode.ended === undefined ? episode.level : episode.peak);
  const band = rule.bands.find((one) => one.level === level) as WarningBand;
  const line = { ...describeLine(on, band, episode.value), level: NAMES[level] };
  if (outlook) return describeOutlook(on, episode, band, line);
  const current = describeCurrent(series, on, episode, periods, band);
  const stand = describeStand(on, rule, episode, band, line);
  const since = describeSince(episode, periods, NAMES[level]);
  return {
    zh: `${current.zh}，${stand.zh}${since.zh}`,
    en: `${current.en}, ${stand.en}${since.en}`,
  };
}

/** The value; with its period unless it is that of the period asked for. */
function describeCurrent(
  series: readonly SeriesDefinition[],
  on: SeriesDefinition,
  episode: BodyEpisode,
  periods: readonly string[],
  band: WarningBand,
): Sentence {
  const isNow = episode.at === periods.length - 1;
  const when = isNow ? undefined : namePeriod(periods[episode.at] as string);
  return describeValue(series, on, episode, when, [lineOf(band), band.release]);
}

interface NamedLine extends Sentence {
  readonly level: Sentence;
}

function describeStand(
  on: SeriesDefinition,
  { release_after }: WarningRule,
  episode: BodyEpisode,
  band: WarningBand,
  line: NamedLine,
): Sentence {
  const warning = {
    zh: `${line.level.zh}预警线（${line.zh}）`,
    en: `the ${line.level.en} warning line (${line.en})`,
  };
  if (episode.ended === undefined && reaches(band, episode.value)) {
    const side = describeSide(on, band, episode.value);
    return { zh: `${side.zh}${warning.zh}`, en: `${side.en} ${warning.en}` };
  }
  const was = describeSide(on, band, undefined);
  const before = { zh: `曾${was.zh}${warning.zh}`, en: `was ${was.en} ${warning.en}` };
  if (episode.ended !== undefined) return before;
  const release = describeRelease(on, band, episode.value);
  if (reaches(releaseBand(band), episode.value)) {
    const running = release_after > 1 ? `，连续${release_after}期` : "";
    return {
      zh: `${before.zh}，尚未达到解除标准（${release.zh}${running}）`,
      en: `${before.en} and does not yet meet the standard for release (${release.en}${release_after > 1 ? ` for ${release_after} periods running` : ""})`,
    };
  }
  return {
    zh: `${before.zh}，已达到解除标准（${release.zh}），尚待连续${release_after}期`,
    en: `${before.en} and meets the standard for release (${release.en}), but not yet for ${release_after} periods running`,
  };
}

function describeSince(
  { since, ended }: BodyEpisode,
  periods: readonly string[],
  level: Sentence,
): Sentence {
  const from = namePeriod(periods[since] as string);
  if (ended !== undefined) {
    const end = namePeriod(periods[ended] as string);
    return {
      zh: `，${from.zh}起为${level.zh}，${end.zh}解除`,
      en: `, ${level.en} from ${from.en}, released in ${end.en}`,
    };
  }
  if (since === periods.length - 1) return { zh: "", en: "" };
  return { zh: `，自${from.zh}起为${level.zh}`, en: `, ${level.en} since ${from.en}` };
}

/** A line that the forecast reaches. */
function describeOutlook(
  on: SeriesDefinition,
  { value, expected, interval }: BodyEpisode,
  band: WarningBand,
  line: NamedLine,
): Sentence {
  const figure = writeFigure(on.unit, value, [lineOf(band)]);
  const when = namePeriod(expected as string);
  const side = describeSide(on, band, value);
  const ends = interval?.map((end) => writeFigure(on.unit, end));
  return {
    zh: `按现有趋势测算，${on.title.zh}${when.zh}将为${figure.zh}，${side.zh}${line.level.zh}预警线（${line.zh}）${ends ? `，80%预测区间为${ends[0]?.zh}至${ends[1]?.zh}` : ""}`,
    en: `${on.title.en}, by the present trend: ${figure.en} in ${when.en}, ${side.en} the ${line.level.en} warning line (${line.en})${ends ? `; 80% interval ${ends[0]?.en} to ${ends[1]?.en}` : ""}`,
  };
}
