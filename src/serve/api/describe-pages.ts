import { type OpenAPIHono, z } from "@hono/zod-openapi";
import type { WebEnv } from "../auth/require-role.ts";
import type { AnyPage } from "../pages/define-page.ts";
import { PAGES } from "../pages/page-list.ts";
import { MONTH_QUERY } from "../pages/page-routes.ts";

type Registry = OpenAPIHono<WebEnv>["openAPIRegistry"];

/** What the JSON of every page begins with. */
const HEAD = z.object({
  pipeline: z.string(),
  period: z.string(),
  run: z.string(),
  as_of: z.string().describe("civil time; nothing known later counts"),
  synthetic: z.boolean().describe("whether the data is invented"),
  standard: z.object({ id: z.string(), version: z.string() }),
  redaction: z
    .object({ records: z.number(), since: z.string(), zh: z.string(), en: z.string() })
    .nullable()
    .describe("which records were left out of the month since they are published no more"),
  by_analogy: z
    .array(z.object({ zh: z.string(), en: z.string() }))
    .nullable()
    .describe("laws that its figures rest on by analogy; null where the period does not tell"),
  lacked: z
    .array(z.object({ zh: z.string(), en: z.string() }))
    .describe("what the period does not hold because an older program published it"),
});

/** Puts the JSON and CSV forms of every page into the API's description, from the schemas they are made with. */
export function describePages(registry: Registry): void {
  for (const page of PAGES) {
    if (page.rest !== "required") describe(registry, page, page.name || "index", {});
    if (page.restName) {
      describe(registry, page, `${page.name}/{${page.restName}}`, {
        [page.restName]: z.string().describe(`${page.restName} id`),
      });
    }
  }
}

function describe(
  registry: Registry,
  page: AnyPage,
  path: string,
  more: Record<string, z.ZodType>,
): void {
  const request = {
    params: z.object({ pipeline: z.string().describe("as qingdao"), ...more }),
    query: MONTH_QUERY.extend((page.query as z.ZodObject).shape),
  };
  const shared = { method: "get" as const, tags: ["pages"], request };
  const faults = {
    304: { description: "Unchanged (If-None-Match)" },
    400: { description: "A parameter cannot be read" },
    404: { description: "Nothing of the kind is published" },
    429: { description: "Too many requests" },
  };
  registry.registerPath({
    ...shared,
    path: `/{pipeline}/${path}.json`,
    summary: `${page.summary.zh} · ${page.summary.en}`,
    responses: {
      200: {
        description: page.summary.en,
        content: {
          "application/json": { schema: HEAD.extend((page.data as z.ZodObject).shape) },
        },
      },
      ...faults,
    },
  });
  registry.registerPath({
    ...shared,
    path: `/{pipeline}/${path}.csv`,
    summary: `${page.summary.zh}（CSV） · ${page.summary.en} (CSV)`,
    responses: {
      200: { description: page.summary.en, content: { "text/csv": { schema: z.string() } } },
      ...faults,
    },
  });
}
