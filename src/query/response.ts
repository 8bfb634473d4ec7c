import { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { QueryEnding, ResponseHead } from "./frames.ts";

/** How many rows an answer has, and whether it was cut off, as headers of a response or its trailers. */
export const ENDING_HEADERS = ["X-Zhengxin-Rows", "X-Zhengxin-Truncated"] as const;

/** An ending under the names of `ENDING_HEADERS`. */
export function describeEnding({ rows, truncated }: QueryEnding): [string, string][] {
  return [
    [ENDING_HEADERS[0], String(rows)],
    [ENDING_HEADERS[1], String(truncated)],
  ];
}

/**
 * Bytes of a long answer that may be on their way to the connection, and how few they must be again before more are taken:
 * waiting until all are gone would leave the question idle meanwhile.
 */
const MOST_UNDER_WAY = 1 << 23;
const FEW_UNDER_WAY = 1 << 22;

/**
 * Writes a response to a visitor's connection, its rows in the trailers, and ends the connection. One that fails midway
 * breaks off, so that nobody takes the piece for the whole; when the visitor leaves, so does this process.
 * @param giveBack is told each piece that has gone
 * @throws what `pieces` throw
 */
export async function writeResponse(
  connection: Socket | undefined,
  { version: [major, minor], headers }: ResponseHead,
  pieces: AsyncIterable<Uint8Array>,
  ending: QueryEnding,
  giveBack: (piece: Uint8Array) => void,
): Promise<void> {
  if (!connection) process.exit();
  const leave = () => process.exit();
  connection.on("error", () => undefined).once("close", leave);
  // Whoever leaves is noticed by reading only.
  connection.resume();
  try {
    const request = new IncomingMessage(connection);
    Object.assign(request, { httpVersionMajor: major, httpVersionMinor: minor });
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(connection);
    // A response of HTTP/1.0 has no trailers, and Node refuses to announce them.
    const trailer = response.useChunkedEncodingByDefault && { Trailer: ENDING_HEADERS.join(", ") };
    response.writeHead(200, { ...headers, ...trailer });
    await writePieces(response, pieces, giveBack);
    response.addTrailers(describeEnding(ending));
    await new Promise<void>((sent) => response.end(sent));
    connection.off("close", leave).end();
  } catch (error) {
    connection.off("close", leave).destroy();
    throw error;
  }
}

async function writePieces(
  response: ServerResponse,
  pieces: AsyncIterable<Uint8Array>,
  giveBack: (piece: Uint8Array) => void,
): Promise<void> {
  let underWay = 0;
  let wake = () => {};
  for await (const piece of pieces) {
    underWay += piece.length;
    response.write(piece, () => {
      underWay -= piece.length;
      giveBack(piece);
      if (underWay <= FEW_UNDER_WAY) wake();
    });
    if (underWay <= MOST_UNDER_WAY) continue;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}
