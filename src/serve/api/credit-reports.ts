import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { audited } from "../../audit/audited.ts";
import { writeCreditReportHtml } from "../../credit-report/html.ts";
import {
  type IssuedCreditReport,
  issueCreditReport,
  issuedCreditReportSchema,
  PURPOSE_CODES,
} from "../../credit-report/issue.ts";
import { readBodyName, readCreditReport } from "../../credit-report/read-credit-report.ts";
import { PartLacked } from "../../publish/lacked-parts.ts";
import { requireRole, type WebEnv } from "../auth/require-role.ts";
import { describeActor } from "../auth/roles.ts";
import { findRun, NO_MONTH } from "../months/find-month.ts";
import { readRun } from "../months/read-run.ts";
import { sandboxPolicy } from "../report-policy.ts";
import type { ApiParts } from "./api-routes.ts";
import { openPrinter } from "./print-report.ts";
import { faults, problem, refuseFaulty } from "./problem.ts";

const reportRoute = createRoute({
  method: "get",
  path: "/api/credit-reports/{pipeline}/{entity}",
  tags: ["inquiries"],
  summary:
    "一个单位的信用报告（角色：经办人员） · The credit report of a body (role officer); as a page with Accept: text/html, as PDF with Accept: application/pdf or .pdf behind the body",
  security: [{ token: [] }],
  request: {
    params: z.object({ pipeline: z.string(), entity: z.string() }),
    query: z.object({
      period: z.string().max(10).optional(),
      purpose: z
        .enum(PURPOSE_CODES)
        .default("file")
        .describe("查询用途 · what the report is asked for"),
      for: z
        .string()
        .max(100)
        .optional()
        .describe("出具给哪个单位；默认为令牌所属单位 · body it goes to; default: the token's own"),
    }),
  },
  responses: {
    200: {
      description: "The report",
      content: {
        "application/json": { schema: issuedCreditReportSchema },
        "text/html": { schema: z.string() },
        "application/pdf": { schema: z.string().describe("printed by Chromium, in one language") },
      },
    },
    ...faults,
    501: {
      description: "No Chromium to print with",
      content: { "application/json": { schema: problem } },
    },
  },
});

/** Bounds of the database that one report is read with. */
const BOUNDS = { memory: "300MB", threads: 1 };

/** Credit reports, for officers. Each look-up is written into the audit journal. */
export function creditReportRoutes({ config, index, show, today }: ApiParts): OpenAPIHono<WebEnv> {
  const app = new OpenAPIHono<WebEnv>({ defaultHook: refuseFaulty });
  const printer = openPrinter(config);
  app.use("/api/credit-reports/*", requireRole("officer"));
  app.openapi(reportRoute, async (c) => {
    const { pipeline, entity: asked } = c.req.valid("param");
    const { period, purpose, for: reader } = c.req.valid("query");
    const found = findRun(index, pipeline, period);
    const reading = found && (await readRun(c, { config, show }, found.served, found.run));
    if (!found || !reading) return c.json(NO_MONTH, 404);
    const form = chooseForm(c.req.header("Accept") ?? "", asked);
    const entity = form === "pdf" ? asked.replace(/\.pdf$/, "") : asked;
    const act = {
      jurisdiction: found.jurisdiction,
      ...describeActor(c.get("visitor")),
      action: "credit-report.read",
      target: entity,
      detail: { period: found.run.period, run: found.run.run, form, purpose },
    };
    const goesTo = reader ?? c.get("visitor").body ?? undefined;
    const issued_on = today(found.served);
    let report: IssuedCreditReport;
    try {
      report = await audited(config, act, async () => {
        const { folder } = reading;
        const { memory, threads } = BOUNDS;
        const read = await readCreditReport(folder, entity, {
          memory,
          threads,
          today: issued_on,
          left: reading,
        });
        const addressee = goesTo && (await readBodyName(folder, goesTo, BOUNDS));
        return issueCreditReport(read, found.served.definition, {
          issued_on,
          purpose,
          addressee: addressee || undefined,
        });
      });
    } catch (error) {
      if (error instanceof PartLacked) {
        return c.json({ error: { code: "lacked", ...error.sentence } }, 404);
      }
      const message = error instanceof Error ? error.message : String(error);
      return c.json({ error: { code: "entity", zh: message, en: message } }, 404);
    }
    if (form === "json") return c.json(report, 200);
    const page = writeCreditReportHtml(report, c.get("language"));
    if (form === "html") {
      c.header("Content-Security-Policy", sandboxPolicy(page));
      return c.html(page, 200);
    }
    const printed = await printer.print(page, report.as_of);
    if (!("pdf" in printed)) {
      return c.json({ error: { code: printed.code, ...printed.sentence } }, printed.status);
    }
    const name = `${report.identity.entity_id}-${report.period.id}.pdf`;
    return c.body(new Uint8Array(printed.pdf), 200, {
      "Content-Type": "application/pdf",
      "Content-Disposition": `inline; filename="${encodeURIComponent(name)}"`,
    });
  });
  return app;
}

/** A body's id may be followed by .pdf, for those who cannot say what they accept. */
function chooseForm(accept: string, entity: string): "json" | "html" | "pdf" {
  if (entity.endsWith(".pdf") || accept.includes("application/pdf")) return "pdf";
  return accept.includes("text/html") ? "html" : "json";
}
