import type { Bilingual } from "./report.ts";
import { TEXTS, type TextKey } from "./texts.ts";

/** Number format of counts. */
export const COUNT = "#,##0";

/** A column headed by a text of TEXTS. */
export function column(key: TextKey, width: number, format?: string) {
  return { title: TEXTS[key], width, ...(format ? { format } : {}) };
}

/** Both languages in one cell, where there is no room for a column each. */
export function pair({ zh, en }: Bilingual): string {
  return zh === en ? zh : `${zh} ${en}`;
}
