import { createHash } from "node:crypto";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, describe, expect, test } from "vitest";
import type { Config } from "../../src/config.ts";
import { SILENT } from "../../src/context.ts";
import type { StageName } from "../../src/run.ts";
import { Store } from "../../src/store/store.ts";
import { verifyPublished } from "../../src/verify.ts";
import { findFile, withdrawFile } from "../../src/withdraw.ts";
import {
  copyTinyCity,
  JUNE,
  publishedFolder,
  removeFolders,
  runTiny,
  TINY_CITY,
  tinyConfig,
} from "./tiny-workspace.ts";

afterAll(removeFolders);

/** What a file is called in public. */
const labelOf = (path: string) =>
  createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 12);

const JULY_20 = { period: "2018-06", asOf: "2018-07-20 00:00:00" };
const AUGUST_1 = { period: "2018-06", asOf: "2018-08-01 00:00:00" };
const AUGUST_10 = { period: "2018-06", asOf: "2018-08-10 00:00:00" };
/** Thirty-one complaints of April to June, all known on 2 July. */
const ORDERS = "data-samples/orders/orders-known-2018-07-02.csv.gz";
const CORRECTION = "data-samples/orders/orders-known-2018-07-15.csv";
const HONOURS = "data-samples/honours/honours.csv";

function makeCity(mirrors: readonly string[] = []) {
  const workspace = copyTinyCity();
  for (const source of mirrors) say(workspace, source, "folder: mirror\n");
  return { workspace, config: tinyConfig(workspace) };
}

function say(workspace: string, source: string, text: string) {
  appendFileSync(join(workspace, `pipelines/sources/${source}.yaml`), text);
}

interface Asked {
  readonly folder: string;
  readonly ranks: unknown[];
  readonly values: unknown[];
  readonly state: Record<string, unknown>;
  readonly failed: { check_id: string; message_en: string }[];
  readonly alerts: { kind: string; severity: string }[];
  readonly notes: string;
  readonly events: unknown[];
}

/** What a run finds, and what it says of one source. */
async function ask(
  config: Config,
  question: typeof JUNE,
  source = "orders",
  through: StageName = "score",
): Promise<Asked> {
  const result = await runTiny(config, question, through);
  const { store, runId } = result.context;
  try {
    const own = { run: runId, source };
    const [state] = await store.rows(
      `SELECT state, files, CAST(rows_received AS INTEGER) AS received, CAST(rows_loaded AS INTEGER) AS loaded,
         CAST(newest_known AS VARCHAR) AS newest
       FROM checks.source_state WHERE run_id = $run AND source_id = $source`,
      own,
    );
    return {
      folder: publishedFolder(result),
      ranks: await store.rows(
        "SELECT period, entity_id, state, score, rank, grade FROM scores.rank WHERE run_id = $run ORDER BY ALL",
        { run: runId },
      ),
      values: await store.rows(
        `SELECT c.indicator_id, c.period, v.entity_id, v.state, v.value, v.sample_size
         FROM facts.run_computation c JOIN facts.value v ON v.fingerprint = c.fingerprint WHERE c.run_id = $run ORDER BY ALL`,
        { run: runId },
      ),
      state: state as Record<string, unknown>,
      failed: await store.rows(
        "SELECT check_id, message_en FROM checks.result WHERE run_id = $run AND source_id = $source AND NOT passed AND check_id LIKE 'files-%' AND check_id <> 'files-usable'",
        own,
      ),
      alerts: await store.rows(
        "SELECT kind, severity FROM checks.operations_alert WHERE run_id = $run AND source_id = $source",
        own,
      ),
      notes: result.outcomes.flatMap(({ notes }) => notes.map(({ en }) => en)).join("\n"),
      events: await store.rows(
        "SELECT event, CAST(known_at AS VARCHAR) AS known_at FROM raw.file_event WHERE source_id = $source ORDER BY event_id",
        { source },
      ),
    };
  } finally {
    store.close();
  }
}

/** What of an answer must not change by what became known later. */
const lasting = ({ ranks, values, state, failed, alerts }: Asked) => ({
  ranks,
  values,
  state,
  failed,
  alerts,
});

async function expectVerified(config: Config, { folder }: Asked) {
  const found = await verifyPublished(
    config,
    { dataDir: join(config.dataDir, "tiny"), folder },
    { log: pino({ level: "silent" }), progress: SILENT },
  );
  expect(found).toMatchObject({ rebuiltOtherwise: [] });
}

/** What a workspace says that never had the file. */
async function askWithout(path: string, question: typeof JUNE, source = "orders") {
  const { workspace, config } = makeCity([source]);
  rmSync(join(workspace, path));
  return ask(config, question, source);
}

