import type { Context } from "../context.ts";
import { monthsOf } from "../period.ts";
import type {
  SeriesDefinition,
  SurgeSeries,
  WarningDefinition,
} from "../standard/warning-definition.ts";
import { readColumns } from "../store/columns.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Body, PeriodSeries, WarningEvidence } from "./evidence.ts";
import { monthNumber } from "./grid.ts";
import { estimateNoise, movementNoise } from "./score-noise.ts";
import { measureSurge } from "./surge.ts";

const sql = sqlFile(import.meta.dirname, "conduct.sql");

/** The series of a definition that looks at what was counted, measured and scored, over the periods of the run. */
export async function readConductEvidence(
  context: Context,
  definition: WarningDefinition,
  bodies: readonly Body[],
): Promise<WarningEvidence> {
  const series = new Map<string, PeriodSeries>();
  for (const one of definition.series) {
    if (one.from === "surge") series.set(one.id, await readSurge(context, one));
    else if (one.from === "indicator")
      series.set(one.id, await readIndicator(context, one, one.indicator, bodies.length));
    else if (one.from === "overdue_steps")
      series.set(one.id, await readOverdue(context, one, one.step, bodies.length));
    else if (one.from === "score_drop")
      series.set(one.id, await readDrop(context, one, one.node, bodies.length));
  }
  return {
    bodies,
    periods: context.periods.map(({ id }) => id),
    series,
    forecasts: [],
    stress: [],
  };
}

async function readSurge(context: Context, definition: SurgeSeries): Promise<PeriodSeries> {
  const { store, period, periods } = context;
  const read = await readColumns<{
    place: number[];
    part: string[];
    month: number[];
    count: number[];
  }>(store, sql(definition.count === "complaints" ? "count-complaints" : "count-broken-promises"), {
    end: period.end,
  });
  const first = firstMonth(read.month, definition, periods);
  const months = monthNumber(period.end) - first + 1;
  const rows = new Map<string, { body: number; part: string; counts: Float64Array }>();
  read.place.forEach((body, at) => {
    if ((read.month[at] as number) < first) return;
    for (const part of definition.by_category ? ["", read.part[at] as string] : [""]) {
      const key = `${body}\n${part}`;
      const row = rows.get(key) ?? { body, part, counts: new Float64Array(months) };
      rows.set(key, row);
      const month = (read.month[at] as number) - first;
      row.counts[month] = (row.counts[month] as number) + (read.count[at] as number);
    }
  });
  const list = [...rows.values()].toSorted((a, b) => a.body - b.body || (a.part < b.part ? -1 : 1));
  const length = list.length * periods.length;
  const values = new Float64Array(length).fill(Number.NaN);
  const numerator = new Float64Array(length).fill(Number.NaN);
  const denominator = new Float64Array(length).fill(Number.NaN);
  const options = {
    months: definition.months,
    baselineMonths: definition.baseline_months,
    minimumCount: definition.minimum_count,
  };
  list.forEach(({ counts }, row) => {
    periods.forEach(({ end }, place) => {
      const month = monthNumber(end) - first;
      if (month < 0) return;
      const at = row * periods.length + place;
      const { value, count, baseline } = measureSurge(counts, month, options);
      values[at] = value;
      numerator[at] = count;
      denominator[at] = baseline;
    });
  });
  return {
    definition,
    bodies: Int32Array.from(list, ({ body }) => body),
    parts: list.map(({ part }) => part),
    values,
    numerator,
    denominator,
  };
}

/** Months that the season of a month is told from. */
const TWO_YEARS = 24;

/** No city goes so long without a complaint: what lies before was dated by mistake. */
const SILENT_MONTHS = 12;

/**
 * The month from which counts are needed: the first there is (of complaints the first after the last year without any, so that one that
 * is dated years too early makes no baseline of empty months), but none before what measureSurge looks at for the first period. A day
 * that lies in the year 1 by mistake must not make a series of two thousand years.
 */
function firstMonth(
  counted: readonly number[],
  { months, baseline_months, count }: SurgeSeries,
  periods: Context["periods"],
): number {
  const backwards = [...new Set(counted)].toSorted((a, b) => b - a);
  let first = backwards[0] ?? Number.POSITIVE_INFINITY;
  for (const month of backwards) {
    if (count === "complaints" && first - month > SILENT_MONTHS) break;
    first = month;
  }
  const begin = periods.reduce(
    (least, { end }) => Math.min(least, monthNumber(end)),
    Number.POSITIVE_INFINITY,
  );
  return Math.max(first, begin - 2 * months - Math.max(baseline_months, TWO_YEARS));
}

