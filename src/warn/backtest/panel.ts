import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";

/** A district in a year. */
export interface DistrictYear {
  /** Per cent of the most points; undefined: not filed, inconclusive. */
  readonly score: number | undefined;
  readonly environmental: number | undefined;
  readonly designated: boolean | undefined;
  readonly county: string;
}

/** Districts by id, each by year. */
export type Panel = ReadonlyMap<string, ReadonlyMap<number, DistrictYear>>;

/** Share of the most points from which a district is designated. */
export const DESIGNATED_FROM = 25;

/**
 * Reads New York's school districts. Scores before 2017 are fractions and are made per cent, so that the line is the same
 * throughout. A designation follows from the score; without a score there is none.
 */
export function readPanel(file: string): Panel {
  const rows: Record<string, string>[] = parse(readFileSync(file), { columns: true });
  const panel = new Map<string, Map<number, DistrictYear>>();
  for (const row of rows) {
    const year = Number(row.year);
    const factor = year < 2017 ? 100 : 1;
    const number = (text: string | undefined) => (text ? Number(text) * factor : undefined);
    const score = number(row.fiscal_score);
    const years = panel.get(row.district_id as string) ?? new Map<number, DistrictYear>();
    panel.set(row.district_id as string, years);
    years.set(year, {
      score,
      environmental: number(row.environmental_score),
      designated: score === undefined ? undefined : score >= DESIGNATED_FROM - 1e-9,
      county: row.county as string,
    });
  }
  return panel;
}
