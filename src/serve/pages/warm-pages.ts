import type { Hono } from "hono";
import type { WebEnv } from "../auth/require-role.ts";
import type { MonthIndex } from "../months/find-month.ts";
import { LANGUAGES } from "../page/language.ts";

/** Makes the first page of every pipeline before anybody asks, so that the first visitor does not wait for it. */
export async function warmPages(app: Hono<WebEnv>, index: MonthIndex): Promise<void> {
  for (const { definition } of index.list()) {
    for (const language of LANGUAGES) {
      await app.request(`/${definition.pipeline}/`, { headers: { "Accept-Language": language } });
    }
  }
}
