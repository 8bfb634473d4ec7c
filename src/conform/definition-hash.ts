import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import { type CheckFile, concerns } from "../standard/check-file.ts";
import { currencyOf, readRates } from "../standard/exchange-rates.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { readCodes } from "./code-list.ts";
import { earlierSources, schemesOf } from "./lookup.ts";
import type { Released } from "./releases.ts";

const sql = sqlFile(import.meta.dirname, "conform.sql");

/** Raised when conform itself comes to other results for the same rows and definition. */
const CONFORM_VERSION = 14;

/**
 * A hash of everything that decides what becomes of a source's rows: its definition, the code lists it names, exchange rates,
 * the entities it may name, the checks that may stop it, and DuckDB's version.
 * When it changes, the source is conformed anew from the raw layer.
 */
export function hashDefinition(
  { workspace, pipeline }: Context,
  source: SourceDefinition,
  { codes, duckdb, stops, released }: Surroundings,
): string {
  const { title: _title, owner: _owner, connector: _connector, ...definition } = source;
  const columns = Object.values(source.columns);
  const parts = {
    conform: CONFORM_VERSION,
    duckdb,
    zone: pipeline.time_zone,
    currency: currencyOf(pipeline),
    rates: readRates(workspace, pipeline),
    definition,
    codes: codes ?? null,
    released: [...released],
    lists: columns.map((mapping) => readCodes(workspace, mapping.codes) ?? null),
    stops: stops.filter((check) => concerns(check, source)).map(({ hash }) => hash),
  };
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** What decides besides the definition itself. */
export interface Surroundings {
  /** Fingerprint of the entity codes the source may use; absent when it looks none up. */
  readonly codes: string | undefined;
  readonly duckdb: string;
  readonly stops: readonly CheckFile[];
  /** What was released of the texts held back. */
  readonly released: Released;
}

/**
 * A fingerprint of the codes of the entities that a source may name; undefined when it names none.
 * @param known fingerprints taken before, which hold as long as no source of bodies is conformed
 */
export async function fingerprintCodes(
  context: Context,
  source: SourceDefinition,
  known: Map<string, string>,
): Promise<string | undefined> {
  const columns = Object.entries(source.columns);
  if (!columns.some(([core, mapping]) => schemesOf(source, core, mapping))) return undefined;
  const earlier = JSON.stringify(earlierSources(context, source));
  const held = known.get(earlier);
  if (held !== undefined) return held;
  const row = await context.store.row<{ fingerprint: string }>(sql("entity-codes-fingerprint"), {
    earlier,
  });
  const fingerprint = row?.fingerprint ?? "";
  known.set(earlier, fingerprint);
  return fingerprint;
}
