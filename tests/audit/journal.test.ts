import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { appendAudit, auditPlaces } from "../../src/audit/append.ts";
import { readAudit, verifyAudit } from "../../src/audit/verify-audit.ts";

function makeJournal() {
  const config = { dataDir: mkdtempSync(join(tmpdir(), "audit-")), actor: "credit-office" };
  const { journal, head } = auditPlaces(config, "tiny");
  const kinds = async () => (await verifyAudit(config, "tiny")).faults.map(({ kind }) => kind);
  const edit = (change: (lines: string[]) => string[]) => {
    const lines = readFileSync(journal, "utf8").trimEnd().split("\n");
    writeFileSync(journal, `${change(lines).join("\n")}\n`);
  };
  const note = (target: string) =>
    appendAudit(config, { jurisdiction: "tiny", action: "record.lookup", target });
  return { config, journal, head, kinds, edit, note };
}

test("a line's hash is SHA-256 over its keys in order, as anybody can work it out", async () => {
  const { journal, note } = makeJournal();
  await note("370215");
  const { hash, ...rest } = JSON.parse(readFileSync(journal, "utf8"));
  const text = `{"action":"record.lookup","actor":"credit-office","detail":{},"previous":"${"0".repeat(64)}","role":"console","sequence":1,"target":"370215","time":"${rest.time}"}`;
  expect(hash).toBe(createHash("sha256").update(text).digest("hex"));
});

test.each<[string, (lines: string[]) => string[], string[]]>([
  ["nothing", (lines) => lines, []],
  [
    "a word changed",
    (l) => l.map((x, at) => (at === 2 ? x.replace("370215-2", "370215-9") : x)),
    ["altered"],
  ],
  ["a line taken out", (lines) => lines.filter((_, at) => at !== 2), ["missing"]],
  [
    "two lines swapped",
    ([a, b, c, ...rest]) => [a, c, b, ...rest] as string[],
    ["missing", "out-of-order", "missing"],
  ],
  ["the tail cut off", (lines) => lines.slice(0, -2), ["cut"]],
  ["the first line taken off", (lines) => lines.slice(1), ["missing"]],
  [
    "a line made unreadable",
    (l) => l.map((x, at) => (at === 1 ? x.slice(3) : x)),
    ["unreadable", "missing"],
  ],
])("verify finds %s", async (_, change, found) => {
  const { edit, kinds, note } = makeJournal();
  for (let at = 0; at < 6; at++) await note(`370215-${at}`);
  expect(await kinds()).toEqual([]);
  edit(change);
  expect(await kinds()).toEqual(found);
});

test("a line changed together with its own hash breaks the chain to the next", async () => {
  const { edit, kinds, note, config } = makeJournal();
  for (let at = 0; at < 3; at++) await note("x");
  const forged = await appendAudit(
    { dataDir: mkdtempSync(join(tmpdir(), "audit-")) },
    { jurisdiction: "tiny", action: "none", target: "y" },
  );
  edit(([_, ...rest]) => [JSON.stringify(forged), ...rest]);
  expect(await kinds()).toEqual(["altered"]);
  const noted = { sequence: 2, hash: "0".repeat(64) };
  expect((await verifyAudit(config, "tiny", noted)).faults).toHaveLength(2);
});

test("what was tampered with stays visible after more was written", async () => {
  const { edit, kinds, note } = makeJournal();
  for (let at = 0; at < 4; at++) await note("x");
  edit((lines) => lines.slice(0, 2));
  await note("y");
  expect(await kinds()).toEqual(["missing"]);
});

test("half a line that a crash left is taken off; a whole one the head had not reached is kept", async () => {
  const { journal, head, kinds, note, config } = makeJournal();
  await note("a");
  appendFileSync(journal, '{"sequence":2,"ti');
  await note("b");
  const before = readFileSync(head);
  await note("c");
  writeFileSync(head, before);
  expect(await kinds()).toEqual([]);
  await note("d");
  expect(await kinds()).toEqual([]);
  const targets: string[] = [];
  for await (const { target } of readAudit(config, "tiny")) targets.push(target);
  expect(targets).toEqual(["a", "b", "c", "d"]);
  rmSync(head);
  expect(await kinds()).toEqual(["unknown-head"]);
});

