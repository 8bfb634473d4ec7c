import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import fc from "fast-check";
import { QueryFault } from "../src/query/fault.ts";
import { openPool } from "../src/query/pool.ts";
import { readQuestion } from "../src/query/question.ts";
import { LockedStore } from "../src/store/locked-store.ts";
import { HOSTILE } from "../tests/query/hostile.ts";
import { openOracle } from "../tests/query/oracle.ts";
import { makeFiles, readAnswer, SMALL } from "../tests/query/small-files.ts";
import { wrapped } from "../tests/query/wrapped.ts";

/** Statements that are read only, before one is run. */
const READ = 500;
/** Statements under way at a time. */
const ABREAST = 2;

/**
 * Runs mutated hostile statements for so many minutes: pieces of the corpus cut, doubled, swapped and put together. The
 * program must live, the files must stay as they are, every statement must be answered or refused, and neither memory nor
 * processes may pile up.
 */
export async function benchHostile(minutes: number): Promise<void> {
  const files = await makeFiles();
  const held = () => files.map((file) => readFileSync(file).toString("base64")).join();
  const before = held();
  const pool = openPool({ ...SMALL, seconds: 1 });
  const counts = new Map<string, number>();
  const pids = new Set<number>();
  const end = performance.now() + minutes * 60_000;
  const start = performance.now();
  let seed = 1;
  let done = 0;
  let first = 0;
  const work = async () => {
    while (performance.now() < end) {
      const [sql = ""] = fc.sample(mutated, { numRuns: 1, seed: seed++ });
      const format = seed % 2 === 0 ? "json" : "arrow";
      let outcome = "answered";
      try {
        await readAnswer(await pool.run({ user: "a", files, sql, format }));
      } catch (error) {
        if (!(error instanceof QueryFault)) throw error;
        outcome = error.fault.kind;
        if (outcome === "lost")
          console.log(`  lost its process: ${JSON.stringify(sql.slice(0, 300))}`);
      }
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      for (const pid of pool.pids()) pids.add(pid);
      // What the system has to tell, as the end of a process, is heard in between.
      await new Promise((resolve) => setImmediate(resolve));
      if (++done === 500) first = process.memoryUsage.rss();
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, work));
  const living = pool.pids().length;
  const answered = await readAnswer(
    await pool.run({ user: "a", files, sql: "FROM rank", format: "csv" }),
  );
  const resident = process.memoryUsage.rss();
  pool.close();
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `hostile statements, mutated: ${done} in ${seconds.toFixed(0)} s, ${[...counts].map(([kind, count]) => `${kind} ${count}`).join(", ")}`,
  );
  console.log(
    `  processes: ${pids.size} over the time, ${living} at the end; resident memory ${((resident - first) / 2 ** 20).toFixed(0)} MiB above that after 500 statements`,
  );
  const sound = held() === before && answered.ending.rows === 3 && living <= SMALL.processes;
  console.log(sound ? "  files unchanged, the next question answered" : "  NOT SOUND");
  if (!sound) process.exitCode = 1;
}

/**
 * Reads wrapped statements for so many minutes, without running any: of each that is allowed DuckDB itself is asked what it
 * holds (tests/query/wrapped.ts).
 */
export async function benchReading(minutes: number): Promise<void> {
  const options = { memory: "200MB", threads: 1, spill: tmpdir(), spillSize: "50MB" };
  const store = await LockedStore.open(await makeFiles(), options);
  const oracle = await openOracle();
  const end = performance.now() + minutes * 60_000;
  let [done, allowed, wrong] = [0, 0, 0];
  for (let seed = 1; performance.now() < end; seed++) {
    for (const sql of fc.sample(wrapped, { numRuns: READ, seed })) {
      done++;
      const question = await readQuestion(store, sql, store.catalogue).catch(() => undefined);
      if (!question || "kind" in question) continue;
      allowed++;
      const found = await oracle.judge(sql, question);
      if (found === undefined) continue;
      wrong++;
      console.log(`  DIFFERENT (${found}): ${JSON.stringify(sql)}`);
    }
  }
  store.close();
  oracle.close();
  console.log(`statements read: ${done}, ${allowed} allowed, ${wrong} read differently by DuckDB`);
  if (wrong > 0) process.exitCode = 1;
}

const any = fc.constantFrom(...HOSTILE.map(([, sql]) => sql));
const pieces = (text: string) => text.match(/\w+|\s+|[^\w\s]/gu) ?? [];
const token = any.chain((sql) =>
  fc.constantFrom(...(pieces(sql).length > 0 ? pieces(sql).slice(0, 200) : [" "])),
);
const noise = fc.oneof(
  token,
  fc.string({ unit: "grapheme", maxLength: 5 }),
  fc.constantFrom(
    "(",
    ")",
    ",",
    ";",
    "'",
    '"',
    "--",
    "/*",
    "*/",
    "$$",
    " FROM ",
    " UNION ALL ",
    " SELECT ",
    "\0",
    "::",
    "->",
    "?",
    "$1",
  ),
);

/** A statement of the corpus with some of its pieces left out, doubled, swapped or replaced, or two of them as one. */
const mutated: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(any, fc.array(fc.tuple(fc.nat(), fc.nat(4), noise), { minLength: 1, maxLength: 4 }))
      .map(([sql, changes]) => changes.reduce(change, sql)),
  },
  { weight: 1, arbitrary: fc.tuple(any, any).map(([a, b]) => `SELECT * FROM (${a}) a, (${b}) b`) },
  { weight: 1, arbitrary: fc.tuple(any, any).map(([a, b]) => `WITH a AS (${a}) ${b}`) },
  { weight: 1, arbitrary: fc.array(noise, { maxLength: 30 }).map((all) => all.join(" ")) },
);

function change(sql: string, [place, how, piece]: [number, number, string]): string {
  const all = pieces(sql);
  const at = all.length > 0 ? place % all.length : 0;
  const before = all.slice(0, at);
  const after = all.slice(at + 1);
  const here = all[at] ?? "";
  const changed = [
    [...before, ...after],
    [...before, here, here, ...after],
    [...before, piece, ...after],
    [...before, here, piece, ...after],
    [...after, here, ...before],
  ][how] as string[];
  return changed.join("");
}
