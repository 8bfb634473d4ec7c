import { resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readChecks } from "../../src/standard/check-file.ts";
import { Store } from "../../src/store/store.ts";

const CHECKS = new Map(
  readChecks(resolve(import.meta.dirname, "../..")).map((check) => [check.id, check]),
);

let store: Store;
beforeEach(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
  await store.run("SET VARIABLE as_of = TIMESTAMP '2019-01-10 00:00:00'");
});
afterEach(() => store.close());

let line = 0;

async function add(kind: string, key: string, values: Record<string, unknown>): Promise<void> {
  const row: Record<string, unknown> = {
    record_key: key,
    entity_id: "370202",
    source_id: "s",
    file_id: 1,
    line: ++line,
    valid_from: "2018-01-01",
    known_from: "2018-01-01 00:00:00",
    ...values,
  };
  const names = Object.keys(row);
  await store.run(
    `INSERT INTO core.${kind} (${names.join(", ")}) VALUES (${names.map((name) => `$${name}`).join(", ")})`,
    row as never,
  );
}

/** Keys of the rows that a check finds bad among rows of a kind. */
async function badKeys(id: string, kind: string): Promise<unknown[]> {
  await store.run(`CREATE OR REPLACE TEMP VIEW record AS SELECT * FROM known.${kind}`);
  const rows = await store.rows<{ record_key: string }>(
    `SELECT record_key FROM (${CHECKS.get(id)?.sql}) ORDER BY record_key`,
  );
  return rows.map(({ record_key }) => record_key);
}

// Of each check: rows it must find (keys starting with "bad") and rows it must not.
const CASES: [string, string, Record<string, Record<string, unknown>>][] = [
  [
    "complaint-times-in-order",
    "complaint",
    {
      good: { received_at: "2018-01-01 10:00:00", signed_at: "2018-01-01 10:00:00" },
      bad1: { received_at: "2018-01-01 10:00:00", responded_at: "2018-01-01 09:59:59" },
      bad2: { received_at: "2018-01-01 10:00:00", closed_at: "2017-12-31 10:00:00" },
    },
  ],
  [
    "commitment-not-fulfilled-before-made",
    "commitment",
    {
      good: { kind: "quality", made_on: "2018-01-01", due_on: "2018-02-01", state: "open" },
      bad: {
        kind: "quality",
        made_on: "2018-01-02",
        due_on: "2018-02-01",
        fulfilled_on: "2018-01-01",
        state: "fulfilled",
      },
    },
  ],
  [
    "publicity-not-before-decision",
    "publicity_item",
    {
      good: {
        list: "penalty",
        document_no: "1",
        decided_on: "2018-01-01",
        published_on: "2018-01-01",
      },
      open: { list: "penalty", document_no: "1", decided_on: "2018-01-01" },
      bad: {
        list: "penalty",
        document_no: "1",
        decided_on: "2018-01-02",
        published_on: "2018-01-01",
      },
    },
  ],
  [
    "debt-within-limit",
    "debt_position",
    {
      good: { as_at: "2018-01-31", frequency: "month", total_debt: "100", debt_limit: "100" },
      unknown: { as_at: "2018-01-31", frequency: "month", total_debt: "100" },
      bad1: { as_at: "2018-01-31", frequency: "month", total_debt: "100.01", debt_limit: "100" },
      bad2: { as_at: "2018-01-31", frequency: "month", special_debt: "2", special_debt_limit: "1" },
    },
  ],
  [
    "debt-parts-make-total",
    "debt_position",
    {
      good: {
        as_at: "2018-01-31",
        frequency: "month",
        general_debt: "60",
        special_debt: "40.9",
        total_debt: "100",
      },
      bad: {
        as_at: "2018-01-31",
        frequency: "month",
        general_debt: "60",
        special_debt: "42",
        total_debt: "100",
      },
    },
  ],
  [
    "debt-not-negative",
    "debt_position",
    {
      good: { as_at: "2018-01-31", frequency: "month", total_debt: "0", net_position: "-5" },
      bad: { as_at: "2018-01-31", frequency: "month", total_debt: "-0.01" },
    },
  ],
  [
    "contract-amounts-not-negative",
    "contract",
    { good: { kind: "ppp", amount: "0" }, bad: { kind: "ppp", paid_amount: "-1" } },
  ],
  [
    "contract-dates-in-order",
    "contract",
    {
      good: { kind: "ppp", signed_on: "2018-01-02", paid_on: "2018-01-02" },
      bad: { kind: "ppp", signed_on: "2018-01-02", paid_on: "2018-01-01" },
    },
  ],
  [
    "no-future-events",
    "honour",
    {
      good: { title: "x", rank: "national", awarded_on: "2019-01-10", valid_from: "2019-01-10" },
      bad: { title: "x", rank: "national", awarded_on: "2019-01-11", valid_from: "2019-01-11" },
    },
  ],
  [
    "training-within-staff",
    "training",
    {
      good: { held_on: "2018-01-01", staff_total: 3, staff_trained: 3 },
      bad: { held_on: "2018-01-01", staff_total: 3, staff_trained: 4 },
    },
  ],
  [
    "findings-corrected-within-found",
    "inspection",
    {
      good: { kind: "assessment", planned_on: "2018-01-01", findings: 2, findings_corrected: 2 },
      bad: { kind: "assessment", planned_on: "2018-01-01", findings: 2, findings_corrected: 3 },
    },
  ],
  [
    "entity-parent-known",
    "entity",
    {
      "370200": {
        entity_id: "370200",
        level: "city",
        name_zh: "青岛市",
        name_en: "Qingdao",
        peer_class: "city",
      },
      good: {
        entity_id: "370202",
        level: "district",
        name_zh: "市南区",
        name_en: "Shinan",
        peer_class: "district",
        parent_id: "370200",
      },
      bad: {
        entity_id: "370203",
        level: "district",
        name_zh: "市北区",
        name_en: "Shibei",
        peer_class: "district",
        parent_id: "370299",
      },
    },
  ],
  [
    "code-names-one-entity",
    "entity_code",
    {
      good1: {
        code: "1",
        scheme: "gb2260",
        entity_id: "a",
        valid_from: "2000-01-01",
        valid_to: "2018-01-01",
      },
      good2: { code: "1", scheme: "gb2260", entity_id: "b", valid_from: "2018-01-01" },
      name1: { code: "中山路街道", scheme: "name", entity_id: "a", valid_from: "2000-01-01" },
      name2: { code: "中山路街道", scheme: "name", entity_id: "b", valid_from: "2000-01-01" },
      bad: {
        code: "2",
        scheme: "uscc",
        entity_id: "a",
        valid_from: "2000-01-01",
        valid_to: "2018-01-02",
      },
      other: { code: "2", scheme: "uscc", entity_id: "b", valid_from: "2018-01-01" },
    },
  ],
];

