import type { ServerResponse } from "node:http";
import type { Context } from "hono";
import type { QueryEnding } from "../query/frames.ts";
import type { QueryAnswer } from "../query/pool.ts";

/** An answer of so many bytes is held until it has ended, so that its headers can say all about it. */
const HELD = 1 << 18;
/**
 * Bytes of a long answer that may be on their way to the connection, and how few they must be again before more are taken:
 * waiting until all are gone would leave the process of the question idle meanwhile.
 */
const MOST_UNDER_WAY = 1 << 23;
const FEW_UNDER_WAY = 1 << 22;
/** Tells the server of Hono that an answer is being written already. */
const ALREADY_SENT = "x-hono-already-sent";
const TRAILERS = ["X-Zhengxin-Rows", "X-Zhengxin-Truncated"] as const;

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
  const outgoing = (c.env as { outgoing?: ServerResponse } | undefined)?.outgoing;
  if (!outgoing) throw new Error("A long answer needs a connection of Node's own server.");
  c.header("Trailer", TRAILERS.join(", "));
  c.header(ALREADY_SENT, "true");
  // What comes after this, as the headers for security, has its say first.
  setImmediate(() => {
    const headers = Object.fromEntries(c.res.headers);
    delete headers[ALREADY_SENT];
    writeLong(outgoing.writeHead(200, headers), held, answer).catch(() => outgoing.destroy());
  });
  return c.body(null);
}

/**
 * Writes a long answer straight to the connection, as fast as it is taken: a stream between would cost as much as all the
 * rest. The query ends when the visitor leaves.
 * @throws QueryFault, whereupon the end is to be left off, so that nobody takes the piece for the whole
 */
async function writeLong(
  outgoing: ServerResponse,
  held: readonly Uint8Array[],
  answer: QueryAnswer,
): Promise<void> {
  const leave = () => answer.cancel();
  outgoing.once("close", leave);
  const connection = watchConnection(outgoing);
  try {
    for (const piece of held) connection.write(piece);
    for (;;) {
      const step = await answer.body.next();
      if (step.done) {
        outgoing.addTrailers(describe(step.value));
        break;
      }
      connection.write(step.value);
      if (!(await connection.hasRoom())) return;
    }
    outgoing.end();
  } finally {
    outgoing.off("close", leave);
  }
}

/** Counts what is under way to a connection. */
function watchConnection(outgoing: ServerResponse) {
  let underWay = 0;
  let wake = () => {};
  outgoing.once("close", () => wake());
  return {
    write(piece: Uint8Array) {
      underWay += piece.length;
      outgoing.write(piece, () => {
        underWay -= piece.length;
        if (underWay <= FEW_UNDER_WAY) wake();
      });
    },
    /** Waits until more may be written; false when the visitor has left. */
    async hasRoom(): Promise<boolean> {
      if (underWay > MOST_UNDER_WAY && !outgoing.destroyed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return !outgoing.destroyed;
    },
  };
}

function describe({ rows, truncated }: QueryEnding): [string, string][] {
  return [
    [TRAILERS[0], String(rows)],
    [TRAILERS[1], String(truncated)],
  ];
}
