/**
 * What is evaluated: bodies in periods (units) with their raw values. The order of the units changes no result.
 * Matrices are units × indicators, one indicator after the other: `values[column * units + unit]`; NaN: missing.
 */
export interface Panel {
  readonly units: number;
  /** Code of each unit's body. */
  readonly entity: readonly string[];
  /** Ids of the periods, in time. */
  readonly periods: readonly string[];
  /** Position of each unit's period among `periods`. */
  readonly period: Int32Array;
  /** Peer class (or another grouping) of each unit by the grouping's name, as a number; below 0: in none. */
  readonly groupings: Readonly<Record<string, Int32Array>>;
  /** In the order of the specification's leaves. */
  readonly values: Float64Array;
  /** 1 where an indicator does not apply to a unit, like `values`; without it, all apply. */
  readonly inapplicable?: Uint8Array;
  /** Evidence rows behind each value, like `values`; NaN where unknown. */
  readonly samples?: Float64Array;
  /** What values are divided by, by name: a number for each unit. */
  readonly denominators: Readonly<Record<string, Float64Array>>;
}

/** Who is compared with whom: the units that a group's statistics come from, and those they are applied to. */
export interface Comparison {
  readonly feeding: Int32Array;
  readonly using: Int32Array;
}

/** Name of the grouping that ranks and grades go by. */
export const PEERS = "peers";

/** What a comparison is drawn among, as a standard's rules say it. */
export interface Among {
  /** peers (default), level (all units), or a grouping's name. */
  readonly among?: string | undefined;
  /** Id of the period whose statistics serve all periods; without it, each period has its own. */
  readonly reference_period?: string | undefined;
}

/**
 * The comparisons of a panel, by period, then group, in ascending order.
 * @throws Error in a sentence when the panel lacks the grouping or the reference period
 */
export function compare(panel: Panel, { among = PEERS, reference_period }: Among): Comparison[] {
  const groups = among === "level" ? undefined : panel.groupings[among];
  if (among !== "level" && groups === undefined) {
    throw new Error(
      `The bodies are not grouped by "${among}"; the groupings are: ${Object.keys(panel.groupings).join(", ") || "none"}.`,
    );
  }
  const reference = reference_period === undefined ? -1 : panel.periods.indexOf(reference_period);
  if (reference_period !== undefined && reference < 0) {
    throw new Error(
      `The reference period ${reference_period} is not among the periods evaluated (${panel.periods.join(", ")}). Compute a longer history, or name another.`,
    );
  }
  const found = new Map<number, { feeding: number[]; using: number[] }>();
  for (let unit = 0; unit < panel.units; unit++) {
    const group = groups?.[unit] ?? 0;
    if (group < 0) continue;
    const period = panel.period[unit] as number;
    const key = reference < 0 ? period * 2 ** 24 + group : group;
    const list = found.get(key) ?? { feeding: [], using: [] };
    found.set(key, list);
    list.using.push(unit);
    if (reference < 0 || period === reference) list.feeding.push(unit);
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([, { feeding, using }]) => ({
      feeding: Int32Array.from(feeding),
      using: Int32Array.from(using),
    }));
}

/** The values of one indicator. */
export function columnOf({ units }: Panel, matrix: Float64Array, column: number): Float64Array {
  return matrix.subarray(column * units, (column + 1) * units);
}

/** The values that are there, of some units. */
export function gather(column: Float64Array, units: Int32Array): Float64Array {
  const gathered = new Float64Array(units.length);
  let count = 0;
  for (let place = 0; place < units.length; place++) {
    const value = column[units[place] as number] as number;
    if (!Number.isNaN(value)) gathered[count++] = value;
  }
  return gathered.subarray(0, count);
}
