import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Config } from "../../config.ts";
import { FILING_LIMIT, limitRate } from "../auth/limits.ts";
import { requireRole, type WebEnv } from "../auth/require-role.ts";
import { ROLES } from "../auth/roles.ts";
import { limitBody } from "../limit-body.ts";
import type { MonthIndex, ServedPipeline } from "../months/find-month.ts";
import { isOpenTo } from "../months/read-run.ts";
import type { ShowRun } from "../months/show-run.ts";
import { bilingual } from "../pages/shapes.ts";
import { describeSql } from "../sql-routes.ts";
import { creditReportRoutes } from "./credit-reports.ts";
import { describePages } from "./describe-pages.ts";
import { docsPage } from "./docs-page.ts";
import { fileObjection, objection, receipt } from "./objection.ts";
import { problem, refuseFaulty } from "./problem.ts";
import { describeRecordEvents } from "./record-events.ts";
import { describeSubjects, subjectRoutes } from "./subjects.ts";

export interface ApiParts {
  readonly config: Config;
  readonly index: MonthIndex;
  /** Day by which it is told whether a record of a month may still be shown. */
  readonly show: ShowRun;
  readonly today: (served: ServedPipeline) => string;
}

const MOST_BYTES = 20_000;

const says = (description: string, schema: z.ZodType) => ({
  description,
  content: { "application/json": { schema } },
});

const pipelinesRoute = createRoute({
  method: "get",
  path: "/api/pipelines",
  tags: ["published"],
  summary: "已发布的流程、期间与运行 · What is published: pipelines, their periods and runs",
  responses: {
    200: says(
      "Pipelines with something published",
      z.array(
        z.object({
          pipeline: z.string(),
          title: bilingual,
          synthetic: z.boolean(),
          newest: z.string(),
          months: z.array(
            z.object({
              period: z.string(),
              run: z.string(),
              as_of: z.string(),
              in_force: z.boolean(),
            }),
          ),
        }),
      ),
    ),
  },
});

const meRoute = createRoute({
  method: "get",
  path: "/api/me",
  tags: ["account"],
  summary: "令牌属于谁、可做什么 · Who a token belongs to, and what it may do",
  responses: {
    200: says(
      "The visitor",
      z.object({
        role: z.enum(ROLES),
        name: z.string().nullable(),
        body: z.string().nullable(),
        office: z.string().nullable(),
      }),
    ),
  },
});

const objectionRoute = createRoute({
  method: "post",
  path: "/api/objections",
  tags: ["records"],
  summary:
    "对失信记录提出异议（角色：经办人员，限本单位） · File an objection to a dishonesty record (role officer, for its own body)",
  security: [{ token: [] }],
  request: { body: { required: true, content: { "application/json": { schema: objection } } } },
  responses: {
    200: says("Filed before", receipt),
    201: says("Filed; it shows in the results after the next run", receipt),
    400: says("The objection is faulty", problem),
    401: says("No token", problem),
    403: says("The token may not object in the name of the body", problem),
    404: says("No such pipeline", problem),
    413: { description: "Too large" },
    429: says("Too many requests; Retry-After says how long to wait", problem),
  },
});

/** The API below /api: what is published, objections, and the description of it all at /api/openapi.json and /api/docs. */
export function apiRoutes({ config, index, show, today }: ApiParts): OpenAPIHono<WebEnv> {
  const app = new OpenAPIHono<WebEnv>({ defaultHook: refuseFaulty });
  app.openapi(pipelinesRoute, (c) => {
    c.header("Cache-Control", "public, no-cache");
    c.header("Vary", "Authorization, Cookie");
    const shown = index.list().filter((served) => isOpenTo(c, served));
    return c.json(
      shown.map(({ definition, runs, newest }) => ({
        pipeline: definition.pipeline,
        title: definition.report.title,
        synthetic: definition.report.synthetic !== undefined,
        newest: newest.period,
        months: runs.map(({ period, run, asOf, latest }) => ({
          period,
          run,
          as_of: asOf,
          in_force: latest,
        })),
      })),
      200,
    );
  });
  app.openapi(meRoute, (c) => {
    c.header("Cache-Control", "private, no-store");
    const { role, name, body, office } = c.get("visitor");
    return c.json({ role, name, body, office }, 200);
  });
  app.use(
    "/api/objections",
    requireRole("officer"),
    limitBody(MOST_BYTES),
    limitRate(config, FILING_LIMIT),
  );
  app.openapi(objectionRoute, async (c) => {
    const outcome = await fileObjection(config, index, c.get("visitor"), c.req.valid("json"));
    if ("refused" in outcome) {
      const { status, code, sentence } = outcome.refused;
      return c.json({ error: { code, ...sentence } }, status);
    }
    return c.json(outcome, outcome.state === "received" ? 201 : 200);
  });
  app.route("/", subjectRoutes({ config, index, show, today }));
  app.route("/", creditReportRoutes({ config, index, show, today }));
  describePages(app.openAPIRegistry);
  describeSql(app.openAPIRegistry);
  describeRecordEvents(app.openAPIRegistry);
  describeSubjects(app.openAPIRegistry);
  app.openAPIRegistry.registerComponent("securitySchemes", "token", {
    type: "http",
    scheme: "bearer",
    description: "A token of `zhengxin token add`",
  });
  app.doc31("/api/openapi.json", {
    openapi: "3.1.0",
    info: {
      title: "政信 zhengxin",
      version: "1",
      description:
        "Published months of government integrity rankings. Every page is data too at the same address, with .json or .csv behind it. Whatever is published is public; the rest needs a token.",
    },
  });
  app.get("/api/docs", (c) => docsPage(c, app));
  return app;
}
