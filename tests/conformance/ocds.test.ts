import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunResult } from "../../src/run.ts";
import { copyTinyCity, removeFolders, runTiny, tinyConfig } from "../end-to-end/tiny-workspace.ts";

// Real releases, not ours to hand on: they lie beside the repository, where they lie at all.
const REAL = join(import.meta.dirname, "..", "..", "..", "shared", "cases", "ocds", "real");

const SOURCE = `
source: ocds
title: { zh: 政府采购（OCDS）, en: Government procurement (OCDS) }
owner: { zh: 市财政局, en: Municipal Finance Bureau }
kind: contract
connector: { type: folder, path: data-samples/ocds, match: "*.json" }
format: { type: ocds }
key: [project_no, record_key]
valid: { from: signed_on }
known_at: { column: date }
columns:
  record_key: { from: contracts.id }
  project_no: { from: ocid }
  entity_id: { value: "999901" }
  kind: { value: procurement }
  title: { from: buyer.name }
  stage: { from: contracts.status, codes: { pending: procurement, active: implementation, terminated: closed, cancelled: cancelled }, unknown: drop }
  amount: { from: contracts.value.amount, when: { contracts.value.currency: [COP, MXN, mdl] } }
  signed_on: { from: contracts.dateSigned }
  award_notice_on: { from: "awards[id=$contracts.awardID].date" }
  paid_amount: { from: "contracts.implementation.transactions[*].amount.amount", pick: sum }
  supplier_name: { from: "awards[id=$contracts.awardID].suppliers[0].name" }
`;

// Counted with Python from the files, release by release: not by this program.
describe.skipIf(!existsSync(REAL))(
  "real releases (run where ../shared/cases/ocds/real is there)",
  () => {
    let ran: RunResult;
    beforeAll(async () => {
      const workspace = copyTinyCity();
      writeFileSync(join(workspace, "pipelines", "sources", "ocds.yaml"), SOURCE);
      const pipeline = join(workspace, "pipelines", "tiny.yaml");
      const text = readFileSync(pipeline, "utf8");
      writeFileSync(pipeline, text.replace("honours]", "honours, ocds]"));
      mkdirSync(join(workspace, "data-samples"), { recursive: true });
      cpSync(REAL, join(workspace, "data-samples", "ocds"), { recursive: true });
      ran = await runTiny(tinyConfig(workspace), undefined, "conform");
    });
    afterAll(() => {
      ran.context.store.close();
      removeFolders();
    });

    const held = (select: string, where: string) =>
      ran.context.store.row<Record<string, string>>(
        `SELECT ${select} FROM core.contract WHERE source_id = 'ocds' AND known_to IS NULL AND ${where}`,
      );
    const sums =
      "count(*)::VARCHAR AS contracts, count(DISTINCT title)::VARCHAR AS buyers, sum(amount)::VARCHAR AS amount, count(amount)::VARCHAR AS amounts";

    test("every contract is one, by process and id, with its amount", async () => {
      expect(await held(sums, "starts_with(project_no, 'ocds-k50g02')")).toEqual({
        contracts: "12",
        buyers: "10",
        amount: "5317697180.00",
        amounts: "12",
      });
      // All eight are called "1"; one is in dollars, which are no pesos.
      expect(await held(sums, "starts_with(project_no, 'OCDS-87SD3T')")).toEqual({
        contracts: "8",
        buyers: "1",
        amount: "11846090.18",
        amounts: "7",
      });
      expect(await held(sums, "starts_with(project_no, 'ocds-ngfbwp')")).toEqual({
        contracts: "18",
        buyers: "11",
        amount: "4526344.36",
        amounts: "18",
      });
    });

    test("payments that later releases tell are added up, and all that is known of a contract stays", async () => {
      const all =
        "sum(paid_amount)::VARCHAR AS paid, min(signed_on)::VARCHAR AS first, max(signed_on)::VARCHAR AS last";
      expect(await held(all, "starts_with(project_no, 'OCDS-87SD3T')")).toEqual({
        paid: "11584843.92",
        first: "2015-12-12",
        last: "2015-12-31",
      });
    });

    test("what the publishers say of the state of a contract is kept where it is the standard's word", async () => {
      const stages = await ran.context.store.rows<Record<string, string>>(
        "SELECT coalesce(stage, 'none') AS stage, count(*)::VARCHAR AS contracts FROM core.contract WHERE source_id = 'ocds' AND known_to IS NULL GROUP BY ALL ORDER BY ALL",
      );
      expect(stages.map(({ stage, contracts }) => `${stage} ${contracts}`)).toEqual([
        "closed 2",
        "implementation 17",
        "none 18",
        "procurement 1",
      ]);
    });
  },
);
