import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { WebEnv } from "../auth/require-role.ts";
import { sayProblem } from "../page/refusal.ts";

/** The form of every refusal. */
export const problem = z
  .object({ error: z.object({ code: z.string(), zh: z.string(), en: z.string() }) })
  .openapi("Problem");

const refusal = (description: string) => ({
  description,
  content: { "application/json": { schema: problem } },
});

/** What an inquiry may be refused with, for the description. */
export const faults = {
  400: refusal("Faulty"),
  401: refusal("No token"),
  403: refusal("Too few rights"),
  404: refusal("No such month"),
  503: refusal("Too many ask at a time"),
};

/** Said where work is done one after the other and too much of it waits. */
export const BUSY = {
  zh: "同时查询的人太多，请稍后再试。",
  en: "Too many ask at the moment; try again in a while.",
};

/** A list may have as many faults as lines; nobody reads them all. */
const MOST_TOLD = 20;

/** Refuses a request that its schema does not let pass, naming each fault. */
export function refuseFaulty(
  result: { readonly success: true } | { readonly success: false; readonly error: z.ZodError },
  c: Context<WebEnv>,
): Promise<Response> | undefined {
  if (result.success) return undefined;
  const { issues } = result.error;
  const parts = issues
    .slice(0, MOST_TOLD)
    .map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
  if (issues.length > MOST_TOLD) parts.push(`… (${issues.length})`);
  const text = parts.join("; ");
  return sayProblem(c, 400, "faulty", {
    zh: `请求有误：${text}`,
    en: `The request is faulty: ${text}`,
  });
}
