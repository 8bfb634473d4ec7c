import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { audited } from "../../audit/audited.ts";
import { writeCreditReportHtml } from "../../credit-report/html.ts";
import { readCreditReport } from "../../credit-report/read-credit-report.ts";
import { creditReportSchema } from "../../credit-report/schema.ts";
import { requireRole, type WebEnv } from "../auth/require-role.ts";
import { describeActor } from "../auth/roles.ts";
import { findRun, NO_MONTH } from "../months/find-month.ts";
import { sandboxPolicy } from "../report-policy.ts";
import type { ApiParts } from "./api-routes.ts";
import { faults, refuseFaulty } from "./problem.ts";

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

/** Bounds of the database that one report is read with. */
const BOUNDS = { memory: "300MB", threads: 1 };

/** Credit reports, for officers. Each look-up is written into the audit journal. */
export function creditReportRoutes({ config, index, today }: ApiParts): OpenAPIHono<WebEnv> {
  const app = new OpenAPIHono<WebEnv>({ defaultHook: refuseFaulty });
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
      report = await audited(config, act, () =>
        readCreditReport(found.run.folder, entity, { ...BOUNDS, today: today(found.served) }),
      );
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
