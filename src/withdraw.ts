import { maskPersonal } from "./standard/personal-text.ts";
import { sqlFile } from "./store/sql-file.ts";
import type { Store } from "./store/store.ts";

const sql = sqlFile(import.meta.dirname, "withdraw.sql");

/** At least so many characters of a hash name a file. */
const LEAST_HASH = 8;

/** What is to become of a file that was received. */
export interface Withdrawal {
  readonly source: string;
  readonly file: HeldFile;
  /** Takes an earlier withdrawal back. */
  readonly undo: boolean;
  readonly reason: string;
  /** Civil time from which it is known; undefined: `otherwise`, or when something was last seen of the source, if that is later. */
  readonly knownAt: string | undefined;
  readonly otherwise: string;
}

export interface WithdrawnFile {
  readonly source: string;
  readonly name: string;
  readonly sha256: string;
  readonly event: "withdrawn" | "restored";
  readonly known_at: string;
}

export interface HeldFile {
  readonly file_id: number;
  readonly file_name: string;
  readonly file_hash: string;
  readonly gone: boolean;
  readonly withdrawn: boolean;
}

/**
 * Writes down that a file is withdrawn, or counts again. Its rows end (or hold again) with the next run that asks about
 * that time or a later one; what was known before stays as it was, and the file stays as evidence.
 * @throws Error in a sentence: a time that has been asked about already
 */
export async function withdrawFile(store: Store, asked: Withdrawal): Promise<WithdrawnFile> {
  const { source, file, undo } = asked;
  const last = (await store.row<{ last: string | null }>(sql("last-look"), { source }))?.last ?? "";
  if (asked.knownAt !== undefined && asked.knownAt < last) {
    throw new Error(
      `来源“${source}”在 ${last} 已被查看过，更早的时点不能再变；请给出不早于它的 --as-of。The source "${source}" was looked at as of ${last}, and what was known before does not change any more; give an --as-of that is not earlier.`,
    );
  }
  const known_at = asked.knownAt ?? (asked.otherwise < last ? last : asked.otherwise);
  const event = undo ? "restored" : "withdrawn";
  await store.run(sql("note-event"), {
    source,
    file_id: file.file_id,
    event,
    known_at,
    reason: maskPersonal(asked.reason),
  });
  return { source, name: file.file_name, sha256: file.file_hash, event, known_at };
}

/** A file that is asked for. */
export interface AskedFile {
  readonly source: string;
  /** Its name as received, or the beginning of the SHA-256 of its bytes. */
  readonly file: string;
  /** Whether it is to be one that is withdrawn. */
  readonly undo: boolean;
}

/**
 * The one file that is meant; of several with one name that which is no longer in its folder.
 * @throws Error in a sentence: no such file, several of that name, nothing to do
 */
export async function findFile(store: Store, { source, file, undo }: AskedFile): Promise<HeldFile> {
  const held = await store.rows<HeldFile>(sql("files"), { source });
  const named = held.filter(
    ({ file_name, file_hash }) =>
      file_name === file || (file.length >= LEAST_HASH && file_hash.startsWith(file.toLowerCase())),
  );
  if (named.length === 0) {
    const list = held.slice(0, 20).map(describe).join(", ");
    throw new Error(
      `来源“${source}”没有收到过这个文件；请写收到时的文件名，或其 SHA-256 的前 ${LEAST_HASH} 位以上。The source "${source}" has received no such file; give its name as received, or at least ${LEAST_HASH} characters of its SHA-256.${list ? ` Held: ${list}${held.length > 20 ? ", …" : ""}` : ""}`,
    );
  }
  const fitting = named.filter(({ withdrawn }) => withdrawn === undo);
  if (fitting.length === 0) {
    throw new Error(
      undo
        ? `该文件没有被撤下，无可恢复。The file is not withdrawn, so there is nothing to restore.`
        : `该文件已经撤下；--undo 可恢复。The file is withdrawn already; --undo takes that back.`,
    );
  }
  const gone = fitting.filter((one) => one.gone);
  const chosen = fitting.length > 1 && gone.length === 1 ? gone : fitting;
  if (chosen.length === 1) return chosen[0] as HeldFile;
  throw new Error(
    `有 ${chosen.length} 个同名文件，请用 SHA-256 指明是哪一个。${chosen.length} files have that name; say by its SHA-256 which one: ${chosen.map(describe).join(", ")}`,
  );
}

function describe({ file_name, file_hash, gone, withdrawn }: HeldFile): string {
  const marks = [gone ? "gone" : "", withdrawn ? "withdrawn" : ""].filter(Boolean).join(", ");
  return `${file_name} ${file_hash.slice(0, 12)}${marks ? ` (${marks})` : ""}`;
}
