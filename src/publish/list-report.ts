import type { Context } from "../context.ts";
import { listsOf } from "../definitions-on.ts";
import { type ListPart, listParts } from "../standard/list-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { citedAs } from "./cited.ts";

const sql = sqlFile(import.meta.dirname, "list-tables.sql");

/** An entry of a list, or a restriction, as the reports show it. */
export interface ShownEntry {
  readonly list_id: string;
  readonly kind: string;
  readonly field: string | null;
  readonly entity_id: string;
  readonly name_zh: string;
  readonly name_en: string;
  readonly level: string;
  readonly rule_id: string;
  readonly article_zh: string;
  readonly article_en: string;
  readonly reason_zh: string;
  readonly reason_en: string;
  readonly effect_zh: string;
  readonly effect_en: string;
  readonly since: string;
  readonly until: string | null;
  readonly ends: string;
  readonly disputed: boolean;
  readonly record_key: string | null;
  readonly document_no: string | null;
  /** "source/file:line" of the record. */
  readonly found_at: string | null;
}

/** The lists of the period, empty ones too, with their entries. */
export interface ListReport {
  readonly parts: readonly ListPart[];
  readonly entries: readonly ShownEntry[];
}

/** The lists of the pipeline and the restrictions; none when it draws up none. */
export function readParts(context: Context): ListPart[] {
  const lists = listsOf(context);
  return lists ? listParts(lists) : [];
}

/** Reads the lists from the published tables. */
export async function gatherLists(
  context: Context,
  isWithheld: (list: string) => boolean,
): Promise<ListReport> {
  return {
    parts: readParts(context).filter(({ id }) => !isWithheld(id)),
    entries: await context.store.rows<ShownEntry>(sql("read-entries")),
  };
}

/** The lists as rows of the published table. */
export function listRows(parts: readonly ListPart[]) {
  return parts.map(({ id, kind, field, title, levels, article, effect }, place) => ({
    place,
    list_id: id,
    kind,
    field: field ?? null,
    title_zh: title.zh,
    title_en: title.en,
    levels: levels.join(", "),
    article_zh: article.zh,
    article_en: article.en,
    effect_zh: effect.zh,
    effect_en: effect.en,
  }));
}

/** Their rules as rows of the published table. */
export function listRuleRows(parts: readonly ListPart[]) {
  return parts
    .flatMap(({ id, rules }) => rules.map((rule) => ({ id, rule })))
    .map(({ id, rule }, place) => ({
      place,
      list_id: id,
      rule_id: rule.id,
      title_zh: rule.title.zh,
      title_en: rule.title.en,
      terms: JSON.stringify(rule.when),
      until: typeof rule.until === "string" ? rule.until : `${rule.until.months} months`,
      ...citedAs(rule.source),
      assumption: rule.assumption ?? false,
    }));
}
