import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { existsSync, linkSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { auditPlaces, readHead } from "./audit/append.ts";
import type { Config } from "./config.ts";
import type { Signer } from "./context.ts";
import { readBytes, readText } from "./whole-file.ts";
import { writeWhole } from "./write-whole.ts";

/** Private key of the office in its data folder, and the folder of every public key it has signed with. */
const KEY_FILE = "signing-key.pem";
const PUBLIC_KEYS = "public-keys";

/** A public key with its name: the first 16 digits of the sha-256 of its DER form (SubjectPublicKeyInfo). */
export interface PublicKey {
  readonly id: string;
  readonly key: KeyObject;
}

/**
 * What signs for the office: with the key that the setting names, else with that of the data folder, which is made when it is
 * first needed. The key is read when something is signed, not before.
 */
export function openSigner(
  config: Pick<Config, "dataDir" | "signingKey" | "pseudonymKey">,
  jurisdiction: string,
): Signer {
  let held: { readonly id: string; readonly key: KeyObject } | undefined;
  const own = () => {
    held ??= readPrivateKey(config);
    return held;
  };
  return {
    keyId: () => own().id,
    sign: (bytes) => sign(null, bytes, own().key),
    journalHead() {
      const head = readHead(auditPlaces(config, jurisdiction).head);
      return head ? { sequence: head.sequence, hash: head.hash } : null;
    },
  };
}

function readPrivateKey(config: Pick<Config, "dataDir" | "signingKey" | "pseudonymKey">) {
  const file = config.signingKey || join(config.dataDir, KEY_FILE);
  if (!config.signingKey && !existsSync(file)) makeKey(config, file);
  let key: KeyObject;
  try {
    key = createPrivateKey(readBytes(file));
  } catch (cause) {
    throw unusable(file, cause);
  }
  if (key.asymmetricKeyType !== "ed25519") throw unusable(file);
  const pem = createPublicKey(key).export({ type: "spki", format: "pem" });
  const { id } = toPublicKey(pem, file);
  writePublicKey(config, id, pem.toString());
  return { id, key };
}

function unusable(file: string, cause?: unknown): Error {
  return new Error(
    `签名密钥 ${file} 无法使用：应为 PEM 格式的 Ed25519 私钥，且本程序可读。请更正 ZHENGXIN_SIGNING_KEY 或恢复该文件。The signing key ${file} cannot be used: it has to be an Ed25519 private key in PEM form that this program may read. Correct ZHENGXIN_SIGNING_KEY, or restore the file.`,
    { cause },
  );
}

/**
 * Makes the key of a data folder, whole or not at all. Where the office gives its secret by setting, the key follows from that
 * secret, so that every data folder of the office signs alike; else it is random.
 */
function makeKey(
  { dataDir, pseudonymKey }: Pick<Config, "dataDir" | "pseudonymKey">,
  file: string,
) {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const key = pseudonymKey ? keyFrom(pseudonymKey) : generateKeyPairSync("ed25519").privateKey;
  const own = `${file}.${process.pid}`;
  writeWhole(own, key.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  try {
    linkSync(own, file);
  } catch (error) {
    // Another process was quicker: its key counts.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** DER form of an Ed25519 private key, up to its 32 bytes of seed (RFC 8410). */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

function keyFrom(secret: string): KeyObject {
  const seed = Buffer.from(hkdfSync("sha256", secret, "", "zhengxin signing key", 32));
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: "der", type: "pkcs8" });
}

function writePublicKey({ dataDir }: Pick<Config, "dataDir">, id: string, pem: string): void {
  const file = join(dataDir, PUBLIC_KEYS, `${id}.pem`);
  // A damaged one is written anew.
  if (existsSync(file) && readText(file) === pem) return;
  mkdirSync(join(dataDir, PUBLIC_KEYS), { recursive: true });
  writeWhole(file, pem, { mode: 0o644 });
}

/** The public keys a data folder has signed with. */
export interface PublicKeys {
  readonly keys: readonly PublicKey[];
  /** Files that hold none though they should, as sentences. */
  readonly damaged: readonly { readonly id: string; readonly zh: string; readonly en: string }[];
}

/** Every public key the data folder has signed with; one that is damaged does not keep others from being read. */
export function readPublicKeys({ dataDir }: Pick<Config, "dataDir">): PublicKeys {
  const folder = join(dataDir, PUBLIC_KEYS);
  const keys: PublicKey[] = [];
  const damaged: PublicKeys["damaged"][number][] = [];
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names.filter((one) => one.endsWith(".pem")).sort()) {
    const id = name.replace(/\.pem$/, "");
    const file = `${PUBLIC_KEYS}/${name}`;
    try {
      keys.push(readPublicKey(join(folder, name)));
    } catch {
      damaged.push({
        id,
        zh: `公钥文件 ${file} 已损坏或读不了：用它签名的期次暂时无法核对。请从备份或已公布处恢复该文件；仍在使用的密钥，下次签名时会自动重写。`,
        en: `The public key ${file} is damaged or cannot be read: what was signed with it cannot be proven until it is back. Restore it from a backup or from where it is published; that of the key in use is written anew when something is signed.`,
      });
    }
  }
  return { keys, damaged };
}

/** The sound ones of them. */
export function listPublicKeys(config: Pick<Config, "dataDir">): readonly PublicKey[] {
  return readPublicKeys(config).keys;
}

/**
 * Reads a public key.
 * @throws Error in a sentence when the file is none
 */
export function readPublicKey(file: string): PublicKey {
  try {
    return toPublicKey(readBytes(file), file);
  } catch (cause) {
    throw new Error(
      `${file} 不是 PEM 格式的 Ed25519 公钥，或读不了。${file} is no Ed25519 public key in PEM form, or cannot be read.`,
      { cause },
    );
  }
}

function toPublicKey(pem: string | Buffer, file: string): PublicKey {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== "ed25519") throw new Error(`${file} is of another kind.`);
  const der = key.export({ type: "spki", format: "der" });
  return { id: createHash("sha256").update(der).digest("hex").slice(0, 16), key };
}

/** The key of several with which something was signed; undefined when it is none of them. */
export function findSigner(
  keys: readonly PublicKey[],
  bytes: Buffer,
  signature: Buffer,
): PublicKey | undefined {
  return keys.find(({ key }) => verify(null, bytes, key, signature));
}
