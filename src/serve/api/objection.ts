import { z } from "@hono/zod-openapi";
import { appendAudit } from "../../audit/append.ts";
import type { Config } from "../../config.ts";
import { findBodies } from "../../find-bodies.ts";
import { tellPresent } from "../../present.ts";
import { openPublished } from "../../publish/open-published.ts";
import type { Bilingual } from "../../publish/report.ts";
import { submitEvent } from "../../record/submit-event.ts";
import { describeActor, mayActFor, type Visitor } from "../auth/roles.ts";
import type { MonthIndex } from "../months/find-month.ts";
import { holdsPersonal } from "./personal.ts";

const LONGEST_GROUNDS = 2000;
/** Bounds of the database in which bodies are looked up. */
const BOUNDS = { memory: "200MB", threads: 1 };

/** An objection as it is filed. */
export const objection = z
  .strictObject({
    pipeline: z.string().max(80).describe("whose record it is, as qingdao"),
    entity: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .describe("the body whose record it is, by code or name"),
    record_key: z.string().trim().min(1).max(200).describe("number of the dishonesty record"),
    source: z
      .string()
      .trim()
      .max(80)
      .optional()
      .describe("its source, where several use the number"),
    responsible: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .describe("the body that must answer, by code or name"),
    document_no: z.string().trim().min(1).max(200).describe("number of the body's letter"),
    grounds: z
      .string()
      .trim()
      .min(1)
      .max(LONGEST_GROUNDS)
      .describe("not published; no names, identity numbers or telephones of persons"),
  })
  .openapi("Objection");
export type Objection = z.infer<typeof objection>;

export const receipt = z
  .object({
    receipt: z.string().describe("number of the event; the same objection has the same number"),
    state: z.enum(["received", "known"]).describe("known: it was filed before"),
    known_at: z.string().nullable().describe("civil time in the jurisdiction's zone"),
  })
  .openapi("Receipt");

/** Why an objection was not filed, with the status that says so. */
export interface ObjectionRefused {
  readonly status: 400 | 403 | 404;
  readonly code: string;
  readonly sentence: Bilingual;
}

export type ObjectionOutcome = z.infer<typeof receipt> | { readonly refused: ObjectionRefused };

/**
 * Files an objection of a body to a record of its own: an event that the line takes in and judges with its next run.
 * Writes a file into the inbox and a line into the audit journal, nothing else.
 */
export async function fileObjection(
  config: Config,
  index: MonthIndex,
  visitor: Visitor,
  filed: Objection,
): Promise<ObjectionOutcome> {
  const served = index.find(filed.pipeline);
  if (!served) return refuse(404, "pipeline", NO_PIPELINE);
  const [own = [], asked = []] = await findAnswering(served.newest.folder, [
    filed.entity,
    filed.responsible,
  ]);
  // A body speaks for itself alone: where several answer to what it writes, it means itself.
  const entity = own.find((one) => one === visitor.body) ?? soleOf(own, filed.entity);
  if (entity === undefined) return refuse(400, "entity", saySeveral(filed.entity, own));
  const responsible = soleOf(asked, filed.responsible);
  if (responsible === undefined) {
    return refuse(400, "responsible", saySeveral(filed.responsible, asked));
  }
  if (!mayActFor(visitor, entity)) return refuse(403, "entity", NOT_YOURS);
  if (holdsPersonal(filed.grounds)) return refuse(400, "personal", HOLDS_PERSONAL);
  const { now } = tellPresent(served.definition.time_zone);
  let taken: ReturnType<typeof submitEvent>;
  try {
    taken = submitEvent(
      config,
      filed.pipeline,
      {
        record: filed.record_key,
        source: filed.source,
        entity,
        event: "dispute",
        occurred_at: now.slice(0, 10),
        actor_body: entity,
        responsible,
        document_no: filed.document_no,
        note: filed.grounds,
      },
      now,
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return refuse(400, "event", { zh: message, en: message });
  }
  await appendAudit(config, {
    jurisdiction: served.definition.jurisdiction,
    ...describeActor(visitor),
    action: "objection.file",
    target: filed.record_key,
    detail: { entity, event: taken.event_id, state: taken.state },
  });
  return { receipt: taken.event_id, state: taken.state, known_at: taken.known_at };
}

/** Who answers to each code or name, in the newest published month. */
async function findAnswering(
  folder: string,
  asked: readonly string[],
): Promise<(readonly string[])[]> {
  const store = await openPublished(BOUNDS, folder);
  try {
    const found: (readonly string[])[] = [];
    for (const one of asked) found.push(await findBodies(store, one));
    return found;
  } finally {
    store.close();
  }
}

/** The one that is meant; what nobody published answers to is taken as it is written, for the line to judge. */
function soleOf(bodies: readonly string[], asked: string): string | undefined {
  return bodies.length > 1 ? undefined : (bodies[0] ?? asked);
}

function saySeveral(asked: string, bodies: readonly string[]): Bilingual {
  return {
    zh: `“${asked}”可能是：${bodies.join("、")}。请填写代码。`,
    en: `"${asked}" may be ${bodies.join(" or ")}. Give the code.`,
  };
}

function refuse(status: 400 | 403 | 404, code: string, sentence: Bilingual) {
  return { refused: { status, code, sentence } };
}

const NO_PIPELINE = {
  zh: "没有这个流程，或它还没有发布任何期次。",
  en: "There is no such pipeline, or nothing of it is published yet.",
};
const NOT_YOURS = {
  zh: "您的令牌不能代表这个单位提出异议。",
  en: "Your token may not object in the name of this body.",
};
const HOLDS_PERSONAL = {
  zh: "理由中含有疑似身份证号或手机号码，请删去个人信息后重新提交。",
  en: "The grounds hold what looks like an identity or telephone number. Take personal data out and file them again.",
};
