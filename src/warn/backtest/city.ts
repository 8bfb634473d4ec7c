import { addDays, differenceInCalendarDays, format, parseISO } from "date-fns";
import type { Context } from "../../context.ts";
import { type Period, shiftPeriod } from "../../period.ts";
import {
  readWarnings,
  severity,
  type WarningDefinition,
} from "../../standard/warning-definition.ts";
import type { WarningEvidence } from "../evidence.ts";
import { type Findings, NO_DATA } from "../findings.ts";
import { replayAt, setAsOf } from "./replay.ts";
import { figure, METRIC_COLUMNS, markdownTable, measureContestant } from "./report.ts";

/** A trouble is a debt ratio at this level of this rule, as finally known. */
const TROUBLE = { rule: "debt-ratio", level: "orange" } as const;
/** A warning counts when the trouble comes within so many months. */
const WINDOW_MONTHS = 12;
/** Days after a month's end on which its report is read. */
const REPORT_DAYS = 10;

interface Month {
  readonly period: Period;
  readonly asOf: string;
  readonly evidence: WarningEvidence;
  readonly findings: Findings;
}

export interface CityResult {
  readonly markdown: string;
  /** Troubles with the first warning before each; lead in days, undefined when it was missed. */
  readonly troubles: readonly {
    readonly entity: string;
    readonly period: string;
    readonly leadDays: number | undefined;
  }[];
  readonly falseAlarms: number;
  readonly years: number;
}

/**
 * Replays a city month by month with only what was known ten days after each month's end, and compares the warnings with what
 * came: a district is warned of when its composite is orange or red, or a forecast is expected to take the debt ratio there.
 * The context's inputs must be conformed.
 * @param months how many months up to the context's period
 */
export async function backtestCity(context: Context, months: number): Promise<CityResult> {
  const definition = readWarnings(context.workspace, "debt");
  const replayed: Month[] = [];
  for (let back = months - 1; back >= 0; back--) {
    const period = shiftPeriod(context.period, -back);
    const asOf = `${format(addDays(parseISO(period.end), REPORT_DAYS), "yyyy-MM-dd")} 00:00:00`;
    const one = await replayAt(context.store, definition, period, asOf);
    if (one) replayed.push({ period, asOf, ...one });
  }
  await setAsOf(context.store, context.asOf);
  return compare(definition, replayed);
}

function compare(definition: WarningDefinition, months: readonly Month[]): CityResult {
  const last = months.at(-1) as Month;
  const bodies = last.evidence.bodies.map(({ id }) => id);
  const began = findTroubles(last, bodies);
  const warned = bodies.map((_, body) => months.map((month) => isWarned(month, body)));
  const troubles = bodies.flatMap((entity, body) => {
    const period = began[body];
    if (period === undefined) return [];
    const at = months.findIndex((month) => month.period.id === period);
    let first = at;
    while (first > 0 && warned[body]?.[first - 1]) first--;
    const caught = at > 0 && first < at;
    const end = (months[at] as Month | undefined)?.period.end ?? "";
    const leadDays = caught
      ? differenceInCalendarDays(
          parseISO(end),
          parseISO((months[first] as Month).asOf.slice(0, 10)),
        )
      : undefined;
    return [{ entity, period, leadDays }];
  });
  const falseAlarms = bodies.flatMap((entity, body) =>
    months.flatMap(({ period }, at) => {
      const begins = at > 0 && warned[body]?.[at] && !warned[body]?.[at - 1];
      return begins && !comesWithin(began[body], months, at) ? [`${entity} ${period.id}`] : [];
    }),
  );
  const years = (months.length - 1) / 12;
  return {
    markdown: describe(definition, months, bodies, began, warned, troubles, falseAlarms, years),
    troubles,
    falseAlarms: falseAlarms.length,
    years,
  };
}

