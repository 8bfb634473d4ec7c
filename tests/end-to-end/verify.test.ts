import { generateKeyPairSync, verify } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendAudit, auditPlaces } from "../../src/audit/append.ts";
import { type AuditEntry, sealEntry } from "../../src/audit/entry.ts";
import { verifyAudit } from "../../src/audit/verify-audit.ts";
import type { Config } from "../../src/config.ts";
import { SILENT } from "../../src/context.ts";
import { chainFile, readChain } from "../../src/publish/chain.ts";
import { findPublished, listPublished } from "../../src/publish/find-published.ts";
import { signPublished } from "../../src/sign-published.ts";
import { listPublicKeys, readPublicKey } from "../../src/signing-key.ts";
import { findPipeline } from "../../src/standard/workspace.ts";
import { verifyPublished } from "../../src/verify.ts";
import { verifyChain } from "../../src/verify-chain.ts";
import { checkFolder } from "../../src/verify-folder.ts";
import {
  copyTinyCity,
  JUNE,
  JUNE_CORRECTED,
  makeFolder,
  readPublished,
  removeFolders,
  runTiny,
  tinyConfig,
} from "./tiny-workspace.ts";

const PLACE = { jurisdiction: "tiny", pipeline: "tiny" };
const WATCH = { log: pino({ level: "silent" }), progress: SILENT };

let workspace: string;
let made: string;

/** A city that published May, June and June corrected, with entries of its journal before and between. */
beforeAll(async () => {
  workspace = copyTinyCity();
  made = makeFolder();
  const config = tinyConfig(workspace, made);
  const look = (target: string) =>
    appendAudit(config, { jurisdiction: "tiny", action: "score.lookup", target });
  for (const question of [{ ...JUNE, period: "2018-05" }, JUNE, JUNE_CORRECTED]) {
    await look(question.period);
    (await runTiny(config, question)).context.store.close();
  }
  await look("afterwards");
}, 600_000);
afterAll(removeFolders);

/** A copy of the data folder that a test may change. */
function copyData(): { config: Config; dataDir: string; folder: string } {
  const root = makeFolder();
  cpSync(made, root, { recursive: true, verbatimSymlinks: true });
  const dataDir = join(root, "tiny");
  return { config: tinyConfig(workspace, root), dataDir, folder: findPublished(dataDir, "tiny") };
}

/** A published folder by itself, as somebody downloaded it, and the office's public key. */
function download() {
  const folder = join(makeFolder(), "downloaded");
  cpSync(findPublished(join(made, "tiny"), "tiny"), folder, { recursive: true });
  return { folder, keys: listPublicKeys({ dataDir: made }) };
}

async function found(folder: string, keys = listPublicKeys({ dataDir: made })) {
  const { findings } = await checkFolder(folder, keys);
  for (const { zh, en } of findings) {
    expect(zh).toMatch(/[\u4e00-\u9fff]/);
    expect(en).toMatch(/^[A-Z]?.*[a-z.]$/);
  }
  return findings.map(({ kind, path }) => `${kind} ${path}`);
}