async function withdraw(config: Config, source: string, file: string, asOf: string, undo = false) {
  const store = await Store.open(join(config.dataDir, "tiny/working.duckdb"), config);
  try {
    const when = { knownAt: asOf, otherwise: asOf };
    const found = await findFile(store, { source, file, undo });
    return await withdrawFile(store, { source, file: found, undo, reason: "合成 a test", ...when });
  } finally {
    store.close();
  }
}

describe("a folder that is the truth", () => {
  const { workspace, config } = makeCity(["orders"]);
  const file = join(workspace, ORDERS);
  const away = join(workspace, "away.csv.gz");
  let before: Asked;
  let gone: Asked;

  test("a file taken away ends its rows, as known from the run that saw it gone", async () => {
    before = await ask(config, JUNE, "orders", "publish");
    renameSync(file, away);
    gone = await ask(config, JULY_20, "orders", "publish");
    expect(gone.events).toEqual([{ event: "gone", known_at: JULY_20.asOf }]);
    const without = await askWithout(ORDERS, JULY_20);
    expect(gone.ranks).toEqual(without.ranks);
    expect(gone.values).toEqual(without.values);
    expect(gone.ranks).not.toEqual(before.ranks);
    expect(gone.state).toEqual(without.state);
  });

  test("and that is told: outcome, failed check, alert, report", () => {
    expect(gone.failed).toEqual([
      {
        check_id: "files-gone",
        message_en: `1 file(s) were taken away and no longer count: ${labelOf(away)}. Check that this was meant.`,
      },
    ]);
    expect(gone.alerts).toContainEqual({ kind: "gone", severity: "warning" });
    expect(gone.notes).toContain("1 file no longer in the folder; what they said no longer counts");
    const report = readFileSync(join(gone.folder, "report.html"), "utf8");
    expect(report).toContain("were taken away and no longer count");
  });

  test("an earlier as-of time still gives what was published then, and both are proven from the files", async () => {
    expect(lasting(await ask(config, JUNE))).toEqual(lasting(before));
    for (const one of [before, gone]) await expectVerified(config, one);
  });

  test("put back, it counts again from then on, and what was known between stays", async () => {
    renameSync(away, file);
    const back = await ask(config, AUGUST_10);
    const never = await ask(makeCity(["orders"]).config, AUGUST_10);
    expect(back.ranks).toEqual(never.ranks);
    expect(back.values).toEqual(never.values);
    expect(back.state).toEqual(never.state);
    expect(back.notes).toContain(`count again: ${labelOf(file)}`);
    expect(lasting(await ask(config, JULY_20))).toEqual(lasting(gone));
  });

  test("a file that is only renamed changes nothing and is not told", async () => {
    const named = makeCity(["honours"]);
    const first = await ask(named.config, JUNE, "honours");
    renameSync(
      join(named.workspace, HONOURS),
      join(named.workspace, "data-samples/honours/new.csv"),
    );
    const second = await ask(named.config, JUNE, "honours");
    expect(lasting(second)).toEqual(lasting(first));
    expect(second.events).toEqual([]);
  });

  test("a correction taken away: what it had corrected holds again, and is no news", async () => {
    const other = makeCity(["orders"]);
    const corrected = await ask(other.config, JULY_20);
    rmSync(join(other.workspace, CORRECTION));
    const after = await ask(other.config, AUGUST_1);
    const without = await askWithout(CORRECTION, AUGUST_1);
    expect(after.ranks).toEqual(without.ranks);
    expect(after.state).toEqual(without.state);
    expect(lasting(await ask(other.config, JULY_20))).toEqual(lasting(corrected));
  });

  test("replaced by a file that is refused, the last good one goes on", async () => {
    const other = makeCity(["honours"]);
    const first = await ask(other.config, JUNE, "honours");
    const path = join(other.workspace, HONOURS);
    copyFileSync(path, join(other.workspace, "kept.csv"));
    writeFileSync(path, "不是,表头\n1,2\n");
    const second = await ask(other.config, JUNE, "honours");
    expect(second.ranks).toEqual(first.ranks);
    expect(second.state.state).toBe("stale");
    expect(second.failed[0]?.message_en).toContain(
      `still used: ${labelOf(join(other.workspace, "kept.csv"))}`,
    );
    const [head, ...rows] = readFileSync(join(other.workspace, "kept.csv"), "utf8")
      .trim()
      .split("\n");
    writeFileSync(path, `${[head, ...rows.slice(1)].join("\n")}\n`);
    const third = await ask(other.config, JUNE, "honours");
    expect(third.state).toMatchObject({ state: "fresh", loaded: rows.length - 1 });
  });

  test("half of the files or more at once is an alert of its own", async () => {
    const other = makeCity(["orders"]);
    await ask(other.config, JULY_20, "orders", "check");
    for (const path of [ORDERS, CORRECTION]) rmSync(join(other.workspace, path));
    const { alerts } = await ask(other.config, AUGUST_1, "orders", "check");
    expect(alerts).toContainEqual({ kind: "vanished", severity: "critical" });
  });
});

