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
  /** Its place among what its file holds, from 1. */
  readonly place: number;
}

/** Something in a file of releases that is not used as a release, or not alone. */
export interface OcdsFault {
  readonly kind: FaultKind;
  /** Its place among what the file holds, from 1. */
  readonly place: number;
  readonly content: unknown;
}

export type FaultKind = keyof typeof WORDS;

const WORDS = {
  "linked-release": {
    zh: "条发布只给出链接（url），没有内容，未读取；请取得链接所指的发布包一并报送",
    en: "release(s) are only linked to (url) and were not read; fetch the packages they point to and deliver them too",
  },
  "versioned-release": {
    zh: "条记录只有 versionedRelease，没有可用的发布，未读取；请取得其各次发布一并报送",
    en: "record(s) have a versionedRelease alone, which is not used; fetch their releases and deliver them",
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

/**
 * Faults as sentences in both languages, one for all of a kind.
 * @param where what the sentence begins with, as the name of a file
 */
export function describeFaults(faults: readonly OcdsFault[], where: string): Bilingual[] {
  const places = new Map<FaultKind, number[]>();
  for (const { kind, place } of faults) {
    const held = places.get(kind);
    if (held) held.push(place);
    else places.set(kind, [place]);
  }
  return [...places].map(([kind, all]) => {
    const { zh, en } = WORDS[kind];
    return {
      zh: `${where}：有 ${all.length} ${zh}（首个是第 ${all[0]} 项）。`,
      en: `${where}: ${all.length} ${en} (the first is number ${all[0]}).`,
    };
  });
}

const ALONE: Record<FaultKind, Bilingual> = {
  "linked-release": {
    zh: "只给出链接（url），没有内容，未读入；请取得链接所指的发布包一并报送。",
    en: "is only linked to (url) and was left out; fetch the package it points to and deliver it too.",
  },
  "versioned-release": {
    zh: "是只有 versionedRelease 的记录，没有可用的发布；请取得其各次发布一并报送。",
    en: "is a record with a versionedRelease alone, which is not used; fetch its releases and deliver them.",
  },
  "no-release": {
    zh: "不是发布、发布包或记录包。",
    en: "is no release, release package or record package.",
  },
  "no-ocid": {
    zh: "是没有 ocid 的发布，无法知道属于哪个采购过程。",
    en: "is a release without ocid, so that its contracting process is not known.",
  },
  "no-date": {
    zh: "是没有可读的 date 的发布，无法知道何时发布（写法如 2018-06-01T09:00:00+08:00）。",
    en: "is a release without a readable date, so that nobody knows when it was made (as 2018-06-01T09:00:00+08:00).",
  },
  contradicting: {
    zh: "与另一条发布的 ocid、id、date 都相同而内容不同。",
    en: "has the ocid, id and date of another release and says something else.",
  },
  repeated: { zh: "重复出现，内容相同。", en: "came before, unchanged." },
};

/** What is wrong with one thing in a file, by its place there. */
export function explainFault(kind: FaultKind, place: number): Bilingual {
  const { zh, en } = ALONE[kind];
  return { zh: `第 ${place} 项${zh}`, en: `Entry ${place} ${en}` };
}
