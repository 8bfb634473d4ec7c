import type { Context } from "../context.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Finding } from "./results.ts";
import type { Conflicts } from "./source-counts.ts";

const sql = sqlFile(import.meta.dirname, "check.sql");

/**
 * Tells of records whose rows contradict each other: what they say counts for nothing until they are put right, so a
 * ranking may stand without them.
 * @returns undefined when there are none
 */
export function checkContradictions({ rows, records, since }: Conflicts): Finding | undefined {
  if (rows === 0) return undefined;
  return {
    checkId: "contradictions",
    severity: "warn",
    passed: false,
    failingRows: rows,
    observed: String(rows),
    expected: "0",
    since,
    zh: `${records} 条记录有 ${rows} 行在同一知悉时间互相矛盾，均未采用；逐行见隔离记录。请报送单位核对后重报，或在数据源定义中用 order 写明以哪一列分先后。`,
    en: `${rows} rows of ${records} record(s) contradict each other at one known-at time, and none of them was used; the quarantine lists each. Ask the sender to put them right, or say with "order" in the source's definition which column tells the later.`,
  };
}

/**
 * Tells of records whose numbers differ in case or leading noughts alone: there are systems in which these tell records
 * apart, and more often a spreadsheet has changed them, and one record counts twice.
 * @returns undefined when there are none
 */
export function checkAlike(records: number): Finding | undefined {
  if (records === 0) return undefined;
  return {
    checkId: "numbers-alike",
    severity: "warn",
    passed: false,
    failingRows: records,
    observed: String(records),
    expected: "0",
    since: null,
    zh: `${records} 个编号有几条记录，只在大小写或前导零上不同（如 E21 与 e21、0012 与 12），各计一条；如系同一记录，请按原编号重报。`,
    en: `${records} number(s) are borne by several records that differ in case or leading noughts alone (as E21 and e21, 0012 and 12), and each counts; where they are one record, send it again under its number.`,
  };
}

/**
 * Tells of bodies of a register that another of its rows, or another register of the pipeline, describes for the same days:
 * under another key they contradict nothing, and yet there can be only one body of a code.
 * @returns undefined when there are none, or the source is no register
 */
export async function checkBodiesTwice(
  { store, pipeline }: Context,
  { source, kind }: SourceDefinition,
): Promise<Finding | undefined> {
  if (kind !== "entity") return undefined;
  const found = await store.row<{ bodies: number }>(sql("bodies-twice"), {
    source,
    sources: JSON.stringify(pipeline.sources),
  });
  const bodies = found?.bodies ?? 0;
  if (bodies === 0) return undefined;
  return {
    checkId: "bodies-twice",
    severity: "warn",
    passed: false,
    failingRows: bodies,
    observed: String(bodies),
    expected: "0",
    since: null,
    zh: `${bodies} 个单位的代码在同一时期由几行名册说明（本名册的另一行，或另一名册）；请只保留一行，并以 entity_id 为 key。`,
    en: `The codes of ${bodies} bodies are described by several rows for the same days (of this register, or of another one); keep one row of each, and let entity_id be the key.`,
  };
}
