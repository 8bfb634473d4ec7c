import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import { isCompiled, type SourceDefinition } from "../standard/source-definition.ts";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import { boundIn, collectBindings } from "./bindings.ts";
import type { CoreColumn } from "./catalogue.ts";
import { mayBeHeld } from "./clear-texts.ts";
import { HELD_BACK } from "./held-back.ts";
import { judgedRows, type Mapping, withDays } from "./judged-rows.ts";
import { makeMapping } from "./make-mapping.ts";
import type { MappedColumn } from "./map-column.ts";
import { noteDelivery } from "./note-delivery.ts";
import { groupFiles, type RawFile } from "./raw-files.ts";
import { separateTwins } from "./twin-columns.ts";

const sql = sqlFile(import.meta.dirname, "judge-texts.sql");

/** Raised when texts are looked at otherwise. */
const PROFILE_VERSION = 3;
/** More than any number of a file. */
const MOST_FILES = 2 ** 31 - 1;

/** Notes a file without public columns, in place of one. */
export const NO_COLUMN = "";

/** What was seen in a public column of a file. */
export interface TextProfile {
  readonly file_id: number;
  readonly column_name: string;
  readonly rule: string;
  /** Different texts; null while nobody had to know. */
  readonly texts: number | null;
  /** Of them, those that look like somebody's number or address. */
  readonly held: number;
}

/**
 * The file under which it is noted what stands in each one: the rows of releases hang on all files of their source, so that these
 * are looked at as one.
 */
export function profiledAs(
  source: SourceDefinition,
  files: readonly RawFile[],
): (file: Pick<RawFile, "file_id">) => number {
  if (!isCompiled(source)) return ({ file_id }) => file_id;
  const first = files.reduce((least, { file_id }) => Math.min(least, file_id), MOST_FILES);
  return () => first;
}

/** What stands in the public columns of every file; looked up where it was seen before. */
export async function profileFiles(
  context: Context,
  source: SourceDefinition,
  catalogue: readonly CoreColumn[],
  files: readonly RawFile[],
): Promise<TextProfile[]> {
  const { store } = context;
  const rule = ruleOf(context, source, files);
  const as = profiledAs(source, files);
  const known = await store.rows<TextProfile>(sql("profiles"), {
    files: JSON.stringify([...new Set(files.map(as))]),
  });
  const current = known.filter((each) => each.rule === rule);
  const seen = new Set(current.map(({ file_id }) => file_id));
  const others = files.filter((file) => !seen.has(as(file)));
  if (others.length === 0) return current;
  const made: TextProfile[] = [];
  for (const mapping of await makeMappings(context, source, catalogue, others)) {
    for (const profile of await profileGroup(context, mapping, rule, as)) made.push(profile);
  }
  await noteProfiles(context, made);
  return [...current, ...made];
}

async function noteProfiles({ store }: Context, made: readonly TextProfile[]): Promise<void> {
  if (made.length > 0) {
    await store.run(sql("note-profiles"), { profiles: JSON.stringify(made) });
  }
}

/** What decides how a file is read. */
function ruleOf(
  { pipeline, pseudonymKey }: Context,
  source: SourceDefinition,
  files: readonly RawFile[],
): string {
  const { title: _title, owner: _owner, connector: _connector, ...definition } = source;
  const together = isCompiled(source)
    ? files.map(({ file_id, row_count }) => [file_id, row_count])
    : [];
  const parts = [PROFILE_VERSION, pipeline.time_zone, definition, ...together];
  return createHash("sha256")
    .update(`${JSON.stringify(parts)}${pseudonymKey}`)
    .digest("hex");
}

/** Mappings of files whose public texts can be looked at, with nothing released. */
export async function makeMappings(
  context: Context,
  source: SourceDefinition,
  catalogue: readonly CoreColumn[],
  files: readonly RawFile[],
): Promise<(Mapping & { readonly files: readonly RawFile[] })[]> {
  await noteDelivery(context, source, files);
  const mappings: (Mapping & { readonly files: readonly RawFile[] })[] = [];
  for (const delivered of await groupFiles(context, source, files)) {
    const { group } = await separateTwins(context, delivered.source, delivered);
    if (group.files.length === 0) continue;
    const lookups = new Map();
    const bindings = collectBindings();
    const made = makeMapping(context, group.source, catalogue, lookups, group, bindings);
    if (made.missing.length === 0) mappings.push({ ...made.mapping, files: group.files });
  }
  return mappings;
}