test.each(CASES)("%s", async (id, kind, rows) => {
  for (const [key, values] of Object.entries(rows)) await add(kind, key, values);
  expect(await badKeys(id, kind)).toEqual(Object.keys(rows).filter((key) => key.startsWith("bad")));
});

test.each([
  [5, false],
  [4, true],
])(
  "complaint-volume-steady: %i in December 2018 after 10 in December 2017",
  async (count, fails) => {
    const month = async (day: string, complaints: number) => {
      for (let index = 0; index < complaints; index++) {
        await add("complaint", `${day}-${index}`, { received_at: day, valid_from: day });
      }
    };
    await month("2017-12-15", 10);
    await month("2018-12-31", count);
    await month("2019-01-05", 3);
    expect(await badKeys("complaint-volume-steady", "complaint")).toHaveLength(fails ? 1 : 0);
  },
);

test("honour-under-record: awarded while a weighty record was in force, neither before nor after its repair", async () => {
  await add("dishonesty_record", "d", {
    record_type: "breach",
    severity: "general",
    subject_kind: "organ",
    state: "repaired",
    decided_on: "2018-03-01",
    repaired_on: "2018-06-01",
  });
  const honours = { bad: "2018-05-31", before: "2018-02-28", repaired: "2018-06-01" };
  for (const [key, awarded_on] of Object.entries(honours)) {
    await add("honour", key, { title: "x", rank: "city", awarded_on });
  }
  // Taken away again, there is nothing left to look at; and what was awarded over a year ago was told at its time.
  const revoked = { title: "x", rank: "city", awarded_on: "2018-05-30", revoked_on: "2018-12-01" };
  await add("honour", "revoked", revoked);
  expect(await badKeys("honour-under-record", "honour")).toEqual(["bad"]);
  await add("dishonesty_record", "e", {
    ...{ record_type: "breach", severity: "general", subject_kind: "organ", state: "published" },
    decided_on: "2017-03-01",
  });
  await add("honour", "long ago", { title: "x", rank: "city", awarded_on: "2018-01-10" });
  await add("honour", "within", { title: "x", rank: "city", awarded_on: "2018-01-11" });
  expect((await badKeys("honour-under-record", "honour")).toSorted()).toEqual([
    "bad",
    "before",
    "repaired",
    "within",
  ]);
});

test("every check of the workspace is tried here", () => {
  expect([...CHECKS.keys()].sort()).toEqual(
    [...CASES.map(([id]) => id), "complaint-volume-steady", "honour-under-record"].sort(),
  );
});
