import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Store } from "../../src/store/store.ts";
import {
  copyTinyCity,
  JUNE,
  JUNE_CORRECTED,
  makeFolder,
  removeFolders,
  runTiny,
  tinyConfig,
} from "../end-to-end/tiny-workspace.ts";
import { refuseKeysWrittenAnew } from "./kept-keys.ts";

afterAll(removeFolders);
refuseKeysWrittenAnew();

const OPTIONS = { memory: "300MB", threads: 1 };

describe("a transaction that writes a row anew under its key", () => {
  test.each([
    ["deletes and inserts it", "DELETE FROM note WHERE id = 1", "INSERT INTO note VALUES (1, 'b')"],
    ["changes the key to itself", "UPDATE note SET id = 1, text = 'b' WHERE id = 1"],
    ["replaces what it deleted", "DELETE FROM note", "INSERT OR REPLACE INTO note VALUES (1, 'b')"],
  ])("is found: %s", async (_, ...statements) => {
    const store = await openNotes();
    const work = store.transaction(async () => {
      for (const statement of statements) await store.run(statement);
    });
    await expect(work).rejects.toThrow("under its key: main.note (id) (1)");
    store.close();
  });

  test.each([
    ["another is inserted", "DELETE FROM note", "INSERT INTO note VALUES (2, 'b')"],
    ["it is replaced in one statement", "INSERT OR REPLACE INTO note VALUES (1, 'b')"],
    ["its other columns are changed", "UPDATE note SET text = 'b'"],
  ])("is told from one in which %s", async (_, ...statements) => {
    const store = await openNotes();
    await store.transaction(async () => {
      for (const statement of statements) await store.run(statement);
    });
    expect(await store.rows("SELECT text FROM note")).toEqual([{ text: "b" }]);
    store.close();
  });
});

async function openNotes(): Promise<Store> {
  const path = join(makeFolder(), "notes.duckdb");
  const made = await Store.open(path, OPTIONS);
  await made.run("CREATE TABLE note (id INTEGER PRIMARY KEY, text VARCHAR)");
  await made.run("INSERT INTO note VALUES (1, 'a')");
  made.close();
  return Store.open(path, OPTIONS);
}

test("no stage does so: a run, the same again, and one that knows more", async () => {
  const config = tinyConfig(copyTinyCity());
  for (const question of [JUNE, JUNE, JUNE_CORRECTED]) {
    const { context } = await runTiny(config, question);
    const runs = await context.store.rows(
      `SELECT run_id FROM scores.run WHERE state = 'publish' AND run_id = '${context.runId}'`,
    );
    expect(runs).toHaveLength(1);
    context.store.close();
  }
});
