import type { Hono } from "hono";
import type { WebEnv } from "../auth/require-role.ts";
import type { MonthIndex } from "../months/find-month.ts";
import { LANGUAGES } from "../page/language.ts";

/** Kinds of pages whose first one loads what all of them need: charts, definitions, tables. */
const KINDS = ["entity", "indicator", "ranking"];

/**
 * Makes the first page of every pipeline before anybody asks, and one of each kind that it leads to, so that the first
 * visitor waits for none of them. The newest month's tables are open afterwards.
 */
export async function warmPages(app: Hono<WebEnv>, index: MonthIndex): Promise<void> {
  const further: (() => Promise<string>)[] = [];
  for (const { definition } of index.list()) {
    const home = `/${definition.pipeline}/`;
    for (const language of LANGUAGES) {
      const make = async (path: string) =>
        (await app.request(path, { headers: { "Accept-Language": language } })).text();
      const page = await make(home);
      for (const kind of KINDS) {
        const [, path] = new RegExp(`href="(${home}${kind}/[^"?#]+)"`).exec(page) ?? [];
        if (path) further.push(() => make(path));
      }
    }
  }
  for (const make of further) await make();
}
