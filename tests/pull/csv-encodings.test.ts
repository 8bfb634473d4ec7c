import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { makeFixture } from "./pull-fixture.ts";

// Bytes from the code tables of GB 18030: two bytes each, four for U+20000.
const GB = {
  编号: [0xb1, 0xe0, 0xba, 0xc5],
  名称: [0xc3, 0xfb, 0xb3, 0xc6],
  甲: [0xbc, 0xd7],
  乙: [0xd2, 0xd2],
  𠀀: [0x95, 0x32, 0x82, 0x36],
};
const ascii = (text: string) => [...Buffer.from(text, "latin1")];
const TEXT = "编号,名称\r\n1,甲\r\n2,乙𠀀\r\n";
const ROWS = [
  { _line: 2, 编号: "1", 名称: "甲" },
  { _line: 3, 编号: "2", 名称: "乙𠀀" },
];
const gb18030 = Buffer.from([
  ...GB.编号,
  ...ascii(","),
  ...GB.名称,
  ...ascii("\r\n1,"),
  ...GB.甲,
  ...ascii("\r\n2,"),
  ...GB.乙,
  ...GB.𠀀,
  ...ascii("\r\n"),
]);
const utf16le = Buffer.from(`\ufeff${TEXT}`, "utf16le");
const utf16be = Buffer.from(utf16le).swap16();
const utf8 = Buffer.from(TEXT);
const marked = Buffer.from(`\ufeff${TEXT}`);

describe("the same table in every encoding, plain and compressed, gives the same rows", () => {
  test.each([
    ["utf-8", utf8],
    ["utf-8", marked],
    ["gb18030", gb18030],
    ["utf-16", utf16le],
    ["utf-16", utf16be],
  ] as const)("%s %#", async (encoding, bytes) => {
    for (const content of [bytes, gzipSync(bytes)]) {
      const fixture = await makeFixture({ encoding });
      fixture.write("a.csv", content);
      const outcome = await fixture.pull();
      expect(await fixture.rows()).toEqual(ROWS);
      expect(outcome.counts).toMatchObject({ new: 1, rows: 2, unreadable: 0, refused: 0 });
    }
  });
});

test("every encoding is also read by the exact path, where a field holds a line break", async () => {
  for (const [encoding, bytes] of [
    ["utf-8", Buffer.from('编号,名称\n1,"甲\n乙"\n2,甲\n')],
    ["utf-16", Buffer.from('\ufeff编号,名称\n1,"甲\n乙"\n2,甲\n', "utf16le").swap16()],
    [
      "gb18030",
      Buffer.from([
        ...[...GB.编号, ...ascii(","), ...GB.名称, ...ascii('\n1,"')],
        ...[...GB.甲, ...ascii("\n"), ...GB.乙, ...ascii('"\n2,'), ...GB.甲],
      ]),
    ],
  ] as const) {
    const fixture = await makeFixture({ encoding });
    fixture.write("a.csv", bytes);
    await fixture.pull();
    expect(await fixture.rows()).toEqual([
      { _line: 2, 编号: "1", 名称: "甲\n乙" },
      { _line: 4, 编号: "2", 名称: "甲" },
    ]);
  }
});

test("a byte order mark decides, whatever the source file says", async () => {
  const fixture = await makeFixture({ encoding: "gb18030" });
  fixture.write("a.csv", marked);
  fixture.write("b.csv", utf16be);
  await fixture.pull();
  expect(await fixture.rows()).toEqual([...ROWS, ...ROWS]);
});

test("a line whose bytes are not of the encoding is set aside, the others are kept", async () => {
  const gb = await makeFixture({ encoding: "gb18030" });
  // 0xFF begins no character; 0xB0 before the line end is half a character.
  gb.write(
    "a.csv",
    Buffer.from([...ascii("id,t\n1,a\n2,"), 0xff, ...ascii("\n3,"), 0xb0, ...ascii("\n4,d\n")]),
  );
  await gb.pull();
  expect(await gb.rows()).toEqual([
    { _line: 2, id: "1", t: "a" },
    { _line: 5, id: "4", t: "d" },
  ]);
  expect((await gb.quarantined()).map(({ line, reason }) => [line, reason])).toEqual([
    [3, "unreadable"],
    [4, "unreadable"],
  ]);

  const utf16 = await makeFixture({ encoding: "utf-16" });
  // A lone half of a surrogate pair on line 3.
  utf16.write("a.csv", Buffer.from("\ufeffid,t\n1,a\n2,\ud800\n3,c\n", "utf16le"));
  await utf16.pull();
  expect(await utf16.rows("id")).toEqual([{ id: "1" }, { id: "3" }]);
  const [bad] = await utf16.quarantined();
  expect(bad).toMatchObject({ line: 3, value: "2,\ufffd" });
  expect(bad?.message_en).toContain("utf-16le");
});

test("a header in another encoding refuses the file and says which one it may be", async () => {
  const fixture = await makeFixture({ encoding: "utf-8" });
  fixture.write("a.csv", gb18030);
  const outcome = await fixture.pull();
  const [file] = await fixture.files();
  expect(file?.refused_because).toContain("gb18030");
  expect(file).toMatchObject({ row_count: 0, parquet_path: "" });
  expect(outcome.counts).toMatchObject({ refused: 1, rows: 0 });
});

test("UTF-16 without a byte order mark is refused rather than guessed", async () => {
  const fixture = await makeFixture({ encoding: "utf-16" });
  fixture.write("a.csv", Buffer.from("id\n1\n", "utf16le"));
  await fixture.pull();
  expect((await fixture.files())[0]?.refused_because).toContain("byte order mark");
});

test("a truncated, a damaged and a pretended gzip file are refused as a whole", async () => {
  const fixture = await makeFixture();
  const whole = gzipSync(`id,t\n${"1,abcdefgh\n".repeat(5000)}`);
  const damaged = Buffer.from(whole);
  damaged[whole.length - 6] = (damaged[whole.length - 6] as number) ^ 0xff;
  fixture.write("a.csv.gz", whole.subarray(0, whole.length - 12));
  fixture.write("b.csv.gz", damaged);
  fixture.write("c.csv.gz", "id,t\n1,a\n");
  fixture.write("d.csv.gz", gzipSync("id,t\n7,g\n"));
  const outcome = await fixture.pull();
  expect(outcome.counts).toMatchObject({ new: 4, refused: 3, rows: 1 });
  expect(await fixture.rows()).toEqual([{ _line: 2, id: "7", t: "g" }]);
  const [a, b, c] = await fixture.files();
  expect(a?.refused_because).toContain("incomplete or damaged");
  expect(b?.refused_because).toContain("incomplete or damaged");
  expect(c?.refused_because).toContain("no gzip data");
});

test("compression is known by its first bytes, whatever the name", async () => {
  const fixture = await makeFixture();
  fixture.write("a.csv", Buffer.concat([gzipSync("id\n1\n"), gzipSync("2\n")]));
  await fixture.pull();
  expect(await fixture.rows("id")).toEqual([{ id: "1" }, { id: "2" }]);
});
