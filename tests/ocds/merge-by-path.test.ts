import { describe, expect, test } from "vitest";
import { readExactJson } from "../../src/exact-json.ts";
import { compileReleases } from "../../src/ocds/compile-releases.ts";
import { listRows } from "../../src/ocds/contract-rows.ts";
import { readReleases } from "../../src/ocds/read-releases.ts";
import { writeJson } from "../../src/ocds/write-json.ts";

interface Told {
  readonly date?: string;
  readonly [field: string]: unknown;
}

/** What holds of the one process that these releases tell of, without the fields of the compiled release itself. */
function compiled(...told: readonly Told[]) {
  const releases = told.map((each, at) => ({
    ocid: "o",
    id: `r${at}`,
    date: `2019-01-0${at + 1}`,
    ...each,
  }));
  const text = JSON.stringify({ version: "1.1", releases });
  const [process] = compileReleases(readReleases([readExactJson(text)]).releases).processes;
  const { tag: _tag, id: _id, ocid: _ocid, date, ...rest } = process?.states.at(-1)?.release ?? {};
  return { date, ...JSON.parse(writeJson(rest)) };
}

// Each follows by hand from the sentences of the page "Merging" (1.1) and the rules by path of the release schema 1.1.4.
describe("identifier merge", () => {
  test("a number and the text of its digits are one identifier, at every depth", () => {
    const first = { contracts: [{ id: "7", implementation: { transactions: [{ id: 1, a: 1 }] } }] };
    const second = {
      contracts: [{ id: 7, implementation: { transactions: [{ id: "1", b: 2 }] } }],
    };
    expect(compiled(first, second).contracts).toEqual([
      { id: "7", implementation: { transactions: [{ id: 1, a: 1, b: 2 }] } },
    ]);
  });

  test("0 is an identifier; 01 is another than 1", () => {
    const merged = compiled(
      { awards: [{ id: 0, a: 1 }, { id: "01" }] },
      { awards: [{ id: "0", b: 1 }, { id: 1 }] },
    );
    expect(merged.awards).toEqual([{ id: 0, a: 1, b: 1 }, { id: "01" }, { id: 1 }]);
  });

  test("identifiers are compared as they stand: letters and blanks count", () => {
    expect(
      compiled({ awards: [{ id: "a" }] }, { awards: [{ id: "A" }, { id: "a " }] }).awards,
    ).toHaveLength(3);
  });

  test("a null in an entry takes a field of that entry alone", () => {
    const merged = compiled(
      {
        awards: [
          { id: 1, title: "t", value: { amount: 1, currency: "CNY" } },
          { id: 2, title: "u" },
        ],
      },
      { awards: [{ id: 1, title: null, value: { amount: null } }] },
    );
    expect(merged.awards).toEqual([
      { id: 1, value: { currency: "CNY" } },
      { id: 2, title: "u" },
    ]);
  });

  test("a list inside an entry is deleted by null, its neighbours stay", () => {
    const merged = compiled(
      { contracts: [{ id: 1, documents: [{ id: 1 }], milestones: [{ id: 1 }] }] },
      { contracts: [{ id: 1, documents: null }] },
    );
    expect(merged.contracts).toEqual([{ id: 1, milestones: [{ id: 1 }] }]);
  });

  test("suppliers of 1.1 are merged, so that a consortium grows", () => {
    const supplier = (id: string) => ({ awards: [{ id: 1, suppliers: [{ id, name: id }] }] });
    expect(compiled(supplier("x"), supplier("y")).awards[0].suppliers).toHaveLength(2);
  });

  test("parties are merged, and their roles taken whole", () => {
    const merged = compiled(
      { parties: [{ id: "x", name: "n", roles: ["buyer", "payer"] }] },
      { parties: [{ id: "x", roles: ["buyer"] }] },
    );
    expect(merged.parties).toEqual([{ id: "x", name: "n", roles: ["buyer"] }]);
  });

  test("milestones, documents and items of tender, award and contract follow the rule alike", () => {
    const held = (a: object) => ({
      tender: { documents: [{ id: 1, ...a }], milestones: [{ id: 1, ...a }] },
    });
    expect(compiled(held({ a: 1 }), held({ b: 1 })).tender).toEqual({
      documents: [{ id: 1, a: 1, b: 1 }],
      milestones: [{ id: 1, a: 1, b: 1 }],
    });
  });
});

