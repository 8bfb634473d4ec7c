import { createHmac } from "node:crypto";
import type { ConnectorOf } from "../../standard/connector-definition.ts";
import type { Secrets } from "./secrets.ts";

type Auth = NonNullable<ConnectorOf<"http-json">["auth"]>;
type Hmac = Extract<Auth, { type: "hmac" }>;

/** How requests of a source prove who asks. */
export interface Proof {
  /** Headers of one request. */
  sign(url: URL): Record<string, string>;
  /** Parameters of the address, by name. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Reads the credentials of a source; they are hidden from everything said from now on. */
export function openProof(auth: Auth | undefined, secrets: Secrets, clock: () => Date): Proof {
  const parameters: Record<string, string> = {};
  switch (auth?.type) {
    case undefined:
      return { sign: () => ({}), parameters };
    case "bearer": {
      const token = secrets.read(auth.token);
      return { sign: () => ({ authorization: `Bearer ${token}` }), parameters };
    }
    case "basic": {
      const pair = Buffer.from(`${auth.user}:${secrets.read(auth.password)}`).toString("base64");
      secrets.hide(pair);
      return { sign: () => ({ authorization: `Basic ${pair}` }), parameters };
    }
    case "header": {
      const value = secrets.read(auth.value);
      return { sign: () => ({ [auth.name]: value }), parameters };
    }
    case "parameter":
      return { sign: () => ({}), parameters: { [auth.name]: secrets.read(auth.value) } };
    case "hmac": {
      const secret = secrets.read(auth.secret);
      let count = 0;
      return { sign: (url) => signRequest(auth, secret, url, clock(), ++count), parameters };
    }
  }
}

/**
 * Headers that sign one GET request by a keyed hash (HMAC, RFC 2104) over the text the source's definition composes.
 * @param count how many requests were signed before in this fetch, so that no nonce comes twice
 */
export function signRequest(
  auth: Hmac,
  secret: string,
  url: URL,
  now: Date,
  count: number,
): Record<string, string> {
  const keyed = (text: string) => createHmac(auth.algorithm, secret).update(text);
  const values: Record<string, string> = {
    method: "GET",
    host: url.host,
    path: url.pathname,
    query: sortQuery(url),
    timestamp: writeTime(now, auth.timestamp),
    // Only the other side must be unable to guess it; a keyed hash of time and count is as good as chance.
    nonce: keyed(`nonce ${now.getTime()} ${count}`).digest("hex").slice(0, 32),
    key_id: auth.key_id,
  };
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  values.signature = keyed(fill(auth.text)).digest(auth.encoding);
  return Object.fromEntries(Object.entries(auth.headers).map(([name, text]) => [name, fill(text)]));
}

function sortQuery(url: URL): string {
  const sorted = new URLSearchParams(url.search);
  sorted.sort();
  return sorted.toString();
}

function writeTime(now: Date, form: Hmac["timestamp"]): string {
  if (form === "iso") return now.toISOString();
  return String(form === "seconds" ? Math.floor(now.getTime() / 1000) : now.getTime());
}
