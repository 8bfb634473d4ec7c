import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Context } from "hono";
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import type { Config } from "../../config.ts";
import { readText } from "../../whole-file.ts";
import { writeWhole } from "../../write-whole.ts";

const COOKIE = "zhengxin_session";
const HOURS = 12;
const KEY_BYTES = 32;

/** A session says whose token opened it, and until when; signed, so that nobody makes one up. */
export interface Sessions {
  open(c: Context, token: string): Promise<void>;
  /** Id of the token that opened the session; undefined when there is none, or it is over. */
  read(c: Context): Promise<string | undefined>;
  close(c: Context): void;
}

/** Sessions of the browser, in a cookie that scripts cannot read and other sites cannot send. */
export function openSessions(config: Config): Sessions {
  let key: string | undefined;
  const keyOf = () => {
    key ??= readKey(config);
    return key;
  };
  const options = (c: Context) => ({
    path: "/",
    httpOnly: true,
    sameSite: "Strict" as const,
    secure: isEncrypted(c, config),
  });
  return {
    async open(c, token) {
      const ends = Date.now() + HOURS * 3_600_000;
      await setSignedCookie(c, COOKIE, `${token}.${ends}`, keyOf(), {
        ...options(c),
        maxAge: HOURS * 3600,
      });
    },
    async read(c) {
      // Most visitors have none, and the key need not be there for them.
      if (!c.req.header("Cookie")?.includes(COOKIE)) return undefined;
      const value = await getSignedCookie(c, keyOf(), COOKIE);
      if (!value) return undefined;
      const [token, ends] = value.split(".");
      return Number(ends) > Date.now() ? token : undefined;
    },
    close(c) {
      deleteCookie(c, COOKIE, options(c));
    },
  };
}

/** Whether the visitor's own connection is encrypted: to this server, or to the proxy in front of it. */
function isEncrypted(c: Context, { trustedProxies }: Config): boolean {
  if (trustedProxies > 0) return c.req.header("X-Forwarded-Proto") === "https";
  return new URL(c.req.url).protocol === "https:";
}

/** The key that signs sessions; made when there is none, readable by its owner only. */
function readKey({ dataDir }: Config): string {
  const path = join(dataDir, "web", "session.key");
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    try {
      writeWhole(path, randomBytes(KEY_BYTES).toString("hex"), { mode: 0o600, flag: "wx" });
    } catch (error) {
      // Another process made it in between: its key is as good.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  return readText(path);
}