describe("whole-list merge", () => {
  test.each<[string, (list: unknown) => Told, (merged: ReturnType<typeof compiled>) => unknown]>([
    [
      "tender/additionalProcurementCategories",
      (list) => ({ tender: { additionalProcurementCategories: list } }),
      ({ tender }) => tender.additionalProcurementCategories,
    ],
    [
      "buyer/additionalIdentifiers",
      (list) => ({ buyer: { additionalIdentifiers: list } }),
      ({ buyer }) => buyer.additionalIdentifiers,
    ],
    [
      "contracts/relatedProcesses/relationship",
      (list) => ({ contracts: [{ id: 1, relatedProcesses: [{ id: 1, relationship: list }] }] }),
      ({ contracts }) => contracts[0].relatedProcesses[0].relationship,
    ],
    [
      "awards/amendments/changes",
      (list) => ({ awards: [{ id: 1, amendments: [{ id: 1, changes: list }] }] }),
      ({ awards }) => awards[0].amendments[0].changes,
    ],
  ])("%s is replaced, though its entries have ids", (_, tell, find) => {
    const [first, second] = [[{ id: 1, a: 1 }, { id: 2 }], [{ id: 1, b: 1 }]];
    expect(find(compiled(tell(first), tell(second)))).toEqual(second);
  });

  test("nulls inside what is taken whole stay as they came", () => {
    const list = [{ id: 1, a: null }];
    expect(
      compiled({ buyer: { additionalIdentifiers: list } }).buyer.additionalIdentifiers,
    ).toEqual(list);
  });

  test("an id that is empty or null is none; a null among entries makes the list whole", () => {
    const before = { awards: [{ id: 1 }, { id: 2 }] };
    for (const entry of [{ title: "t" }, { id: "", title: "t" }, { id: null, title: "t" }]) {
      expect(compiled(before, { awards: [entry] }).awards).toEqual([entry]);
      expect(compiled(before, { awards: [{ id: 2 }, entry] }).awards).toHaveLength(3);
    }
    expect(compiled(before, { awards: [{ id: 3 }, null] }).awards).toEqual([{ id: 3 }, null]);
  });

  test("a list of lists is no list of objects", () => {
    expect(compiled({ x: [[1], [2]] }, { x: [[3]] }).x).toEqual([[3]]);
  });
});

describe("fields by name and extensions", () => {
  test("versionId: an id below a classification is a field like others and takes the newest value", () => {
    const item = (classification: object) => ({ tender: { items: [{ id: 1, classification }] } });
    const merged = compiled(
      item({ scheme: "CPV", id: "03", description: "d" }),
      item({ id: "04" }),
    );
    expect(merged.tender.items).toEqual([
      { id: 1, classification: { scheme: "CPV", id: "04", description: "d" } },
    ]);
  });

  test("id, date and tag are left out at the top alone", () => {
    const merged = compiled({
      tag: ["award"],
      awards: [{ id: 1, date: "2019-01-01", tag: ["x"] }],
    });
    expect(merged.awards).toEqual([{ id: 1, date: "2019-01-01", tag: ["x"] }]);
  });

  test("an extension's objects, lists by id and lists of texts follow the default, whatever they are called", () => {
    const merged = compiled(
      {
        bids: { details: [{ id: "b", value: { amount: 1, currency: "CNY" } }] },
        "x:y": { z: [1, 2] },
      },
      { bids: { details: [{ id: "b", value: { amount: 2 } }, { id: "c" }] }, "x:y": { z: [2] } },
    );
    expect(merged.bids.details).toEqual([
      { id: "b", value: { amount: 2, currency: "CNY" } },
      { id: "c" },
    ]);
    expect(merged["x:y"]).toEqual({ z: [2] });
  });
});

describe("order", () => {
  test("releases out of order are merged by their dates, and the newest dates the result", () => {
    const merged = compiled(
      { date: "2019-03-01", title: "new" },
      { date: "2019-02-01", title: "old", only: 1 },
    );
    expect(merged).toEqual({ date: "2019-03-01", title: "new", only: 1 });
  });

  test("a moment counts, not its text: 23:00 at +08:00 comes before 16:00 of the same day in UTC", () => {
    const merged = compiled(
      { date: "2019-03-01T16:00:00Z", a: "late" },
      { date: "2019-03-01T23:00:00+08:00", a: "early" },
    );
    expect(merged.a).toBe("late");
  });

  test("what was deleted may come again", () => {
    expect(
      compiled({ awards: [{ id: 1, a: 1 }] }, { awards: null }, { awards: [{ id: 1 }] }).awards,
    ).toEqual([{ id: 1 }]);
  });
});

