import type { Period } from "../../period.ts";
import type { WarningDefinition } from "../../standard/warning-definition.ts";
import { sqlFile } from "../../store/sql-file.ts";
import type { Store } from "../../store/store.ts";
import { readDebtEvidence } from "../debt-evidence.ts";
import type { WarningEvidence } from "../evidence.ts";
import { type Findings, findWarnings } from "../findings.ts";

const sql = sqlFile(import.meta.dirname, "replay.sql");
const positionSql = sqlFile(import.meta.dirname, "../positions.sql");

export interface Replay {
  readonly evidence: WarningEvidence;
  readonly findings: Findings;
}

/** The warnings of a period with only what was known at a time. Leaves the session at that as-of time. */
export async function replayAt(
  store: Store,
  definition: WarningDefinition,
  period: Period,
  asOf: string,
): Promise<Replay | undefined> {
  await setAsOf(store, asOf);
  await store.run(positionSql("create-entity"), {
    levels: JSON.stringify(definition.levels),
    end: period.end,
  });
  const rows = await store.rows<{ entity_id: string; level: string }>(positionSql("read-entity"));
  const bodies = rows.map(({ entity_id, level }) => ({ id: entity_id, level }));
  const evidence = await readDebtEvidence(store, definition, bodies, period);
  return evidence && { evidence, findings: findWarnings(definition, evidence) };
}

/** Moves the session's as-of time. */
export async function setAsOf(store: Store, asOf: string): Promise<void> {
  await store.run(sql("set-as-of"), { as_of: asOf });
}
