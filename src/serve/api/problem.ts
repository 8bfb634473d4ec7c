import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { WebEnv } from "../auth/require-role.ts";
import { sayProblem } from "../page/refusal.ts";

/** The form of every refusal. */
export const problem = z
  .object({ error: z.object({ code: z.string(), zh: z.string(), en: z.string() }) })
  .openapi("Problem");

/** Refuses a request that its schema does not let pass, naming each fault. */
export function refuseFaulty(
  result: { readonly success: true } | { readonly success: false; readonly error: z.ZodError },
  c: Context<WebEnv>,
): Promise<Response> | undefined {
  if (result.success) return undefined;
  const parts = result.error.issues.map(
    ({ path, message }) => `${path.join(".") || "body"}: ${message}`,
  );
  const text = parts.join("; ");
  return sayProblem(c, 400, "faulty", {
    zh: `请求有误：${text}`,
    en: `The request is faulty: ${text}`,
  });
}
