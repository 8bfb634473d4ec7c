import {
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SILENT } from "../src/context.ts";
import { chainFile } from "../src/publish/chain.ts";
import { findPublished } from "../src/publish/find-published.ts";
import { repairPublished } from "../src/repair-published.ts";
import { listPublicKeys } from "../src/signing-key.ts";
import { findPipeline } from "../src/standard/workspace.ts";
import { verifyChain } from "../src/verify-chain.ts";
import { checkFolder } from "../src/verify-folder.ts";
import {
  copyTinyCity,
  makeFolder,
  readPublished,
  removeFolders,
  runTiny,
  tinyConfig,
} from "./end-to-end/tiny-workspace.ts";

const WATCH = { log: pino({ level: "silent" }), progress: SILENT };
let workspace: string;
let before: string;
let published: Record<string, string>;

beforeAll(async () => {
  workspace = copyTinyCity();
  before = makeFolder();
  const { context } = await runTiny(tinyConfig(workspace, before));
  context.store.close();
  published = await readPublished(findPublished(join(before, "tiny"), "tiny", {}));
}, 600_000);
afterAll(removeFolders);

/** A copy of the data folder with its only publication, which a test may damage. */
function copyData(city = workspace) {
  const root = makeFolder();
  cpSync(before, root, { recursive: true, verbatimSymlinks: true });
  const config = tinyConfig(city, root);
  const dataDir = join(root, "tiny");
  const repair = (dryRun = false) =>
    repairPublished(config, findPipeline(city, "tiny"), { dryRun }, WATCH);
  return { config, dataDir, folder: findPublished(dataDir, "tiny"), repair };
}

/** What was published is there again, signed and in its chain. */
async function expectSound({ config, dataDir, folder }: ReturnType<typeof copyData>) {
  const keys = listPublicKeys(config);
  expect(await readPublished(folder)).toEqual(published);
  expect((await checkFolder(folder, keys)).findings).toEqual([]);
  const place = { dataDir, jurisdiction: "tiny", pipeline: "tiny" };
  expect(await verifyChain(config, place, keys)).toEqual([]);
  expect(findPublished(dataDir, "tiny")).toBe(folder);
}

test("damaged files are made anew to the byte, and tried without --dry-run's changing anything", async () => {
  const data = copyData();
  const { folder, repair } = data;
  truncateSync(join(folder, "data/rank.parquet"), 100);
  rmSync(join(folder, "report.html"));
  writeFileSync(join(folder, "data/extra.parquet"), "x");
  const damaged = ["data/extra.parquet", "data/rank.parquet", "report.html"];
  const [said, ...others] = await repair(true);
  expect({ ...said, damaged: [...(said?.damaged ?? [])].sort() }).toMatchObject({
    damaged,
    period: "2018-06",
    state: "repairable",
    aside: null,
    because: null,
  });
  expect(others).toEqual([]);
  expect(existsSync(join(folder, "report.html"))).toBe(false);
  const [done] = await repair();
  expect(done?.state).toBe("repaired");
  // Put aside by one rename: what was damaged can still be looked at.
  expect(readFileSync(join(done?.aside as string, "data/extra.parquet"), "utf8")).toBe("x");
  await expectSound(data);
  expect(await repair()).toEqual([]);
}, 600_000);

test.each([
  ["cut off", (folder: string) => truncateSync(join(folder, "manifest.json"), 500)],
  ["gone", (folder: string) => rmSync(join(folder, "manifest.json"))],
  [
    "edited",
    (folder: string) => {
      const file = join(folder, "manifest.json");
      writeFileSync(file, readFileSync(file, "utf8").replace(/"rows": \d+/, '"rows": 7'));
    },
  ],
  ["gone with all of its folder", (folder: string) => rmSync(folder, { recursive: true })],
])(
  "a manifest that is %s is made anew, which the chain proves",
  async (_name, damage) => {
    const data = copyData();
    damage(data.folder);
    const [done] = await data.repair();
    expect(done).toMatchObject({ damaged: ["manifest.json"], state: "repaired", because: null });
    await expectSound(data);
  },
  600_000,
);

test("what cannot be proven or comes out otherwise stays as it is, and it is said why", async () => {
  const unproven = copyData();
  truncateSync(join(unproven.folder, "manifest.json"), 500);
  rmSync(chainFile(unproven.dataDir, "tiny"));
  expect((await unproven.repair())[0]).toMatchObject({
    state: "impossible",
    because: { en: expect.stringMatching(/the chain of publications does not name it/) },
  });
  expect(readFileSync(join(unproven.folder, "manifest.json"))).toHaveLength(500);

  const city = copyTinyCity();
  const otherwise = copyData(city);
  rmSync(join(otherwise.folder, "report.html"));
  const standard = join(city, "metrics/standards/tiny.yaml");
  writeFileSync(standard, `${readFileSync(standard, "utf8")}# another\n`);
  expect((await otherwise.repair())[0]).toMatchObject({
    state: "impossible",
    because: { en: expect.stringMatching(/nothing was replaced\..*The standard/) },
  });
  expect(existsSync(join(otherwise.folder, "report.html"))).toBe(false);

  const rawless = copyData();
  rmSync(join(rawless.folder, "report.html"));
  renameSync(join(rawless.dataDir, "raw/debt"), join(rawless.dataDir, "raw/elsewhere"));
  const [said] = await rawless.repair();
  expect(said?.state).toBe("impossible");
  expect(said?.because?.zh).toMatch(/[\u4e00-\u9fff]/);
}, 600_000);
