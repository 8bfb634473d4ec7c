import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { fileLabel } from "../standard/file-label.ts";
import { hasPersons, type SourceDefinition } from "../standard/source-definition.ts";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { sumFile } from "../whole-file.ts";
import { boundIn, collectBindings } from "./bindings.ts";
import { readCatalogue } from "./catalogue.ts";
import { isRecords, readFormer } from "./described-by.ts";
import { judgeTexts } from "./judge-texts.ts";
import type { Mapping } from "./judged-rows.ts";
import { KNOWN_FROM } from "./known-from.ts";
import { makeMapping } from "./make-mapping.ts";
import { noteDelivery } from "./note-delivery.ts";
import { markUnswept } from "./persons.ts";
import { fileView, groupFiles, isReadable, type RawFile, readFiles } from "./raw-files.ts";
import { isPartRead, listReadings, redactionRule, redactTable } from "./redact-columns.ts";
import { redactJson } from "./redact-json.ts";
import { pseudonymsQuery, redactionQuery } from "./redaction-query.ts";
import type { Released } from "./releases.ts";
import { listFaults, listHeld, listParts, textsOfRecords } from "./told-of-rows.ts";

const sql = sqlFile(import.meta.dirname, "redaction.sql");

/** What was taken out of the raw files of a source. */
export interface Redaction {
  readonly source: string;
  readonly files: number;
  readonly rows: number;
}

interface DueFile {
  readonly file_id: number;
  readonly parquet_path: string;
  readonly format: string;
  readonly redacted_rows: number;
  readonly parquet_hash: string | null;
  /** Day before which nothing of it is due; null when that takes a look at its rows. */
  readonly not_before: string | null;
}

/**
 * Takes the personal values out of the raw rows of a source whose retention was over on a day, and with them whatever
 * nothing reads: the rows stay, pseudonyms stand where persons were named, so that conforming them again gives the same
 * core. Files are replaced by rename; a crash leaves the old one or the new one, and the next call ends the same.
 * @param today ISO day
 */
export async function redactSource(
  context: Context,
  source: SourceDefinition,
  today: string,
): Promise<Redaction> {
  const done = { source: source.source, files: 0, rows: 0 };
  // Files are redacted by what they are described as: a form that a source has given up had persons of its own.
  const forms = new Set([source, ...(await readFormer(context, source)).values()]);
  for (const form of forms) {
    const { files, rows } = await redactForm(context, source, form, today);
    done.files += files;
    done.rows += rows;
  }
  return done;
}

/** The same for the files of one description. */
async function redactForm(
  context: Context,
  today: SourceDefinition,
  source: SourceDefinition,
  day: string,
): Promise<Redaction> {
  const { store } = context;
  const done = { source: source.source, files: 0, rows: 0 };
  if (!hasPersons(source)) return done;
  const ruleHash = createHash("sha256").update(redactionRule(source)).digest("hex");
  const own = { source: source.source, rule_hash: ruleHash };
  const due = await store.rows<DueFile>(sql("files-due"), {
    ...own,
    today: day,
    months: source.retention_months as number,
  });
  if (due.length === 0) return done;
  const files = (await readFiles(context)).get(source.source) ?? [];
  const catalogue = (await readCatalogue(store)).get(source.kind) ?? [];
  const readable = files.filter(isReadable);
  const { shown } = await judgeTexts(context, today, catalogue, readable);
  for (const file of due) {
    const raw = files.find(({ file_id }) => file_id === file.file_id) as RawFile;
    if (!(await isDescribedSo(context, today, source, raw))) continue;
    const { expired, nextOn, parquetHash } =
      file.not_before !== null && file.not_before > day && file.redacted_rows === 0
        ? { expired: 0, nextOn: file.not_before, parquetHash: file.parquet_hash }
        : await redactFile(context, source, { file, raw, shown, today: day });
    if (expired > file.redacted_rows) {
      done.files += 1;
      done.rows += expired - file.redacted_rows;
    }
    await store.run(sql("note"), {
      file_id: file.file_id,
      ...own,
      format: file.format,
      redacted_rows: Math.max(expired, file.redacted_rows),
      next_on: nextOn,
      parquet_hash: parquetHash,
    });
  }
  return done;
}

/** Whether a file is read by this description of its source. */
async function isDescribedSo(
  context: Context,
  today: SourceDefinition,
  form: SourceDefinition,
  raw: RawFile,
): Promise<boolean> {
  const [group] = await groupFiles(context, today, [raw]);
  return group !== undefined && JSON.stringify(group.source) === JSON.stringify(form);
}

/** Looks at every row of a file, and writes it anew when the retention of more of them is over than were redacted before. */
async function redactFile(
  context: Context,
  source: SourceDefinition,
  { file, raw, shown, today }: { file: DueFile; raw: RawFile; shown: Released; today: string },
): Promise<{ expired: number; nextOn: string | null; parquetHash: string | null }> {
  const { store } = context;
  await noteDelivery(context, source, [raw]);
  const place = await describeFile(context, source, raw, shown);
  await layOutRows(context, source, place, false);
  const counted = await store.row<{ expired: number; next_on: string | null }>(sql("count-rows"), {
    today,
  });
  const { expired, next_on: nextOn } = counted ?? { expired: 0, next_on: null };
  let parquetHash = file.parquet_hash;
  if (expired > file.redacted_rows) {
    await layOutRows(context, source, place, true);
    parquetHash = await rewrite(context, { file, place, today, isWhole: nextOn === null });
  }
  if (expired > 0) {
    // Deleted values stand in the free blocks of the database until it is written anew.
    markUnswept(context);
    await store.run(sql("forget-quoted"), {
      file_id: file.file_id,
      months: source.retention_months as number,
      today,
    });
  }
  await store.script(sql("drop"));
  return { expired, nextOn, parquetHash };
}

