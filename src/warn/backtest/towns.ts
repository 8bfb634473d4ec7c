import type { Context } from "../../context.ts";
import { parsePeriod } from "../../period.ts";
import {
  readWarnings,
  severity,
  type WarningDefinition,
} from "../../standard/warning-definition.ts";
import { sqlFile } from "../../store/sql-file.ts";
import type { WarningEvidence } from "../evidence.ts";
import { type Findings, NO_DATA, Z80 } from "../findings.ts";
import {
  describeErrors,
  type ErrorSheet,
  judgeErrors,
  noteError,
  openErrorSheet,
} from "./forecast-errors.ts";
import { replayAt, setAsOf } from "./replay.ts";
import { METRIC_COLUMNS, markdownTable, measureContestant } from "./report.ts";

const sql = sqlFile(import.meta.dirname, "replay.sql");

const FORECAST = ["debt-burden", "fund-balance"] as const;
const HORIZONS = [1, 2] as const;
/** Moody's long-term scale from the best down. */
const SCALE =
  "Aaa Aa1 Aa2 Aa3 A1 A2 A3 Baa1 Baa2 Baa3 Ba1 Ba2 Ba3 B1 B2 B3 Caa1 Caa2 Caa3 Ca C".split(" ");
/** Moody's moved to another scale in 2010: ratings before and after do not compare. */
const FIRST_RATED = 2011;

interface Replayed {
  readonly year: number;
  readonly evidence: WarningEvidence;
  readonly findings: Findings;
}

/**
 * Replays Connecticut's towns year by year with only what had been released then, and compares forecasts and warnings with
 * what came. The context's inputs must be conformed.
 * @param years fiscal years to stand at, each known at the end of the next calendar year
 */
export async function backtestTowns(context: Context, years: readonly number[]): Promise<string> {
  const definition = readWarnings(context.workspace, "connecticut");
  const replayed: Replayed[] = [];
  for (const year of years) {
    const one = await replayAt(
      context.store,
      definition,
      parsePeriod(String(year)),
      `${year + 1}-12-31 23:59:59`,
    );
    if (one) replayed.push({ year, ...one });
  }
  await setAsOf(context.store, context.asOf);
  const ratings = await readRatings(context);
  const sheets = compareForecasts(replayed);
  return [
    "### Forecasts",
    "",
    describeErrors(sheets),
    "",
    judgeErrors(sheets),
    "",
    "### Rating downgrades",
    "",
    ...HORIZONS.flatMap((horizon) =>
      [false, true].flatMap((onsets) =>
        compareDowngrades(definition, replayed, ratings, horizon, onsets),
      ),
    ),
  ].join("\n");
}

/** Every forecast against the figure first released for its year. */
function compareForecasts(replayed: readonly Replayed[]): ErrorSheet[] {
  const byYear = new Map(replayed.map((one) => [one.year, one]));
  return FORECAST.flatMap((series) =>
    HORIZONS.map((steps) => {
      const sheet = openErrorSheet(series.replace("-", " "), steps);
      for (const { year, evidence } of replayed) {
        const later = byYear.get(year + steps);
        if (!later) continue;
        const places = new Map(later.evidence.bodies.map(({ id }, at) => [id, at]));
        const count = later.evidence.periods.length;
        for (const { body, series: of, forecast } of evidence.forecasts) {
          if (of !== series) continue;
          const place = places.get(evidence.bodies[body]?.id ?? "");
          const came = later.evidence.series.get(series)?.values[((place ?? -1) + 1) * count - 1];
          if (place !== undefined && came !== undefined && !Number.isNaN(came))
            noteError(sheet, forecast, came, Z80);
        }
      }
      return sheet;
    }),
  );
}

async function readRatings({ store }: Context): Promise<Map<string, number>> {
  const rows = await store.rows<{ entity_id: string; year: number; rating: string }>(
    sql("ratings"),
  );
  return new Map(
    rows.flatMap(({ entity_id, year, rating }) => {
      const place = SCALE.indexOf(rating.trim());
      return place < 0 ? [] : [[`${entity_id} ${year}`, place] as const];
    }),
  );
}

/**
 * Downgrades after the knowledge time: finances of a fiscal year are known at the end of the next, so the rating of that next
 * summer is the one to fall from. Onsets: towns that were not downgraded in the year before.
 */
function compareDowngrades(
  definition: WarningDefinition,
  replayed: readonly Replayed[],
  ratings: ReadonlyMap<string, number>,
  horizon: number,
  onsetsOnly: boolean,
): string[] {
  const came: boolean[] = [];
  const composite: number[] = [];
  const now: number[] = [];
  const byRule = definition.rules.map((): number[] => []);
  const values = FORECAST.map((): number[] => []);
  for (const { year, evidence, findings } of replayed) {
    const count = evidence.periods.length;
    evidence.bodies.forEach(({ id }, body) => {
      const before = ratings.get(`${id} ${year}`);
      const from = ratings.get(`${id} ${year + 1}`);
      const to = ratings.get(`${id} ${year + 1 + horizon}`);
      if (from === undefined || to === undefined || year + 1 < FIRST_RATED) return;
      if (onsetsOnly && (before === undefined || year < FIRST_RATED || from > before)) return;
      const last = (body + 1) * count - 1;
      came.push(to > from);
      now.push(from);
      const level = findings.composite[last] as number;
      composite.push(level === NO_DATA ? 0 : level);
      findings.rules.forEach(({ levels }, rule) => {
        byRule[rule]?.push(levels[last] as number);
      });
      values[0]?.push(evidence.series.get("debt-burden")?.values[last] || 0);
      values[1]?.push(-(evidence.series.get("fund-balance")?.values[last] || 0));
    });
  }
  const positives = came.filter(Boolean).length;
  const rows = [
    { name: "**composite, yellow or worse**", scores: composite, thresholds: severity("yellow") },
    { name: "composite, orange or worse", scores: composite, thresholds: severity("orange") },
    ...definition.rules.map(({ id }, at) => ({
      name: `rule ${id}`,
      scores: byRule[at] as number[],
      thresholds: severity("yellow"),
    })),
    { name: "rating itself, A1 or lower (naive)", scores: now, thresholds: SCALE.indexOf("A1") },
    {
      name: "debt to revenue, 100 % or more (naive)",
      scores: values[0] as number[],
      thresholds: 100,
    },
    { name: "fund balance, 8 % or less (naive)", scores: values[1] as number[], thresholds: -8 },
  ].map((one) => [one.name, ...measureContestant(one, came)]);
  return [
    `**${onsetsOnly ? "New downgrades (none in the year before)" : "All downgrades"}, within ${horizon === 1 ? "one year" : "two years"}** (${came.length} town-years, ${positives} downgraded)`,
    "",
    markdownTable(["", ...METRIC_COLUMNS], rows),
    "",
  ];
}
