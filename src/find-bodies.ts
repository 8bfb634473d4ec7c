import { identifierSql, normaliseIdentifier, otherLengthsSql } from "./standard/identifiers.ts";
import { sqlFile } from "./store/sql-file.ts";
import type { Store } from "./store/store.ts";

const sql = sqlFile(import.meta.dirname, "find-bodies.sql");

/**
 * Lays out what the bodies of a published month answer to, in the temporary table answering: code in the normal form,
 * is_name, entity_id, entities (all that answer to it), several.
 * @param store with the month in the schema `published`
 */
export async function layOutBodies(store: Store): Promise<void> {
  const values: Record<string, string> = {};
  const bind = (value: string) => {
    const held = Object.keys(values).find((name) => values[name] === value);
    const name = held ?? `v${Object.keys(values).length}`;
    values[name] = value;
    return `$${name}`;
  };
  // A month published before codes were does not have them.
  const codes = (await store.row(sql("has-codes"))) ? sql("published-codes") : "";
  const normal = identifierSql("code", "identifier", bind);
  const others = otherLengthsSql("code");
  await store.run(sql("make-answering", { codes, normal, others }), values);
}

/**
 * The bodies of a published month that a code or name, in whatever spelling, may mean: one, several or none.
 * @returns their codes, in order
 */
export async function findBodies(store: Store, asked: string): Promise<readonly string[]> {
  await layOutBodies(store);
  const rows = await store.rows<{ entity_id: string }>(sql("bodies-of"), {
    asked: normaliseIdentifier(asked),
  });
  return rows.map(({ entity_id }) => entity_id);
}
