import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAudit, verifyAudit } from "../../src/audit/verify-audit.ts";
import type { Config } from "../../src/config.ts";
import { type Context, SILENT } from "../../src/context.ts";
import { readMarks } from "../../src/pull/connect/note-received.ts";
import { forgetAddress } from "../../src/standard/forgotten-address.ts";
import { Store } from "../../src/store/store.ts";
import { verifyPublished } from "../../src/verify.ts";
import {
  copyTinyCity,
  publishedFolder,
  readTree,
  removeFolders,
  runTiny,
  tinyConfig,
} from "../end-to-end/tiny-workspace.ts";
import { refuseKeysWrittenAnew } from "../store/kept-keys.ts";

refuseKeysWrittenAnew();

// Nobody's names and numbers: what is planted must be found nowhere once its retention is over.
const CALLER = "合成来电人甲乙丙丁";
const OFFICIAL = "合成官员戊己庚辛";
const TEXT = "合成诉求内容提到某人电话";
const LATE_CALLER = "合成来电人壬癸子丑";
const PLANTED = [CALLER, OFFICIAL, TEXT];
const PLACE = "sftp://files.example/合成寅卯辰巳的工单.csv";

// Retention is 36 months from when a row became known. The order is of the file handed over on 2 April 2018, the record
// of 20 June 2018, the late caller of the file of 2 July 2018.
const BEFORE = { period: "2018-06", asOf: "2018-07-10 00:00:00" };
const AFTER = { period: "2018-06", asOf: "2021-06-25 00:00:00" };

let workspace: string;
let config: Config;
let first: string;
let second: string;

/** Paths below the data folder whose bytes hold a text, in UTF-8 or UTF-16. */
function findEverywhere(text: string): string[] {
  const needles = [Buffer.from(text, "utf8"), Buffer.from(text, "utf16le")];
  return Object.entries(readTree(config.dataDir))
    .filter(([, bytes]) => {
      const held = Buffer.from(bytes, "base64");
      return needles.some((needle) => held.includes(needle));
    })
    .map(([path]) => path);
}

/** Paths of Parquet files below the data folder in which a text stands: they are compressed, so bytes say nothing. */
async function findInParquet(text: string): Promise<string[]> {
  const store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
  try {
    const found: string[] = [];
    for (const path of Object.keys(readTree(config.dataDir)).filter((name) =>
      name.endsWith(".parquet"),
    )) {
      const rows = await store.rows(
        `SELECT 1 FROM read_parquet('${join(config.dataDir, path)}') AS t WHERE contains(CAST(t AS VARCHAR), $text)`,
        { text },
      );
      if (rows.length > 0) found.push(path);
    }
    return found;
  } finally {
    store.close();
  }
}

/** Puts the first file of orders where a connector would have put it, and notes it down. */
async function fetchOrders({ store, dataDir }: Context): Promise<void> {
  const bytes = readFileSync(
    join(workspace, "data-samples", "orders", "orders-known-2018-04-02.csv"),
  );
  const hash = createHash("sha256").update(bytes).digest("hex");
  const path = `received/orders/${hash}`;
  mkdirSync(join(dataDir, "received", "orders"), { recursive: true });
  writeFileSync(join(dataDir, path), bytes);
  await store.run(
    `INSERT INTO raw.received VALUES (1, 'orders', $name, $hash, 1, $path, $place, NULL, TIMESTAMP '2018-04-02')`,
    { hash, path, place: PLACE, name: basename(PLACE) },
  );
  await store.run("INSERT INTO raw.fetch_mark VALUES ('orders', $place, '1')", { place: PLACE });
}

beforeAll(async () => {
  workspace = copyTinyCity();
  const samples = (...path: string[]) => join(workspace, "data-samples", ...path);
  const edit = (file: string, from: string, to: string) => {
    const text = readFileSync(file, "utf8");
    expect(text).toContain(from);
    writeFileSync(file, text.replace(from, to));
  };
  const orders = samples("orders", "orders-known-2018-04-02.csv");
  edit(orders, "工地夜间施工", TEXT);
  edit(orders, "合成甲", CALLER);
  edit(samples("records", "records.ndjson"), "合成某官员", OFFICIAL);
  const late = samples("orders", "orders-known-2018-07-15.csv");
  writeFileSync(
    samples("orders", "orders-known-2018-07-02.csv"),
    readFileSync(late, "utf8").replace(/合成[^,\d]*(?=,[是否])/u, LATE_CALLER),
  );
  config = tinyConfig(workspace);
  const run = await runTiny(config, BEFORE);
  first = publishedFolder(run);
  await fetchOrders(run.context);
  run.context.store.close();
  for (const planted of PLANTED) expect(await findInParquet(planted), planted).toHaveLength(1);
});
afterAll(removeFolders);

test("until the retention is over the restricted table has the names, and published folders never do", () => {
  expect(findEverywhere(CALLER).join()).toMatch(/received\/orders/);
  for (const planted of [CALLER, OFFICIAL]) {
    expect(findEverywhere(planted)).toContain("tiny/working.duckdb");
    expect(findEverywhere(planted).filter((path) => path.includes("published"))).toEqual([]);
  }
});