async function profileGroup(
  { store }: Context,
  mapping: Mapping & { readonly files: readonly RawFile[] },
  rule: string,
  as: ReturnType<typeof profiledAs>,
): Promise<TextProfile[]> {
  const ids = [...new Set(mapping.files.map(as))];
  const looked = mapping.columns.filter(({ shown }) => shown !== undefined);
  if (looked.length === 0) {
    return ids.map((file_id) => ({
      file_id,
      column_name: NO_COLUMN,
      rule,
      texts: 0,
      held: 0,
    }));
  }
  const may = await mayBeHeld(store, mapping, looked);
  const asked = looked.filter(({ position }) => may.has(position));
  // Different texts are counted where something is held back: of most columns nothing is, and counting is slow.
  const found = await askByFile(
    store,
    mapping,
    asked,
    as,
    (at) => `coalesce(bool_or(${isHeld(at)}), false) AS c${at}`,
  );
  const suspicious = asked.filter(({ position }) =>
    found.some((row) => row[`c${position}`] === true),
  );
  const counts = await askByFile(
    store,
    mapping,
    suspicious,
    as,
    (at) =>
      `${countDifferent(`m${at}`)} AS texts${at}, ${countDifferent(`m${at}`, isHeld(at))} AS held${at}`,
  );
  const byFile = new Map(counts.map((row) => [row.file_id, row]));
  return ids.flatMap((file_id) =>
    looked.map(({ core, position }) => ({
      file_id,
      column_name: core,
      rule,
      texts: suspicious.some((each) => each.position === position)
        ? Number(byFile.get(file_id)?.[`texts${position}`] ?? 0)
        : null,
      held: Number(byFile.get(file_id)?.[`held${position}`] ?? 0),
    })),
  );
}

function countDifferent(text: string, condition = "true"): string {
  return `CAST(count(DISTINCT ${text}) FILTER (${condition}) AS DOUBLE)`;
}

/** Asks something of columns, over the judged rows of each file, or of all that are profiled as one. */
async function askByFile(
  store: Store,
  mapping: Mapping & { readonly files: readonly RawFile[] },
  asked: readonly MappedColumn[],
  as: ReturnType<typeof profiledAs>,
  about: (position: number) => string,
): Promise<Record<string, number | boolean>[]> {
  if (asked.length === 0) return [];
  const columns = withDays(mapping, (column) => asked.includes(column));
  const file = isCompiled(mapping.source)
    ? `CAST(${as(mapping.files[0] as RawFile)} AS INTEGER)`
    : "file_id";
  const query = `${judgedRows({ ...mapping, columns }, false, "all")}
SELECT ${file} AS file_id, ${asked.map(({ position }) => about(position)).join(", ")} FROM judged GROUP BY ALL`;
  return store.rows(query, boundIn(query, mapping.bindings));
}

/** Different texts of a column, file by file; counted and noted where that has not been done. */
export async function countTexts(
  context: Context,
  source: SourceDefinition,
  catalogue: readonly CoreColumn[],
  files: readonly RawFile[],
  profiles: readonly TextProfile[],
): Promise<number> {
  const unknown = new Map(
    profiles.filter(({ texts }) => texts === null).map((each) => [each.file_id, each]),
  );
  const as = profiledAs(source, files);
  const others = files.filter((file) => unknown.has(as(file)));
  const made: TextProfile[] = [];
  for (const mapping of await makeMappings(context, source, catalogue, others)) {
    const column = mapping.columns.filter(
      ({ core, shown }) => shown && core === profiles[0]?.column_name,
    );
    const counts = await askByFile(
      context.store,
      mapping,
      column,
      as,
      (at) => `${countDifferent(`m${at}`)} AS texts`,
    );
    for (const { file_id, texts } of counts) {
      const profile = unknown.get(Number(file_id));
      if (profile) made.push({ ...profile, texts: Number(texts) });
    }
  }
  await noteProfiles(context, made);
  return [...profiles, ...made].reduce((total, { texts }) => total + (texts ?? 0), 0);
}

/** SQL of whether the value at a position is held back. */
export function isHeld(position: number): string {
  return `starts_with(v${position}, ${quoteLiteral(HELD_BACK)})`;
}
