import type { Context } from "../context.ts";
import { beganBefore } from "../ocds/began-before.ts";
import { compileReleases, type Span } from "../ocds/compile-releases.ts";
import { listRows } from "../ocds/contract-rows.ts";
import type { JsonObject } from "../ocds/json-value.ts";
import { SEVERAL_BUYERS } from "../ocds/lay-parties.ts";
import { readReleases } from "../ocds/read-releases.ts";
import { groupBy } from "../standard/group-by.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteIdentifier, quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { hasValue, listNeeded } from "./needed-paths.ts";
import type { RawFile } from "./raw-files.ts";
import { toSpan } from "./stretch-span.ts";
import { type FileEvents, findStretches, type Stretch } from "./stretches.ts";

const sql = sqlFile(import.meta.dirname, "compile-source.sql");

/** Raised when releases are compiled otherwise than before. */
const COMPILE_VERSION = 7;
/** Characters of releases that are compiled at once. */
const PART = 12 << 20;
/** Characters of rows that are handed to the database at once. */
const BATCH = 4 << 20;
/** The number of a row is that of its release in the file, and five digits for its place among what the release brought about. */
const PLACES = 100_000;

/** SQL of the rows that the releases of a source have made, as a view of a file would give them. */
export function compiledRows({ source }: Pick<SourceDefinition, "source">): string {
  return sql("rows-of-source", { source: quoteLiteral(source) });
}

/**
 * Compiles the releases of the files of a source, process by process, into the table of their rows: a row for each contract as each
 * release left it, known from the release's date. Only processes are compiled of which a file speaks that came, went or holds at
 * other times than when they were compiled last; the table is the same as if all had been compiled at once.
 * To be called within a transaction.
 * @param events what was noted of the files: what a file said is left out of later states where it does not hold
 * @returns the files, each with the number of rows its releases brought about
 */
export async function compileSource(
  context: Context,
  source: SourceDefinition,
  files: readonly RawFile[],
  { events }: Pick<FileEvents, "events">,
): Promise<RawFile[]> {
  const { store } = context;
  const own = { source: source.source };
  const refused = files.filter(({ refused_because }) => refused_because !== null);
  const stretches = groupBy(
    findStretches(events, new Set(refused.map(({ file_id }) => file_id))),
    ({ file_id }) => file_id,
  );
  const rules = rulesOf(context, source, files, stretches);
  const changed = await findChanged(context, source, rules);
  if (changed.length > 0) {
    const place = {
      view: `raw.${quoteIdentifier(source.source)}`,
      ocid: sql("ocid-of-release"),
    };
    const list = { source: source.source, changed: JSON.stringify(changed) };
    await store.run(sql("make-touched", place), list);
    await store.run(sql("make-delivered", place), { files: JSON.stringify([...rules.keys()]) });
    await compileTouched(context, source, spansOf(context, stretches));
    await store.run(sql("forget-delivered"));
    await store.run(sql("forget-touched"));
    await store.run(sql("forget-compiled-files"), list);
    const noted = changed.flatMap((file_id) => {
      const rule = rules.get(file_id);
      return rule === undefined ? [] : [{ file_id, rule }];
    });
    await store.run(sql("note-compiled-files"), { ...own, files: JSON.stringify(noted) });
  }
  const counted = await store.rows<{ file_id: number; rows: number }>(sql("count-compiled"), own);
  const rows = new Map(counted.map((each) => [each.file_id, each.rows]));
  return files.map((file) => ({ ...file, row_count: rows.get(file.file_id) ?? 0 }));
}

/** How many processes of a source name no buyer and have several parties in that role. */
export async function countSeveralBuyers(
  { store }: Context,
  { source }: SourceDefinition,
): Promise<number> {
  const mark = quoteLiteral(`"${SEVERAL_BUYERS}":`);
  const row = await store.row<{ processes: number }>(sql("count-several-buyers", { mark }), {
    source,
  });
  return row?.processes ?? 0;
}

