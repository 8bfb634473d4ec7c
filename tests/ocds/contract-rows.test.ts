import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CompiledProcess, compileReleases } from "../../src/ocds/compile-releases.ts";
import { listRows } from "../../src/ocds/contract-rows.ts";
import { readReleases } from "../../src/ocds/read-releases.ts";
import type { Release } from "../../src/ocds/release.ts";

function compile(releases: readonly object[]): CompiledProcess<Release> {
  const dated = releases.map((each, at) => ({
    ocid: "o",
    id: String(at),
    date: new Date(Date.UTC(2018, 0, 1, at)).toISOString(),
    ...each,
  }));
  const [process] = compileReleases(readReleases([dated]).releases).processes;
  return process as CompiledProcess<Release>;
}

const id = fc.integer({ min: 1, max: 3 });
const status = fc.constantFrom("pending", "active", "cancelled");
const optional = { requiredKeys: [] };
const party = fc.record({ id, name: fc.constantFrom("x", "y"), roles: fc.constant(["buyer"]) });
const award = fc.record({ id, status, suppliers: fc.array(party, { maxLength: 2 }) }, optional);
const contract = fc.record({ id, awardID: id, status }, optional);
const release = fc.record(
  {
    tag: fc.subarray(["contract", "awardCancellation", "contractTermination", "tender"]),
    tender: fc.record({ title: fc.constantFrom("t", "u"), lots: fc.array(fc.record({ id })) }),
    parties: fc.array(party, { maxLength: 2 }),
    buyer: fc.record({ id }),
    awards: fc.oneof(fc.array(award, { maxLength: 3 }), fc.constant(null)),
    contracts: fc.oneof(fc.array(contract, { maxLength: 3 }), fc.constant(null)),
  },
  optional,
);

/** The newest row of each contract after so many states; a row is told only when something in it changes. */
function newest(process: CompiledProcess<Release>): Map<string, unknown> {
  const rows = new Map<string, unknown>();
  for (const { row } of listRows(process, ["contracts"])) {
    const { date: _date, id: _id, ...content } = row;
    const key = String((content.contracts as { id?: unknown }).id);
    const text = JSON.stringify(content, (_, value) =>
      value && typeof value === "object" && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
    if ((content.contracts as { id?: unknown }).id !== undefined) rows.set(key, text);
  }
  return rows;
}

describe("rows of contracts", () => {
  test("what changes alone is told: the newest rows are those of the last state looked at by itself", () => {
    fc.assert(
      fc.property(fc.array(release, { minLength: 2, maxLength: 6 }), (releases) => {
        const process = compile(releases);
        const alone = newest({ ...process, states: process.states.slice(-1) });
        const told = newest(process);
        for (const [key, row] of alone) expect(told.get(key)).toEqual(row);
      }),
      { numRuns: 500 },
    );
  });

  test("firstDate is that of the first release that speaks of the contract, whatever comes later", () => {
    const contract = (id: string) => ({ contracts: [{ id }] });
    const process = compile([contract("a"), contract("b"), { tender: { title: "t" } }]);
    const dates = [...listRows(process, ["contracts"])].map(({ row }) => [
      (row.contracts as { id: string }).id,
      row.date,
      row.firstDate,
    ]);
    const at = (hour: number) => `2018-01-01T0${hour}:00:00.000Z`;
    expect(dates).toEqual([
      ["a", at(0), at(0)],
      ["b", at(1), at(1)],
      ["a", at(2), at(0)],
      ["b", at(2), at(1)],
    ]);
  });

  test("a thousand releases, each with a contract of its own, are a thousand rows, in seconds", () => {
    const releases = Array.from({ length: 1000 }, (_, at) => ({
      tag: ["contract"],
      awards: [{ id: `a${at}` }],
      contracts: [{ id: `c${at}`, awardID: `a${at}` }],
    }));
    const before = performance.now();
    expect([...listRows(compile(releases), ["contracts"])]).toHaveLength(1000);
    // It took more than a minute when every contract was looked at with every release; a third of a second is usual now.
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});