type Measured = {
  place: number[];
  period: string[];
  value: number[];
};

async function readIndicator(
  context: Context,
  definition: SeriesDefinition,
  indicator: string,
  bodies: number,
): Promise<PeriodSeries> {
  const read = await readColumns<
    Measured & { numerator: (number | null)[]; denominator: (number | null)[] }
  >(context.store, sql("read-indicator"), { run: context.runId, indicator });
  const lay = (from: readonly (number | null)[]) => layOut(context, read, from, bodies);
  return {
    ...wholeRows(definition, bodies),
    values: lay(read.value),
    numerator: lay(read.numerator),
    denominator: lay(read.denominator),
  };
}

/** How many steps stood overdue in each period; the days of the latest are the numerator. Without any the count is 0. */
async function readOverdue(
  context: Context,
  definition: SeriesDefinition,
  step: string,
  bodies: number,
): Promise<PeriodSeries> {
  const { store, periods, asOf } = context;
  const today = asOf.slice(0, 10);
  const newest = periods.length - 1;
  const read = await readColumns<Measured & { numerator: number[] }>(store, sql("count-overdue"), {
    step,
    periods: JSON.stringify(
      periods.map(({ id, start, end }, at) => ({
        period: id,
        start,
        day: at === newest && today > end ? today : end,
      })),
    ),
  });
  const fill = (values: Float64Array) => values.map((value) => (Number.isNaN(value) ? 0 : value));
  return {
    ...wholeRows(definition, bodies),
    values: fill(layOut(context, read, read.value, bodies)),
    numerator: fill(layOut(context, read, read.numerator, bodies)),
    denominator: new Float64Array(bodies * periods.length).fill(1),
  };
}

/**
 * By how much the score fell since the period before, in units of its noise; the points are the numerator. The noise is the
 * sampling error of the body's own score where the run has replicated it, else that of its level.
 */
async function readDrop(
  context: Context,
  definition: SeriesDefinition,
  node: string,
  bodies: number,
): Promise<PeriodSeries> {
  const index = context.standard.nodes.find(({ parent }) => parent === undefined)?.id;
  const read = await readColumns<Measured & { level: string[] }>(
    context.store,
    sql(node === index ? "read-index" : "read-node"),
    node === index ? { run: context.runId } : { run: context.runId, node },
  );
  const count = context.periods.length;
  const scores = layOut(context, read, read.value, bodies);
  const drops = scores.map((score, at) =>
    at % count === 0 ? Number.NaN : (scores[at - 1] as number) - score,
  );
  const levels = new Map(read.place.map((place, at) => [place, read.level[at] as string]));
  const movements = new Map<string, number[]>();
  drops.forEach((drop, at) => {
    const level = levels.get(Math.floor(at / count));
    if (Number.isNaN(drop) || level === undefined) return;
    movements.set(level, [...(movements.get(level) ?? []), drop]);
  });
  const ofLevel = new Map([...movements].map(([level, list]) => [level, estimateNoise(list)]));
  const ofBody = node === index ? await readSampling(context) : new Map<number, number>();
  const noises = drops.map((_, at) => {
    const body = Math.floor(at / count);
    return ofBody.get(body) ?? ofLevel.get(levels.get(body) ?? "") ?? Number.NaN;
  });
  return {
    ...wholeRows(definition, bodies),
    values: drops.map((drop, at) => drop / (noises[at] as number)),
    numerator: drops,
    denominator: noises,
  };
}

/** Noise of each body's movements, by its place, from the replications of the run. */
async function readSampling({ store, runId, standard, period }: Context) {
  const read = await readColumns<{ place: number[]; value: number[] }>(
    store,
    sql("read-score-deviation"),
    { run: runId },
  );
  const windowPeriods = standard.window_months / monthsOf(period.frequency);
  return new Map(
    read.place.map((body, at) => [body, movementNoise(read.value[at] as number, windowPeriods)]),
  );
}

function wholeRows(definition: SeriesDefinition, bodies: number) {
  return {
    definition,
    bodies: Int32Array.from({ length: bodies }, (_, at) => at),
    parts: new Array<string>(bodies).fill(""),
  };
}

function layOut(
  context: Context,
  read: Measured,
  from: readonly (number | null)[],
  bodies: number,
): Float64Array {
  const places = new Map(context.periods.map(({ id }, at) => [id, at]));
  const values = new Float64Array(bodies * places.size).fill(Number.NaN);
  read.place.forEach((body, at) => {
    const place = places.get(read.period[at] as string);
    if (place !== undefined) values[body * places.size + place] = from[at] ?? Number.NaN;
  });
  return values;
}
