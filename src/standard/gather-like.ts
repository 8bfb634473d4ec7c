import type { Bilingual } from "./bilingual.ts";

/** Up to so many like sentences are told one by one. */
const MOST = 3;

/**
 * Sentences about files, those that are alike but for the file and for numbers told once, with how many files more it is so with:
 * a publisher who sends each record as a file of its own sends a fault as often.
 * @returns in their order, those that are told once in the place of the first of them
 */
export function gatherLike(sentences: readonly Bilingual[]): Bilingual[] {
  const alike = new Map<string, Bilingual[]>();
  for (const sentence of sentences) {
    const key = withoutFile(sentence.en);
    const others = alike.get(key);
    if (others) others.push(sentence);
    else alike.set(key, [sentence]);
  }
  return sentences.flatMap((sentence) => {
    const group = alike.get(withoutFile(sentence.en)) ?? [];
    if (group.length <= MOST) return [sentence];
    return group[0] === sentence ? [tellOnce(group)] : [];
  });
}

/** A sentence without labels of files (see fileLabel), places and counts. */
function withoutFile(text: string): string {
  return text.replace(/\b[0-9a-f]{12}\b|\d+/g, "#");
}

function tellOnce(group: readonly Bilingual[]): Bilingual {
  const { zh, en } = group[0] as Bilingual;
  const more = group.length - 1;
  return {
    zh: `${zh}另有 ${more} 个文件情况类似。`,
    en: `${en} Much the same goes for ${more} more files.`,
  };
}
