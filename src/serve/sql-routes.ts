import { join } from "node:path";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { type Context, Hono } from "hono";
import { accepts } from "hono/accepts";
import { z } from "zod";
import { appendAudit } from "../audit/append.ts";
import type { Config } from "../config.ts";
import { chooseRun } from "../publish/choose-run.ts";
import { tellTidied } from "../publish/find-published.ts";
import { databasesFor } from "../query/database-files.ts";
import { type Fault, QueryFault } from "../query/fault.ts";
import type { Format } from "../query/frames.ts";
import type { QueryPool } from "../query/pool.ts";
import { sayIssue } from "../standard/issue-words.ts";
import { maskPersonal } from "../standard/personal-text.ts";
import { requireRole, type WebEnv } from "./auth/require-role.ts";
import { describeActor } from "./auth/roles.ts";
import { limitBody } from "./limit-body.ts";
import type { MonthIndex } from "./months/find-month.ts";
import { clearanceFor, isOpenTo, readRun } from "./months/read-run.ts";
import type { ShowRun } from "./months/show-run.ts";
import { sayProblem } from "./page/refusal.ts";
import { answerBody } from "./sql-answer.ts";

const MOST_BYTES = 500_000;

export const TYPES: Record<Format, string> = {
  json: "application/json; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  arrow: "application/vnd.apache.arrow.stream",
  parquet: "application/vnd.apache.parquet",
};

/** Letters of a statement that the journal keeps. */
const MOST_AUDITED = 500;

/** What is asked. */
export const sqlRequest = z.strictObject({
  sql: z.string().min(1).describe("one query over the tables that docs/queries.md lists"),
  pipeline: z.string().optional().describe("as qingdao; else the leading one"),
  period: z.string().optional().describe("as 2018-12; else the newest"),
  as_of: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2})?$/)
    .optional()
    .describe("the period as known at this time: the last publication of what was known no later"),
  rows: z.int().positive().optional().describe("rows wanted at most"),
});

/** What is asked in the address. */
const sqlQuery = z.object({
  bom: z
    .enum(["true", "false"])
    .default("true")
    .describe("whether CSV begins with a byte order mark, without which Excel misreads Chinese"),
});

const sqlFault = z.object({
  error: z.object({
    code: z.string(),
    zh: z.string(),
    en: z.string(),
    position: z.number().optional(),
    line: z.number().optional(),
    column: z.number().optional(),
  }),
});

const STATUS = {
  syntax: 400,
  refused: 403,
  failed: 400,
  time: 408,
  memory: 413,
  busy: 429,
  lost: 503,
} as const satisfies Record<Fault["kind"], number>;

export interface SqlParts {
  readonly config: Config;
  readonly index: MonthIndex;
  readonly show: ShowRun;
  /** The processes that answer; whoever opened it closes it. */
  readonly pool: QueryPool;
}

