import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Config } from "../config.ts";
import { tellPresent } from "../present.ts";
import { inboxFolder } from "../standard/inbox-connector.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { findPipeline, findSources } from "../standard/workspace.ts";
import { writeWhole } from "../write-whole.ts";
import { EVENTS, type EventName } from "./transitions.ts";

const text = z.string().trim().min(1).max(500);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "write the day as 2019-01-10");
const time = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2})?$/,
    'write it as 2019-01-10 or "2019-01-10 08:00:00"',
  );

/** An event as the command line and the API hand it in; unknown keys are refused. */
export const submittedEvent = z.strictObject({
  /** record_key of the dishonesty record. */
  record: text,
  /** Its source, where several use the number. */
  source: text.optional(),
  /** Code of the body whose record it is. */
  entity: text,
  event: z.enum(EVENTS as [EventName, ...EventName[]]),
  occurred_at: time,
  /** The office that acts, never a person; the body's code where the body itself acts. */
  actor_body: text,
  document_no: text.optional(),
  responsible: text.optional(),
  severity: z.enum(["minor", "general", "serious"]).optional(),
  act_ended_on: day.optional(),
  obligation_amount: z.number().min(0).optional(),
  correction_done: z.boolean().optional(),
  commitment_made: z.boolean().optional(),
  other_body_checks: z.boolean().optional(),
  note: z.string().max(2000).optional(),
});
export type SubmittedEvent = z.infer<typeof submittedEvent>;

/** What the one who handed an event in gets back. */
export interface Receipt {
  /** Number of the event: the same for the same event, so that handing it in twice is handing it in once. */
  readonly event_id: string;
  /** When it became known; of an event handed in before, unknown here. */
  readonly known_at: string | null;
  /** Whether it was new. */
  readonly state: "received" | "known";
  readonly file: string;
}

/**
 * Validates an event and puts it into the inbox of the jurisdiction, a journal of one file an event that is never changed. The
 * line pulls it from there as it pulls any file; only then is it judged against the state of its record, and an illegal one goes
 * to the quarantine. Never opens the working database, so the web server may call it.
 * @param pipeline name of a pipeline that has a record_event source with an inbox
 * @param now civil time in the jurisdiction's zone from which on it is known; default: the present
 * @throws ZodError for a faulty event; Error in a sentence when the pipeline has no inbox
 */
export function submitEvent(
  config: Pick<Config, "workspace" | "dataDir">,
  pipeline: string,
  event: SubmittedEvent,
  now = tellTime(config, pipeline),
): Receipt {
  const valid = submittedEvent.parse(event);
  const folder = findInbox(config, pipeline);
  const event_id = nameEvent(valid);
  const file = join(folder, `${event_id}.ndjson`);
  if (existsSync(file)) return { event_id, known_at: null, state: "known", file };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const partial = `${file}.part`;
  writeWhole(partial, `${JSON.stringify({ event_id, ...valid, known_at: now })}\n`, {
    mode: 0o600,
    flush: true,
  });
  renameSync(partial, file);
  return { event_id, known_at: now, state: "received", file };
}

function tellTime({ workspace }: Pick<Config, "workspace">, pipeline: string): string {
  return tellPresent(findPipeline(workspace, pipeline).time_zone).now;
}

/** The number of an event: a hash of what it says. */
export function nameEvent(event: SubmittedEvent): string {
  const said = Object.entries(event)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `E${createHash("sha256").update(JSON.stringify(said)).digest("hex").slice(0, 15)}`;
}

/** Folder of the inbox that the pipeline's events are handed into. */
export function findInbox(
  { workspace, dataDir }: Pick<Config, "workspace" | "dataDir">,
  name: string,
): string {
  const pipeline = findPipeline(workspace, name);
  const [source] = listInboxes(workspace, pipeline);
  if (!source) {
    throw new Error(
      `The pipeline "${name}" takes no events: none of its sources has the kind record_event and the connector inbox. Add one, as pipelines/sources/qingdao/record-inbox.yaml.`,
    );
  }
  return inboxFolder(join(dataDir, pipeline.jurisdiction), source);
}

/** The sources of a pipeline whose events were handled here. */
export function listInboxes(workspace: string, pipeline: PipelineDefinition): string[] {
  return findSources(workspace, pipeline)
    .filter(({ kind, connector }) => kind === "record_event" && connector.type === "inbox")
    .map(({ source }) => source);
}