test("once it is over no byte of them is left below the data folder; what is not due stays", async () => {
  const run = await runTiny(config, AFTER);
  second = publishedFolder(run);
  const { store } = run.context;
  const left = await store.rows<{ value: string }>("SELECT value FROM restricted.person");
  expect(left.map(({ value }) => value)).toContain(LATE_CALLER);
  store.close();
  for (const planted of PLANTED) {
    expect(findEverywhere(planted), planted).toEqual([]);
    expect(await findInParquet(planted), planted).toEqual([]);
  }
  expect(findEverywhere(LATE_CALLER)).toContain("tiny/working.duckdb");
  expect(await findInParquet(LATE_CALLER)).toHaveLength(1);
  expect(findEverywhere(basename(PLACE, ".csv"))).toEqual([]);
});

test("where a file was fetched from is known by a hash alone, and it is not fetched again", async () => {
  const store = await Store.open(join(config.dataDir, "tiny", "working.duckdb"), config);
  const marks = await readMarks(store, "orders");
  store.close();
  const hash = createHash("sha256").update(PLACE).digest("hex");
  expect([...marks]).toEqual([[`sha256:${hash}`, 1]]);
  expect(forgetAddress(PLACE)).toBe(`sha256:${hash}`);
});

test("the deletion is in the journal: what, how many, when and by which rule, but not who", async () => {
  const entries = [];
  for await (const entry of readAudit(config, "tiny")) entries.push(entry);
  expect(entries.map(({ action, target }) => [action, target])).toEqual([
    ["forget", "orders"],
    ["forget", "records"],
    ["forget", "restricted.person"],
  ]);
  expect(entries[0]).toMatchObject({ detail: { received_files: 1 } });
  expect(entries[1]).toMatchObject({
    actor: "zhengxin",
    role: "system",
    detail: { on: "2021-06-25", retention_months: 36, files: 1 },
  });
  expect((await verifyAudit(config, "tiny")).faults).toEqual([]);
});

test("both months are still rebuilt byte for byte from what is left", async () => {
  for (const folder of [first, second]) {
    const result = await verifyPublished(
      config,
      { dataDir: join(config.dataDir, "tiny"), folder },
      { log: pino({ level: "silent" }), progress: SILENT },
    );
    expect(result.rebuiltOtherwise, basename(folder)).toEqual([]);
  }
});

test("conformed again from the redacted files, records and pseudonyms are the same", async () => {
  const contents = async () => {
    const { context } = await runTiny(config, AFTER, "conform");
    const rows = await context.store.rows(
      `SELECT record_key, entity_id, caller_ref, known_from FROM core.complaint ORDER BY ALL`,
    );
    const persons = await context.store.rows(
      "SELECT person_ref, person_ref IS NULL FROM core.dishonesty_record ORDER BY ALL",
    );
    return { context, rows, persons };
  };
  const before = await contents();
  await before.context.store.run("UPDATE raw.file SET definition_hash = ''");
  before.context.store.close();
  const after = await contents();
  after.context.store.close();
  expect(after.rows).toEqual(before.rows);
  expect(after.persons).toEqual(before.persons);
  expect(before.rows.some((row) => row.caller_ref !== null)).toBe(true);
  for (const planted of PLANTED) {
    expect(findEverywhere(planted), planted).toEqual([]);
    expect(await findInParquet(planted), planted).toEqual([]);
  }
});

test("a redacted file that somebody changed is found, and one read again is redacted again", async () => {
  const dataDir = join(config.dataDir, "tiny");
  const store = await Store.open(join(dataDir, "working.duckdb"), config);
  const file = await store.row<{ parquet_path: string }>(
    "SELECT parquet_path FROM raw.file JOIN raw.redaction USING (file_id) WHERE raw.file.source_id = 'records'",
  );
  store.close();
  const path = join(dataDir, file?.parquet_path ?? "");
  writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from("x")]));
  const verify = verifyPublished(
    config,
    { dataDir, folder: second },
    { log: pino({ level: "silent" }), progress: SILENT },
  );
  await expect(verify).rejects.toThrow(/not as it was left when personal data was taken out/);
  rmSync(path);
  const run = await runTiny(config, AFTER, "conform");
  run.context.store.close();
  expect(await findInParquet(OFFICIAL)).toEqual([]);
  expect(existsSync(path)).toBe(true);
});

test("a second call finds nothing more, and a fetched file nobody wrote down goes when it is old", async () => {
  const folder = join(config.dataDir, "tiny", "received", "orders");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "stray"), CALLER);
  const run = await runTiny(config, AFTER, "conform");
  expect(run.outcomes.find(({ stage }) => stage === "conform")?.notes).toEqual([]);
  run.context.store.close();
  // Its age is that of the file: it is new.
  expect(existsSync(join(folder, "stray"))).toBe(true);
});