/** `POST /api/sql`: an analyst's query over a published period, as Arrow, JSON, CSV or Parquet by `Accept`. */
export function sqlRoutes({ config, index, show, pool }: SqlParts) {
  const app = new Hono<WebEnv>();
  app.use("/api/sql", requireRole("analyst"), limitBody(MOST_BYTES));
  app.post("/api/sql", async (c) => {
    const body: unknown = await c.req.json().catch(() => undefined);
    const read = sqlRequest.safeParse(body);
    if (!read.success) return sayFaulty(c, read.error, body);
    const query = sqlQuery.safeParse(c.req.query());
    if (!query.success) return sayFaulty(c, query.error, c.req.query());
    const { sql, pipeline, period, as_of: asOf, rows } = read.data;
    const served =
      pipeline === undefined ? index.list().find((one) => isOpenTo(c, one)) : index.find(pipeline);
    const run = served && chooseRun(served.runs, { period, asOf });
    const reading = run && (await readRun(c, { config, show }, served, run));
    if (served && reading && asOf !== undefined) {
      const { jurisdiction, pipeline: name } = served.definition;
      const place = join(config.dataDir, jurisdiction);
      const tidied = tellTidied(place, name, { period, asOf }, run);
      if (tidied) return sayProblem(c, 410, "tidied", tidied);
    }
    if (!served || !run || !reading) {
      return sayProblem(c, 404, "noSuchMonth", {
        zh: "没有发布这样的一期，或当时尚未发布。GET /api/pipelines 列出已发布的各期。",
        en: "No such period is published, or was by then. GET /api/pipelines lists what is.",
      });
    }
    const format = chooseFormat(c);
    const visitor = c.get("visitor");
    await appendAudit(config, {
      jurisdiction: served.definition.jurisdiction,
      ...describeActor(visitor),
      action: "sql.query",
      target: run.period,
      detail: { run: run.run, sql: maskPersonal(sql).slice(0, MOST_AUDITED), format },
    });
    try {
      const answer = await pool.run({
        user: visitor.token ?? visitor.name ?? "",
        files: databasesFor(reading, clearanceFor(c, served.definition)),
        left: reading,
        sql,
        format,
        byteOrderMark: query.data.bom === "true",
        ...(rows !== undefined && { mostRows: rows }),
      });
      c.header("X-Zhengxin-Period", run.period);
      c.header("X-Zhengxin-As-Of", run.asOf);
      return await answerBody(c, answer, TYPES[format]);
    } catch (error) {
      if (!(error instanceof QueryFault)) throw error;
      const { kind, ...said } = error.fault;
      return c.json({ error: { code: kind, ...said } }, STATUS[kind]);
    }
  });
  return app;
}

function chooseFormat(c: Context): Format {
  const plain = Object.entries(TYPES).map(([format, type]): [Format, string] => [
    format as Format,
    type.split(";")[0] as string,
  ]);
  const type = accepts(c, {
    header: "Accept",
    supports: plain.map(([, one]) => one),
    default: "application/json",
  });
  return plain.find(([, one]) => one === type)?.[0] ?? "json";
}

async function sayFaulty(c: Context<WebEnv>, error: z.ZodError, input: unknown): Promise<Response> {
  const said = (language: "zh" | "en", between: string) =>
    error.issues
      .map((issue) => `${issue.path.join(".") || "body"}: ${sayIssue(issue, input)[language]}`)
      .join(between);
  return sayProblem(c, 400, "faulty", {
    zh: `请求有误：${said("zh", "；")}。请以 JSON 提交 {"sql": "SELECT …"}。`,
    en: `The request is faulty: ${said("en", "; ")}. Send JSON: {"sql": "SELECT …"}.`,
  });
}

type Registry = OpenAPIHono<WebEnv>["openAPIRegistry"];

/** Puts the route into the API's description. */
export function describeSql(registry: Registry): void {
  const fault = (description: string) => ({
    description,
    content: { "application/json": { schema: sqlFault } },
  });
  const answer = (type: string, schema: z.ZodType): [string, { schema: z.ZodType }] => [
    type.split(";")[0] as string,
    { schema },
  ];
  registry.registerPath({
    method: "post",
    path: "/api/sql",
    tags: ["sql"],
    security: [{ token: [] }],
    summary:
      "对已发布的期间提问（角色：分析人员） · Ask a query of a published period (role analyst)",
    request: {
      query: sqlQuery,
      body: { required: true, content: { "application/json": { schema: sqlRequest } } },
    },
    responses: {
      200: {
        description:
          "The answer, by Accept. X-Zhengxin-Rows and X-Zhengxin-Truncated say how many rows it has and whether it was cut off: headers of a short answer, trailers of a long one.",
        content: Object.fromEntries([
          answer(
            TYPES.json,
            z.object({
              columns: z.array(z.object({ name: z.string(), type: z.string() })),
              rows: z.array(z.array(z.unknown())),
              row_count: z.number(),
              truncated: z.boolean(),
            }),
          ),
          answer(TYPES.csv, z.string()),
          answer(TYPES.arrow, z.string().describe("Arrow IPC stream")),
          answer(TYPES.parquet, z.string().describe("Parquet file")),
        ]),
      },
      400: fault("The statement is faulty"),
      403: fault("The statement is no query over the published tables"),
      404: fault("No such period"),
      408: fault("It took too long"),
      413: fault("It needs too much memory"),
      429: fault("Too many queries at a time"),
      503: fault("Its process has ended"),
    },
  });
}
