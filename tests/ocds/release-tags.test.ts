import { expect, test } from "vitest";
import { compileReleases } from "../../src/ocds/compile-releases.ts";
import { listRows } from "../../src/ocds/contract-rows.ts";
import { readReleases } from "../../src/ocds/read-releases.ts";

/** What stands at `tag` of each contract after the last release, by its id. */
function tagsAfter(...releases: object[]): Record<string, unknown> {
  const dated = releases.map((each, at) => ({
    ocid: "o",
    id: String(at),
    date: `2018-06-${String(at + 1).padStart(2, "0")}`,
    ...each,
  }));
  const [process] = compileReleases(readReleases([dated]).releases).processes;
  const tags: Record<string, unknown> = {};
  if (!process) return tags;
  for (const { row } of listRows(process, ["contracts"])) {
    tags[(row.contracts as { id: string }).id] = row.tag;
  }
  return tags;
}

const AWARDS = { tag: ["award"], awards: [{ id: 1 }, { id: "2" }] };
const CONTRACTS = {
  tag: ["contract"],
  contracts: [
    { id: "a", awardID: "1" },
    { id: "b", awardID: 2 },
  ],
};

test("a tag of contracts concerns the contracts its release names, one of awards those of the award", () => {
  const ended = { tag: ["contractTermination"], contracts: [{ id: "a" }] };
  const revoked = { tag: ["awardCancellation"], awards: [{ id: 2, status: "cancelled" }] };
  expect(tagsAfter(AWARDS, CONTRACTS, ended, revoked)).toEqual({
    a: ["award", "contract", "contractTermination"],
    b: ["award", "awardCancellation", "contract"],
  });
});

test("a tag concerns all that is known where its release names none, the tender's the whole process", () => {
  const all = ["award", "contract", "contractTermination", "tenderCancellation"];
  expect(
    tagsAfter(AWARDS, CONTRACTS, { tag: ["contractTermination"] }, { tag: ["tenderCancellation"] }),
  ).toEqual({ a: all, b: all });
});

test("what was called off holds until its status is stated anew; another correction changes nothing", () => {
  const ended = { tag: ["contractTermination"], contracts: [{ id: "a", status: "active" }] };
  const renamed = { tag: ["contractUpdate"], contracts: [{ id: "a", title: "t" }] };
  const revived = { tag: ["contractUpdate"], contracts: [{ id: "a", status: "active" }] };
  expect(tagsAfter(AWARDS, CONTRACTS, ended, renamed).a).toEqual([
    "award",
    "contract",
    "contractTermination",
    "contractUpdate",
  ]);
  expect(tagsAfter(AWARDS, CONTRACTS, ended, renamed, revived).a).toEqual([
    "award",
    "contract",
    "contractUpdate",
  ]);
});