describe("rows of other lists", () => {
  const given = [
    {
      ocid: "o",
      id: "1",
      date: "2019-01-01",
      tag: ["tender"],
      tender: { title: "t", lots: [{ id: 1 }, { id: 2 }] },
    },
    {
      ocid: "o",
      id: "2",
      date: "2019-01-02",
      tag: ["award"],
      awards: [{ id: 1, relatedLots: [1] }],
    },
    { ocid: "o", id: "3", date: "2019-01-03", tag: ["awardCancellation"], awards: [{ id: "1" }] },
    {
      ocid: "o",
      id: "4",
      date: "2019-01-04",
      tag: ["tenderUpdate"],
      tender: { lots: [{ id: "2", status: "cancelled" }] },
    },
  ];
  const rows = (names: readonly string[]) => {
    const [process] = compileReleases(readReleases([given]).releases).processes;
    if (!process) throw new Error("No process was compiled.");
    const list = names.at(-1) as string;
    return [...listRows(process, names)].map(({ by, ordinal, row }) => {
      const { id, status } = row[list] as { id: unknown; status?: string };
      return [by.id, ordinal, id, status ?? "", (row.tag as string[]).join(" ")].join(" | ");
    });
  };

  test("records: [awards] gives a row for each award as each release left it", () => {
    expect(rows(["awards"])).toEqual([
      "2 | 1 | 1 |  | award tender",
      "3 | 1 | 1 |  | award awardCancellation tender",
      "4 | 1 | 1 |  | award awardCancellation tender tenderUpdate",
    ]);
  });

  test("records: [tender, lots] gives a row for each lot; what else the process says tells both anew", () => {
    expect(rows(["tender", "lots"])).toEqual([
      "1 | 1 | 1 |  | tender",
      "1 | 2 | 2 |  | tender",
      "2 | 1 | 1 |  | tender",
      "2 | 2 | 2 |  | tender",
      "4 | 1 | 1 |  | tender tenderUpdate",
      "4 | 2 | 2 | cancelled | tender tenderUpdate",
    ]);
  });
});

describe("who buys", () => {
  const named = { id: "999902", name: "Bureau", roles: ["buyer"] };
  const buyerOf = (said: object) => {
    const release = {
      ocid: "o",
      id: "1",
      date: "2018-06-01",
      contracts: [{ id: 1 }],
      ...said,
    };
    const [process] = compileReleases(readReleases([release]).releases).processes;
    if (!process) throw new Error("No process was compiled.");
    const [row] = [...listRows(process, ["contracts"])];
    return (row?.row.buyer ?? {}) as Record<string, unknown>;
  };

  test.each<[string, object]>([
    ["a reference by id", { buyer: { id: "999902" }, parties: [named] }],
    ["a reference by name alone", { buyer: { name: "Bureau" }, parties: [named] }],
    ["a reference whose id is null", { buyer: { id: null, name: "Bureau" }, parties: [named] }],
    ["no reference", { parties: [named] }],
    ["a role that is no list", { parties: [{ ...named, roles: "buyer" }] }],
    [
      "another with another role",
      { buyer: { name: "x" }, parties: [{ id: "1", roles: [] }, named] },
    ],
  ])("%s: the party with the role is meant", (_, said) => {
    expect(buyerOf(said).id).toBe("999902");
  });

  test("identifiers are told by their schemes, the own before additional ones and before what the id is written as", () => {
    const [own, additional] = [
      { scheme: "CN-USCC", id: 91 },
      { scheme: "CN-GB2260", id: "999902" },
    ];
    const party = {
      ...named,
      id: "b",
      identifier: own,
      additionalIdentifiers: [additional, { scheme: "CN-USCC", id: "92" }, { scheme: "", id: "3" }],
    };
    const ids = { "CN-USCC": 91, "CN-GB2260": "999902" };
    expect(buyerOf({ buyer: { id: "b" }, parties: [party] }).idsByScheme).toEqual(ids);
    expect(buyerOf({ parties: [party] }).idsByScheme).toEqual(ids);
    expect(
      buyerOf({ tender: { procuringEntity: { id: "b" } }, parties: [{ ...party, roles: [] }] })
        .idsByScheme,
    ).toEqual(ids);
    const written = buyerOf({ buyer: { id: "MX-RFC-ABC-1", identifier: { id: "999902" } } });
    expect(written.idsByScheme).toEqual({ "MX-RFC": "ABC-1" });
    expect(buyerOf({ buyer: { id: "dept-7" } }).idsByScheme).toBeUndefined();
  });

  test("of two with the role and a name alone nobody knows which", () => {
    const two = [named, { ...named, id: "999903" }];
    expect(buyerOf({ buyer: { name: "Bureau" }, parties: two }).id).toBeUndefined();
  });
});
