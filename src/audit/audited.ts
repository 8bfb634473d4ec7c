import type { Config } from "../config.ts";
import { type AuditAct, appendAudit } from "./append.ts";

/**
 * Does a piece of work and writes down that it was done, or that it was asked for and failed. Should the journal not be
 * writable, the work counts as failed: what nobody could be told of must not go on.
 */
export async function audited<T>(
  config: Pick<Config, "dataDir" | "actor">,
  act: AuditAct,
  work: () => Promise<T>,
): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await appendAudit(config, { ...act, detail: { ...act.detail, outcome: "failed" } });
    throw error;
  }
  await appendAudit(config, { ...act, detail: { ...act.detail, outcome: "done" } });
  return result;
}
