import { type Panel, PEERS } from "../composite/panel.ts";
import type { Specification } from "../composite/specification.ts";
import type { Context } from "../context.ts";
import { type Band, findBand } from "../standard/evaluation-standard.ts";
import type { Evidence, Unit } from "./evidence.ts";
import { NOT_APPLICABLE } from "./sheets.ts";

/**
 * Lays the evidence of one level's units out for the engine.
 * @param units numbers of the units, in the order of the panel's rows
 */
export function layOutPanel(
  { standard, periods }: Context,
  evidence: Evidence,
  specification: Specification,
  units: readonly number[],
): Panel {
  const width = evidence.leaves.length;
  const valuesOf = (indicator: string, scale = 1) => {
    const leaf = evidence.leaves.indexOf(indicator);
    return Float64Array.from(
      units,
      (unit) => (evidence.value[unit * width + leaf] as number) * scale,
    );
  };
  const values = new Float64Array(specification.leaves.length * units.length);
  const inapplicable = new Uint8Array(values.length);
  specification.leaves.forEach(({ id }, column) => {
    const leaf = evidence.leaves.indexOf(id);
    units.forEach((unit, row) => {
      const cell = column * units.length + row;
      values[cell] = evidence.value[unit * width + leaf] as number;
      inapplicable[cell] = evidence.state[unit * width + leaf] === NOT_APPLICABLE ? 1 : 0;
    });
  });
  const unitOf = (number: number) => evidence.units[number] as Unit;
  const classes = [...new Set(units.map((unit) => unitOf(unit).peerClass))].sort();
  return {
    units: units.length,
    entity: units.map((unit) => unitOf(unit).entity),
    periods: periods.map(({ id }) => id),
    period: Int32Array.from(units, (unit) => unitOf(unit).period),
    groupings: {
      [PEERS]: Int32Array.from(units, (unit) => classes.indexOf(unitOf(unit).peerClass)),
      ...mapValues(standard.groupings ?? {}, ({ indicator, bands }) =>
        Int32Array.from(valuesOf(indicator), (value) => findPlace(bands, value)),
      ),
    },
    values,
    inapplicable,
    denominators: mapValues(standard.denominators ?? {}, ({ indicator, scale }) =>
      valuesOf(indicator, scale),
    ),
  };
}

/** Place of the band a value falls in; -1 for a missing value. */
function findPlace(bands: readonly Band[], value: number): number {
  return Number.isNaN(value) ? -1 : bands.indexOf(findBand(bands, value));
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
