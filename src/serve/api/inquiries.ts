import { createHash } from "node:crypto";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { audited } from "../../audit/audited.ts";
import { writeCreditReportHtml } from "../../credit-report/html.ts";
import { readCreditReport } from "../../credit-report/read-credit-report.ts";
import { creditReportSchema } from "../../credit-report/schema.ts";
import { chooseRun } from "../../publish/choose-run.ts";
import { checkSubjects, PURPOSES } from "../../subjects/check-subjects.ts";
import { writeAnswersCsv } from "../../subjects/subject-list.ts";
import { requireRole, type WebEnv } from "../auth/require-role.ts";
import { describeActor } from "../auth/roles.ts";
import type { MonthIndex } from "../months/find-month.ts";
import { sandboxPolicy } from "../report-policy.ts";
import type { ApiParts } from "./api-routes.ts";
import { problem, refuseFaulty } from "./problem.ts";

const MOST_BYTES = 5_000_000;
const MOST_SUBJECTS = 10_000;
const subjectText = z.string().max(200).optional();

const subjectsRequest = z
  .strictObject({
    pipeline: z.string().max(80).describe("as qingdao"),
    period: z.string().max(10).optional().describe("as 2018-12; else the newest"),
    purpose: z.enum(PURPOSES).describe("what the answer is for"),
    subjects: z
      .array(z.strictObject({ code: subjectText, name: subjectText }))
      .min(1)
      .max(MOST_SUBJECTS)
      .describe("government bodies by code, name or both"),
  })
  .openapi("SubjectsRequest");

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

const faults = {
  400: { description: "Faulty", content: { "application/json": { schema: problem } } },
  401: { description: "No token", content: { "application/json": { schema: problem } } },
  403: { description: "Too few rights", content: { "application/json": { schema: problem } } },
  404: { description: "No such month", content: { "application/json": { schema: problem } } },
};

const subjectsRoute = createRoute({
  ...{ method: "post", path: "/api/check-subjects", tags: ["inquiries"] },
  summary:
    "Say of each body whether it is restricted in a field, why and until when (role officer)",
  security: [{ token: [] }],
  request: {
    body: { required: true, content: { "application/json": { schema: subjectsRequest } } },
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
  },
});

const reportRoute = createRoute({
  ...{ method: "get", path: "/api/credit-reports/{pipeline}/{entity}", tags: ["inquiries"] },
  summary: "The credit report of a body (role officer); as a page with Accept: text/html",
  security: [{ token: [] }],
  request: {
    params: z.object({ pipeline: z.string(), entity: z.string() }),
    query: z.object({ period: z.string().max(10).optional() }),
  },
  responses: {
    200: {
      description: "The report",
      content: {
        "application/json": { schema: creditReportSchema },
        "text/html": { schema: z.string() },
      },
    },
    ...faults,
  },
});

/** What officers look up: who is restricted, and credit reports. Each look-up is written into the audit journal. */
export function inquiryRoutes({ config, index }: ApiParts): OpenAPIHono<WebEnv> {
  const app = new OpenAPIHono<WebEnv>({ defaultHook: refuseFaulty });
  app.use("/api/check-subjects", requireRole("officer"), bodyLimit({ maxSize: MOST_BYTES }));
  app.openapi(subjectsRoute, async (c) => {
    const { pipeline, period, purpose, subjects } = c.req.valid("json");
    const found = findRun(index, pipeline, period);
    if (!found) return c.json(NO_MONTH, 404);
    const act = {
      jurisdiction: found.jurisdiction,
      ...describeActor(c.get("visitor")),
      ...{ action: "subjects.check", target: purpose },
      detail: {
        ...{ period: found.run.period, run: found.run.run, subjects: subjects.length },
        list_sha256: createHash("sha256").update(JSON.stringify(subjects)).digest("hex"),
      },
    };
    const check = await audited(config, act, () =>
      checkSubjects(found.run.folder, subjects, purpose),
    );
    if ((c.req.header("Accept") ?? "").includes("text/csv")) {
      c.header("Content-Type", "text/csv; charset=utf-8");
      return c.body(writeAnswersCsv(check), 200);
    }
    return c.json({ ...check, answers: [...check.answers] } as never, 200);
  });
  app.use("/api/credit-reports/*", requireRole("officer"));
  app.openapi(reportRoute, async (c) => {
    const { pipeline, entity } = c.req.valid("param");
    const found = findRun(index, pipeline, c.req.valid("query").period);
    if (!found) return c.json(NO_MONTH, 404);
    const asPage = (c.req.header("Accept") ?? "").includes("text/html");
    const act = {
      jurisdiction: found.jurisdiction,
      ...describeActor(c.get("visitor")),
      ...{ action: "credit-report.read", target: entity },
      detail: { period: found.run.period, run: found.run.run, form: asPage ? "html" : "json" },
    };
    let report: Awaited<ReturnType<typeof readCreditReport>>;
    try {
      report = await audited(config, act, () => readCreditReport(found.run.folder, entity));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return c.json({ error: { code: "entity", zh: message, en: message } }, 404);
    }
    if (!asPage) return c.json(report, 200);
    const page = writeCreditReportHtml(report, c.get("language"));
    c.header("Content-Security-Policy", sandboxPolicy(page));
    return c.html(page, 200);
  });
  return app;
}

const NO_MONTH = {
  error: {
    code: "noSuchMonth",
    zh: "没有发布这样的一期。GET /api/pipelines 列出已发布的各期。",
    en: "No such period is published. GET /api/pipelines lists what is.",
  },
};

function findRun(index: MonthIndex, pipeline: string, period: string | undefined) {
  const served = index.find(pipeline);
  const run = served && chooseRun(served.runs, { period }, served.newest.period);
  return run && { run, jurisdiction: served.definition.jurisdiction };
}