/** Compiles the processes that are touched again, a part of their releases at a time. */
async function compileTouched(
  { store, progress, pipeline }: Context,
  definition: SourceDefinition,
  spans: ReadonlyMap<number, readonly Span[]>,
): Promise<void> {
  const { source, format } = definition;
  await store.run(sql("forget-compiled"), { source });
  const size = await store.row<{ characters: number }>(sql("size"));
  const parts = Math.max(1, Math.ceil((size?.characters ?? 0) / PART));
  const needed = listNeeded(definition);
  const work = { names: listOf(format), needed, spans, zone: pipeline.time_zone };
  for (let part = 0; part < parts; part += 1) {
    progress.step("compile", part, parts, source);
    const releases = await store.rows<DeliveredRelease>(sql("part"), { part, parts });
    for (const rows of batches(compilePart(releases, work))) {
      await store.run(sql("add-compiled"), { source, rows: JSON.stringify(rows) });
    }
  }
}

/** From a release to the list whose elements are rows. */
function listOf({ records }: SourceDefinition["format"]): readonly string[] {
  return records ?? ["contracts"];
}

/** How the releases of each file are compiled, by file. */
function rulesOf(
  { pipeline }: Context,
  source: SourceDefinition,
  files: readonly RawFile[],
  stretches: ReadonlyMap<number, readonly Stretch[]>,
): ReadonlyMap<number, string> {
  const rules = [COMPILE_VERSION, listOf(source.format), pipeline.time_zone, listNeeded(source)];
  const common = JSON.stringify(rules);
  return new Map(
    files.map(({ file_id }) => {
      const own = stretches.get(file_id)?.map(({ begins, ends }) => [begins, ends]);
      return [file_id, own ? `${common} ${JSON.stringify(own)}` : common];
    }),
  );
}

/** Files that were not compiled by these rules, and those that were compiled and are there no more. */
async function findChanged(
  { store }: Context,
  { source }: SourceDefinition,
  rules: ReadonlyMap<number, string>,
): Promise<number[]> {
  const held = await store.rows<{ file_id: number; rule: string }>(sql("compiled-files"), {
    source,
  });
  const known = new Map(held.map(({ file_id, rule }) => [file_id, rule]));
  return [...new Set([...rules.keys(), ...known.keys()])].filter(
    (file_id) => rules.get(file_id) !== known.get(file_id),
  );
}

function spansOf(
  { pipeline }: Context,
  stretches: ReadonlyMap<number, readonly Stretch[]>,
): ReadonlyMap<number, readonly Span[]> {
  const { time_zone: zone } = pipeline;
  const spans = [...stretches].map(
    ([file_id, own]) => [file_id, own.map((each) => toSpan(each, zone))] as const,
  );
  return new Map(spans);
}

interface DeliveredRelease {
  readonly file_id: number;
  readonly line: number;
  readonly json: string;
}

interface CompiledRow extends DeliveredRelease {
  readonly ocid: string;
}

interface CompileWork {
  readonly names: readonly string[];
  /** Of each thing that a row cannot be used without, the paths any of which gives it. */
  readonly needed: readonly (readonly string[])[];
  readonly spans: ReadonlyMap<number, readonly Span[]>;
  readonly zone: string;
}

function* compilePart(
  delivered: readonly DeliveredRelease[],
  { names, needed, spans, zone }: CompileWork,
): Generator<CompiledRow> {
  const { releases } = readReleases(delivered.map(({ json }) => JSON.parse(json)));
  const { processes } = compileReleases(releases, {
    contradicting: "apart",
    zone,
    spans: ({ place }) => spans.get((delivered[place - 1] as DeliveredRelease).file_id),
  });
  const isWhole = (row: JsonObject) =>
    needed.every((paths) => paths.some((path) => hasValue(row, path)));
  for (const process of processes) {
    const isEarly = beganBefore(process);
    for (const { by, ordinal, row } of listRows(process, names, isWhole)) {
      const { file_id, line } = delivered[by.place - 1] as DeliveredRelease;
      yield {
        ocid: process.ocid,
        file_id,
        line: line * PLACES + ordinal,
        json: JSON.stringify(isEarly ? { ...row, _beganBefore: true } : row),
      };
    }
  }
}

function* batches(rows: Iterable<CompiledRow>): Generator<CompiledRow[]> {
  let batch: CompiledRow[] = [];
  let size = 0;
  for (const row of rows) {
    batch.push(row);
    size += row.json.length;
    if (size < BATCH) continue;
    yield batch;
    batch = [];
    size = 0;
  }
  if (batch.length > 0) yield batch;
}
