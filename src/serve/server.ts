import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import type { Hono } from "hono";
import type { WebEnv } from "./auth/require-role.ts";

export interface WebServer {
  /** As "http://127.0.0.1:8080". */
  readonly address: string;
  /** Takes no more requests, ends those under way and what the routes have opened. */
  close(): Promise<void>;
}

/**
 * Listens.
 * @param port 0 takes any that is free
 * @throws Error in a sentence when the address is taken or may not be used
 */
export function startServer(
  app: Hono<WebEnv> & { close?(): void },
  host: string,
  port: number,
): Promise<WebServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (info: AddressInfo) => {
      const shown = info.family === "IPv6" ? `[${info.address}]` : info.address;
      resolve({
        address: `http://${shown}:${info.port}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            app.close?.();
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      });
    });
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        new Error(
          `The web server cannot listen on ${host}:${port} (${error.code}). Set ZHENGXIN_HOST and ZHENGXIN_PORT to an address that is free.`,
        ),
      );
    });
  });
}
