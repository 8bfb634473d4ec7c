import { createHash } from "node:crypto";
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { audited } from "../../audit/audited.ts";
import { PartLacked } from "../../publish/lacked-parts.ts";
import { checkSubjects, PURPOSES, type Subject } from "../../subjects/check-subjects.ts";
import { readSubjectList, writeAnswersCsv } from "../../subjects/subject-list.ts";
import { requireRole, type WebEnv } from "../auth/require-role.ts";
import { describeActor } from "../auth/roles.ts";
import { limitBody } from "../limit-body.ts";
import { findRun, NO_MONTH } from "../months/find-month.ts";
import { readRun } from "../months/read-run.ts";
import { sayProblem } from "../page/refusal.ts";
import { openTurns, TooBusy } from "../turns.ts";
import type { ApiParts } from "./api-routes.ts";
import { BUSY, faults, refuseFaulty } from "./problem.ts";

const BOUNDS = { memory: "400MB", threads: 2 };
const MOST_BYTES = 25_000_000;
const MOST_SUBJECTS = 100_000;
/** A large list takes seconds and hundreds of megabytes: so many may wait for the one at work. */
const MOST_WAITING = 8;
const subjectText = z.string().max(200).optional();

const question = {
  pipeline: z.string().max(80).describe("as qingdao"),
  period: z.string().max(10).optional().describe("as 2018-12; else the newest"),
  purpose: z.enum(PURPOSES).describe("what the answer is for"),
};
const subjects = z
  .array(z.strictObject({ code: subjectText, name: subjectText }))
  .min(1)
  .max(MOST_SUBJECTS)
  .describe("government bodies by code, name or both");

const subjectsRequest = z.strictObject({ ...question, subjects }).openapi("SubjectsRequest");

const subjectsAnswer = z
  .looseObject({
    purpose: z.string(),
    period: z.string(),
    run: z.string(),
    as_of: z.string(),
    synthetic: z.boolean(),
    counts: z.record(z.string(), z.number()).describe("subjects by state"),
    answers: z.array(
      z.looseObject({
        state: z.enum(["restricted", "clear", "unknown", "ambiguous", "contradictory"]),
        entity_id: z.string().nullable(),
        grounds: z.array(z.looseObject({ reason_zh: z.string(), until: z.string().nullable() })),
      }),
    ),
  })
  .openapi("SubjectsAnswer");

type Asked = z.infer<typeof subjectsRequest>;

/** `POST /api/check-subjects`: who of a list is restricted; for officers, each look-up written into the audit journal. */
export function subjectRoutes({ config, index, show }: ApiParts): OpenAPIHono<WebEnv> {
  const app = new OpenAPIHono<WebEnv>();
  const turns = openTurns(MOST_WAITING);
  app.use("/api/check-subjects", requireRole("officer"), limitBody(MOST_BYTES));
  app.post("/api/check-subjects", async (c) => {
    const read = await readAsked(c);
    if (read instanceof Response) return read;
    const { asked, listHash } = read;
    const found = findRun(index, asked.pipeline, asked.period);
    const left = found && (await readRun(c, { config, show }, found.served, found.run));
    if (!found || !left) return c.json(NO_MONTH, 404);
    const act = {
      jurisdiction: found.jurisdiction,
      ...describeActor(c.get("visitor")),
      action: "subjects.check",
      target: asked.purpose,
      detail: {
        period: found.run.period,
        run: found.run.run,
        subjects: asked.subjects.length,
        list_sha256: listHash,
      },
    };
    try {
      const check = await audited(config, act, () =>
        turns.take(() =>
          checkSubjects(left.run, asked.subjects, asked.purpose, { ...BOUNDS, left }),
        ),
      );
      if ((c.req.header("Accept") ?? "").includes("text/csv")) {
        return c.body(writeAnswersCsv(check), 200, { "Content-Type": "text/csv; charset=utf-8" });
      }
      return c.json({ ...check, answers: [...check.answers] } as never, 200);
    } catch (error) {
      if (error instanceof TooBusy) return sayProblem(c, 503, "busy", BUSY);
      if (error instanceof PartLacked) return sayProblem(c, 404, "lacked", error.sentence);
      throw error;
    }
  });
  return app;
}

/** The question as JSON, or a list as CSV with the rest in the address; else the refusal. */
async function readAsked(
  c: Context<WebEnv>,
): Promise<{ readonly asked: Asked; readonly listHash: string } | Response> {
  const type = (c.req.header("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "text/csv" && type !== "application/json") {
    return sayProblem(c, 415, "type", OTHER_TYPE);
  }
  const bytes = Buffer.from(await c.req.arrayBuffer());
  let value: unknown;
  try {
    value =
      type === "text/csv"
        ? { ...c.req.query(), subjects: readSubjectList(bytes).map(shorten) }
        : JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return sayProblem(c, 400, "faulty", {
      zh: `清单无法读取：${message}`,
      en: `The list cannot be read: ${message}`,
    });
  }
  const read = subjectsRequest.safeParse(value);
  const refused = await refuseFaulty(read, c);
  if (refused) return refused;
  return { asked: read.data as Asked, listHash: createHash("sha256").update(bytes).digest("hex") };
}

/** A field of CSV that is empty says nothing. */
function shorten({ code, name }: Subject): Subject {
  return { code: code || undefined, name: name || undefined };
}

const OTHER_TYPE = {
  zh: "请以 application/json 提交，或以 text/csv 提交清单并在地址中写明 pipeline 与 purpose。",
  en: "Send application/json, or the list as text/csv with pipeline and purpose in the address.",
};

type Registry = OpenAPIHono<WebEnv>["openAPIRegistry"];

/** Puts the route into the API's description. */
export function describeSubjects(registry: Registry): void {
  const inAddress = z.object({
    pipeline: question.pipeline.optional(),
    period: question.period,
    purpose: question.purpose.optional(),
  });
  registry.registerPath({
    method: "post",
    path: "/api/check-subjects",
    tags: ["inquiries"],
    summary:
      "逐一核查单位在某领域是否受限（角色：经办人员） · Say of each body whether it is restricted in a field, why and until when (role officer)",
    security: [{ token: [] }],
    request: {
      query: inAddress.describe("with a list as CSV"),
      body: {
        required: true,
        content: {
          "application/json": { schema: subjectsRequest },
          "text/csv": {
            schema: z
              .string()
              .describe(
                `A list with a column of codes or of names, ${MOST_SUBJECTS} subjects at most; the rest of the question is in the address`,
              ),
          },
        },
      },
    },
    responses: {
      200: {
        description: "The answers, in the order of the subjects; as CSV with Accept: text/csv",
        content: {
          "application/json": { schema: subjectsAnswer },
          "text/csv": { schema: z.string() },
        },
      },
      ...faults,
      413: { description: "Too large" },
    },
  });
}
