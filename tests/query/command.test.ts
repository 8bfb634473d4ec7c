import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, expect, test, vi } from "vitest";
import type { Questioner } from "../../src/cli/sql.ts";
import { openShell } from "../../src/cli/sql-shell.ts";
import { writeAnswerFile } from "../../src/cli/write-answer.ts";
import type { Format } from "../../src/query/frames.ts";
import { openPool } from "../../src/query/pool.ts";
import { Store } from "../../src/store/store.ts";
import { makeFiles, SMALL } from "./small-files.ts";

const files = await makeFiles();
const pool = openPool({ ...SMALL, seconds: 30 });
afterAll(() => pool.close());

const questioner: Questioner = {
  title: "tiny 2018-12",
  async *ask(sql: string, format: Format) {
    const { body } = await pool.run({ user: "cli", files, sql, format });
    for (;;) {
      const step = await body.next();
      if (step.done) return step.value.truncated;
      yield step.value;
    }
  },
};

test("an answer as Parquet is in its file when it is whole; a faulty question leaves the file as it was", async () => {
  const folder = mkdtempSync(join(tmpdir(), "answers-"));
  const file = join(folder, "rank.parquet");
  expect(await writeAnswerFile(questioner.ask("FROM rank ORDER BY score", "parquet"), file)).toBe(
    false,
  );
  const store = await Store.open(":memory:", { memory: "100MB", threads: 1 });
  expect(
    await store.rows(`SELECT entity_id, CAST(score AS DOUBLE) AS score FROM '${file}'`),
  ).toEqual([
    { entity_id: "b2", score: 69 },
    { entity_id: "b1", score: 79.5 },
    { entity_id: "b0", score: 90 },
  ]);
  store.close();
  const before = readFileSync(file);
  await expect(writeAnswerFile(questioner.ask("SELEC 1", "parquet"), file)).rejects.toThrow(
    "SELEC",
  );
  expect(readFileSync(file)).toEqual(before);
  expect(readdirSync(folder)).toEqual(["rank.parquet"]);
  const nowhere = join(folder, "none", "x.csv");
  await expect(writeAnswerFile(questioner.ask("FROM rank", "csv"), nowhere)).rejects.toThrow(
    "ENOENT",
  );
  writeFileSync(file, "other");
  expect(await writeAnswerFile(questioner.ask("FROM range(3)", "csv"), file)).toBe(false);
  expect(readFileSync(file, "utf8")).toBe("\ufeffrange\r\n0\r\n1\r\n2\r\n");
  expect(existsSync(`${file}.unfinished`)).toBe(false);
});

test("the shell on a terminal shows what it is about, takes statements of several lines, and outlives faults", async () => {
  let shown = "";
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    shown += text;
    return true;
  });
  try {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const over = openShell(questioner, input as never);
    input.write(".tables\n.schema rank\nSELECT entity_id\nFROM rank ORDER BY score LIMIT 1;\n");
    input.write("SELEC 1;\n.nothing\n.quit\n");
    await over;
  } finally {
    spy.mockRestore();
  }
  expect(shown).toContain("tiny 2018-12");
  expect(shown).toMatch(/complaint\s+rank/);
  expect(shown).toMatch(/entity_id\s+VARCHAR/);
  expect(shown).toContain("   ...> ");
  expect(shown).toMatch(/\nb2\s*\n\(1 行 rows\)/);
  expect(shown).toContain(
    'The statement is faulty (line 1, column 1): syntax error at or near "SELEC"',
  );
  expect(shown.match(/\.schema <table>/g)).toHaveLength(2);
});
