import type { EvaluationStandard } from "../standard/evaluation-standard.ts";

/** States of a value or node, by their number on the sheets. */
export const STATES = ["assessed", "not_applicable", "too_few", "no_data", "imputed"] as const;
export const [ASSESSED, NOT_APPLICABLE, TOO_FEW, NO_DATA, IMPUTED] = [0, 1, 2, 3, 4] as const;

/** Something that adds to an index or takes from it; its number is its position in `Sheets.slots`. */
export interface Slot {
  readonly kind: "indicator" | "deduction" | "bonus" | "limit";
  /** Id of the indicator, deduction or bonus; of the one that is capped; or minimum and maximum, the index's bounds. */
  readonly id: string;
}

/** A record's points, on the grid. */
export interface RecordDetail {
  readonly unit: number;
  readonly slot: number;
  readonly points: number;
  readonly recordKey: string;
  readonly occurredOn: string;
  readonly fileId: number;
  readonly line: number;
}

/** What an indicator lost, where its categories can explain it. */
export interface Split {
  readonly unit: number;
  readonly slot: number;
  /** Points, of the linear part of the normalisation. */
  readonly lost: number;
  /** Value at which nothing is lost, as numerator over denominator. */
  readonly reference: number;
  /** 1 when more is better, else -1. */
  readonly sign: number;
}

/** Nodes of all trees, column by column; a unit's rows are those from `start[unit]` to before `start[unit + 1]`. NaN: nothing. */
export interface NodeSheet {
  readonly start: Int32Array;
  readonly unit: Int32Array;
  /** Position among the standard's nodes, then its indicators. */
  readonly node: Int32Array;
  readonly state: Int32Array;
  readonly value: Float64Array;
  readonly score: Float64Array;
  /** Shares of the index, 0 to 1: as the standard states it, and after missing weight was shared out. */
  readonly nominal: Float64Array;
  readonly share: Float64Array;
  readonly coverage: Float64Array;
}

/** The rows that the parts of the stage fill, one after the other. */
export interface Sheets {
  readonly slots: readonly Slot[];
  /** Points by unit × slot, on the grid; NaN: the slot has no part in the index. */
  readonly points: Float64Array;
  /** How many of the slots are indicators: the first so many. */
  readonly indicators: number;
  /** Share of the index by unit × indicator; NaN: it has no part in the index. */
  readonly share: Float64Array;
  readonly nodes: NodeSheet;
  readonly splits: Split[];
  readonly records: RecordDetail[];
}

/** Sheets for units whose trees have so many nodes each. */
export function openSheets(standard: EvaluationStandard, sizes: readonly number[]): Sheets {
  const slots = listSlots(standard);
  const start = new Int32Array(sizes.length + 1);
  sizes.forEach((size, unit) => {
    start[unit + 1] = (start[unit] as number) + size;
  });
  const rows = start[sizes.length] as number;
  const blank = () => new Float64Array(rows).fill(Number.NaN);
  return {
    slots,
    points: new Float64Array(sizes.length * slots.length).fill(Number.NaN),
    indicators: standard.indicators.length,
    share: new Float64Array(sizes.length * standard.indicators.length).fill(Number.NaN),
    nodes: {
      start,
      unit: new Int32Array(rows),
      node: new Int32Array(rows),
      state: new Int32Array(rows),
      value: blank(),
      score: blank(),
      nominal: blank(),
      share: blank(),
      coverage: blank(),
    },
    splits: [],
    records: [],
  };
}

/** Slots of a standard: its indicators first, in its order, then deductions, bonuses and their limits, then the bounds. */
function listSlots(standard: EvaluationStandard): Slot[] {
  const { indicators, deductions, bonuses } = standard;
  return [
    ...indicators.map(({ indicator: id }) => ({ kind: "indicator" as const, id })),
    ...deductions.map(({ id }) => ({ kind: "deduction" as const, id })),
    ...bonuses.map(({ id }) => ({ kind: "bonus" as const, id })),
    ...[...deductions, ...bonuses].map(({ id }) => ({ kind: "limit" as const, id })),
    { kind: "limit", id: "minimum" },
    { kind: "limit", id: "maximum" },
  ];
}
