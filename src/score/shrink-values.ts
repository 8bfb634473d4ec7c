import type { Context } from "../context.ts";
import { shrink } from "../uncertainty/shrink.ts";
import type { Count } from "../uncertainty/worlds.ts";
import { type CountedValue, type CountedValues, modelOf } from "./counts.ts";
import type { Evidence, Unit } from "./evidence.ts";

/** A value drawn towards its peers', beside the raw one. */
export interface ShrunkValue {
  readonly unit: number;
  readonly leaf: number;
  /** As measured, and as scored. */
  readonly raw: number;
  readonly shrunk: number;
  /** What the peers' evidence adds to its own; undefined when its peers differ by chance only. */
  readonly prior: { readonly a: number; readonly b: number } | undefined;
}

/**
 * Draws the small counts of indicators that the standard shrinks towards their peer class, period by period. Values that
 * rest on no counted cases stay as they are.
 * @returns the evidence with those values in place of the raw ones
 */
export function shrinkValues(
  { standard, indicators }: Context,
  evidence: Evidence,
  counted: CountedValues,
): { evidence: Evidence; shrunk: ShrunkValue[] } {
  const ids = standard.indicators.filter((entry) => entry.shrink).map(({ indicator }) => indicator);
  const value = evidence.value.slice();
  const shrunk = ids.flatMap((id) => {
    const leaf = evidence.leaves.indexOf(id);
    const scale = indicators.get(id)?.scale ?? 1;
    return groupCases(evidence, counted, leaf).flatMap(({ model, members }) => {
      const found = shrink(
        model,
        members.map(({ cases }) => cases),
      );
      return members.map(({ unit }, place): ShrunkValue => {
        const cell = unit * evidence.leaves.length + leaf;
        const raw = evidence.value[cell] as number;
        value[cell] = scale * (found.values[place] as number);
        return { unit, leaf, raw, shrunk: value[cell], prior: found.prior };
      });
    });
  });
  return { evidence: { ...evidence, value }, shrunk };
}

interface Peers {
  readonly model: Count["model"];
  readonly members: { readonly unit: number; readonly cases: CountedValue }[];
}

/** Units with counted cases by period and peer class, as far as all are counted alike. */
function groupCases({ units }: Evidence, counted: CountedValues, leaf: number): Peers[] {
  const groups = new Map<string, Peers>();
  units.forEach(({ period, level, peerClass }: Unit, unit) => {
    const cases = counted.get(unit)?.get(leaf);
    const model = cases && modelOf(cases);
    if (!cases || !model) return;
    const key = `${period}\n${level}\n${peerClass}\n${model}`;
    const group = groups.get(key) ?? { model, members: [] };
    groups.set(key, group);
    group.members.push({ unit, cases });
  });
  return [...groups.values()];
}
