import type { Bilingual } from "../standard/bilingual.ts";

/** The published columns of where something comes from; null where only an assumption is said. */
export interface Cited {
  readonly source_zh: string | null;
  readonly source_en: string | null;
}

export function citedAs(source: Bilingual | undefined): Cited {
  return { source_zh: source?.zh ?? null, source_en: source?.en ?? null };
}

export function citationOf({ source_zh: zh, source_en: en }: Cited): Bilingual | null {
  return zh === null || en === null ? null : { zh, en };
}