interface FilePlace {
  readonly view: string;
  readonly columns: ReadonlyMap<string, string>;
  /** Absent when the definition does not fit the file: then nothing of it is read. */
  readonly mapping: Mapping | undefined;
}

async function describeFile(
  context: Context,
  source: SourceDefinition,
  raw: RawFile,
  shown: Released,
): Promise<FilePlace> {
  const [group] = await groupFiles(context, source, [raw]);
  if (!group)
    throw new Error(`The raw file ${fileLabel(raw.file_hash)} of "${source.source}" has no view.`);
  const catalogue = (await readCatalogue(context.store)).get(source.kind) ?? [];
  const { mapping, missing } = makeMapping(
    context,
    source,
    catalogue,
    new Map(),
    group,
    collectBindings(),
    shown,
  );
  const view = fileView(source.source, raw);
  return { view, columns: group.columns, mapping: missing.length > 0 ? undefined : mapping };
}

/**
 * Makes the table redaction_row of a file.
 * @param named with the pseudonyms of the persons in each row and what is at fault in it, which takes longest
 */
async function layOutRows(
  { store }: Context,
  source: SourceDefinition,
  { view, mapping }: FilePlace,
  named: boolean,
): Promise<void> {
  const months = String(source.retention_months);
  if (!mapping) {
    await store.run(sql("rows-unread", { view, months }));
    return;
  }
  const own = (column: Mapping["columns"][number]) => named || isKnownFrom(column);
  const columns = mapping.columns.filter(own);
  const persons = columns.filter((column) => column.mapping.person);
  const faults = named ? listFaults(mapping) : [];
  const texts = named ? textsOfRecords(mapping) : [];
  const statement = sql("rows-of-file", {
    view,
    months,
    judged: named
      ? redactionQuery(mapping, KNOWN_FROM, texts)
      : pseudonymsQuery({ ...mapping, columns }, KNOWN_FROM),
    pseudonyms: [
      ...persons.map(({ position }) => `, j.r${position} AS p${position}`),
      ...faults.map(({ at, when }) => `, ${when} AS ${at}`),
      ...(named ? listParts(mapping) : []).map((part) => `, ${part}`),
      ...(named ? listHeld(mapping) : []).map(({ at }) => `, j.${at}`),
      ...texts.map((position) => `, j.s${position}`),
    ].join(""),
  });
  await store.run(statement, boundIn(statement, mapping.bindings));
}

function isKnownFrom({ core }: Mapping["columns"][number]): boolean {
  return core === KNOWN_FROM;
}

/** Writes the redacted file in place of the raw one; returns its hash. */
async function rewrite(
  { store, dataDir }: Context,
  due: {
    readonly file: DueFile;
    readonly place: FilePlace;
    readonly today: string;
    /** No row is left whose retention is not over. */
    readonly isWhole: boolean;
  },
): Promise<string> {
  const { file, today, isWhole } = due;
  const { view, columns, mapping } = due.place;
  const expired = `j.retained_until < CAST(${quoteLiteral(today)} AS DATE)`;
  const at = (core: string) =>
    `p${mapping?.columns.find((column) => column.core === core)?.position}`;
  const readings = mapping && listReadings(mapping, at);
  const isJson = isRecords(columns);
  const redacted = isJson
    ? redactJson(readings, expired)
    : redactTable(columns, readings, expired, isWhole);
  if (isJson && isWhole) await forgetKeys(store, file.file_id, readings);
  const isParquet = file.format.split(" ")[0] === "parquet";
  const paths = mapping?.place.paths;
  const statement = sql("redact", {
    view,
    // A file that came as Parquet has no column of line numbers: its rows are counted as they stand.
    line: isParquet ? "" : 'r._line AS "_line"',
    columns: isParquet ? redacted.replace(/^, /, "") : redacted,
    found: paths
      ? `, json_extract_string(json, [${paths.map(quoteLiteral).join(", ")}]) AS found`
      : "",
  });
  await store.run(statement, mapping ? boundIn(statement, mapping.bindings) : {});
  const path = join(dataDir, file.parquet_path);
  const partial = `${path}.part`;
  try {
    await store.run(sql("copy", { path: quoteLiteral(partial) }));
    const handle = openSync(partial, "r+");
    fsyncSync(handle);
    closeSync(handle);
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
  return sumFile(path);
}

/** Takes the keys of records out of the catalogue that nothing reads. */
async function forgetKeys(
  store: Context["store"],
  file_id: number,
  readings: ReturnType<typeof listReadings> | undefined,
): Promise<void> {
  const keys = await store.rows<{ path: string }>(sql("keys-of-file"), { file_id });
  const unread = keys
    .map(({ path }) => path)
    .filter((path) => !readings || !isPartRead(path, readings));
  await store.run(sql("forget-keys"), { file_id, paths: JSON.stringify(unread) });
}