test("what cannot be written down whole, as on a full disk, is not in the journal; several lines the head had not reached are kept", async () => {
  const { head, kinds, note, config } = makeJournal();
  await note("a");
  // Nothing can be written under a name that a folder has.
  mkdirSync(`${head}.next`);
  for (const target of ["x", "y", "z"]) await expect(note(target)).rejects.toThrow();
  expect(await kinds()).toEqual([]);
  rmdirSync(`${head}.next`);
  await note("b");
  const before = readFileSync(head);
  await note("c");
  await note("d");
  writeFileSync(head, before);
  await note("e");
  expect(await kinds()).toEqual([]);
  const targets: string[] = [];
  for await (const { target } of readAudit(config, "tiny")) targets.push(target);
  expect(targets).toEqual(["a", "b", "c", "d", "e"]);
});

test("numbers of persons are masked wherever they stand; codes of bodies are not", async () => {
  const { config, journal } = makeJournal();
  await appendAudit(config, {
    jurisdiction: "tiny",
    action: "record.lookup",
    target: "37020219800101123X",
    detail: { asked: "13812345678", code: "11370203HC0020121N", list: "a".repeat(64) },
  });
  const { target, detail } = JSON.parse(readFileSync(journal, "utf8"));
  expect(target).toBe("***");
  expect(detail).toEqual({ asked: "***", code: "11370203HC0020121N", list: "a".repeat(64) });
});

test("four processes that append at once leave one unbroken chain", async () => {
  const { config, kinds } = makeJournal();
  const script = `import { appendAudit } from ${JSON.stringify(join(import.meta.dirname, "../../src/audit/append.ts"))};
    for (let at = 0; at < 15; at++) await appendAudit({ dataDir: process.argv[1] }, { jurisdiction: "tiny", action: "test", target: String(at) });`;
  const runs = [1, 2, 3, 4].map(
    () =>
      new Promise<number | null>((done) => {
        const child = spawn(
          process.execPath,
          ["--import", "tsx", "--input-type=module", "-e", script, config.dataDir],
          { stdio: ["ignore", "inherit", "inherit"], cwd: join(import.meta.dirname, "../..") },
        );
        child.on("exit", done);
      }),
  );
  expect(await Promise.all(runs)).toEqual([0, 0, 0, 0]);
  expect((await verifyAudit(config, "tiny")).entries).toBe(60);
  expect(await kinds()).toEqual([]);
});

test("a journal that has grown long goes on in another file, and its chain through all of them", async () => {
  const { config, journal, kinds } = makeJournal();
  const note = (target: string) =>
    appendAudit(config, { jurisdiction: "tiny", action: "record.lookup", target }, 500);
  for (let at = 1; at <= 8; at++) await note(`37021${at}`);
  const folder = join(journal, "..");
  const closed = readdirSync(folder).filter((name) => /^journal-/.test(name));
  // Lines are of some 300 bytes: two of them are more than 500.
  expect(closed.sort()).toEqual(["journal-1-2.ndjson", "journal-3-4.ndjson", "journal-5-6.ndjson"]);
  const targets: string[] = [];
  for await (const { target } of readAudit(config, "tiny")) targets.push(target);
  expect(targets).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((at) => `37021${at}`));
  expect((await verifyAudit(config, "tiny")).entries).toBe(8);
  expect(await kinds()).toEqual([]);
  // A word changed in a closed one, the last file or a middle one gone: all are found.
  const middle = join(folder, "journal-3-4.ndjson");
  const text = readFileSync(middle, "utf8");
  writeFileSync(middle, text.replace("370213", "370219"));
  expect(await kinds()).toEqual(["altered"]);
  rmSync(middle);
  expect(await kinds()).toEqual(["missing"]);
  writeFileSync(middle, text);
  const last = readFileSync(journal);
  rmSync(journal);
  expect(await kinds()).toEqual(["cut"]);
  writeFileSync(journal, last);
  expect(await kinds()).toEqual([]);
});
