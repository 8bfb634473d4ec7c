import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import { isMirror } from "../standard/folder-meaning.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "stretches.sql");

/** Something that was noted of a file after it was received. */
export interface FileEvent {
  readonly file_id: number;
  readonly event: "gone" | "replaced" | "back" | "withdrawn" | "restored";
  /** Civil time. */
  readonly at: string;
  /** Of replaced: the file that has its name now. */
  readonly by_file: number | null;
}

/** A span of knowledge in which the rows of a file hold, half-open; civil times, or "-infinity" and "infinity". */
export interface Stretch {
  readonly file_id: number;
  readonly begins: string;
  readonly ends: string;
}

/** What was noted of a source's files, as far as it decides when their rows hold. */
export interface FileEvents {
  readonly events: readonly FileEvent[];
  /** Equal exactly when the events are. */
  readonly hash: string;
  /** Whether the source was conformed by other events than these. */
  readonly changed: boolean;
}

/** Reads what decides about a source's files: withdrawals, and of a folder that is the truth also what lies in it. */
export async function readFileEvents(
  { store }: Context,
  source: SourceDefinition,
): Promise<FileEvents> {
  const own = { source: source.source };
  const noted = await store.rows<FileEvent>(sql("read-events"), own);
  const events = noted.filter(
    ({ event }) => isMirror(source) || event === "withdrawn" || event === "restored",
  );
  const hash =
    events.length === 0 ? "" : createHash("sha256").update(JSON.stringify(events)).digest("hex");
  const known = await store.row<{ events_hash: string }>(sql("conformed-by"), own);
  return { events, hash, changed: (known?.events_hash ?? "") !== hash };
}

/**
 * When the rows of files hold: not while a file is withdrawn, and not while it is gone from a folder that is the truth.
 * A file replaced by one that is refused goes on: the last good data holds. Files that hold always are left out.
 * @param events of one source, in the order in which they were noted
 * @param refused files of which nothing is used
 */
export function findStretches(
  events: readonly FileEvent[],
  refused: ReadonlySet<number>,
): Stretch[] {
  const files = new Map<number, { away: FileEvent | undefined; withdrawn: boolean }>();
  const stretches: Stretch[] = [];
  const open = new Map<number, string>();
  const isAway = (event: FileEvent | undefined, seen: readonly number[] = []): boolean => {
    if (event?.event !== "replaced" || event.by_file === null) return event !== undefined;
    if (!refused.has(event.by_file) || seen.includes(event.by_file)) return true;
    return isAway(files.get(event.by_file)?.away, [...seen, event.by_file]);
  };
  for (const event of events) {
    const { file_id, at } = event;
    const file = files.get(file_id) ?? { away: undefined, withdrawn: false };
    if (!files.has(file_id)) open.set(file_id, "-infinity");
    if (event.event === "withdrawn") file.withdrawn = true;
    else if (event.event === "restored") file.withdrawn = false;
    else file.away = event.event === "back" ? undefined : event;
    files.set(file_id, file);
    // What became of one file may decide about those it replaced.
    for (const [id, { away, withdrawn }] of files) {
      const holds = !withdrawn && !isAway(away);
      const begun = open.get(id);
      if (holds && begun === undefined) open.set(id, at);
      if (holds || begun === undefined) continue;
      if (begun < at || begun === "-infinity")
        stretches.push({ file_id: id, begins: begun, ends: at });
      open.delete(id);
    }
  }
  for (const [file_id, begins] of open) stretches.push({ file_id, begins, ends: "infinity" });
  const always = ({ begins, ends }: Stretch) => begins === "-infinity" && ends === "infinity";
  return stretches.filter((one) => !always(one));
}

/** Writes down when a source's files hold and by which events that was found, inside the transaction that loads them. */
export async function keepStretches(
  { store }: Context,
  { source }: SourceDefinition,
  { events, hash }: FileEvents,
  refused: ReadonlySet<number>,
): Promise<void> {
  const stretches = JSON.stringify(findStretches(events, refused));
  await store.run(sql("forget-stretches"), { source });
  await store.run(sql("keep-stretches"), { source, stretches });
  await store.run(sql("note-conformed-by"), { source, events_hash: hash });
}
