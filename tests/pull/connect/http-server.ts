import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";

export interface Asked {
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  /** Milliseconds since the server began. */
  readonly at: number;
}

export interface HttpServer {
  readonly port: number;
  /** "http://127.0.0.1:<port>" */
  readonly origin: string;
  /** Every request so far. */
  readonly asked: Asked[];
  close(): Promise<void>;
}

type Answer = (
  request: IncomingMessage,
  response: ServerResponse,
  /** How many requests came before this one. */
  count: number,
) => void;

const open: HttpServer[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** A server on loopback that answers as a test says. */
export async function startServer(answer: Answer): Promise<HttpServer> {
  const asked: Asked[] = [];
  const began = performance.now();
  const server: Server = createServer((request, response) => {
    const count = asked.length;
    asked.push({
      url: request.url ?? "",
      headers: request.headers,
      at: performance.now() - began,
    });
    answer(request, response, count);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const started: HttpServer = {
    port,
    origin: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  open.push(started);
  return started;
}

/** Answers with a value as JSON. */
export function sendJson(
  response: ServerResponse,
  value: unknown,
  headers: Record<string, string> = {},
  status = 200,
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
}
