import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { addReleases, makeReleasesCity } from "./releases-workspace.ts";
import { removeFolders, runTiny, tinyConfig } from "./tiny-workspace.ts";

afterEach(removeFolders);

function release(process: string, more: object) {
  return {
    ocid: process,
    id: "1",
    date: "2018-06-05T09:00:00+08:00",
    awards: [{ id: 1, date: "2018-06-01" }],
    contracts: [{ id: "c", awardID: 1 }],
    ...more,
  };
}

test("a body is found by the identifier of the scheme its source names, not by a code of another; several buyers are told", async () => {
  const workspace = makeReleasesCity();
  const source = join(workspace, "pipelines", "sources", "ocds.yaml");
  const text = readFileSync(source, "utf8").replace(
    "{ from: buyer.id, entity",
    "{ first_of: [buyer.idsByScheme.CN-GB2260, buyer.id], entity",
  );
  writeFileSync(source, text);
  const party = (id: string, scheme: string, code: string) => ({
    id,
    roles: ["buyer"],
    identifier: { scheme, id: code },
  });
  const own = { buyer: { id: "dept-7" }, parties: [party("dept-7", "CN-GB2260", "999902")] };
  const foreign = { buyer: { id: "dept-8" }, parties: [party("dept-8", "MX-RFC", "999901")] };
  const written = { buyer: { id: "CN-GB2260-999903" } };
  const joint = {
    parties: [party("x", "CN-GB2260", "999901"), party("y", "CN-GB2260", "999902")],
  };
  const all = Object.entries({ own, foreign, written, joint });
  addReleases(workspace, "a.json", JSON.stringify(all.map(([name, said]) => release(name, said))));
  const { context, outcomes } = await runTiny(tinyConfig(workspace), undefined, "conform");
  const rows = await context.store.rows<{ ocid: string; body: string }>(
    "SELECT project_no AS ocid, entity_id AS body FROM core.contract WHERE source_id = 'ocds' ORDER BY ocid",
  );
  const faults = await context.store.rows<{ en: string }>(
    "SELECT message_en AS en FROM quarantine.row WHERE source_id = 'ocds'",
  );
  context.store.close();
  expect(rows.map(({ ocid, body }) => `${ocid} ${body}`)).toEqual([
    "joint 999901",
    "own 999902",
    "written 999903",
  ]);
  expect(faults.map(({ en }) => en)).toEqual([
    expect.stringMatching(/^Release 2 of the file "a\.json" \(ocid foreign\): .*"dept-8"/),
  ]);
  const told = outcomes.flatMap(({ notes }) => notes.map(({ en }) => en)).join("\n");
  expect(told).toContain("1 contracting process names no buyer and has several parties");
});
