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

/** That laws are applied although they do not bind, in a sentence: every page and document that rests on them says it. */
export function sayByAnalogy(laws: readonly Bilingual[]): Bilingual {
  const list = (language: "zh" | "en", and: string) =>
    laws.map((title) => title[language]).join(and);
  return {
    zh: `参照适用（评价期内尚未施行、已经失效或不约束本地）：${list("zh", "；")}。`,
    en: `Applied by analogy (not in force in the period, or not binding here): ${list("en", "; ")}.`,
  };
}
