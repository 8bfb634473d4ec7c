import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunResult } from "../../src/run.ts";
import { addReleases, makeReleasesCity } from "./releases-workspace.ts";
import { removeFolders, runTiny, tinyConfig } from "./tiny-workspace.ts";

let ran: RunResult;

/** A process of one contract: what its first release says beside the usual, and what a later one says. */
function tell(workspace: string, name: string, first: Parts, later: object = {}): void {
  const { tender = {}, award = {}, contract = {} } = first;
  const common = { ocid: name, buyer: { id: "999901" } };
  const releases = [
    {
      ...common,
      id: "1",
      date: "2018-06-01",
      tag: ["tender", "award", "contract"],
      tender: { title: name, ...tender },
      awards: [
        { id: 1, date: "2018-06-01", ...award },
        { id: 2, status: "cancelled" },
      ],
      contracts: [{ id: "c", awardID: "1", ...contract }],
    },
    { ...common, id: "2", date: "2018-06-02", ...later },
  ];
  addReleases(workspace, `${name}.json`, JSON.stringify({ releases }));
}

interface Parts {
  readonly tender?: object;
  readonly award?: object;
  readonly contract?: object;
}

beforeAll(async () => {
  const workspace = makeReleasesCity();
  const lots = [
    { id: "l", status: "cancelled" },
    { id: "m", status: "active" },
  ];
  tell(workspace, "plain", {});
  tell(workspace, "active", { contract: { status: "active" } });
  tell(workspace, "unknown", { contract: { status: "signed" } });
  tell(workspace, "terminated", { contract: { status: "terminated" } });
  tell(workspace, "tender-withdrawn", {
    tender: { status: "withdrawn" },
    contract: { status: "active" },
  });
  tell(workspace, "award-cancelled", { award: { status: "cancelled" } });
  tell(workspace, "own-lot-cancelled", { tender: { lots }, award: { relatedLots: ["l"] } });
  tell(workspace, "other-lot-cancelled", { tender: { lots }, award: { relatedLots: ["m"] } });
  // Which of the lots it is for nobody says.
  tell(workspace, "no-lot-named", { tender: { lots } });
  tell(workspace, "only-lot-cancelled", { tender: { lots: lots.slice(0, 1) } });
  const active = { contract: { status: "active" } };
  tell(workspace, "tender-tag", active, { tag: ["tenderCancellation"] });
  tell(workspace, "award-tag", active, { tag: ["awardCancellation"], awards: [{ id: 1 }] });
  tell(workspace, "other-award-tag", active, { tag: ["awardCancellation"], awards: [{ id: 2 }] });
  tell(workspace, "contract-tag", active, { tag: ["contractTermination"] });
  ran = await runTiny(tinyConfig(workspace), undefined, "conform");
});
afterAll(() => {
  ran.context.store.close();
  removeFolders();
});

test("status and tag decide by the table of the source what a contract is, the first case that holds", async () => {
  const rows = await ran.context.store.rows<{ title: string; stage: string | null }>(
    "SELECT title, stage FROM core.contract WHERE source_id = 'ocds' AND known_to IS NULL",
  );
  expect(Object.fromEntries(rows.map(({ title, stage }) => [title, stage]))).toEqual({
    plain: null,
    active: "implementation",
    unknown: null,
    terminated: "closed",
    "tender-withdrawn": "cancelled",
    "award-cancelled": "cancelled",
    "own-lot-cancelled": "cancelled",
    "other-lot-cancelled": null,
    "no-lot-named": null,
    "only-lot-cancelled": "cancelled",
    "tender-tag": "cancelled",
    "award-tag": "cancelled",
    "other-award-tag": "implementation",
    "contract-tag": "closed",
  });
});

test("a status that the table does not know is flagged, one that a case has decided is not", async () => {
  const rows = await ran.context.store.rows<{ title: string; flags: string[] }>(
    "SELECT title, flags FROM core.contract WHERE source_id = 'ocds' AND known_to IS NULL AND flags IS NOT NULL",
  );
  expect(rows.map(({ title, flags }) => [title, flags.join()])).toEqual([
    ["unknown", "unknown-code:stage"],
  ]);
});
