import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";

const sql = sqlFile(import.meta.dirname, "conform.sql");

/** A content column of a core table. */
export interface CoreColumn {
  readonly name: string;
  /** DuckDB's name of the type, as DECIMAL(18,2). */
  readonly type: string;
  readonly nullable: boolean;
  /** SQL of its default, if it has one. */
  readonly fallback: string | undefined;
}

/** Columns every core table has, which conform itself fills. */
const PROVENANCE = [
  "record_key",
  "source_id",
  "file_id",
  "line",
  "flags",
  "valid_from",
  "valid_to",
  "known_from",
  "known_to",
];

/** Names a source may map besides the content columns. */
export const PSEUDO_COLUMNS: Readonly<Record<string, string>> = {
  record_key: "VARCHAR",
  valid_from: "DATE",
  valid_to: "DATE",
};

/** The content columns of every core table, in its order. */
export async function readCatalogue(store: Store): Promise<Map<string, CoreColumn[]>> {
  const rows = await store.rows<{
    kind: string;
    name: string;
    type: string;
    nullable: boolean;
    fallback: string | null;
  }>(sql("core-columns"));
  const catalogue = new Map<string, CoreColumn[]>();
  for (const { kind, fallback, ...column } of rows) {
    if (PROVENANCE.includes(column.name)) continue;
    const columns = catalogue.get(kind) ?? [];
    columns.push({ ...column, fallback: fallback ?? undefined });
    catalogue.set(kind, columns);
  }
  return catalogue;
}

/** Something in a definition that does not fit, with the path to it. */
export interface Misfit {
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * What a source maps that its core table does not have, or leaves out that the table needs; empty when it fits.
 * Sentences in English, for definitions are written by developers.
 */
export function findMisfits(source: SourceDefinition, catalogue: readonly CoreColumn[]): Misfit[] {
  const misfits: Misfit[] = [];
  const known = new Map(catalogue.map((column) => [column.name, column]));
  for (const name of Object.keys(source.columns)) {
    if (!known.has(name) && !(name in PSEUDO_COLUMNS)) {
      misfits.push({
        path: ["columns", name],
        message: `The source "${source.source}" maps "${name}", which core.${source.kind} does not have. Its columns are: ${[...known.keys()].join(", ")}.`,
      });
    }
  }
  for (const { name, nullable, fallback } of catalogue) {
    if (!nullable && fallback === undefined && !source.columns[name]) {
      misfits.push({
        path: ["columns"],
        message: `The source "${source.source}" maps nothing to "${name}", which core.${source.kind} requires.`,
      });
    }
  }
  for (const end of ["from", "to"] as const) {
    const name = source.valid[end];
    if (name === undefined) continue;
    const type = known.get(name)?.type ?? PSEUDO_COLUMNS[name];
    if (type && type !== "DATE" && type !== "TIMESTAMP") {
      misfits.push({
        path: ["valid", end],
        message: `The source "${source.source}" takes valid.${end} from "${name}", which is no date but ${type}.`,
      });
    }
  }
  return misfits;
}
