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
    ["no-json.json", '{\n"a": 1,,\n}', /neither valid JSON nor JSON Lines/],
    ["empty.json", "", /neither valid JSON nor JSON Lines/],
    ["nothing.json", "[]", /no release that can be used/],
    ["broken.json.gz", gzipSync("{}").subarray(0, 12), /cannot be decompressed/],
    ["deep.json", "[".repeat(100_000) + "]".repeat(100_000), /nested too deep/],
  ])("says in a sentence what is wrong with %s, and fails", (name, content, sentence) => {
    const { status, out, err } = compile(name, content);
    expect({ status, out }).toEqual({ status: 1, out: "" });
    expect(err).toMatch(sentence);
    expect(err).not.toMatch(/ at .*\.ts/);
  });

  test("is refused without a file", () => {
    expect(() =>
      execFileSync(process.execPath, [PROGRAM, "ocds", "compile"], { stdio: "pipe" }),
    ).toThrow(/missing required argument/);
  });
});
