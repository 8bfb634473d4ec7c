import type { Context } from "../context.ts";
import type { DeliveredFile } from "../standard/delivery.ts";
import { hasPersons, isCompiled, type SourceDefinition } from "../standard/source-definition.ts";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { boundIn, collectBindings } from "./bindings.ts";
import { insertRows, loadInBulk, noteOrder } from "./bulk.ts";
import type { CoreColumn } from "./catalogue.ts";
import { isRecords, readsRecords } from "./described-by.ts";
import type { ShownText } from "./held-back.ts";
import type { JudgedTexts } from "./judge-texts.ts";
import type { Mapping } from "./judged-rows.ts";
import type { Lookup } from "./lookup.ts";
import { makeMapping } from "./make-mapping.ts";
import { faultsQuery, firstKnownQuery, keptQuery } from "./mapping-query.ts";
import { makeIncoming } from "./merge.ts";
import { noteDelivery } from "./note-delivery.ts";
import { gatherPersons, keepPersons } from "./persons.ts";
import { type FileGroup, groupFiles, type RawFile } from "./raw-files.ts";
import type { Misfit } from "./refusals.ts";
import { separateTwins } from "./twin-columns.ts";
import { listWanted } from "./wanted-columns.ts";

const sql = sqlFile(import.meta.dirname, "conform.sql");
const quarantine = sqlFile(import.meta.dirname, "quarantine.sql");

/** What loading files needs to know besides the files. */
export interface LoadPlace {
  readonly context: Context;
  readonly source: SourceDefinition;
  readonly catalogue: readonly CoreColumn[];
  readonly lookups: ReadonlyMap<string, Lookup>;
  /** Deliveries with more rows are loaded in bulk. */
  readonly bulkRows: number;
  /** Whether files of the source were withdrawn or are gone, so that not all rows hold always. */
  readonly limited: boolean;
  /** What is shown of the public texts. */
  readonly texts: JudgedTexts;
  /** Whether core held rows of the source before this delivery. */
  readonly holdsRows: boolean;
}

/** Core columns that some files do not deliver. */
export interface Undelivered {
  readonly fileIds: readonly number[];
  readonly columns: readonly string[];
}

export interface Loaded {
  readonly files: readonly DeliveredFile[];
  /** The files by what columns they have. */
  readonly groups: readonly FileGroup[];
  readonly unusable: readonly Misfit[];
  readonly undelivered: readonly Undelivered[];
  /** When the first row of each file became known, as far as the file says. */
  readonly firstKnown: ReadonlyMap<number, string>;
}

/**
 * Maps files: bad rows go to quarantine; good rows, unless they are not to be kept, to the temporary table
 * incoming, to be merged, or when there are many and their key is new, to core.
 */
export async function loadFiles(
  place: LoadPlace,
  files: readonly RawFile[],
  keep: boolean,
): Promise<Loaded> {
  const { context, source, catalogue, lookups, texts } = place;
  await noteDelivery(context, source, files);
  await makeIncoming(context, source);
  const bindings = collectBindings();
  const mappings: Mapping[] = [];
  const unusable: Misfit[] = [];
  const usable: RawFile[] = [];
  const undelivered: Undelivered[] = [];
  const groups = await groupFiles(context, source, files);
  for (const delivered of groups) {
    // What of the files is read is for their own description to say.
    const described = delivered.source;
    if (isOtherForm(described, delivered)) {
      unusable.push({
        files: delivered.files,
        headers: [...delivered.columns.keys()],
        missing: listWanted(described).filter(({ optional }) => !optional),
        ambiguous: [],
      });
      continue;
    }
    const { group, misfits } = await separateTwins(context, described, delivered);
    for (const misfit of misfits) unusable.push(misfit);
    if (group.files.length === 0) continue;
    const shown = showClear(texts, group.files);
    const made = makeMapping(context, described, catalogue, lookups, group, bindings, shown);
    const { missing } = made;
    if (missing.length > 0) {
      const headers = [...(group.keys ?? delivered.columns.keys())];
      unusable.push({ files: group.files, headers, missing, ambiguous: [] });
      continue;
    }
    mappings.push(made.mapping);
    for (const file of group.files) usable.push(file);
    const fileIds = group.files.map(({ file_id }) => file_id);
    const absent = new Set(made.undelivered);
    undelivered.push({ fileIds, columns: listUndelivered(described, catalogue, absent) });
  }
  if (keep) await keepRows(place, mappings, usable);
  const kept = await countKept(context, source, mappings, usable);
  const loaded = keep ? await findAccepted(context, source) : [];
  const accepted = new Map(loaded.map(({ file_id, rows }) => [file_id, rows]));
  const firstKnown = new Map<number, string>();
  noteFirst(firstKnown, loaded);
  // Every row in core: no fault to look for, and the second reading is spared.
  const faulty = usable.some(({ file_id }) => kept.get(file_id) !== (accepted.get(file_id) ?? 0));
  if (faulty) {
    for (const mapping of mappings) {
      await quarantineFaults(context, mapping);
      noteFirst(firstKnown, await findFirstKnown(context, mapping));
    }
    if (isCompiled(source)) {
      await context.store.run(quarantine("tell-of-releases"), { source: source.source });
    }
  }
  const ofPersons = mappings.filter((mapping) => hasPersons(mapping.source));
  if (keep && ofPersons.length > 0) {
    await gatherPersons(context, source, ofPersons);
    await keepPersons(context, source);
  }
  const bad = faulty
    ? await countBy(context, quarantine("count-quarantined"), source)
    : new Map(files.map(({ file_id, unreadable }) => [file_id, unreadable]));
  const early =
    faulty && isCompiled(source)
      ? await countBy(context, quarantine("count-early"), source)
      : new Map<number, number>();
  return {
    groups,
    unusable,
    undelivered,
    firstKnown,
    files: files.map((file) => ({
      fileId: file.file_id,
      fileName: file.file_name,
      fileHash: file.file_hash,
      received: file.row_count + file.unreadable,
      accepted: accepted.get(file.file_id) ?? 0,
      quarantined: bad.get(file.file_id) ?? 0,
      early: early.get(file.file_id) ?? 0,
      skipped: file.row_count - (kept.get(file.file_id) ?? file.row_count),
    })),
  };
}

