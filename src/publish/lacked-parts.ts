import type { Bilingual } from "./report.ts";
import type { PublishedTables } from "./shelf.ts";
import type { TableName } from "./tables.ts";

/** Parts of a month that came with later programs, each by a table that every month of theirs has. */
const LATER_PARTS: readonly { readonly table: TableName; readonly name: Bilingual }[] = [
  { table: "warning_rule", name: { zh: "预警", en: "early warnings" } },
  { table: "list", name: { zh: "名单与限制", en: "lists and restrictions" } },
  {
    table: "dishonesty_record",
    name: { zh: "失信记录的状态", en: "states of dishonesty records" },
  },
  {
    table: "rank_uncertainty",
    name: { zh: "名次的不确定性", en: "uncertainty of ranks" },
  },
  { table: "replication", name: { zh: "复算抽样", en: "replications" } },
];

/** What is asked of a month that a program published which had nothing of the kind, as a sentence in each language. */
export class PartLacked extends Error {
  override readonly name = "PartLacked";

  constructor(readonly sentence: Bilingual) {
    super(`${sentence.zh} ${sentence.en}`);
  }
}

/** What a month does not hold because the program that published it did not work it out. */
export function lackedParts({ has }: Pick<PublishedTables, "has">): readonly Bilingual[] {
  return LATER_PARTS.filter(({ table }) => !has(table)).map(({ name }) => name);
}
