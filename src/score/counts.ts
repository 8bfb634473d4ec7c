import type { Panel } from "../composite/panel.ts";
import type { Specification } from "../composite/specification.ts";
import type { Context } from "../context.ts";
import { readColumns } from "../store/columns.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Count } from "../uncertainty/worlds.ts";
import type { WorkedOut } from "./work-out.ts";

const sql = sqlFile(import.meta.dirname, "score.sql");

/** Numerator, denominator and evidence rows behind a value, by unit, then leaf. */
export type CountedValues = ReadonlyMap<number, ReadonlyMap<number, CountedValue>>;

export interface CountedValue {
  readonly numerator: number;
  readonly denominator: number;
  readonly sampleSize: number;
}

/** What is behind the values of the context's own period, and of the indicators that are shrunk in all periods. */
export async function readCounts(context: Context): Promise<CountedValues> {
  const read = await readColumns<{
    unit: number[];
    leaf: number[];
    numerator: number[];
    denominator: number[];
    sample_size: number[];
  }>(context.store, sql("read-count"), {
    run: context.runId,
    period: context.period.id,
    leaves: JSON.stringify(
      context.standard.indicators.filter((entry) => entry.shrink).map((entry) => entry.indicator),
    ),
  });
  const counts = new Map<number, Map<number, CountedValue>>();
  read.unit.forEach((unit, row) => {
    const own = counts.get(unit) ?? new Map<number, CountedValue>();
    counts.set(unit, own);
    own.set(read.leaf[row] as number, {
      numerator: read.numerator[row] as number,
      denominator: read.denominator[row] as number,
      sampleSize: read.sample_size[row] as number,
    });
  });
  return counts;
}

/**
 * The model of a value's sampling error, where its evidence shows that cases were counted: a share when every row of evidence
 * is a case and some of them count (denominator = rows), a rate when every row is a case and the denominator something else
 * (numerator = rows).
 */
export function modelOf({
  numerator,
  denominator,
  sampleSize,
}: CountedValue): Count["model"] | undefined {
  if (!Number.isInteger(numerator) || numerator < 0) return undefined;
  if (denominator === sampleSize && numerator <= denominator) return "share";
  return numerator === sampleSize && denominator > 0 ? "rate" : undefined;
}

/** The values of a panel that rest on counted cases. */
export function listCounts(
  { standard, indicators }: Context,
  { evidence, counted, shrunk }: Pick<WorkedOut, "evidence" | "counted" | "shrunk">,
  { leaves }: Specification,
  { units: height, entity }: Panel,
  units: readonly number[],
): Count[] {
  const named = standard.uncertainty?.counts?.indicators;
  const drawn = new Map(shrunk.map((own) => [`${own.unit} ${own.leaf}`, own]));
  return leaves.flatMap(({ id }, column) => {
    const indicator = indicators.get(id);
    if (indicator?.aggregate !== "ratio" || (named && !named.includes(id))) return [];
    const leaf = evidence.leaves.indexOf(id);
    return units.flatMap((unit, row): Count[] => {
      const found = counted.get(unit)?.get(leaf);
      const model = found && modelOf(found);
      if (!found || !model) return [];
      const { numerator, denominator } = found;
      const own = drawn.get(`${unit} ${leaf}`);
      // Peers that differ by chance only share one value, which the count alone says nothing about.
      if (own && !own.prior) return [];
      return [
        {
          cell: column * height + row,
          entity: entity[row] as string,
          indicator: id,
          model,
          numerator,
          denominator,
          scale: indicator.scale,
          ...(own?.prior && own.prior.a > 0 ? { prior: own.prior } : {}),
        },
      ];
    });
  });
}
