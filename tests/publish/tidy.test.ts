import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Config } from "../../src/config.ts";
import { findPublished, listPublished } from "../../src/publish/find-published.ts";
import { makeApp } from "../../src/serve/app.ts";
import { listPublicKeys } from "../../src/signing-key.ts";
import { findPipeline } from "../../src/standard/workspace.ts";
import { Store } from "../../src/store/store.ts";
import { planTidy, tidyRuns } from "../../src/tidy.ts";
import { verifyChain } from "../../src/verify-chain.ts";
import { copyTinyCity, removeFolders, runTiny, tinyConfig } from "../end-to-end/tiny-workspace.ts";

afterAll(removeFolders);

const DAY_MS = 86_400_000;

/** Publishes June as known on four days, each a run of its own, made to look as if a hundred days had gone since. */
async function publishFour(config: Config) {
  const runs: string[] = [];
  for (const day of ["10", "11", "12", "13"]) {
    const result = await runTiny(config, { period: "2018-06", asOf: `2018-07-${day} 00:00:00` });
    result.context.store.close();
    runs.push(result.context.runId);
  }
  const dataDir = join(config.dataDir, "tiny");
  const then = new Date(Date.now() - 100 * DAY_MS);
  for (const { folder } of listPublished(dataDir, "tiny"))
    utimesSync(join(folder, "manifest.json"), then, then);
  return { dataDir, runs };
}

test("superseded runs go by what the pipeline keeps, the chain stays whole, and nobody is answered by another run", async () => {
  const workspace = copyTinyCity();
  const config = tinyConfig(workspace);
  const { dataDir, runs } = await publishFour(config);
  const now = new Date().toISOString().replace("T", " ").slice(0, 19);
  const own = findPipeline(workspace, "tiny");
  const plan = (superseded_runs: number, superseded_days = 90) =>
    planTidy(
      dataDir,
      { ...own, keep: { superseded_runs, superseded_days, jobs_days: 90, drafts_days: 90 } },
      now,
    );
  const ids = (planned: ReturnType<typeof plan>) => planned.go.map(({ run }) => run);
  // Nothing goes unless the pipeline says what is kept, before its time, or while it is among the newest.
  expect(planTidy(dataDir, own, now)).toEqual({ go: [], cited: [] });
  expect(ids(plan(0, 101))).toEqual([]);
  expect(ids(plan(0, 100))).toHaveLength(3);
  expect(ids(plan(2))).toEqual([runs[0]]);
  expect(ids(plan(0)).toSorted()).toEqual(runs.slice(0, 3).toSorted());
  // A document names the second one.
  mkdirSync(join(dataDir, "notices/n1"), { recursive: true });
  writeFileSync(join(dataDir, "notices/n1/notice.json"), JSON.stringify({ run: runs[1] }));
  // A rendering names its run too, and goes with it.
  const rendering = join(dataDir, "redacted/tiny/2018-06", runs[0] as string);
  mkdirSync(join(rendering, "0123"), { recursive: true });
  writeFileSync(join(rendering, "0123/manifest.json"), JSON.stringify({ run: runs[0] }));
  const chosen = plan(0);
  expect(chosen.cited).toEqual([{ period: "2018-06", run: runs[1] }]);
  expect(chosen.go.every(({ bytes }) => bytes > 1_000_000)).toBe(true);

  const store = await Store.open(join(dataDir, "working.duckdb"), config);
  const ranks = () =>
    store.rows<{ run_id: string }>("SELECT DISTINCT run_id FROM scores.rank ORDER BY run_id");
  await tidyRuns(store, dataDir, "tiny", chosen);
  expect((await ranks()).map(({ run_id }) => run_id)).toEqual([runs[1], runs[3]].toSorted());
  // What only they had computed goes with them; what the others use stays.
  const computed = await store.rows<{ used: boolean }>(
    `SELECT DISTINCT fingerprint IN (SELECT fingerprint FROM facts.run_computation) AS used
     FROM (SELECT fingerprint FROM facts.value UNION ALL SELECT fingerprint FROM facts.computation)`,
  );
  expect(computed).toEqual([{ used: true }]);
  store.close();
  expect(listPublished(dataDir, "tiny").map(({ run }) => run)).toEqual([runs[1], runs[3]]);
  expect(existsSync(rendering)).toBe(false);
  const left = join(dataDir, "published/tiny/2018-06", `${runs[0]}.tidied`);
  expect(readdirSync(left).sort()).toEqual(["manifest.json", "manifest.sig"]);
  const place = { dataDir, jurisdiction: "tiny", pipeline: "tiny" };
  expect(await verifyChain(config, place, listPublicKeys(config))).toEqual([]);
  // In force as before; who asks for what went is told so, and how to have it again.
  expect(findPublished(dataDir, "tiny")).toContain(runs[3]);
  expect(() => findPublished(dataDir, "tiny", { run: runs[0] as string })).toThrow(
    "was tidied away",
  );
  expect(() => findPublished(dataDir, "tiny", { asOf: "2018-07-12 12:00:00" })).toThrow(
    `--as-of "2018-07-12 00:00:00"`,
  );
  expect(findPublished(dataDir, "tiny", { asOf: "2018-07-11 12:00:00" })).toContain(runs[1]);
  const app = makeApp({ config, isStopping: () => false });
  const gone = await app.request(`/tiny/?run=${runs[0]}`);
  expect(gone.status).toBe(410);
  expect(await gone.text()).toContain("works it out again");
  expect((await app.request(`/tiny/?run=${runs[1]}`)).status).toBe(200);
  app.close();
  expect(plan(0).go).toEqual([]);
  // Worked out again it is the run it was.
  const again = await runTiny(config, { period: "2018-06", asOf: "2018-07-10 00:00:00" });
  again.context.store.close();
  expect(again.context.runId).toBe(runs[0]);
  const manifest = (folder: string) => readFileSync(join(folder, "manifest.json"), "utf8");
  expect(manifest(join(dataDir, "published/tiny/2018-06", runs[0] as string))).toBe(manifest(left));
  expect(existsSync(join(dataDir, "published/tiny/2018-06", `${runs[1]}.tidied`))).toBe(false);
});
