import { describe, expect, test } from "vitest";
import { readExactJson } from "../../src/exact-json.ts";
import { type CompiledProcess, compileReleases } from "../../src/ocds/compile-releases.ts";
import { readReleases } from "../../src/ocds/read-releases.ts";
import type { Release } from "../../src/ocds/release.ts";
import { writeJson } from "../../src/ocds/write-json.ts";

/** Compiles what releases of one process say, a day after the other; the fields of every release are left out. */
function compile(contents: readonly object[], version = "1.1") {
  const releases = contents.map((content, at) => ({
    ocid: "o",
    id: String(at),
    date: `2018-06-${String(at + 1).padStart(2, "0")}`,
    version,
    ...content,
  }));
  const [process] = compileReleases(readReleases([releases]).releases).processes;
  const { tag, id, date, ocid, version: _, ...rest } = last(process);
  expect({ tag, ocid, id }).toEqual({ tag: ["compiled"], ocid: "o", id: `o-${date}` });
  return JSON.parse(writeJson(rest));
}

function last(process: CompiledProcess<Release> | undefined) {
  return process?.states.at(-1)?.release ?? {};
}

// Expected values follow from the sentences of the standard's page "Merging" (1.1), by hand.
describe("the standard's merge", () => {
  test.each<[string, object[], object]>([
    ["a literal is replaced", [{ a: 1 }, { a: 2 }], { a: 2 }],
    ["what is absent stays", [{ a: 1, b: 1 }, { b: 2 }], { a: 1, b: 2 }],
    [
      "objects are merged field by field",
      [{ tender: { value: { amount: 1, currency: "CNY" } } }, { tender: { value: { amount: 2 } } }],
      { tender: { value: { amount: 2, currency: "CNY" } } },
    ],
    [
      "null deletes a literal",
      [{ tender: { id: "A", title: "t" } }, { tender: { title: null } }],
      { tender: { id: "A" } },
    ],
    [
      "null deletes an object whole",
      [{ tender: { id: "A" } }, { tender: null }, { tender: { title: "t" } }],
      { tender: { title: "t" } },
    ],
    [
      "null deletes a list whole",
      [{ awards: [{ id: 1, a: 1 }] }, { awards: null }, { awards: [{ id: 1, b: 1 }] }],
      { awards: [{ id: 1, b: 1 }] },
    ],
    [
      "a null in the first release is left out",
      [{ tender: { id: "A", title: null } }],
      { tender: { id: "A" } },
    ],
    [
      "of an object whose last field was deleted nothing is left",
      [
        { tender: { title: "t", value: { amount: 1 } } },
        { tender: { title: null, value: { amount: null } } },
      ],
      {},
    ],
    [
      "a deletion of what is not there leaves no empty object",
      [{ a: 1, tender: { value: { amount: null } } }],
      { a: 1 },
    ],
    [
      "an empty object does nothing",
      [{ planning: { rationale: "r" } }, { planning: {} }],
      { planning: { rationale: "r" } },
    ],
    [
      "an empty object alone is nothing, nor is what holds only such",
      [{ planning: { budget: {} } }],
      {},
    ],
    [
      "an empty list merged by identifier does nothing",
      [{ awards: [{ id: 1 }] }, { awards: [] }],
      { awards: [{ id: 1 }] },
    ],
    [
      "an empty list taken whole replaces",
      [
        { parties: [{ id: 1, additionalIdentifiers: [{ id: 2 }] }] },
        { parties: [{ id: 1, additionalIdentifiers: [] }] },
      ],
      { parties: [{ id: 1, additionalIdentifiers: [] }] },
    ],
    [
      "objects of one id are merged in the place of the first, others follow",
      [{ awards: [{ id: "1", a: 1 }, { id: "2" }] }, { awards: [{ id: "3" }, { id: "1", b: 2 }] }],
      { awards: [{ id: "1", a: 1, b: 2 }, { id: "2" }, { id: "3" }] },
    ],
    [
      '1 and "1" are one id, written as it first was',
      [{ awards: [{ id: 1, a: 1 }] }, { awards: [{ id: "1", b: 1 }] }],
      { awards: [{ id: 1, a: 1, b: 1 }] },
    ],
    [
      "an id twice in one release is one object, later fields hold",
      [
        {
          awards: [
            { id: 1, a: 1, b: 1 },
            { id: 1, a: 2 },
          ],
        },
      ],
      { awards: [{ id: 1, a: 2, b: 1 }] },
    ],
    [
      "lists in lists are merged by identifier",
      [
        { contracts: [{ id: 1, items: [{ id: 1, q: 1 }] }] },
        { contracts: [{ id: 1, items: [{ id: 2 }, { id: 1, q: 2 }] }] },
      ],
      { contracts: [{ id: 1, items: [{ id: 1, q: 2 }, { id: 2 }] }] },
    ],
    [
      "a field of an entry is deleted",
      [{ awards: [{ id: 1, a: 1, b: 1 }] }, { awards: [{ id: 1, a: null }] }],
      { awards: [{ id: 1, b: 1 }] },
    ],
    [
      "a list of texts is taken whole",
      [{ tender: { submissionMethod: ["a", "b"] } }, { tender: { submissionMethod: ["c"] } }],
      { tender: { submissionMethod: ["c"] } },
    ],
    [
      "the schema says whole list",
      [
        { tender: { items: [{ id: 1, additionalClassifications: [{ id: 1, a: 1 }, { id: 2 }] }] } },
        { tender: { items: [{ id: 1, additionalClassifications: [{ id: 1 }] }] } },
      ],
      { tender: { items: [{ id: 1, additionalClassifications: [{ id: 1 }] }] } },
    ],
    [
      "entries without any id: whole list",
      [{ awards: [{ id: 1 }] }, { awards: [{ title: "s" }, { title: "t" }] }],
      { awards: [{ title: "s" }, { title: "t" }] },
    ],
    [
      "an entry without id among others: added, as the standard's page says, and once though it is sent again",
      [
        { awards: [{ id: 1 }, { title: "s" }] },
        { awards: [{ id: 2 }, { title: "s" }, { title: "t" }, { title: "t" }] },
      ],
      { awards: [{ id: 1 }, { title: "s" }, { id: 2 }, { title: "t" }, { title: "t" }] },
    ],
    [
      "an entry that is no object: whole list, nulls too",
      [{ x: [{ id: 1 }] }, { x: [{ id: 2 }, null] }],
      { x: [{ id: 2 }, null] },
    ],
    [
      "inside what is taken whole nothing is touched",
      [{ x: [{ a: null, b: {}, c: [] }] }],
      { x: [{ a: null, b: {}, c: [] }] },
    ],
    [
      "entries with ids follow those without",
      [{ x: [{ a: 1 }] }, { x: [{ id: 1 }] }],
      { x: [{ a: 1 }, { id: 1 }] },
    ],
    [
      "an extension's list follows the default",
      [{ bids: { details: [{ id: 1, a: 1 }] } }, { bids: { details: [{ id: 1, b: 1 }] } }],
      { bids: { details: [{ id: 1, a: 1, b: 1 }] } },
    ],
    [
      "an object gives way to a literal and back",
      [{ x: { a: 1 } }, { x: "t" }, { x: { b: 1 } }],
      { x: { b: 1 } },
    ],
    [
      "a list gives way to an object and back",
      [{ x: [{ id: 1 }] }, { x: { a: 1 } }, { x: [{ id: 2 }] }],
      { x: [{ id: 2 }] },
    ],
    [
      "a list of texts gives way to objects",
      [{ x: ["a"] }, { x: [{ id: 1 }] }],
      { x: [{ id: 1 }] },
    ],
    [
      "an id that stands in no list is a field like others",
      [
        { tender: { id: "A", items: [{ id: 1, unit: { id: "EA", name: "Each" } }] } },
        { tender: { id: "B", items: [{ id: 1, unit: { id: "TNE" } }] } },
      ],
      { tender: { id: "B", items: [{ id: 1, unit: { id: "TNE", name: "Each" } }] } },
    ],
    [
      "tag, date and id of releases are none of the process",
      [
        { tag: ["tender"], language: "es" },
        { tag: ["award"], language: "en" },
      ],
      { language: "en" },
    ],
    [
      "a key may have any name",
      [
        JSON.parse('{"x": {"__proto__": {"a": 1}, "constructor": 1}}'),
        JSON.parse('{"x": {"__proto__": {"b": 2}}}'),
      ],
      JSON.parse('{"x": {"__proto__": {"a": 1, "b": 2}, "constructor": 1}}'),
    ],
  ])("%s", (_, releases, expected) => {
    expect(JSON.stringify(compile(releases))).toBe(JSON.stringify(expected));
  });

  test("1.0 takes suppliers whole and merges classifications; 1.1 the other way round", () => {
    const award = (supplier: string, a: object) => ({
      awards: [
        {
          id: 1,
          suppliers: [{ id: supplier }],
          items: [{ id: 1, additionalClassifications: [a] }],
        },
      ],
    });
    const releases = [award("s", { id: "c" }), award("t", { id: "d" })];
    const result = (version: string) => {
      const [{ suppliers, items }] = compile(releases, version).awards;
      return [suppliers.length, items[0].additionalClassifications.length];
    };
    expect(result("1.0")).toEqual([1, 2]);
    expect(result("1.1")).toEqual([2, 1]);
  });
});

