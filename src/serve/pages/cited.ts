/** The published columns of where something comes from. */
export interface Cited {
  readonly source_zh: string | null;
  readonly source_en: string | null;
}

/** Where it comes from, in both languages; null where only an assumption is said. */
export function citationOf({ source_zh: zh, source_en: en }: Cited) {
  return zh === null || en === null ? null : { zh, en };
}
