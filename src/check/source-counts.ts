import type { Context } from "../context.ts";
import { sqlFile } from "../store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "check.sql");

/** A file of a source, as received and judged. */
export interface SourceFile {
  readonly source_id: string;
  readonly file_id: number;
  readonly file_hash: string;
  readonly conformed: boolean;
  readonly refused_because: string | null;
  readonly rows: number;
  readonly accepted: number | null;
  readonly skipped: number | null;
  readonly unreadable: number;
}

/** What is known of a file besides its content: whether it still lies in its folder, or who withdrew it. */
export interface SourceFileEvent {
  readonly source_id: string;
  readonly file_id: number;
  readonly file_hash: string;
  readonly event: "gone" | "replaced" | "back" | "withdrawn" | "restored";
  /** Civil time. */
  readonly at: string;
  /** Nothing of it is used, as it was refused. */
  readonly refused: boolean;
  /** Whether its rows hold at the as-of time. */
  readonly holds: boolean;
}

/** A source that could not be fetched for the run. */
export interface FailedFetch {
  readonly zh: string;
  readonly en: string;
  /** Day of the first attempt since the last that succeeded, and how many there were. */
  readonly since: string | null;
  readonly failures: number;
}

/** Rows of one record and moment that contradict each other; all of them are set aside. */
export interface Conflicts {
  readonly rows: number;
  readonly records: number;
  /** ISO day on which the first of them became known. */
  readonly since: string | null;
}

/** What is held of a source at the as-of time, in rows unless said otherwise. */
export interface SourceCounts {
  readonly files: readonly SourceFile[];
  readonly events: readonly SourceFileEvent[];
  readonly versions: number;
  /** Different keys. */
  readonly records: number;
  readonly flagged: number;
  /** Flags of the rows that count now, by name. */
  readonly flags: readonly FlagCount[];
  /** Records of before the period that a report since its begin changed, and its own that were changed after its end. */
  readonly changed: number;
  /** Said again, or overtaken by another row of the same moment. */
  readonly duplicate: number;
  readonly conflicts: Conflicts;
  /** Numbers that several records bear in other case or with other leading noughts. */
  readonly alike: number;
  readonly quarantined: number;
  /** Events that the state of their record did not allow. */
  readonly illegal: number;
  /** Civil time. */
  readonly newestKnown: string | null;
  /** ISO day. */
  readonly newestValid: string | null;
  /** The newest that is not after the as-of time: a date mistyped into the future hides no gap. */
  readonly newestHappened: string | null;
  readonly failedFetch: FailedFetch | undefined;
}

/** How many rows carry a flag. */
export interface FlagCount {
  readonly flag: string;
  readonly rows: number;
}

/** Counts what is held of every source, in one statement for each table. */
export async function countSources(context: Context): Promise<(source: string) => SourceCounts> {
  const { store, sources, runId, asOf, period } = context;
  const known = { as_of: asOf };
  const reported = { as_of: asOf, start: period.start, end: period.end };
  const flags = new Map<string, FlagCount[]>();
  const alike = new Map<string, number>();
  const files = new Map<string, SourceFile[]>();
  for (const file of await store.rows<SourceFile>(sql("source-files"))) {
    files.set(file.source_id, [...(files.get(file.source_id) ?? []), file]);
  }
  const events = new Map<string, SourceFileEvent[]>();
  for (const event of await store.rows<SourceFileEvent>(sql("file-events"))) {
    events.set(event.source_id, [...(events.get(event.source_id) ?? []), event]);
  }
  const held = new Map<string, Held>();
  for (const kind of new Set(sources.map((source) => source.kind))) {
    // A source of bodies has rows among their codes too, which are not what it sent.
    const own = new Set(sources.filter((each) => each.kind === kind).map(({ source }) => source));
    for (const row of await store.rows<Held>(sql("count-kind", { kind }), reported)) {
      if (own.has(row.source_id)) held.set(row.source_id, row);
    }
    for (const row of await store.rows<Alike>(sql("count-alike", { kind }), known)) {
      if (own.has(row.source_id)) alike.set(row.source_id, row.records);
    }
    for (const row of await store.rows<FlagCount & OfSource>(sql("count-flags", { kind }), known)) {
      if (!own.has(row.source_id)) continue;
      flags.set(row.source_id, [...(flags.get(row.source_id) ?? []), row]);
    }
  }
  const sighted = bySource(await store.rows<Sighted>(sql("count-sightings"), known));
  const aside = bySource(await store.rows<SetAside>(sql("count-set-aside")));
  const failed = bySource(await store.rows<Failed>(sql("failed-pulls"), { run_id: runId }));
  return (source) => {
    const own = held.get(source);
    const also = sighted.get(source);
    const times = [own?.newest_known, also?.newest_known].filter(
      (time) => typeof time === "string",
    );
    const fetch = failed.get(source);
    return {
      files: files.get(source) ?? [],
      events: events.get(source) ?? [],
      versions: own?.versions ?? 0,
      records: own?.records ?? 0,
      flagged: own?.flagged ?? 0,
      flags: flags.get(source) ?? [],
      changed: own?.changed ?? 0,
      duplicate: also?.duplicate ?? 0,
      conflicts: {
        rows: also?.conflicts ?? 0,
        records: also?.conflicting ?? 0,
        since: also?.conflicts_since ?? null,
      },
      alike: alike.get(source) ?? 0,
      quarantined: aside.get(source)?.quarantined ?? 0,
      illegal: aside.get(source)?.illegal ?? 0,
      newestKnown: times.sort().at(-1) ?? null,
      newestValid: own?.newest_valid ?? null,
      newestHappened: own?.newest_happened ?? null,
      failedFetch: fetch && {
        zh: fetch.message_zh,
        en: fetch.message_en,
        since: fetch.since,
        failures: fetch.failures,
      },
    };
  };
}

interface OfSource {
  readonly source_id: string;
}

interface Held extends OfSource {
  readonly versions: number;
  readonly records: number;
  readonly flagged: number;
  readonly changed: number;
  readonly newest_known: string | null;
  readonly newest_valid: string | null;
  readonly newest_happened: string | null;
}

interface Alike extends OfSource {
  readonly records: number;
}

interface Sighted extends OfSource {
  readonly duplicate: number;
  readonly conflicts: number;
  readonly conflicting: number;
  readonly conflicts_since: string | null;
  readonly newest_known: string | null;
}

interface SetAside extends OfSource {
  readonly quarantined: number;
  readonly illegal: number;
}

interface Failed extends OfSource {
  readonly message_zh: string;
  readonly message_en: string;
  readonly since: string | null;
  readonly failures: number;
}

function bySource<T extends OfSource>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.source_id, row]));
}
