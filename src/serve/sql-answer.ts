import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "hono";
import type { QueryEnding } from "../query/frames.ts";
import type { QueryAnswer } from "../query/pool.ts";
import { describeEnding } from "../query/response.ts";

/** Tells the server of Hono that an answer is being written already. */
const ALREADY_SENT = "x-hono-already-sent";

/**
 * The body of an answer. A short one says in its headers how many rows it has and whether it was cut off; a long one is
 * written to the connection by the process of the query, says so in its trailers, and breaks off when it fails midway.
 */
export async function answerBody(c: Context, answer: QueryAnswer, type: string): Promise<Response> {
  c.header("Content-Type", type);
  if (answer.long) return sendLong(c, answer);
  const { bytes, ending } = await readShort(answer);
  for (const [name, value] of describeEnding(ending)) c.header(name, value);
  return c.body(bytes);
}

async function readShort({
  body,
}: QueryAnswer): Promise<{ bytes: Buffer<ArrayBuffer>; ending: QueryEnding }> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const step = await body.next();
    if (step.done) return { bytes: Buffer.concat(pieces), ending: step.value };
    pieces.push(step.value);
  }
}

function sendLong(c: Context, answer: QueryAnswer): Response {
  const { incoming, outgoing } = c.env as { incoming: IncomingMessage; outgoing: ServerResponse };
  c.header(ALREADY_SENT, "true");
  // What comes after this, as the headers for security, has its say first.
  setImmediate(() => {
    const { [ALREADY_SENT]: _, ...headers } = Object.fromEntries(c.res.headers);
    const connection = outgoing.socket;
    if (!connection || connection.destroyed) return answer.cancel();
    const version = [incoming.httpVersionMajor, incoming.httpVersionMinor] as const;
    // How it failed nobody is left to be told: the response has broken off.
    answer.sendTo(connection, { version, headers }).catch(() => undefined);
  });
  return c.body(null);
}
