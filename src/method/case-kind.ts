/** What one record adds to one indicator. */
export interface CasePart {
  readonly indicator: string;
  readonly numerator: number;
  readonly denominator: number;
  /** Rows of evidence. */
  readonly rows: number;
}

/** Records that count the same way in every indicator they stand in: a promise broken, a complaint closed late. */
export interface CaseKind {
  readonly parts: readonly CasePart[];
  /** How many there are, by number of the unit. */
  readonly cases: ReadonlyMap<number, number>;
}

/** Two indicators and the records that count in both. */
export interface SharedRecords {
  readonly one: string;
  readonly other: string;
  readonly records: number;
  /** Share of the records of the one that has fewer, 0 to 1. */
  readonly overlap: number;
}

/** Records that count by a rule (deduction, bonus, limit of the grade) and once more: by another rule, or in an indicator. */
export interface CountedTwice {
  readonly rule: string;
  /** Id of the other rule or of the indicator. */
  readonly other: string;
  readonly records: number;
}

/** The records behind one level's values. */
export interface LevelCases {
  readonly kinds: readonly CaseKind[];
  readonly shared: readonly SharedRecords[];
  readonly twice: readonly CountedTwice[];
}

/** The kinds of record that stand in a single indicator, or what the others add to one indicator alone. */
export function splitKinds(kinds: readonly CaseKind[]): CaseKind[] {
  const alone = new Map<string, { part: CasePart; cases: Map<number, number> }>();
  for (const { parts, cases } of kinds) {
    for (const part of parts) {
      const key = `${part.indicator}\n${part.numerator}\n${part.denominator}\n${part.rows}`;
      const found = alone.get(key) ?? { part, cases: new Map<number, number>() };
      alone.set(key, found);
      for (const [unit, count] of cases)
        found.cases.set(unit, (found.cases.get(unit) ?? 0) + count);
    }
  }
  return [...alone.values()].map(({ part, cases }) => ({ parts: [part], cases }));
}
