import { HELD_BACK } from "./conform/held-back.ts";
import { maskPersonal } from "./standard/personal-text.ts";
import { PUBLIC_TEXTS } from "./standard/public-texts.ts";
import type { SourceDefinition } from "./standard/source-definition.ts";
import { quoteIdentifier, sqlFile } from "./store/sql-file.ts";
import type { Store } from "./store/store.ts";

const sql = sqlFile(import.meta.dirname, "release.sql");

/** Texts that were held back and are to be shown. */
export interface Release {
  readonly source: SourceDefinition;
  /** Core column. */
  readonly column: string;
  /** What stands in their place; none: nothing of the column is to be held back any more. */
  readonly marks: readonly string[];
  readonly reason: string;
  /** Civil time from which it is known, or just after the source was last looked at, if that is later. */
  readonly knownAt: string;
}

/** A mark that stands for a text, and in how many rows. */
export interface HeldBackText {
  readonly column: string;
  readonly mark: string;
  readonly rows: number;
}

/** What is held back of a source. */
export async function listHeldBack(
  store: Store,
  { source, kind }: SourceDefinition,
): Promise<HeldBackText[]> {
  const found: HeldBackText[] = [];
  for (const column of PUBLIC_TEXTS[kind] ?? []) {
    const statement = sql("held-back", { kind, column: quoteIdentifier(column) });
    const rows = await store.rows<{ mark: string; rows: number }>(statement, {
      source,
      begins: HELD_BACK,
    });
    found.push(...rows.map((row) => ({ column, ...row })));
  }
  return found;
}

/**
 * Writes down that texts are released: the next run shows them. What was published before stays, and is rebuilt as it was.
 * @returns from when it is known
 * @throws Error in a sentence when the column holds nothing back under a mark
 */
export async function releaseTexts(store: Store, asked: Release): Promise<string> {
  const { source, column, marks } = asked;
  const held = (await listHeldBack(store, source)).filter((text) => text.column === column);
  const unknown = marks.filter((mark) => !held.some((text) => text.mark === mark));
  if (unknown.length > 0 || held.length === 0) {
    const list = held.slice(0, 20).map(({ mark }) => mark);
    throw new Error(
      `来源“${source.source}”的 ${column} 列没有以此代号扣留的文字。The column ${column} of the source "${source.source}" holds back no text under that mark. ${list.length > 0 ? `Held back: ${list.join(", ")}.` : "Nothing of it is held back."}`,
    );
  }
  const own = { source: source.source };
  const { last, next } =
    (await store.row<{ last: string | null; next: string | null }>(sql("last-look"), own)) ?? {};
  const knownAt = last && next && asked.knownAt <= last ? next : asked.knownAt;
  await store.transaction(async () => {
    for (const mark of marks.length > 0 ? marks : [null]) {
      const reason = maskPersonal(asked.reason);
      await store.run(sql("note-release"), { ...own, column, mark, known_at: knownAt, reason });
    }
  });
  return knownAt;
}