/** The first month of trouble of each body by the newest knowledge. */
function findTroubles(
  { evidence, findings }: Month,
  bodies: readonly string[],
): (string | undefined)[] {
  const rule = findings.rules.find(({ rule: { id } }) => id === TROUBLE.rule);
  const count = evidence.periods.length;
  return bodies.map((_, body) => {
    for (let at = 0; at < count; at++) {
      if ((rule?.levels[body * count + at] ?? 0) >= severity(TROUBLE.level))
        return evidence.periods[at];
    }
    return undefined;
  });
}

function isWarned({ evidence, findings }: Month, body: number): boolean {
  const composite = findings.composite[(body + 1) * evidence.periods.length - 1] as number;
  if (composite !== NO_DATA && composite >= severity("orange")) return true;
  return findings.episodes.some(
    (episode) => episode.body === body && episode.ruleId === `${TROUBLE.rule}-outlook`,
  );
}

function comesWithin(period: string | undefined, months: readonly Month[], at: number): boolean {
  if (period === undefined) return false;
  const now = (months[at] as Month).period;
  return period >= now.id && period <= shiftPeriod(now, WINDOW_MONTHS).id;
}

function describe(
  definition: WarningDefinition,
  months: readonly Month[],
  bodies: readonly string[],
  began: readonly (string | undefined)[],
  warned: readonly (readonly boolean[])[],
  troubles: CityResult["troubles"],
  falseAlarms: readonly string[],
  years: number,
): string {
  const came: boolean[] = [];
  const places: [body: number, month: number][] = [];
  // The months from the trouble on say nothing about foresight, and the last year's outcomes are not all known yet.
  months.forEach((month, at) => {
    bodies.forEach((_, body) => {
      const from = began[body];
      if (from !== undefined && month.period.id >= from) return;
      came.push(comesWithin(from, months, at));
      places.push([body, at]);
    });
  });
  const level = (rule: number) =>
    places.map(([body, at]) => {
      const { evidence, findings } = months[at] as Month;
      return findings.rules[rule]?.levels[(body + 1) * evidence.periods.length - 1] as number;
    });
  const value = (series: string) =>
    places.map(([body, at]) => {
      const { evidence } = months[at] as Month;
      return evidence.series.get(series)?.values[(body + 1) * evidence.periods.length - 1] || 0;
    });
  const firing = definition.rules
    .map(({ id }, at) => ({
      name: `rule ${id}`,
      scores: level(at),
      thresholds: severity("yellow"),
    }))
    .filter(({ scores }) => scores.some((score) => score > 0));
  const rows = [
    {
      name: "**composite orange or worse, or forecast**",
      scores: places.map(([body, at]) => (warned[body]?.[at] ? 1 : 0)),
      thresholds: 1,
    },
    ...firing,
    { name: "debt ratio at 120 % (naive)", scores: value("debt-ratio"), thresholds: 120 },
    { name: "debt ratio at 180 % (naive)", scores: value("debt-ratio"), thresholds: 180 },
  ].map((one) => [one.name, ...measureContestant(one, came)]);
  return [
    `Months ${months[0]?.period.id} to ${months.at(-1)?.period.id}, ${bodies.length} districts. Trouble: the debt ratio reaches ${TROUBLE.level} (200 %), as finally known. A warning is true when trouble comes within ${WINDOW_MONTHS} months.`,
    "",
    markdownTable(
      ["planted trouble", "began", "warned days ahead", "months ahead"],
      troubles.map(({ entity, period, leadDays }) => [
        entity,
        period,
        leadDays === undefined ? "missed" : String(leadDays),
        leadDays === undefined ? "–" : figure(leadDays / 30.44, 1),
      ]),
    ),
    "",
    `False alarms begun: ${falseAlarms.length} in ${figure(years, 1)} years over all districts (${falseAlarms.join(", ") || "none"}): ${figure(falseAlarms.length / years, 2)} a year.`,
    "",
    "By district and month before the trouble (every trouble here is a new onset, so there is no separate table of onsets):",
    "",
    markdownTable(["", ...METRIC_COLUMNS], rows),
  ].join("\n");
}