describe("a downloaded folder", () => {
  test("is proven with the public key alone, which openssl's own check agrees with", async () => {
    const { folder, keys } = download();
    expect(await checkFolder(folder, keys)).toMatchObject({
      findings: [],
      signedWith: keys[0]?.id,
    });
    const [manifest, signature] = ["manifest.json", "manifest.sig"].map((name) =>
      readFileSync(join(folder, name)),
    );
    expect(verify(null, manifest as Buffer, keys[0]?.key as never, signature as Buffer)).toBe(true);
  });

  test.each([
    ["an edited row count", /"rows": (\d+)/, '"rows": 99999'],
    ["an edited as-of time", /"as_of": "[^"]+"/, '"as_of": "2018-07-21 00:00:00"'],
    ["an edited name of an input", /"name": "/, '"name": "x'],
    ["an added blank", /\n}\n$/, "\n}\n "],
    ["an edited version of the standard", /"version": "/, '"version": "9'],
  ])("with %s in its manifest does not pass", async (_, pattern, replacement) => {
    const { folder } = download();
    const file = join(folder, "manifest.json");
    const text = readFileSync(file, "utf8");
    expect(text).toMatch(pattern);
    writeFileSync(file, text.replace(pattern, replacement));
    expect(await found(folder)).toEqual(["signature manifest.sig"]);
  });

  test("an empty folder that was put into it is named", async () => {
    const { folder } = download();
    mkdirSync(join(folder, "data", "more", "less"), { recursive: true });
    expect(await found(folder)).toEqual(["file data/more/less/"]);
  });

  test("missing, truncated, changed and extra files are each named", async () => {
    const { folder } = download();
    rmSync(join(folder, "data", "rank.arrow"));
    rmSync(join(folder, "report.html"));
    const workbook = join(folder, "ranking.xlsx");
    writeFileSync(workbook, readFileSync(workbook).subarray(0, 100));
    const csv = join(folder, "ranking.csv");
    const bytes = readFileSync(csv);
    bytes[50] = (bytes[50] as number) ^ 1;
    writeFileSync(csv, bytes);
    writeFileSync(join(folder, "data", "more.parquet"), "");
    symlinkSync("/etc/hostname", join(folder, "linked"));
    const parquet = join(folder, "data", "rank.parquet");
    renameSync(parquet, join(folder, "..", "rank.parquet"));
    symlinkSync(join("..", "..", "rank.parquet"), parquet);
    const { changed } = await checkFolder(folder, []);
    expect(Object.fromEntries(changed.map(({ path, reason }) => [path, reason]))).toEqual({
      "data/rank.arrow": "missing",
      "report.html": "missing",
      "ranking.xlsx": "size",
      "ranking.csv": "hash",
      "data/more.parquet": "unlisted",
      linked: "unlisted",
      "data/rank.parquet": "link",
    });
  });

  test("damaged databases are named", async () => {
    const { folder } = download();
    const published = join(folder, "published.duckdb");
    writeFileSync(published, readFileSync(published).subarray(0, 20_000));
    writeFileSync(join(folder, "records.duckdb"), "");
    expect(await found(folder)).toEqual(["file published.duckdb", "file records.duckdb"]);
  });

  test("a table put into its database is found", async () => {
    const { folder } = download();
    const { Store } = await import("../../src/store/store.ts");
    const store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
    await store.run(`ATTACH '${join(folder, "published.duckdb")}' AS p`);
    await store.run("CREATE TABLE p.main.put_in AS SELECT 1 AS a");
    store.close();
    expect(await found(folder)).toContain("file published.duckdb");
  });

  test("a manifest cut off, empty or gone is said to be that", async () => {
    for (const cut of [0, 1, 5000]) {
      const { folder } = download();
      const file = join(folder, "manifest.json");
      writeFileSync(file, readFileSync(file).subarray(0, cut));
      expect(await found(folder)).toEqual(["manifest manifest.json"]);
    }
    const { folder } = download();
    rmSync(join(folder, "manifest.json"));
    expect(await found(folder)).toEqual(["manifest manifest.json"]);
  });

  test("signed by nobody, or by somebody else, does not pass", async () => {
    const { folder } = download();
    const other = join(makeFolder(), "other.pem");
    const pair = generateKeyPairSync("ed25519");
    writeFileSync(other, pair.publicKey.export({ type: "spki", format: "pem" }));
    expect(await found(folder, [readPublicKey(other)])).toEqual(["signature manifest.sig"]);
    rmSync(join(folder, "manifest.sig"));
    expect(await found(folder)).toEqual(["signature manifest.sig"]);
  });
});

describe("where it was published", () => {
  test("the key is the owner's alone, and the chain names what was published, in order", async () => {
    const { config, dataDir } = copyData();
    expect(statSync(join(made, "signing-key.pem")).mode & 0o777).toBe(0o600);
    const links = readChain(dataDir, "tiny").map(({ link }) => link);
    expect(links.map((link) => link?.period)).toEqual(["2018-05", "2018-06", "2018-06"]);
    // One entry was in the journal before each publication.
    expect(links.map((link) => link?.journal?.sequence)).toEqual([1, 2, 3]);
    expect(await verifyChain(config, { dataDir, ...PLACE }, listPublicKeys(config))).toEqual([]);
  });

  test("a truncated manifest is not nothing published", () => {
    const { dataDir, folder } = copyData();
    writeFileSync(join(folder, "manifest.json"), '{ "zhengxin": "published mon');
    for (const choice of [{}, { period: "2018-06" }, { run: basename(folder) }]) {
      expect(() => findPublished(dataDir, "tiny", choice)).toThrow(
        /manifest\.json 已损坏或不完整。 The manifest\.json of .* is damaged or cut off\./,
      );
    }
    // May stands as it did.
    expect(findPublished(dataDir, "tiny", { period: "2018-05" })).toContain("2018-05");
  });

  test("whatever lies among publications without being one is named, be it an empty folder", async () => {
    const { config, dataDir, folder } = copyData();
    const published = join(dataDir, "published");
    const empty = ["other", "tiny/2018-07", "tiny/2018-06/0123456789abcdef"];
    for (const path of empty) mkdirSync(join(published, path), { recursive: true });
    writeFileSync(join(published, "tiny/2018-05/report.html"), "x");
    symlinkSync(folder, join(published, "tiny/2018-06/linked"));
    const said = await verifyChain(config, { dataDir, ...PLACE }, listPublicKeys(config));
    const places = said.map(({ en }) => / ?(published\/\S+) was not published/.exec(en)?.[1]);
    expect(places.sort()).toEqual(
      [...empty, "tiny/2018-05/report.html", "tiny/2018-06/linked"]
        .map((path) => `published/${path}`)
        .sort(),
    );
  });

  test("a month copied to another, and files swapped between months, are found", async () => {
    const { config, dataDir, folder } = copyData();
    const months = join(dataDir, "published", "tiny");
    cpSync(folder, join(months, "2018-07", basename(folder)), { recursive: true });
    const may = listPublished(dataDir, "tiny")[0]?.folder as string;
    for (const name of ["report.html", "manifest.sig"]) {
      const [one, other] = [join(may, name), join(folder, name)];
      const bytes = readFileSync(one);
      cpSync(other, one);
      writeFileSync(other, bytes);
    }
    const swapped = ["signature manifest.sig", "file report.html"];
    expect([await found(may), await found(folder)]).toEqual([swapped, swapped]);
    const said = await verifyChain(config, { dataDir, ...PLACE }, listPublicKeys(config));
    expect(said.map(({ en }) => en)).toEqual([
      expect.stringMatching(/^The manifest of the run .* of 2018-07 .* that of another run\.$/),
    ]);
  });

  test("a publication taken away, a link taken out and a link changed are found", async () => {
    const kinds = async (change: (dataDir: string) => void) => {
      const { config, dataDir } = copyData();
      change(dataDir);
      const said = await verifyChain(config, { dataDir, ...PLACE }, listPublicKeys(config));
      return said.map(({ en }) => en);
    };
    const edit = (edited: (lines: string[]) => string[]) => (dataDir: string) => {
      const file = chainFile(dataDir, "tiny");
      const lines = readFileSync(file, "utf8").trimEnd().split("\n");
      writeFileSync(file, `${edited(lines).join("\n")}\n`);
    };
    const gone = await kinds((dataDir) =>
      rmSync(findPublished(dataDir, "tiny", { period: "2018-05" }), { recursive: true }),
    );
    expect(gone).toEqual([expect.stringMatching(/^The run \w+ of 2018-05, .* is gone\./)]);
    expect(await kinds(edit(([first = "", , third = ""]) => [first, third]))).toEqual([
      expect.stringContaining("Line 2 of the chain"),
      expect.stringContaining("is not in the chain"),
    ]);
    expect(await kinds(edit(([first = "", second = ""]) => [first, second]))).toEqual([
      expect.stringContaining("is not in the chain"),
    ]);
    const changed = await kinds(
      edit((lines) =>
        lines.map((line) => line.replace('"sequence":3,"hash"', '"sequence":2,"hash"')),
      ),
    );
    expect(changed[0]).toContain("Line 3 of the chain");
  });

  test.each([
    ["another month", (dataDir: string) => findPublished(dataDir, "tiny", { period: "2018-06" })],
    ["an earlier run", (dataDir: string) => listPublished(dataDir, "tiny")[1]?.folder as string],
  ])("the whole sound folder of %s in the place of a month is found", async (_name, other) => {
    const { config, dataDir } = copyData();
    const place = listPublished(dataDir, "tiny")[0]?.folder as string;
    const copy = other(dataDir);
    rmSync(place, { recursive: true });
    cpSync(copy, place, { recursive: true });
    const said = await verifyChain(config, { dataDir, ...PLACE }, listPublicKeys(config));
    expect(said.map(({ en }) => en)).toEqual([
      expect.stringMatching(/of 2018-05 in .* is damaged, or that of another run/),
    ]);
  });

  test("what had no signature is signed as it lies, and not where it is not as its manifest says", async () => {
    const { config, dataDir, folder } = copyData();
    const may = findPublished(dataDir, "tiny", { period: "2018-05" });
    for (const one of [folder, may]) rmSync(join(one, "manifest.sig"));
    rmSync(chainFile(dataDir, "tiny"));
    writeFileSync(join(may, "report.html"), "another");
    const pipeline = findPipeline(workspace, "tiny");
    const signatures = [
      { period: "2018-05", run: basename(may), signed: false },
      { period: "2018-06", run: basename(folder), signed: true },
    ];
    expect(await signPublished(config, pipeline, { dryRun: true })).toEqual(signatures);
    expect(await found(folder)).toEqual(["signature manifest.sig"]);
    expect(await signPublished(config, pipeline, { dryRun: false })).toEqual(signatures);
    expect(await found(folder)).toEqual([]);
    expect(readChain(dataDir, "tiny").map(({ link }) => link?.run)).toEqual([basename(folder)]);
    expect(await found(may)).toEqual(["signature manifest.sig", "file report.html"]);
  });

  test("a journal that was written anew together with its head is found through the chain", async () => {
    const { config, dataDir } = copyData();
    expect((await verifyAudit(config, "tiny")).faults).toEqual([]);
    const places = auditPlaces(config, "tiny");
    const entries = readFileSync(places.journal, "utf8")
      .trimEnd()
      .split("\n")
      .map((line): AuditEntry => JSON.parse(line));
    let previous = "0".repeat(64);
    const forged = entries.map(({ hash, ...entry }) => {
      const sealed = sealEntry({ ...entry, actor: "somebody-else", previous });
      previous = sealed.hash;
      return sealed;
    });
    const text = `${forged.map((entry) => JSON.stringify(entry)).join("\n")}\n`;
    writeFileSync(places.journal, text);
    const head = { sequence: forged.length, hash: previous, bytes: Buffer.byteLength(text) };
    writeFileSync(places.head, `${JSON.stringify(head)}\n`);
    // By itself it is in order again.
    expect((await verifyAudit(config, "tiny")).faults).toEqual([]);
    const said = await verifyChain(config, { dataDir, ...PLACE }, listPublicKeys(config));
    expect(said.map(({ kind }) => kind)).toEqual(["journal", "journal", "journal"]);
  });

  test("the same question in another data folder of the office gives the same folder, signature too", async () => {
    const config = tinyConfig(workspace, makeFolder());
    const { context } = await runTiny(config, JUNE_CORRECTED);
    context.store.close();
    const again = findPublished(join(config.dataDir, "tiny"), "tiny");
    expect(Object.keys(await readPublished(again))).toContain("manifest.sig");
    expect(await readPublished(again)).toEqual(
      await readPublished(findPublished(join(made, "tiny"), "tiny")),
    );
  }, 600_000);

  test("rebuilding finds an edited manifest entry by entry, and says which definition has changed", async () => {
    const { config, dataDir, folder } = copyData();
    const file = join(folder, "manifest.json");
    const manifest = JSON.parse(readFileSync(file, "utf8"));
    manifest.inputs[2].rows += 1;
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
    const edited = await verifyPublished(config, { dataDir, folder }, WATCH);
    expect(edited).toMatchObject({ manifestOtherwise: ["inputs.2.rows"], causes: [] });
    const standards = join(workspace, "metrics", "standards");
    const standard = join(standards, readdirSync(standards)[0] as string);
    const text = readFileSync(standard, "utf8");
    appendFileSync(standard, "\n# changed since\n");
    try {
      const { causes } = await verifyPublished(config, { dataDir, folder }, WATCH);
      expect(causes).toHaveLength(1);
      expect(causes[0]?.zh).toMatch(/^评价标准 .* 在发布之后有变。$/);
      expect(causes[0]?.en).toMatch(/^The standard .* has changed since\.$/);
    } finally {
      writeFileSync(standard, text);
    }
  }, 600_000);
});

test("a key that is given by setting signs, and one that is none is refused with a sentence", async () => {
  const folder = makeFolder();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "office.pem");
  const pair = generateKeyPairSync("ed25519");
  writeFileSync(file, pair.privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  const config = { ...tinyConfig(workspace, makeFolder()), signingKey: file };
  (await runTiny(config, JUNE)).context.store.close();
  const [key] = listPublicKeys(config);
  expect(key?.key.equals(pair.publicKey)).toBe(true);
  const published = findPublished(join(config.dataDir, "tiny"), "tiny");
  expect((await checkFolder(published, key ? [key] : [])).findings).toEqual([]);
  writeFileSync(file, "no key at all");
  await expect(runTiny(config, { ...JUNE, period: "2018-05" })).rejects.toThrow(
    /签名密钥 .* 无法使用.*The signing key .* cannot be used/s,
  );
}, 600_000);
