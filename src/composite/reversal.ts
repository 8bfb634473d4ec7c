import { evaluate } from "./evaluate.ts";
import { compare, type Panel, PEERS } from "./panel.ts";
import type { Solver } from "./solver.ts";
import type { Specification } from "./specification.ts";

/** What the ranking would be without one body. */
export interface Reversal {
  /** The body left out. */
  readonly entity: string;
  /** Pairs of other bodies, in the same period and peer class, that change their order. */
  readonly pairs: number;
  /** One of them: who was ahead, and who would be. */
  readonly example?: { readonly period: string; readonly ahead: string; readonly behind: string };
}

/**
 * Which bodies, by being there or not, change the order of others. Scores against fixed values (goalposts, points,
 * targets, a reference period) cannot; scores against peers can: there an entry or exit moves the ends of the scale.
 * One evaluation for each body asked about.
 * @param entities bodies to leave out, one at a time; default all
 * @returns those that reverse a pair, in the order of `entities`; none: the ranking does not depend on who takes part
 */
export function findReversals(
  specification: Specification,
  panel: Panel,
  entities: readonly string[] = [...new Set(panel.entity)],
  solver?: Solver,
): Reversal[] {
  const all = evaluate(specification, panel, solver).nodes.score[0] as Float64Array;
  return entities.flatMap((entity) => {
    const kept = [...panel.entity.keys()].filter((unit) => panel.entity[unit] !== entity);
    const rest = selectUnits(panel, kept);
    if (rest.units === 0) return [];
    const without = evaluate(specification, rest, solver).nodes.score[0] as Float64Array;
    const before = Float64Array.from(kept, (unit) => all[unit] as number);
    const found = comparePairs(rest, before, without, specification.tolerance);
    return found.pairs > 0 ? [{ entity, ...found }] : [];
  });
}

/** The same panel with some of its units only, in the order given. */
export function selectUnits(panel: Panel, kept: readonly number[]): Panel {
  const columns = panel.units === 0 ? 0 : panel.values.length / panel.units;
  const cells = Array.from({ length: columns }, (_, column) =>
    kept.map((unit) => column * panel.units + unit),
  ).flat();
  const pick = <A extends Numbers>(list: A): A => selectFrom(list, kept);
  const pickCells = <A extends Numbers>(matrix: A): A => selectFrom(matrix, cells);
  return {
    units: kept.length,
    entity: kept.map((unit) => panel.entity[unit] as string),
    periods: panel.periods,
    period: pick(panel.period),
    groupings: mapEach(panel.groupings, pick),
    values: pickCells(panel.values),
    ...(panel.inapplicable ? { inapplicable: pickCells(panel.inapplicable) } : {}),
    ...(panel.samples ? { samples: pickCells(panel.samples) } : {}),
    denominators: mapEach(panel.denominators, pick),
  };
}

type Numbers = Float64Array | Int32Array | Uint8Array;

/** The elements at some places, in an array of the same type. */
function selectFrom<A extends Numbers>(list: A, places: readonly number[]): A {
  const selected = list.slice(0, 0) as A;
  const result = new (selected.constructor as new (length: number) => A)(places.length);
  places.forEach((from, place) => {
    result[place] = list[from] as number;
  });
  return result;
}

function mapEach<T>(record: Readonly<Record<string, T>>, map: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function comparePairs(
  panel: Panel,
  before: Float64Array,
  after: Float64Array,
  tolerance: number,
): Omit<Reversal, "entity"> {
  const groups = compare(panel, PEERS in panel.groupings ? {} : { among: "level" });
  let pairs = 0;
  let example: Reversal["example"];
  for (const { using } of groups) {
    for (const one of using) {
      for (const other of using) {
        const was = (before[one] as number) - (before[other] as number);
        const is = (after[one] as number) - (after[other] as number);
        if (!(was > tolerance && is < -tolerance)) continue;
        pairs++;
        example ??= {
          period: panel.periods[panel.period[one] as number] as string,
          ahead: panel.entity[one] as string,
          behind: panel.entity[other] as string,
        };
      }
    }
  }
  return { pairs, ...(example ? { example } : {}) };
}
