import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { SILENT } from "../../src/context.ts";
import { countRequired } from "../../src/standard/pipeline-definition.ts";
import { sqlFile } from "../../src/store/sql-file.ts";
import { verifyPublished } from "../../src/verify.ts";
import {
  copyTinyCity,
  JUNE,
  makeFolder,
  publishedFolder,
  readTree,
  removeFolders,
  runTiny,
  tinyEnvironment,
} from "../end-to-end/tiny-workspace.ts";

afterAll(removeFolders);

/** The tiny city (nine sources) with the folders of some replaced by files, so that they cannot be listed. */
function makeCity(policy: string, unreachable: readonly string[]) {
  const workspace = copyTinyCity();
  const file = join(workspace, "pipelines", "tiny.yaml");
  writeFileSync(file, `${readFileSync(file, "utf8")}${policy}\n`);
  for (const source of unreachable) {
    const folder = join(workspace, "data-samples", source);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "");
  }
  return readConfig(tinyEnvironment(workspace, makeFolder()));
}

test("how many of nine sources each policy asks for", () => {
  const sources = Array.from({ length: 9 }, (_, index) => `s${index}`);
  expect(countRequired({ require: "all", quorum: 0.5, sources })).toBe(9);
  expect(countRequired({ require: "any", quorum: 0.5, sources })).toBe(1);
  expect(countRequired({ require: "quorum", quorum: 0.5, sources })).toBe(5);
  expect(countRequired({ require: "quorum", quorum: 1, sources })).toBe(9);
});

test("a run goes on without a source where the policy allows it, and its report says so", async () => {
  const config = makeCity("require: any", ["honours"]);
  const result = await runTiny(config);
  const folder = publishedFolder(result);
  const { dataDir } = result.context;
  result.context.store.close();
  const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
  expect(report.fetching).toMatchObject({ require: "any", required: 1, fetched: 8 });
  expect(report.fetching.failed).toHaveLength(1);
  expect(report.fetching.failed[0]).toMatchObject({
    source_id: "honours",
    attempted_at: JUNE.asOf,
    message_en:
      "The folder data-samples/honours cannot be listed (ENOTDIR). Check that it is there, mounted and may be read.",
  });
  const page = readFileSync(join(folder, "report.html"), "utf8");
  expect(page).toContain("8 of 9 sources were fetched (require: any, that is at least 1 must be)");
  expect(page).toContain("取数：9 个数据源取到 8 个（要求 any：须取到至少 1 个）。");
  expect(page).toContain("The folder data-samples/honours cannot be listed (ENOTDIR).");

  const watch = { log: pino({ level: "silent" }), progress: SILENT };
  const verified = await verifyPublished(config, { dataDir, folder }, watch);
  expect(verified.rebuiltOtherwise).toEqual([]);
});

test("a source that failed once and is fetched later leaves no trace in the later run", async () => {
  const config = makeCity("", ["honours"]);
  const first = await runTiny(config);
  first.context.store.close();
  const whole = readConfig(tinyEnvironment(copyTinyCity(), config.dataDir));
  const second = await runTiny(whole);
  second.context.store.close();
  const undisturbed = await runTiny(readConfig(tinyEnvironment(whole.workspace, makeFolder())));
  undisturbed.context.store.close();
  expect(second.context.runId).not.toBe(first.context.runId);
  expect(second.context.runId).toBe(undisturbed.context.runId);
  const report = (result: typeof second) => readTree(publishedFolder(result))["report.json"];
  expect(report(second)).toBe(report(undisturbed));
});

test.each([
  ["require: all", ["honours"], "requires 9 (require: all)"],
  ["require: quorum\nquorum: 0.9", ["honours"], "requires 9 (require: quorum)"],
])("a run stops when its policy is not met: %s", async (policy, unreachable, sentence) => {
  const config = makeCity(policy, unreachable);
  await expect(runTiny(config)).rejects.toThrow(sentence);
});

/** The tiny city with one change to the folder of its honours. */
function changeHonours(policy: string, change: (folder: string) => void) {
  const config = makeCity(policy, []);
  change(join(config.workspace, "data-samples", "honours"));
  return config;
}

const take = (folder: string) => rmSync(folder, { recursive: true });
const empty = (folder: string) => {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
};
const unlink = (folder: string) => {
  for (const name of readdirSync(folder)) {
    rmSync(join(folder, name));
    symlinkSync("nowhere.csv", join(folder, name));
  }
};
const addDeadLink = (folder: string) => symlinkSync("nowhere.csv", join(folder, "a.csv"));

test.each([
  ["missing", take, "No file matching *.csv was found below data-samples/honours."],
  ["empty", empty, "No file matching *.csv was found below data-samples/honours."],
  ["of dead links", unlink, "not one can be opened"],
  ["with one dead link", addDeadLink, "1 file cannot be opened"],
])(
  "a folder %s from the start stops a run that requires all, and no other",
  async (_, change, sentence) => {
    await expect(runTiny(changeHonours("require: all", change))).rejects.toThrow(sentence);
    const result = await runTiny(changeHonours("require: any", change));
    const { sources, fetching } = JSON.parse(
      readFileSync(join(publishedFolder(result), "report.json"), "utf8"),
    );
    const alerts = await result.context.store.rows<{ kind: string }>(
      "SELECT kind FROM checks.operations_alert WHERE source_id = 'honours' AND severity = 'critical'",
    );
    const shown = await result.context.store.rows<{ kind: string; source_id: string }>(
      sqlFile(join(import.meta.dirname, "..", "..", "src", "cli"), "cli.sql")("status-alerts"),
      { pipeline: "tiny", sources: JSON.stringify(["honours"]) },
    );
    result.context.store.close();
    const honours = sources.find(({ source_id }: { source_id: string }) => source_id === "honours");
    expect(honours.state).toBe(change === addDeadLink ? "stale" : "absent");
    expect(honours.message_en).toContain(sentence);
    expect(fetching).toMatchObject({ fetched: 8, failed: [{ source_id: "honours" }] });
    expect(alerts).toEqual([{ kind: change === addDeadLink ? "unfetched" : "absent" }]);
    // What the status lists is the same, once.
    expect(shown.filter(({ kind }) => kind === "absent" || kind === "unfetched")).toHaveLength(1);
  },
);

test("a quorum that is met lets the run go on", async () => {
  const result = await runTiny(makeCity("require: quorum\nquorum: 0.85", ["honours"]));
  result.context.store.close();
  expect(result.outcomes.map(({ stage }) => stage)).toContain("publish");
});

test("files that all came back empty are no delivery: the source counts as not fetched", async () => {
  const config = makeCity("require: all", []);
  (await runTiny(config, { ...JUNE, asOf: "2018-07-09 00:00:00" })).context.store.close();
  const folder = join(config.workspace, "data-samples", "honours");
  for (const name of readdirSync(folder)) {
    if (/\.(csv|json|ndjson)$/.test(name)) writeFileSync(join(folder, name), "");
  }
  await expect(runTiny(config)).rejects.toThrow(
    /Only 8 of 9 sources could be fetched.* all \d+ are empty \(0 bytes\)/s,
  );
});