const release = (ocid: string, id: string, date: string, more: object = {}) => ({
  ocid,
  id,
  date,
  ...more,
});

describe("the order of releases", () => {
  test("is that of their moments, whatever zone they are written in", () => {
    const given = [
      release("o", "2", "2018-06-01T01:00:00+08:00", { a: "early" }),
      release("o", "1", "2018-05-31T18:00:00Z", { a: "late" }),
      release("o", "0", "2018-05-31T18:00:00.0000001Z", { b: "latest" }),
    ];
    const [process] = compileReleases(readReleases([given]).releases).processes;
    expect(process?.states.map(({ by }) => [by.date, by.place - 1])).toEqual([
      ["2018-06-01T01:00:00+08:00", 0],
      ["2018-05-31T18:00:00Z", 1],
      ["2018-05-31T18:00:00.0000001Z", 2],
    ]);
    expect(last(process)).toMatchObject({ a: "late", b: "latest" });
  });

  test("is that in which they are given where their moment is one; then they make one state", () => {
    const given = [
      release("o", "b", "2018-06-01T00:00:00Z", { a: 1, b: 1 }),
      release("o", "a", "2018-06-01T08:00:00+08:00", { a: 2 }),
    ];
    const [process] = compileReleases(readReleases([given]).releases).processes;
    expect(process?.states.length).toBe(1);
    expect(last(process)).toMatchObject({ a: 2, b: 1 });
  });

  test("an id and a date twice with other content is a conflict and told, with the same content no news", () => {
    const given = [
      release("o", "a", "2018-06-01", { a: 1, b: [1, 2] }),
      release("o", "a", "2018-06-01T00:00:00Z", { a: 2 }),
      release("o", "a", "2018-06-01", { b: [1, 2], a: 1 }),
      release("p", "a", "2018-06-01", { a: 3 }),
    ];
    const { faults, processes } = compileReleases(readReleases([given]).releases);
    expect(faults).toMatchObject([
      { kind: "contradicting", place: 2 },
      { kind: "repeated", place: 3 },
    ]);
    expect(processes.map(({ ocid }) => ocid)).toEqual(["o", "p"]);
  });

  test("states leave those before them as they were", () => {
    const given = [
      release("o", "a", "2018-06-01", { awards: [{ id: 1, x: { y: 1 } }] }),
      release("o", "b", "2018-06-02", { awards: [{ id: 1, x: { y: 2, z: 3 } }, { id: 2 }] }),
    ];
    const [process] = compileReleases(readReleases([given]).releases).processes;
    expect(process?.states.map(({ release }) => JSON.stringify(release.awards))).toEqual([
      '[{"id":1,"x":{"y":1}}]',
      '[{"id":1,"x":{"y":2,"z":3}},{"id":2}]',
    ]);
  });
});

