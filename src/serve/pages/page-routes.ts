import { join } from "node:path";
import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Config } from "../../config.ts";
import { chooseRun } from "../../publish/choose-run.ts";
import { tellTidied } from "../../publish/find-published.ts";
import { openMeter, RENDER_LIMIT, refuseFor } from "../auth/limits.ts";
import type { WebEnv } from "../auth/require-role.ts";
import type { MonthIndex, ServedPipeline } from "../months/find-month.ts";
import type { Months } from "../months/open-month.ts";
import { cacheFor, clearanceFor, isOpenTo, readRun } from "../months/read-run.ts";
import type { LookAtRun, ShowRun } from "../months/show-run.ts";
import type { Language } from "../page/language.ts";
import { sayProblem, sayRefused } from "../page/refusal.ts";
import { openByteCache, type SentBytes, sendBytes } from "./byte-cache.ts";
import type { AnyPage } from "./define-page.ts";
import { makeForms } from "./page-forms.ts";
import { PAGES } from "./page-list.ts";

export interface PageParts {
  readonly config: Config;
  readonly index: MonthIndex;
  readonly months: Months;
  readonly show: ShowRun;
  readonly look: LookAtRun;
}

/** What every page takes besides its own query. */
export const MONTH_QUERY = z.object({
  period: z
    .string()
    .regex(/^\d{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$/)
    .optional()
    .describe("a published period, as 2018-06; the newest when absent"),
  run: z
    .string()
    .regex(/^[0-9a-f]{8,64}$/)
    .optional()
    .describe("a run of the period; the one in force when absent"),
});

const FORMS = ["json", "csv"] as const;
export type PageForm = "html" | (typeof FORMS)[number];

/**
 * Every page of every pipeline with something published, at `/<pipeline>/<page>`, with `.json` or `.csv` behind it as data.
 * What was made once is kept as bytes, for a published run never changes; what shows records, for the day.
 */
export function pageRoutes(parts: PageParts): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const cache = openByteCache();
  const meter = openMeter(parts.config, RENDER_LIMIT);
  app.get("/", async (c) => {
    const first = parts.index.list().find((served) => isOpenTo(c, served));
    return first
      ? c.redirect(`/${first.definition.pipeline}/`, 302)
      : sayNone(c, parts.index.isLost());
  });
  app.get("/:pipeline", async (c, next) => {
    const { pipeline } = c.req.param();
    if (parts.index.isLost(pipeline)) return sayNone(c, true);
    const served = parts.index.find(pipeline);
    return served && isOpenTo(c, served) ? c.redirect(`/${pipeline}/`, 301) : next();
  });
  app.get("/:pipeline/*", async (c, next) => {
    const served = parts.index.find(c.req.param("pipeline"));
    const wanted = served && findPage(c.req.path);
    if (parts.index.isLost(c.req.param("pipeline"))) return sayNone(c, true);
    if (!served || !wanted) return next();
    return answer(c, served, wanted);
  });
  const answer = async (c: Context<WebEnv>, served: ServedPipeline, wanted: WantedPage) => {
    const asked = MONTH_QUERY.and(wanted.page.query).safeParse(c.req.query());
    if (!asked.success) return sayProblem(c, 400, "query", describeQuery(asked.error));
    const query = asked.data as Record<string, string | undefined>;
    if (asksForDamaged(served, query)) return sayRefused(c, 503, "damagedMonth");
    const run = chooseRun(served.runs, query);
    const folder = join(parts.config.dataDir, served.definition.jurisdiction);
    const tidied = tellTidied(folder, served.definition.pipeline, query, run);
    if (tidied && isOpenTo(c, served)) return sayProblem(c, 410, "tidied", tidied);
    const reading = run && (await readRun(c, parts, served, run));
    if (!run || !reading) return sayRefused(c, 404, "noSuchMonth");
    const language: Language = c.get("language");
    const search = normalise(query);
    // The months there are, and which is the newest, are part of a page too.
    const state = [
      ...served.runs.map((one) => one.run + one.latest),
      ...served.damaged.map((one) => `!${one.run}`),
    ].join();
    const key = [
      ...[
        reading.run,
        reading.view,
        wanted.page.name,
        wanted.rest,
        search,
        wanted.form,
        language,
        state,
      ],
    ];
    const known = wanted.page.passing ? undefined : cache.get(key.join("\n"));
    let bytes: SentBytes | undefined = known;
    if (!bytes) {
      const wait = await meter.take(c);
      if (wait !== undefined) return refuseFor(c, wait);
      const month = await parts.months.open(served, run, reading);
      const made = await makeForms(parts, {
        served,
        month,
        wanted,
        query,
        search,
        language,
        isOpen: (other) => isOpenTo(c, other),
      });
      if (made === undefined) return sayRefused(c, 404, "noSuchPage");
      bytes = await cache.put(key.join("\n"), made);
    }
    return sendBytes(c, bytes, {
      // Any record may be revoked at any time: whoever keeps a copy asks whether it still holds.
      cacheControl: cacheFor(clearanceFor(c, served.definition), "public, no-cache"),
      vary: `Accept-Encoding, Authorization, Cookie${wanted.form === "html" ? ", Accept-Language" : ""}`,
    });
  };
  return app;
}

function sayNone(c: Context<WebEnv>, isLost: boolean) {
  return isLost ? sayRefused(c, 503, "damagedMonth") : sayRefused(c, 404, "nothingPublished");
}

/** Whether a run that is damaged is asked for by its id, or by a period of which nothing else is left. */
function asksForDamaged(
  { runs, damaged }: ServedPipeline,
  { run, period }: Readonly<Record<string, string | undefined>>,
): boolean {
  if (run !== undefined) return damaged.some((one) => one.run === run);
  return damaged.some((one) => one.period === period) && !runs.some((one) => one.period === period);
}

export interface WantedPage {
  readonly page: AnyPage;
  readonly rest: string;
  readonly form: PageForm;
}

/** Which page a path means: "/qingdao/entity/370202.json" is the page "entity" of "370202" as JSON. */
export function findPage(path: string): WantedPage | undefined {
  const [, , ...parts] = path.split("/");
  let inside: string;
  try {
    inside = parts.map(decodeURIComponent).join("/");
  } catch {
    return undefined;
  }
  const form = FORMS.find((ending) => inside.endsWith(`.${ending}`));
  const stem = form ? inside.slice(0, -form.length - 1) : inside;
  const slash = stem.indexOf("/");
  const name = slash < 0 ? stem : stem.slice(0, slash);
  const rest = slash < 0 ? "" : stem.slice(slash + 1);
  const page = PAGES.find((one) => one.name === (name === "index" ? "" : name));
  if (!page || (page.rest === "none" && rest !== "")) return undefined;
  if (page.rest === "required" && rest === "") return undefined;
  return { page, rest, form: form ?? "html" };
}

/** A query in one order, without what is not asked for. */
function normalise(query: Readonly<Record<string, string | undefined>>): string {
  const known = Object.entries(query).filter((pair): pair is [string, string] => !!pair[1]);
  return new URLSearchParams(known.toSorted(([a], [b]) => (a < b ? -1 : 1))).toString();
}

function describeQuery(error: z.ZodError): { zh: string; en: string } {
  const names = [...new Set(error.issues.map(({ path }) => path.join(".")))].join(", ");
  return {
    zh: `地址中的参数无法识别：${names}。期间写作 2018-06、2018-Q2 或 2018。`,
    en: `The address has a parameter that cannot be read: ${names}. Write a period as 2018-06, 2018-Q2 or 2018.`,
  };
}
