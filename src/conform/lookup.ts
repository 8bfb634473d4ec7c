import type { Context } from "../context.ts";
import { identifierSql, otherLengthsSql } from "../standard/identifiers.ts";
import type { ColumnMapping, SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { collectBindings } from "./bindings.ts";

const sql = sqlFile(import.meta.dirname, "lookup.sql");

/** Temporary tables in which codes of certain schemes are looked up. */
export interface Lookup {
  /** code in its normal form, valid_from, valid_to (half-open), entity_id, ambiguous, spellings. */
  readonly table: string;
  /** code, days, entities. */
  readonly validity: string;
}

/** Schemes by which a column's value names an entity, in order; undefined when it does not. */
export function schemesOf(
  source: SourceDefinition,
  core: string,
  mapping: ColumnMapping,
): readonly string[] | undefined {
  if (mapping.entity) return mapping.entity;
  const isRecord = source.kind !== "entity" && source.kind !== "entity_code";
  return isRecord && core === "entity_id" ? ["local"] : undefined;
}

/** Sources of bodies before this one: a source looks entities up only there, so that the order of runs does not matter. */
export function earlierSources(context: Context, source: SourceDefinition): readonly string[] {
  const place = context.sources.findIndex((each) => each.source === source.source);
  const earlier = context.sources.slice(0, place);
  return earlier.filter(saysBodies).map((each) => each.source);
}

/** Whether the rows of a source say which bodies there are, or what they are called. */
export function saysBodies({ kind }: SourceDefinition): boolean {
  return kind === "entity" || kind === "entity_code";
}

/** Lookup tables made so far, by schemes and by the fingerprint of the codes in them. */
export type LookupCache = Map<string, Lookup>;

/**
 * The lookup tables a source needs, by its schemes joined with commas. They are made outside transactions
 * and used again by the next source that may name the same entities.
 * @param fingerprint of the codes the source may use
 */
export async function makeLookups(
  context: Context,
  source: SourceDefinition,
  fingerprint: string,
  cache: LookupCache,
): Promise<Map<string, Lookup>> {
  const lookups = new Map<string, Lookup>();
  for (const [core, mapping] of Object.entries(source.columns)) {
    const schemes = schemesOf(source, core, mapping);
    if (!schemes || lookups.has(schemes.join(","))) continue;
    const key = `${fingerprint} ${schemes.join(",")}`;
    let lookup = cache.get(key);
    if (!lookup) {
      lookup = { table: `lookup_${cache.size}`, validity: `validity_${cache.size}` };
      const bindings = collectBindings();
      const normal = identifierSql("code", "identifier", (value) => bindings.bind(value));
      const others = otherLengthsSql("code");
      await context.store.run(sql("make-lookup", { table: lookup.table, normal, others }), {
        ...bindings.values,
        schemes: JSON.stringify(schemes),
        earlier: JSON.stringify(earlierSources(context, source)),
      });
      await context.store.run(
        sql("make-validity", { table: lookup.validity, lookup: lookup.table }),
      );
      cache.set(key, lookup);
    }
    lookups.set(schemes.join(","), lookup);
  }
  return lookups;
}