describe("what publishers send", () => {
  const one = release("o", "1", "2018-06-01", { tag: ["tender"] });
  const other = release("p", "2", "2018-06-02", { tag: ["award"] });

  test.each<[string, unknown[]]>([
    ["a release package", [{ version: "1.1", releases: [one, other] }]],
    ["a list of releases", [[one, other]]],
    ["JSON lines of releases", [one, other]],
    ["a list of packages", [[{ releases: [one] }, { releases: [other] }]]],
    [
      "a record package with embedded releases",
      [
        {
          records: [
            {
              ocid: "o",
              releases: [one],
              compiledRelease: { ocid: "o", date: "2019-01-01" },
              versionedRelease: {},
            },
            { ocid: "p", releases: [other] },
          ],
        },
      ],
    ],
    [
      "records",
      [
        { ocid: "o", releases: [one] },
        { ocid: "p", releases: [other] },
      ],
    ],
    [
      "a compiled release where there is nothing else",
      [
        {
          records: [
            { ocid: "o", compiledRelease: one },
            { ocid: "p", releases: [], compiledRelease: other },
          ],
        },
      ],
    ],
  ])("%s", (_, documents) => {
    const { releases, faults } = readReleases(documents);
    expect(releases.map(({ ocid, id, place }) => [ocid, id, place])).toEqual([
      ["o", "1", 1],
      ["p", "2", 2],
    ]);
    expect(faults).toEqual([]);
  });

  test("linked releases are passed over and told; the record's compiled release is taken", () => {
    const linked = { url: "https://example.org/1.json#1", date: "2018-06-01", tag: ["tender"] };
    const { releases, faults } = readReleases([
      {
        records: [
          {
            ocid: "o",
            releases: [linked, linked],
            compiledRelease: { date: "2018-06-02", tender: {} },
          },
        ],
      },
    ]);
    expect(releases.map(({ ocid, date }) => [ocid, date])).toEqual([["o", "2018-06-02"]]);
    expect(faults.map(({ kind, place }) => [kind, place])).toEqual([
      ["linked-release", 1],
      ["linked-release", 2],
    ]);
  });

  test("what has no ocid, no date or is no release is counted by kind", () => {
    const { releases, faults } = readReleases([
      [
        { id: "1", date: "2018-06-01", tender: {} },
        { ocid: "o", tender: {} },
        { ocid: "o", date: "soon" },
        5,
        { title: "x" },
        { ocid: " o ", date: "2018-02-29" },
        one,
      ],
    ]);
    expect(releases.length).toBe(1);
    expect(faults.map(({ kind, place }) => `${place} ${kind}`)).toEqual([
      "1 no-ocid",
      "2 no-date",
      "3 no-date",
      "4 no-release",
      "5 no-release",
      "6 no-date",
    ]);
  });

  test("the version is the release's, else the package's; without one it is 1.1, in every form", () => {
    const versions = (document: unknown) =>
      readReleases([document]).releases.map(({ version }) => version);
    expect(versions({ version: "1.0", releases: [one, { ...other, version: "1.1" }] })).toEqual([
      "1.0",
      "1.1",
    ]);
    expect(versions({ releases: [one, other] })).toEqual(["1.1", "1.1"]);
    expect(versions({ records: [{ ocid: "o", releases: [one] }] })).toEqual(["1.1"]);
    expect(versions({ version: "1.0", records: [{ ocid: "o", releases: [one] }] })).toEqual([
      "1.0",
    ]);
    expect(versions([one])).toEqual(["1.1"]);
  });

  test("a linked release may say of which process it is; the compiled release is read in its stead", () => {
    const linked = { ocid: "o", url: "https://example.org/1", date: "2018-06-01", tag: ["tender"] };
    const record = { ocid: "o", releases: [linked], compiledRelease: one };
    const { releases, faults } = readReleases([{ version: "1.1", records: [record] }]);
    expect(releases.map(({ content }) => content)).toEqual([one]);
    expect(faults.map(({ kind }) => kind)).toEqual(["linked-release"]);
  });

  test("a record with a versioned release alone is told", () => {
    const record = { ocid: "o", versionedRelease: { tender: {} } };
    const { releases, faults } = readReleases([{ records: [record] }]);
    expect(releases).toEqual([]);
    expect(faults.map(({ kind }) => kind)).toEqual(["versioned-release"]);
  });

  test("an envelope may hold a list with gaps, and lists of other things", () => {
    const { releases, faults } = readReleases([{ results: [one, null], facets: [{ a: 1 }] }]);
    expect(releases.map(({ content }) => content)).toEqual([one]);
    expect(faults.map(({ kind }) => kind)).toEqual(["no-release"]);
  });

  test("a date that names no zone is of the zone given, and ordered so", () => {
    const given = [
      { ocid: "o", id: "1", date: "2018-06-02", value: 1 },
      // Half past one in the night of that day in Shanghai, which is the day before in Greenwich.
      { ocid: "o", id: "2", date: "2018-06-02T01:30:00+08:00", value: 2 },
    ].map((release) => ({ ...release, tag: ["tender"] }));
    const { releases } = readReleases([given]);
    const newest = (zone?: string) =>
      compileReleases(releases, zone === undefined ? {} : { zone }).processes[0]?.states.at(-1)
        ?.release.value;
    expect(newest("Asia/Shanghai")).toBe(2);
    expect(newest()).toBe(1);
  });

  test("numbers keep their digits, and are ids by them", () => {
    const text = `[
      {"ocid":"o","id":1,"date":"2018-06-01","contracts":[{"id":12345678901234567891,"value":{"amount":123456789012345.67}}]},
      {"ocid":"o","id":2,"date":"2018-06-02","contracts":[{"id":"12345678901234567891","a":1e400},{"id":12345678901234567892}]}]`;
    const [process] = compileReleases(readReleases([readExactJson(text)]).releases).processes;
    expect(writeJson(last(process).contracts).replace(/\s/g, "")).toBe(
      '[{"id":12345678901234567891,"value":{"amount":123456789012345.67},"a":1e400},{"id":12345678901234567892}]',
    );
  });
});
