import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const PROGRAM = join(import.meta.dirname, "..", "..", "src", "cli", "zhengxin.js");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "zhengxin-ocds-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function compile(name: string, content: string | Buffer) {
  const file = join(folder, name);
  writeFileSync(file, content);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [PROGRAM, "ocds", "compile", file],
    { encoding: "utf8" },
  );
  return { status, out: stdout, err: stderr };
}

const FIRST = { ocid: "o", id: "1", date: "2018-06-01", tag: ["tender"], tender: { id: "T" } };
const SECOND = { ocid: "o", id: "2", date: "2018-06-02", tag: ["award"], awards: [{ id: 1 }] };
const COMPILED = {
  tag: ["compiled"],
  id: "o-2018-06-02",
  date: "2018-06-02",
  ocid: "o",
  tender: { id: "T" },
  awards: [{ id: 1 }],
};

describe("zhengxin ocds compile", () => {
  test("prints one compiled release of a package, gzipped or not, and of JSON lines", () => {
    const pack = JSON.stringify({ version: "1.1", releases: [SECOND, FIRST] });
    const lines = `\ufeff${JSON.stringify(SECOND)}\r\n\n${JSON.stringify(FIRST)}\n`;
    const archive = Buffer.from(
      zipSync({
        "2.json": strToU8(JSON.stringify(SECOND)),
        "1.json": strToU8(JSON.stringify(FIRST)),
      }),
    );
    const list = JSON.stringify([SECOND, FIRST]);
    const packages = JSON.stringify([{ releases: [SECOND] }, { releases: [FIRST] }]);
    const whole = JSON.stringify({ ...FIRST, ...SECOND });
    const record = {
      ocid: "o",
      releases: [FIRST, SECOND],
      compiledRelease: {},
      versionedRelease: {},
    };
    const records = JSON.stringify({ version: "1.1", records: [record] });
    const old = JSON.stringify({ version: "1.0", releases: [SECOND, FIRST] });
    const forms = [pack, old, list, packages, whole, records, JSON.stringify(record)];
    for (const content of [...forms, gzipSync(pack), gzipSync(lines), lines, archive]) {
      const { status, out, err } = compile("releases", content);
      expect({ status, err, out: JSON.parse(out) }).toEqual({ status: 0, err: "", out: COMPILED });
    }
  });

  test("prints a list of several processes; what it passes over is told once a kind", () => {
    const linked = { url: "https://example.org" };
    const content = [FIRST, SECOND, { ...FIRST, ocid: "p" }, linked, linked, linked];
    const { status, out, err } = compile("several.json", JSON.stringify(content));
    expect(status).toBe(0);
    expect(JSON.parse(out).map(({ ocid }: { ocid: string }) => ocid)).toEqual(["o", "p"]);
    expect(err.trim().split("\n")).toHaveLength(2);
    expect(err).toMatch(/several\.json：有 3 条发布只给出链接[^\n]*第 4 项/);
    expect(err).toMatch(/several\.json: 3 release\(s\) are only linked to[^\n]*number 4\)/);
  });

  test.each<[string, string | Buffer, RegExp]>([
    [
      "no-json.zip",
      Buffer.from(zipSync({ "a.txt": strToU8("a") })),
      /压缩包中没有 JSON 文件[\s\S]*holds no JSON file/,
    ],
    [
      "cut.zip",
      Buffer.from(zipSync({ "a.json": strToU8(JSON.stringify(FIRST)) })).subarray(0, 60),
      /不完整[\s\S]*incomplete, damaged or encrypted/,
    ],
    [
      "no-json.json",
      '{\n"a": 1,,\n}',
      /no-json\.json: The file is not valid JSON; the problem is on line 2/,
    ],
    ["empty.json", "", /no release that can be used/],
    ["nothing.json", "[]", /no release that can be used/],
    ["broken.json.gz", gzipSync("{}").subarray(0, 12), /cannot be decompressed/],
    ["deep.json", "[".repeat(100_000) + "]".repeat(100_000), /nested more than \d+ levels deep/],
  ])("says in a sentence what is wrong with %s, and fails", (name, content, sentence) => {
    const { status, out, err } = compile(name, content);
    expect({ status, out }).toEqual({ status: 1, out: "" });
    expect(err).toMatch(sentence);
    expect(err).not.toMatch(/ at .*\.ts/);
  });

  test("of an archive what cannot be read is told by name, and the rest goes on; .json.gz in it is read", () => {
    const archive = zipSync({
      "a/1.json": strToU8(JSON.stringify(FIRST)),
      "a/2.json.gz": gzipSync(JSON.stringify(SECOND)),
      "a/bad.json": strToU8('{"ocid": "o",'),
      "a/cut.json.gz": gzipSync(JSON.stringify(SECOND)).subarray(0, 30),
      "a/latin.json": new Uint8Array([0x22, 0xe9, 0x22]),
    });
    const { status, out, err } = compile("some.zip", Buffer.from(archive));
    expect({ status, out: JSON.parse(out) }).toEqual({ status: 0, out: COMPILED });
    expect(err).toMatch(
      /the file "a\/bad\.json" in the archive was not read, the others were: The file is not valid JSON/,
    );
    expect(err).toMatch(/"a\/cut\.json\.gz"[^\n]*: It is incomplete, damaged/);
    expect(err).toMatch(/"a\/latin\.json"[^\n]*: It is not UTF-8 text/);
    expect(err.trim().split("\n")).toHaveLength(6);
  });

  test("a file of an archive whose bytes are damaged takes nothing from the others", () => {
    const bad = strToU8("x".repeat(40) + Array.from({ length: 400 }, (_, at) => at * 7919).join());
    const archive = Buffer.from(
      zipSync({ "1.json": strToU8(JSON.stringify([FIRST, SECOND])), "2.json": bad }),
    );
    const start = archive.indexOf("2.json") + 6;
    archive.fill(0xff, start + 4, start + 60);
    const { status, out, err } = compile("damaged.zip", archive);
    expect({ status, out: JSON.parse(out) }).toEqual({ status: 0, out: COMPILED });
    expect(err).toContain('the file "2.json" in the archive was not read');
  });

  test("one bad line among JSON Lines is passed over, be it the first", () => {
    const [first, second] = [FIRST, SECOND].map((each) => JSON.stringify(each));
    for (const lines of [
      [first, "{,", second],
      ['{"ocid": ', first, second],
    ]) {
      const { status, out, err } = compile("lines.jsonl", lines.join("\n"));
      expect({ status, out: JSON.parse(out) }).toEqual({ status: 0, out: COMPILED });
      expect(err).toContain("1 entry or entries are no release");
    }
  });

  test("is refused without a file", () => {
    expect(() =>
      execFileSync(process.execPath, [PROGRAM, "ocds", "compile"], { stdio: "pipe" }),
    ).toThrow(/missing required argument/);
  });
});
