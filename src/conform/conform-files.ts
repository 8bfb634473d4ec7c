import type { Context } from "../context.ts";
import type { CheckFile } from "../standard/check-file.ts";
import type { DeliveredFile, DeliveryGate, Refusal } from "../standard/delivery.ts";
import { isCompiled, type SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { type CoreColumn, findMisfits } from "./catalogue.ts";
import { noteColumns } from "./column-notes.ts";
import { compileSource, countSeveralBuyers } from "./compile-source.ts";
import { fingerprintCodes, hashDefinition } from "./definition-hash.ts";
import { noteDescription, noteUndescribed, readFormer } from "./described-by.ts";
import { readFileName } from "./file-values.ts";
import { judgeTexts } from "./judge-texts.ts";
import { type LoadPlace, loadFiles } from "./load-files.ts";
import { type LookupCache, makeLookups } from "./lookup.ts";
import { countConflicts, mergeVersions } from "./merge.ts";
import { isReadable, type RawFile } from "./raw-files.ts";
import { refuseColumns, strangeName } from "./refusals.ts";
import { BY_ROWS, settleFiles } from "./settle-files.ts";
import { type FileEvents, keepStretches, readFileEvents } from "./stretches.ts";

const sql = sqlFile(import.meta.dirname, "conform.sql");

/** What became of a source's new files. */
export interface SourceOutcome {
  readonly files: readonly DeliveredFile[];
  readonly refusals: readonly Refusal[];
  /** Rows that contradict others, of the keys that came. */
  readonly conflicts: number;
  /** Files that are read as they were described before, since they do not fit today's definition. */
  readonly asBefore: number;
  /** Contracting processes of which nobody says which of several buyers is meant; the first was taken. */
  readonly severalBuyers: number;
}

const NOTHING: SourceOutcome = {
  files: [],
  refusals: [],
  conflicts: 0,
  asBefore: 0,
  severalBuyers: 0,
};

/** What is the same for all sources of a run. */
export interface Workshop {
  readonly gate: DeliveryGate;
  readonly bulkRows: number;
  /** Content columns by kind. */
  readonly catalogues: ReadonlyMap<string, readonly CoreColumn[]>;
  /** Files by source. */
  readonly held: ReadonlyMap<string, readonly RawFile[]>;
  readonly stops: readonly CheckFile[];
  readonly duckdb: string;
  /** Of the codes that sources may use, by the sources they come from. */
  readonly fingerprints: Map<string, string>;
  /** Its tables belong to one connection. */
  readonly lookupCache: LookupCache;
}

/** Leaves the transaction without keeping anything of it. */
class Refused extends Error {
  constructor(readonly refusals: readonly Refusal[]) {
    super("refused");
  }
}

/**
 * Conforms the files of a source that are not conformed yet, in one transaction; all of them again when what they were
 * judged by has changed, when a stop check has refused one, or when the source says how the order of its rows is told: what
 * holds follows from the files there are, not from the order in which they came. A file the gate refuses is left out and the rest done without it.
 * @param all every file held of the source
 * @throws Error in a sentence when the definition does not fit its core table; QueryError, with nothing changed, when the
 * database cannot work with what is in the files
 */
export async function conformFiles(
  context: Context,
  source: SourceDefinition,
  workshop: Workshop,
  all: readonly RawFile[],
): Promise<SourceOutcome> {
  const { gate, catalogues, stops, duckdb, fingerprints } = workshop;
  const { store } = context;
  let readable = all.filter(isReadable);
  const unusable = all.filter((each) => !isReadable(each));
  if (unusable.length > 0) {
    const named = unusable.map(({ file_id, file_name }) => ({
      file_id,
      first_known: readFileName(source, file_name).knownAt,
    }));
    await store.run(sql("note-first-known"), { files: JSON.stringify(named) });
  }
  const events = await readFileEvents(context, source);
  // Its rows were used until the database could not work with it any more.
  const dropped = all.some((file) => file.conformed && !isReadable(file));
  if (readable.length === 0) {
    const refused = new Set(all.map(({ file_id }) => file_id));
    if (events.changed || dropped) {
      await store.transaction(async () => {
        if (dropped) await forgetSource(context, source);
        await keepStretches(context, source, events, refused);
      });
    }
    return NOTHING;
  }
  const codes = await fingerprintCodes(context, source, fingerprints);
  const catalogue = catalogues.get(source.kind) ?? [];
  const misfits = findMisfits(source, catalogue);
  if (misfits.length > 0) throw new Error(misfits.map(({ message }) => message).join("\n"));
  if (isCompiled(source)) {
    const compile = () => compileSource(context, source, readable, events);
    readable = await store.transaction(compile);
  }
  const texts = await judgeTexts(context, source, catalogue, readable);
  const released = texts.shown;
  const definitionHash = hashDefinition(context, source, { codes, duckdb, stops, released });
  const fresh = readable.filter((file) => !file.conformed && file.refused_because === null);
  const otherwise = readable.some(
    (file) => file.definition_hash !== null && file.definition_hash !== definitionHash,
  );
  const together =
    events.events.length > 0 ||
    source.order !== undefined ||
    isCompiled(source) ||
    readable.some(isRefusedByRows);
  const anew = otherwise || events.changed || dropped || (fresh.length > 0 && together);
  const files = anew ? readable : fresh;
  await noteUndescribed(context, source, definitionHash);
  if (files.length === 0) return NOTHING;

  const place = { ...(await layOut(context, source, workshop, codes, events)), texts };
  const unread = all.filter((file) => !isReadable(file)).map(({ file_id }) => file_id);
  const whole = { place, definitionHash, files: readable, anew: true, events, unread };
  const begin = (work: Omit<Work, "refusals" | "gate" | "stops">): Work => {
    const refusals = work.files.flatMap((file) => strangeName(source, file));
    return { ...work, refusals, gate, stops };
  };
  let work = begin({ ...whole, files, anew });
  for (;;) {
    try {
      return await store.transaction(() => deliver(work));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { refusals } = error;
      // Which file is refused must not hang on which came first: all are judged together.
      if (!work.anew && refusals.some(({ byRows }) => byRows)) work = begin(whole);
      else work = { ...work, refusals: [...work.refusals, ...refusals] };
    }
  }
}

/** What loading the files of a source takes besides them. */
async function layOut(
  context: Context,
  source: SourceDefinition,
  { bulkRows, catalogues, lookupCache }: Workshop,
  codes: string | undefined,
  { events }: FileEvents,
): Promise<Omit<Work["place"], "texts">> {
  const former = new Set((await readFormer(context, source)).values());
  const lookups = new Map(await makeLookups(context, source, codes ?? "", lookupCache));
  for (const one of former) {
    const more = await makeLookups(context, one, codes ?? "", lookupCache);
    for (const [schemes, lookup] of more) lookups.set(schemes, lookup);
  }
  const catalogue = catalogues.get(source.kind) ?? [];
  return { context, source, catalogue, bulkRows, lookups, limited: events.length > 0 };
}

/** Leaves the transaction once it is known that all would have gone well. */
class Tried extends Error {}

/**
 * Conforms some of the files of a source as if they were all, and keeps nothing of it.
 * @throws as conformFiles
 */
export async function tryFiles(
  context: Context,
  source: SourceDefinition,
  workshop: Workshop,
  files: readonly RawFile[],
): Promise<void> {
  const { store } = context;
  const { gate, stops, catalogues, fingerprints } = workshop;
  const codes = await fingerprintCodes(context, source, fingerprints);
  const events = await readFileEvents(context, source);
  const catalogue = catalogues.get(source.kind) ?? [];
  const around = await layOut(context, source, workshop, codes, events);
  let refusals = files.flatMap((file) => strangeName(source, file));
  for (;;) {
    try {
      await store.transaction(async () => {
        const tried = isCompiled(source)
          ? await compileSource(context, source, files, events)
          : files;
        const texts = await judgeTexts(context, source, catalogue, tried);
        const place = { ...around, texts };
        const work = { place, definitionHash: "", anew: true, files: tried, refusals, gate, stops };
        await deliver({ ...work, events, unread: [] });
        throw new Tried();
      });
    } catch (error) {
      if (error instanceof Tried) return;
      if (!(error instanceof Refused)) throw error;
      refusals = [...refusals, ...error.refusals];
    }
  }
}

/** Whether a stop check refused the file for rows that another file may have corrected. */
function isRefusedByRows({ refused_because, refused_by }: RawFile): boolean {
  return refused_because !== null && refused_by === BY_ROWS;
}

interface Work {
  readonly place: Omit<LoadPlace, "holdsRows">;
  readonly definitionHash: string;
  readonly anew: boolean;
  readonly files: readonly RawFile[];
  readonly refusals: readonly Refusal[];
  readonly gate: DeliveryGate;
  readonly stops: readonly CheckFile[];
  readonly events: FileEvents;
  /** Files that could not be read at all. */
  readonly unread: readonly number[];
}

/** One attempt, inside a transaction. Throws Refused when there are files that must not go further. */
async function deliver({ place, definitionHash, anew, files, refusals, ...rest }: Work) {
  const { gate, stops, events, unread } = rest;
  const { context, source } = place;
  if (anew) await forgetSource(context, source);
  const refused = new Set(refusals.map(({ fileId }) => fileId));
  if (anew) await keepStretches(context, source, events, new Set([...refused, ...unread]));
  const own = { source: source.source };
  const held = await context.store.row(sql("holds-rows", { kind: source.kind }), own);
  const ready = { ...place, holdsRows: held !== undefined };
  const good = files.filter(({ file_id }) => !refused.has(file_id));
  const delivered = await loadFiles(ready, good, true);
  const absent = delivered.unusable.flatMap((misfit) => refuseColumns(source, misfit));
  if (absent.length > 0) throw new Refused(absent);
  for (const { fileIds, columns } of delivered.undelivered) {
    await context.store.run(sql("note-undelivered"), {
      source: source.source,
      files: JSON.stringify(fileIds),
      columns: JSON.stringify(columns),
    });
  }
  await mergeVersions(context, source, ready.catalogue, ready);
  const conflicts = await countConflicts(context);
  const found = await gate(context, { source, files: delivered.files, stops });
  if (found.length > 0) throw new Refused(found);
  await noteColumns(context, delivered.groups);
  const today = delivered.groups.filter((group) => group.source === source);
  const used = today.flatMap((group) => group.files.map(({ file_id }) => file_id));
  await noteDescription(context, source, used);
  const former = delivered.groups.filter((group) => group.source !== source);
  // Of refused files nothing is kept but what was wrong with their rows, to be read.
  const bad = files.filter(({ file_id }) => refused.has(file_id));
  const turnedAway = bad.length > 0 ? await loadFiles(ready, bad, false) : undefined;
  const known = new Map([...delivered.firstKnown, ...(turnedAway?.firstKnown ?? [])]);
  const settled = [...delivered.files, ...(turnedAway?.files ?? [])];
  await settleFiles(context, source, settled, { definitionHash, refusals, known });
  const asBefore = former.reduce((count, group) => count + group.files.length, 0);
  const severalBuyers = isCompiled(source) ? await countSeveralBuyers(context, source) : 0;
  return { files: delivered.files, refusals, conflicts, asBefore, severalBuyers };
}

async function forgetSource({ store }: Context, source: SourceDefinition): Promise<void> {
  const own = { source: source.source };
  await store.run(sql("forget-used"), own);
  await store.run(sql("forget-core", { kind: source.kind }), own);
  await store.run(sql("forget-codes"), own);
  await store.run(sql("forget-sightings"), own);
  await store.run(sql("forget-known-again"), own);
  await store.run(sql("forget-undelivered"), own);
  await store.run(sql("forget-persons"), own);
  await store.run(sql("forget-quarantine"), own);
}
