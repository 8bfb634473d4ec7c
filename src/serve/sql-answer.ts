import type { ServerResponse } from "node:http";
import type { Context } from "hono";
import { QueryFault } from "../query/fault.ts";
import type { QueryEnding } from "../query/frames.ts";
import type { QueryAnswer } from "../query/pool.ts";

/** An answer of so many bytes is held until it has ended, so that its headers can say all about it. */
const HELD = 1 << 18;

/**
 * The body of an answer, handed on as it is asked for. A short one says in its headers how many rows it has and whether
 * it was cut off, a long one in its trailers. One that fails midway breaks off.
 */
export async function answerBody(c: Context, answer: QueryAnswer, type: string): Promise<Response> {
  const held: Uint8Array[] = [];
  let size = 0;
  let ending: QueryEnding | undefined;
  while (size < HELD && !ending) {
    const step = await answer.body.next();
    if (step.done) ending = step.value;
    else {
      held.push(step.value);
      size += step.value.length;
    }
  }
  c.header("Content-Type", type);
  if (ending) {
    for (const [name, value] of describe(ending)) c.header(name, value);
    return c.body(Buffer.concat(held));
  }
  const raw = (c.env as { outgoing?: ServerResponse } | undefined)?.outgoing;
  c.header(
    "Trailer",
    describe()
      .map(([name]) => name)
      .join(", "),
  );
  return c.body(
    new ReadableStream({
      async pull(controller) {
        const piece = held.shift();
        if (piece) return controller.enqueue(piece);
        try {
          const step = await answer.body.next();
          if (!step.done) return controller.enqueue(step.value);
          raw?.addTrailers?.(describe(step.value));
          controller.close();
        } catch (error) {
          if (!(error instanceof QueryFault)) throw error;
          raw?.addTrailers?.([["X-Zhengxin-Fault", error.fault.kind]]);
          controller.error(error);
        }
      },
      cancel: () => answer.cancel(),
    }),
  );
}

function describe(ending?: QueryEnding): [string, string][] {
  return [
    ["X-Zhengxin-Rows", String(ending?.rows ?? "")],
    ["X-Zhengxin-Truncated", String(ending?.truncated ?? "")],
  ];
}
