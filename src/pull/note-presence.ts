import { TZDate } from "@date-fns/tz";
import { format } from "date-fns";
import type { Context } from "../context.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Sentence } from "./sentences.ts";

const sql = sqlFile(import.meta.dirname, "pull.sql");

/** What lies in a source's folder. */
export interface Presence {
  /** Name to SHA-256 of the files that could be opened. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Names of files that are there but could not be read to the end: nothing is concluded from their content. */
  readonly unsure: ReadonlySet<string>;
}

interface SeenFile {
  readonly file_id: number;
  readonly file_name: string;
  readonly file_hash: string;
  readonly bytes: number;
  readonly seen: "gone" | "replaced" | "back" | null;
  readonly by_hand: "withdrawn" | "restored" | null;
}

/**
 * Notes which files received from a folder no longer lie there, and which lie there again. A file counts by its bytes:
 * one that was only renamed is there. What follows from it is for conform and the checks, by what the source's folder means.
 * @returns a sentence when something has changed
 */
export async function notePresence(
  context: Context,
  source: SourceDefinition,
  presence: Presence | undefined,
): Promise<Sentence[]> {
  if (!presence) return [];
  const { store } = context;
  const there = new Set(presence.hashes.values());
  const changed = (await readSeen(context, source)).flatMap((file) => {
    const isThere = there.has(file.file_hash) || presence.unsure.has(file.file_name);
    const wasThere = file.seen === null || file.seen === "back";
    if (isThere === wasThere) return [];
    if (isThere) return [{ file_id: file.file_id, event: "back", by_hash: null }];
    const by_hash = presence.hashes.get(file.file_name) ?? null;
    return [{ file_id: file.file_id, event: by_hash === null ? "gone" : "replaced", by_hash }];
  });
  if (changed.length === 0) return [];
  const at = await timeOfLook(context, source);
  await store.transaction(async () => {
    for (const one of changed) {
      await store.run(sql("note-event"), { source_id: source.source, at, ...one });
    }
  });
  const count = (event: string) => changed.filter((file) => file.event === event).length;
  return [describe(source, count("gone"), count("replaced"), count("back"))];
}

/**
 * Whether a folder in which nothing matches any more used to hold files that count: then it is taken for one that is
 * not there, for nobody withdraws everything by emptying a folder.
 */
export async function wasEmptied(context: Context, source: SourceDefinition): Promise<boolean> {
  return (await readSeen(context, source)).some(({ by_hand }) => by_hand !== "withdrawn");
}

/** Whether a file with something in it was received from a folder, and nobody has withdrawn it. */
export async function wasFilled(context: Context, source: SourceDefinition): Promise<boolean> {
  return (await readSeen(context, source)).some(
    ({ bytes, by_hand }) => bytes > 0 && by_hand !== "withdrawn",
  );
}

function readSeen({ store }: Context, { source }: SourceDefinition): Promise<SeenFile[]> {
  return store.rows<SeenFile>(sql("files-seen"), { source_id: source });
}

/**
 * From when it is known that a file went: the time of receipt of this run. A run that asks about an earlier time than
 * one that has seen the file must not change what was known then, so for it the true time counts.
 */
async function timeOfLook(context: Context, { source }: SourceDefinition): Promise<string> {
  const { store, receivedAt, clock, pipeline } = context;
  const last = (await store.row<{ at: string | null }>(sql("last-look"), { source_id: source }))
    ?.at;
  if (!last || receivedAt >= last) return receivedAt;
  const now = format(new TZDate(clock(), pipeline.time_zone), "yyyy-MM-dd HH:mm:ss");
  return now > last ? now : last;
}

function describe(
  { title, folder = "deliveries" }: SourceDefinition,
  gone: number,
  replaced: number,
  back: number,
): Sentence {
  const ends = folder === "mirror";
  const zh = [
    gone > 0 ? `${gone} 个文件已不在文件夹中` : "",
    replaced > 0 ? `${replaced} 个文件被同名的其他内容替换` : "",
    gone + replaced > 0 ? (ends ? "其记录自此不再计入" : "其记录仍在使用") : "",
    back > 0 ? `${back} 个文件重新出现${ends ? "，其记录重新计入" : ""}` : "",
  ];
  const files = (count: number) => (count === 1 ? "1 file" : `${count} files`);
  const en = [
    gone > 0 ? `${files(gone)} no longer in the folder` : "",
    replaced > 0 ? `${files(replaced)} replaced by other content under the same name` : "",
    gone + replaced > 0
      ? ends
        ? "what they said no longer counts from now on"
        : "what they said is still used"
      : "",
    back > 0 ? `${files(back)} there again${ends ? ", which count from now on" : ""}` : "",
  ];
  const join = (parts: readonly string[], comma: string) => parts.filter(Boolean).join(comma);
  return { zh: `${title.zh}：${join(zh, "，")}。`, en: `${title.en}: ${join(en, "; ")}.` };
}
