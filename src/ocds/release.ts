import type { Bilingual } from "../standard/bilingual.ts";
import type { JsonObject } from "./json-value.ts";
import type { OcdsVersion } from "./merge-rules.ts";

/** A release as it was delivered. */
export interface Release {
  readonly ocid: string;
  /** The release's `id` as text, empty when it has none. */
  readonly id: string;
  readonly date: string;
  /** By which version's rules it is merged. */
  readonly version: OcdsVersion;
  readonly content: JsonObject;
}

/** Something in a file of releases that is not used as a release, or not alone; all of a kind are one fault. */
export interface OcdsFault {
  readonly kind: FaultKind;
  readonly count: number;
  /** The first of them, by its place among what the file holds, from 1. */
  readonly first: number;
}

export type FaultKind = keyof typeof WORDS;

const WORDS = {
  "linked-release": {
    zh: "条发布只给出链接（url），没有内容，未读取；请取得链接所指的发布包一并报送",
    en: "release(s) are only linked to (url) and were not read; fetch the packages they point to and deliver them too",
  },
  "no-release": {
    zh: "项不是发布、发布包或记录包，未读取；请核对文件",
    en: "entry or entries are no release, release package or record package and were not read; check the file",
  },
  "no-ocid": {
    zh: "条发布没有 ocid，无法知道属于哪个采购过程，未使用；请发布方补上",
    en: "release(s) have no ocid, so that their contracting process is not known, and were not used; ask the publisher for it",
  },
  "no-date": {
    zh: "条发布没有可读的 date，无法排出先后，未使用；请发布方补上，如 2018-06-01T09:00:00+08:00",
    en: "release(s) have no readable date, so that their order is not known, and were not used; ask the publisher for it, as 2018-06-01T09:00:00+08:00",
  },
  contradicting: {
    zh: "条发布与另一条的 ocid、id、date 都相同而内容不同，互相矛盾，按给出的先后合并；请向发布方核实",
    en: "release(s) have the ocid, id and date of another and say something else; they contradict each other and were merged in the order given; ask the publisher which holds",
  },
  repeated: {
    zh: "条发布重复出现，内容相同，只用一次",
    en: "release(s) came again unchanged and were used once",
  },
} as const;

/** A fault as a sentence in both languages; where is what the sentence begins with, as the name of a file. */
export function describeFault({ kind, count, first }: OcdsFault, where: string): Bilingual {
  const { zh, en } = WORDS[kind];
  return {
    zh: `${where}：有 ${count} ${zh}（首个是第 ${first} 项）。`,
    en: `${where}: ${count} ${en} (the first is number ${first}).`,
  };
}

/** Counts faults of a kind together. */
export function collectFaults() {
  const found = new Map<FaultKind, { count: number; first: number }>();
  return {
    add(kind: FaultKind, place: number) {
      const held = found.get(kind);
      if (held) held.count += 1;
      else found.set(kind, { count: 1, first: place });
    },
    list(): OcdsFault[] {
      return [...found].map(([kind, { count, first }]) => ({ kind, count, first }));
    },
  };
}
