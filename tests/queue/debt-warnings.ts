import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** WORKED.md: the debt of West Hill is 120 % of its resources. */
const WARNINGS = `warnings: debt
version: "1.0.0"
title: { zh: 债务预警（合成）, en: Debt (synthetic) }
clause: C5
levels: [district]
owner: finance-bureau
owners: { finance-bureau: { zh: 财政局, en: Finance bureau } }
escalate_to: finance-bureau
deadlines:
  yellow: { acknowledge_days: 5, handle_days: 30, assumption: true }
  orange: { acknowledge_days: 3, handle_days: 15, assumption: true }
  red: { acknowledge_days: 1, handle_days: 7, assumption: true }
series:
  - id: debt-ratio
    from: indicator
    indicator: C5/debt-ratio
    title: { zh: 债务率, en: Debt ratio }
    unit: { zh: "%", en: "%" }
rules:
  - id: debt-ratio
    series: debt-ratio
    title: { zh: 债务率偏高, en: High debt ratio }
    bands: [{ level: yellow, from: 110, release: 105 }]
    persistence: 1
    release_after: 1
    assumption: true
`;

/** Gives a workspace of the tiny city warnings on debt, of which one is raised; the pipeline has to name them. */
export function addDebtWarnings(workspace: string): void {
  mkdirSync(join(workspace, "metrics/warnings"));
  writeFileSync(join(workspace, "metrics/warnings/debt.yaml"), WARNINGS);
}
