import { copyFileSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { listLoose, tidyLoose } from "../../src/tidy-shared.ts";
import { addReleases, makeReleasesCity } from "../end-to-end/releases-workspace.ts";
import { removeFolders, runTiny, tinyConfig } from "../end-to-end/tiny-workspace.ts";

afterAll(removeFolders);

test("a shared Parquet file that no file is read from goes, those in use and other files stay", async () => {
  const workspace = makeReleasesCity();
  const release = { ocid: "p", id: "1", date: "2018-06-01", tag: ["tender"], tender: { id: 1 } };
  for (let at = 0; at < 32; at += 1) {
    addReleases(workspace, `${at}.json`, JSON.stringify({ ...release, ocid: `p-${at}` }));
  }
  const { context } = await runTiny(tinyConfig(workspace), undefined, "pull");
  const { store, dataDir } = context;
  const folder = join(dataDir, "raw", "ocds");
  const [used] = readdirSync(folder);
  expect(used).toMatch(/^together-.*\.parquet$/);
  expect(await listLoose(store, dataDir)).toEqual([]);
  const loose = `together-${"0".repeat(64)}.parquet`;
  copyFileSync(join(folder, used as string), join(folder, loose));
  writeFileSync(join(folder, "other.parquet"), "");
  const found = await listLoose(store, dataDir);
  expect(found).toEqual([{ file: `raw/ocds/${loose}`, bytes: expect.any(Number) }]);
  tidyLoose(dataDir, found);
  expect(existsSync(join(folder, loose))).toBe(false);
  expect(readdirSync(folder).sort()).toEqual(["other.parquet", used].sort());
  store.close();
});
