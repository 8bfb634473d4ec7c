import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Config } from "../../config.ts";
import { readText } from "../../whole-file.ts";
import { writeWhole } from "../../write-whole.ts";
import { ROLES, type Role, type Visitor } from "./roles.ts";

const kept = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES).exclude(["public"]),
  body: z.string().nullable(),
  /** Tokens of older programs have none. */
  office: z.string().nullable().default(null),
  /** sha-256 of the token: of a random secret of 256 bits nothing slower is needed. */
  sha256: z.string(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
  revoked_at: z.iso.datetime().nullable(),
});
const file = z.strictObject({ zhengxin: z.literal("tokens 1"), tokens: z.array(kept) });

/** A token as it is kept: all but the secret. */
export type KeptToken = z.infer<typeof kept>;

export interface NewToken {
  readonly name: string;
  readonly role: Exclude<Role, "public">;
  readonly body?: string | undefined;
  readonly office?: string | undefined;
  readonly expiresAt?: Date | undefined;
}

const PREFIX = "zx_";
const ID_BYTES = 4;
const SECRET_BYTES = 32;
const OWNER_ONLY = 0o600;

/**
 * Makes a token and keeps its hash.
 * @returns the secret, which is shown this once and is nowhere to be had again
 */
export function addToken(config: Config, token: NewToken): { secret: string; kept: KeptToken } {
  const secret = PREFIX + randomBytes(SECRET_BYTES).toString("base64url");
  const made: KeptToken = {
    id: randomBytes(ID_BYTES).toString("hex"),
    name: token.name,
    role: token.role,
    body: token.body ?? null,
    office: token.office ?? null,
    sha256: hash(secret),
    created_at: new Date().toISOString(),
    expires_at: token.expiresAt?.toISOString() ?? null,
    revoked_at: null,
  };
  write(config, [...readTokens(config), made]);
  return { secret, kept: made };
}

/** Every token, revoked ones too, in the order in which they were made. */
export function readTokens(config: Config): KeptToken[] {
  const path = pathOf(config);
  if (!existsSync(path)) return [];
  const parsed = file.safeParse(JSON.parse(readText(path)));
  if (parsed.success) return parsed.data.tokens;
  throw new Error(`The token file ${path} cannot be read: ${z.prettifyError(parsed.error)}`);
}

/**
 * Takes a token's rights; sessions opened with it end at once.
 * @throws Error in a sentence when there is no such token
 */
export function revokeToken(config: Config, id: string): KeptToken {
  const tokens = readTokens(config);
  const found = tokens.find((token) => token.id === id);
  if (!found) throw new Error(`There is no token "${id}". See "zhengxin token list".`);
  const revoked = { ...found, revoked_at: found.revoked_at ?? new Date().toISOString() };
  write(
    config,
    tokens.map((token) => (token.id === id ? revoked : token)),
  );
  return revoked;
}

export interface TokenRegister {
  /** Whose token this is; undefined when it is unknown, expired or revoked. */
  bySecret(secret: string): Visitor | undefined;
  byId(id: string): Visitor | undefined;
}

/** The tokens for a server that runs on: the file is read again when it has changed. */
export function openTokenRegister(config: Config): TokenRegister {
  let stamp = "";
  let byHash = new Map<string, KeptToken>();
  let byId = new Map<string, KeptToken>();
  const refresh = () => {
    const found = statSync(pathOf(config), { throwIfNoEntry: false, bigint: true });
    const now = found ? `${found.mtimeNs} ${found.ino}` : "";
    if (now === stamp) return;
    const tokens = readTokens(config);
    byHash = new Map(tokens.map((token) => [token.sha256, token]));
    byId = new Map(tokens.map((token) => [token.id, token]));
    stamp = now;
  };
  return {
    bySecret(secret) {
      refresh();
      return inForce(byHash.get(hash(secret)));
    },
    byId(id) {
      refresh();
      return inForce(byId.get(id));
    },
  };
}

function inForce(token: KeptToken | undefined): Visitor | undefined {
  if (!token || token.revoked_at !== null) return undefined;
  if (token.expires_at !== null && Date.parse(token.expires_at) <= Date.now()) return undefined;
  const { role, id, name, body, office } = token;
  return { role, token: id, name, body, office };
}

function hash(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function pathOf({ dataDir }: Config): string {
  return join(dataDir, "web", "tokens.json");
}

function write(config: Config, tokens: readonly KeptToken[]): void {
  const path = pathOf(config);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.${randomBytes(ID_BYTES).toString("hex")}.unfinished`;
  const text = `${JSON.stringify({ zhengxin: "tokens 1", tokens }, null, 1)}\n`;
  writeWhole(next, text, { mode: OWNER_ONLY });
  renameSync(next, path);
}
