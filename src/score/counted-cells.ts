import type { Context } from "../context.ts";
import type { CountedCell } from "../method/one-case.ts";
import { type CountedValues, modelOf } from "./counts.ts";
import type { LaidOutLevel } from "./lay-out-level.ts";
import type { WorkedOut } from "./work-out.ts";

/**
 * The counted cases behind the values of a level's panel, as the panel's matrix lies; undefined where a value rests on
 * amounts, on a median or on nothing.
 */
export function layOutCountedCells(
  { indicators }: Context,
  { evidence, shrunk }: Pick<WorkedOut, "evidence" | "shrunk">,
  counted: CountedValues,
  { specification, panel, units }: Pick<LaidOutLevel, "specification" | "panel" | "units">,
): (CountedCell | undefined)[] {
  const drawn = new Map(shrunk.map((own) => [`${own.unit} ${own.leaf}`, own]));
  return specification.leaves.flatMap(({ id, denominator: divisor }) => {
    const leaf = evidence.leaves.indexOf(id);
    const indicator = indicators.get(id);
    return units.map((unit, row): CountedCell | undefined => {
      const found = counted.get(unit)?.get(leaf);
      const model = found && modelOf(found);
      if (!found || !model || indicator?.aggregate !== "ratio") return undefined;
      const own = drawn.get(`${unit} ${leaf}`);
      // Peers that differ by chance only share one value, which one case does not move.
      if (own && !own.prior) return undefined;
      const by = divisor === undefined ? 1 : (panel.denominators[divisor]?.[row] ?? Number.NaN);
      return {
        model,
        numerator: found.numerator,
        denominator: found.denominator,
        rows: found.sampleSize,
        scale: indicator.scale / by,
        minimumSample: indicator.minimum_sample,
        whenEmpty: indicator.when_empty,
        prior: own?.prior,
      };
    });
  });
}

/**
 * Rows of evidence behind each value that rests on cases or is a median of them, as the panel's matrix lies; NaN where it
 * rests on amounts, whose rows are reports and no sample, and where it is drawn towards its peers'.
 */
export function layOutSamples(
  { indicators, standard }: Context,
  { evidence }: Pick<WorkedOut, "evidence">,
  counted: CountedValues,
  { specification, units }: Pick<LaidOutLevel, "specification" | "units">,
): Float64Array {
  return Float64Array.from(
    specification.leaves.flatMap(({ id }) => {
      const leaf = evidence.leaves.indexOf(id);
      const median = indicators.get(id)?.aggregate === "median";
      const shrunk = standard.indicators.some((entry) => entry.indicator === id && entry.shrink);
      if (shrunk) return units.map(() => Number.NaN);
      return units.map((unit) => {
        const found = counted.get(unit)?.get(leaf);
        return found && (median || modelOf(found)) ? found.sampleSize : Number.NaN;
      });
    }),
  );
}