/** How texts are shown, without a look at columns of files in which nothing looks like somebody's number. */
function showClear(
  { shown, clear }: JudgedTexts,
  files: readonly RawFile[],
): ReadonlyMap<string, ShownText> {
  const all = [...clear].filter(
    ([core, ids]) => !shown.get(core)?.whole && files.every(({ file_id }) => ids.has(file_id)),
  );
  const seen = all.map(([core]): [string, ShownText] => [core, { all: true, marks: [] }]);
  return new Map([...shown, ...seen]);
}

/** Whether files are records where their description reads tables, or the other way round. */
function isOtherForm(source: SourceDefinition, { columns }: FileGroup): boolean {
  return isRecords(columns) !== readsRecords(source);
}

/**
 * Core columns that files do not deliver: neither required nor with a default of core's own, and not mapped or not there. In JSON
 * a key is left out where there is no value: whether it is delivered at all is asked of all of the source's records, when they are
 * measured.
 */
function listUndelivered(
  source: SourceDefinition,
  catalogue: readonly CoreColumn[],
  absent: ReadonlySet<string>,
): string[] {
  const json = readsRecords(source);
  return catalogue
    .filter(({ nullable, fallback }) => nullable && fallback === undefined)
    .map(({ name }) => name)
    .filter((name) => source.columns[name] === undefined || (!json && absent.has(name)));
}

async function keepRows(
  { context, source, bulkRows, holdsRows, limited }: LoadPlace,
  mappings: readonly Mapping[],
  files: readonly RawFile[],
): Promise<void> {
  const rows = files.reduce((total, file) => total + file.row_count, 0);
  if (limited) {
    // Bulk loads know of no rows that hold only for a time.
    if (source.order) await noteOrder(context, mappings);
    return insertRows(context, "incoming", mappings, "all");
  }
  // What tells the order of a source's rows is not kept in core: they are put in order as they are read.
  if (rows > bulkRows || source.order) return loadInBulk(context, source, mappings, holdsRows);
  return insertRows(context, "incoming", mappings, "all");
}

/** Rows of each file that are for this kind. */
async function countKept(
  { store }: Context,
  source: SourceDefinition,
  mappings: readonly Mapping[],
  files: readonly RawFile[],
): Promise<Map<number, number>> {
  const kept = new Map<number, number>();
  const chosen = source.only !== undefined || source.except !== undefined;
  for (const file of files) kept.set(file.file_id, chosen ? 0 : file.row_count);
  if (!chosen) return kept;
  for (const mapping of mappings) {
    const query = keptQuery(mapping);
    const bound = boundIn(query, mapping.bindings);
    const rows = await store.rows<{ file_id: number; rows: number }>(query, bound);
    for (const row of rows) kept.set(row.file_id, row.rows);
  }
  return kept;
}

interface FirstKnown {
  readonly file_id: number;
  readonly known: string | null;
}

function noteFirst(first: Map<number, string>, found: readonly FirstKnown[]): void {
  for (const { file_id, known } of found) {
    const held = first.get(file_id);
    if (known !== null && (held === undefined || known < held)) first.set(file_id, known);
  }
}

function findFirstKnown({ store }: Context, mapping: Mapping): Promise<FirstKnown[]> {
  const query = firstKnownQuery(mapping);
  return store.rows<FirstKnown>(query, boundIn(query, mapping.bindings));
}

function findAccepted(
  { store }: Context,
  source: SourceDefinition,
): Promise<(FirstKnown & { readonly rows: number })[]> {
  return store.rows(sql("count-accepted", { kind: source.kind }), { source: source.source });
}

async function countBy(
  { store }: Context,
  query: string,
  source: SourceDefinition,
): Promise<Map<number, number>> {
  const rows = await store.rows<{ file_id: number; rows: number }>(query, {
    source: source.source,
  });
  return new Map(rows.map((row) => [row.file_id, row.rows]));
}

async function quarantineFaults({ store }: Context, mapping: Mapping): Promise<void> {
  const statement = quarantine("add-faults", {
    faults: faultsQuery(mapping),
    source: quoteLiteral(mapping.source.source),
  });
  await store.run(statement, boundIn(statement, mapping.bindings));
}
