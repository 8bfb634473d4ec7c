import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import canonicalize from "canonicalize";
import type { Signer } from "../context.ts";
import { readBytes, readText } from "../whole-file.ts";
import { writeFully } from "../write-whole.ts";
import { publishedFolder } from "./layout.ts";
import { MANIFEST, type Manifest, readManifest } from "./manifest.ts";

/** The chain of a pipeline's publications, in its folder. */
export const CHAIN = "chain.ndjson";

/** What the first link follows. */
export const NOTHING_BEFORE = "0".repeat(64);

/** One publication in the chain: a line of it, without its own hash and signature. */
export interface Link {
  /** From 1 without a gap. */
  readonly sequence: number;
  readonly pipeline: string;
  readonly period: string;
  readonly run: string;
  /** sha-256 of the bytes of manifest.json. */
  readonly manifest: string;
  /** How far the audit journal was when it was published; null before its first entry. */
  readonly journal: { readonly sequence: number; readonly hash: string } | null;
  /** Name of the key it is signed with. */
  readonly key: string;
  /** Hash of the link before; 64 zeros for the first. */
  readonly previous: string;
}

export interface SignedLink extends Link {
  /** sha-256 of the canonical JSON (RFC 8785) of the link. */
  readonly hash: string;
  /** Ed25519 over the same bytes, base64. */
  readonly signature: string;
}

/** Where the chain of a pipeline is. */
export function chainFile(dataDir: string, pipeline: string): string {
  return join(publishedFolder(dataDir), pipeline, CHAIN);
}

/** The bytes of a link that are hashed and signed. */
export function linkBytes({ hash, signature, ...link }: Link & Partial<SignedLink>): Buffer {
  return Buffer.from(canonicalize(link) as string);
}

export function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A line of the chain as it was read; undefined where it is no link. */
export interface ReadLink {
  readonly line: number;
  readonly link: SignedLink | undefined;
}

/** Reads the chain of a pipeline, in order; empty when there is none. */
export function readChain(dataDir: string, pipeline: string): ReadLink[] {
  const file = chainFile(dataDir, pipeline);
  if (!existsSync(file)) return [];
  const lines = readText(file).split("\n");
  // What a crash left of a line that nobody was told of.
  lines.pop();
  return lines.map((text, index) => ({ line: index + 1, link: tryLink(text) }));
}

function tryLink(text: string): SignedLink | undefined {
  try {
    const link = JSON.parse(text) as SignedLink;
    const texts = [link.hash, link.signature, link.manifest, link.previous, link.run, link.period];
    const isLink = Number.isInteger(link.sequence) && texts.every((one) => typeof one === "string");
    return isLink ? link : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Adds a published folder to the chain of its pipeline, unless it is in it as it is. The database has one writer, so nobody
 * else appends meanwhile.
 * @param dataDir folder of the jurisdiction
 */
export function appendLink(dataDir: string, folder: string, signer: Signer): void {
  const bytes = readBytes(join(folder, MANIFEST));
  const { pipeline, period, run }: Manifest = readManifest(folder);
  const manifest = sha256(bytes);
  const links = readChain(dataDir, pipeline).flatMap(({ link }) => (link ? [link] : []));
  if (links.some((link) => link.run === run && link.manifest === manifest)) return;
  const last = links.at(-1);
  const link: Link = {
    sequence: (last?.sequence ?? 0) + 1,
    pipeline,
    period: period.id,
    run,
    manifest,
    journal: signer.journalHead(),
    key: signer.keyId(),
    previous: last?.hash ?? NOTHING_BEFORE,
  };
  const signed = linkBytes(link);
  const signature = signer.sign(signed).toString("base64");
  appendLine(chainFile(dataDir, pipeline), { ...link, hash: sha256(signed), signature });
}

function appendLine(path: string, link: SignedLink): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, existsSync(path) ? "r+" : "w+", 0o644);
  try {
    const size = readFileSync(file).lastIndexOf(0x0a) + 1;
    ftruncateSync(file, size);
    const line = Buffer.from(`${JSON.stringify(link)}\n`);
    writeFully({ opened: file, path }, line, size);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
