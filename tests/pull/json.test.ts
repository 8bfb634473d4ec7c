import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { makeFixture } from "./pull-fixture.ts";

async function read(
  content: string | Uint8Array,
  format: Parameters<typeof makeFixture>[0],
  source: Parameters<typeof makeFixture>[1] = {},
) {
  const fixture = await makeFixture(format, source);
  fixture.write("a.json", content);
  await fixture.pull();
  const rows = await fixture.rows();
  return {
    text: rows.map(({ _line, json }) => [_line, json]),
    rows: rows.map(({ _line, json }) => [_line, JSON.parse(String(json))]),
    bad: (await fixture.quarantined()).map(({ line, value }) => [line, value]),
    messages: (await fixture.quarantined()).map(({ message_en }) => message_en),
    refused: String((await fixture.files())[0]?.refused_because),
  };
}

describe("JSON lines", () => {
  test("keep their text as it is, with the line of the file; empty lines are passed over", async () => {
    const { text, bad } = await read(
      '{"id": 12345678901234567890, "a": 1.50, "t": "说\\"\\n"}\r\n\n  {"id":2}  \n',
      { type: "ndjson" },
    );
    expect(text).toEqual([
      [1, '{"id": 12345678901234567890, "a": 1.50, "t": "说\\"\\n"}'],
      [3, '{"id":2}'],
    ]);
    expect(bad).toEqual([]);
  });

  test("that cannot be read are set aside, the others are kept", async () => {
    const { rows, bad, messages } = await read(
      Buffer.concat([
        Buffer.from('{"id":1}\n{"id":\n[1]\nnull\n{"name":"张三"} x\n{"id":"'),
        Buffer.from([0xff]),
        Buffer.from('"}\n{"id":7}\n'),
      ]),
      { type: "ndjson" },
    );
    expect(rows).toEqual([
      [1, { id: 1 }],
      [7, { id: 7 }],
    ]);
    expect(bad.map(([line]) => line)).toEqual([2, 3, 4, 5, 6]);
    expect(messages[0]).toMatch(/^Line 2 is not valid JSON/);
    expect(messages[1]).toContain("Record 3 is not a JSON object");
    expect(messages.join(" ")).not.toContain("张三");
    expect(messages[4]).toContain("utf-8");
  });

  test("that escape half a surrogate pair are set aside: no database takes them as text", async () => {
    const { rows, bad } = await read(
      '{"a":"\\ud800"}\n{"a":"\\ud83d\\ude00"}\n{"a":"\\\\ud800"}\n',
      { type: "ndjson" },
    );
    expect(rows).toEqual([
      [2, { a: "😀" }],
      [3, { a: "\\ud800" }],
    ]);
    expect(bad).toEqual([[1, '{"a":"\\ud800"}']]);
    const document = await read('[{"a":"\\udfff"},{"a":"b"}]', { type: "json" });
    expect(document.rows).toEqual([[2, { a: "b" }]]);
  });

  test("compressed, and in GB 18030", async () => {
    const zipped = await read(gzipSync('{"id":1}\n{"id":2}'), { type: "ndjson" });
    expect(zipped.rows).toEqual([
      [1, { id: 1 }],
      [2, { id: 2 }],
    ]);
    const gb = await read(Buffer.from([0x7b, 0x22, 0xbc, 0xd7, 0x22, 0x3a, 0x31, 0x7d]), {
      type: "ndjson",
      encoding: "gb18030",
    });
    expect(gb.rows).toEqual([[1, { 甲: 1 }]]);
  });

  test("with nested arrays give one row per element, all with the line of the file", async () => {
    const { rows } = await read(
      '{"ocid":"a","contracts":[{"id":1},{"id":2}]}\n{"ocid":"b"}\n{"ocid":"c","contracts":{"id":3}}\n',
      { type: "ndjson", records: ["contracts"] },
    );
    expect(rows).toEqual([
      [1, { ocid: "a", contracts: { id: 1 } }],
      [1, { ocid: "a", contracts: { id: 2 } }],
      [3, { ocid: "c", contracts: { id: 3 } }],
    ]);
  });
});

describe("a JSON document", () => {
  test("that is an array has its elements as records, numbered", async () => {
    const { rows, bad } = await read('[{"id":1},\n7,\n{"id":3}]', { type: "json" });
    expect(rows).toEqual([
      [1, { id: 1 }],
      [3, { id: 3 }],
    ]);
    expect(bad).toEqual([[2, "7"]]);
  });

  test("that is an object is one record, or holds a list of them", async () => {
    expect((await read('{"id":1}', { type: "json" })).rows).toEqual([[1, { id: 1 }]]);
    const listed = await read('{"on":"2018-06-30","id":0,"data":[{"id":1},{"id":2}]}', {
      type: "json",
      records: ["data"],
    });
    expect(listed.rows).toEqual([
      [1, { on: "2018-06-30", id: 1 }],
      [2, { on: "2018-06-30", id: 2 }],
    ]);
  });

  test("of OCDS releases is walked down to the contracts", async () => {
    const { rows } = await read(
      JSON.stringify({
        uri: "x",
        releases: [
          {
            ocid: "ocds-1",
            buyer: { id: "370202" },
            contracts: [
              { id: "c1", dateSigned: "2018-01-05", value: { amount: 10.5 } },
              { id: "c2" },
            ],
          },
          { ocid: "ocds-2", contracts: [] },
          { ocid: "ocds-3" },
        ],
      }),
      { type: "json", records: ["releases", "contracts"] },
    );
    const shared = { uri: "x", ocid: "ocds-1", buyer: { id: "370202" } };
    expect(rows).toEqual([
      [
        1,
        { ...shared, contracts: { id: "c1", dateSigned: "2018-01-05", value: { amount: 10.5 } } },
      ],
      [2, { ...shared, contracts: { id: "c2" } }],
    ]);
  });

  test("is walked through two inner arrays, each under its own name", async () => {
    const { rows } = await read('[{"a":1,"b":[{"c":2,"d":[{"e":3},{"e":4}]}]}]', {
      type: "json",
      records: ["b", "d"],
    });
    expect(rows).toEqual([
      [1, { a: 1, b: { c: 2 }, d: { e: 3 } }],
      [2, { a: 1, b: { c: 2 }, d: { e: 4 } }],
    ]);
  });

  test("keeps the digits of long numbers, as text", async () => {
    const { rows } = await read(
      '[{"id":123456789012345678,"t":"no: 123456789012345678","a":12345678901234.25,"n":-1.5e-7}]',
      { type: "json" },
    );
    expect(rows).toEqual([
      [
        1,
        {
          id: "123456789012345678",
          t: "no: 123456789012345678",
          a: "12345678901234.25",
          n: -1.5e-7,
        },
      ],
    ]);
  });

  test("that is not JSON is refused with the line", async () => {
    const { refused } = await read('[\n {"id": 1},\n {"id": 张三}\n]', { type: "json" });
    expect(refused).toContain("第 3 行");
    expect(refused).toContain("on line 3");
    const ended = await read('[\n {"id": 1},\n {"id": 2}\n', { type: "json" });
    expect(ended.refused).toContain("on line 4");
  });

  test("without the list that the source names is refused; an empty file has no rows", async () => {
    const { refused } = await read('{"release":[]}', { type: "json", records: ["releases"] });
    expect(refused).toContain('no array named "releases"');
    const empty = await read("", { type: "json" });
    expect([empty.rows, empty.refused]).toEqual([[], "null"]);
  });
});