describe.each([
  ["mirror", ["orders"]],
  ["deliveries", []],
])("%s: a folder that is missing or empty", (_, mirrors) => {
  test("is an absent source: nothing is withdrawn, and it is told", async () => {
    const { workspace, config } = makeCity(mirrors);
    const before = await ask(config, JUNE);
    renameSync(join(workspace, "data-samples/orders"), join(workspace, "unmounted"));
    for (const make of [() => undefined, () => mkdirSync(join(workspace, "data-samples/orders"))]) {
      make();
      const after = await ask(config, JUNE);
      expect(after.ranks).toEqual(before.ranks);
      expect(after.events).toEqual([]);
      expect(after.state.state).toBe("stale");
      expect(after.alerts).toContainEqual({ kind: "unfetched", severity: "critical" });
      expect(after.notes).toContain("not taken for a withdrawal of everything");
    }
  });
});

describe("a folder of deliveries", () => {
  const { workspace, config } = makeCity();
  let gone: Asked;

  test("what is used though its file is gone is told each time", async () => {
    const before = await ask(config, JUNE);
    rmSync(join(workspace, ORDERS));
    gone = await ask(config, JULY_20);
    expect(gone.state.files).toBe(3);
    expect(gone.failed[0]?.message_en).toContain(`still used: ${labelOf(join(TINY_CITY, ORDERS))}`);
    expect(gone.alerts).toContainEqual({ kind: "gone", severity: "warning" });
    expect(lasting(await ask(config, JUNE))).toEqual(lasting(before));
  });

  test("withdraw ends it from a time on, and undoing that begins it again", async () => {
    const done = await withdraw(config, "orders", "orders-known-2018-07-02.csv.gz", AUGUST_1.asOf);
    const ended = await ask(config, AUGUST_1, "orders", "publish");
    expect(ended.ranks).toEqual((await askWithout(ORDERS, AUGUST_1)).ranks);
    expect(ended.failed[0]?.message_en).toContain("no longer count");
    expect(lasting(await ask(config, JULY_20))).toEqual(lasting(gone));

    await withdraw(config, "orders", done.sha256.slice(0, 12), AUGUST_10.asOf, true);
    const again = await ask(config, AUGUST_10);
    expect(again.ranks).toEqual((await ask(makeCity().config, AUGUST_10)).ranks);
    await expectVerified(config, ended);
  });

  test("a file replaced under its name: both are used, which is told", async () => {
    const other = makeCity();
    const first = await ask(other.config, JUNE, "honours");
    const path = join(other.workspace, HONOURS);
    const [head, ...rows] = readFileSync(path, "utf8").trim().split("\n");
    writeFileSync(path, `${[head, ...rows.slice(1)].join("\n")}\n`);
    const second = await ask(other.config, JUNE, "honours");
    expect(second.ranks).toEqual(first.ranks);
    expect(second.state.files).toBe(2);
    expect(second.failed[0]?.message_en).toContain("replaced under their name");
  });

  test("withdraw refuses what it cannot mean, and a time that was asked about", async () => {
    await expect(withdraw(config, "orders", "none.csv", AUGUST_10.asOf)).rejects.toThrow(
      /no such file/,
    );
    const name = "orders-known-2018-04-02.csv";
    await expect(withdraw(config, "orders", name, JUNE.asOf)).rejects.toThrow(/not earlier/);
    await expect(withdraw(config, "orders", name, AUGUST_10.asOf, true)).rejects.toThrow(
      /not withdrawn/,
    );
  });
});

test("a source taken out of the pipeline no longer counts: as if it had never been", async () => {
  const { workspace, config } = makeCity();
  await ask(config, JUNE);
  const pipeline = join(workspace, "pipelines/tiny.yaml");
  writeFileSync(
    pipeline,
    readFileSync(pipeline, "utf8").replace("debt, records, debtors, honours", "debt, records"),
  );
  const after = await ask(config, JUNE, "records");
  const never = await ask(tinyConfig(workspace), JUNE, "records");
  expect(lasting(after)).toEqual(lasting(never));
  expect(after.ranks.length).toBeGreaterThan(0);
});
