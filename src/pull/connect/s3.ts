import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { AwsV4Signer } from "aws4fetch";
import type { ConnectorOf } from "../../standard/connector-definition.ts";
import { failForGood, failForNow } from "../fetch-error.ts";
import { compilePattern } from "../find-files.ts";
import { MalformedXml, readXml } from "../xml-tokens.ts";
import type { Arrival, Fetching } from "./connector.ts";
import { stopEmptied } from "./emptied.ts";
import { type HttpClient, openHttp, showAddress } from "./http-client.ts";
import { readAuthority } from "./read-authority.ts";
import { receiveFile } from "./receive-file.ts";

type S3 = ConnectorOf<"s3">;

interface StoredObject {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
}

/**
 * Fetches the objects below a prefix of a bucket that are new or have another ETag.
 * Requests are signed by AWS Signature Version 4.
 * @throws ConnectorFault
 */
export async function fetchNew(connector: S3, fetching: Fetching): Promise<void> {
  const secret = fetching.secrets.read(connector.secret_access_key);
  const authority = readAuthority(fetching.workspace, connector.ca);
  const bucket = bucketAddress(connector);
  // The key of an object is text of a delivery.
  const shown = showAddress(bucket);
  const client = openHttp({
    ...connector,
    shown,
    unpack: false,
    authorities: authority === undefined ? undefined : [authority],
    sign: (url) => signObjectRequest(connector, secret, url, fetching.clock()),
  });
  const wanted = compilePattern(connector.match);
  const batch: (Arrival & { readonly version: string })[] = [];
  const keepBatch = async () => {
    const arrivals = batch.splice(0);
    const marks = arrivals.map(({ address, version }) => ({ address, mark: version }));
    if (arrivals.length > 0) await fetching.keep({ arrivals, marks });
  };
  try {
    const objects = (await listObjects(client, connector, bucket)).filter(({ key }) => {
      const name = nameOf(connector, key);
      return name !== "" && !name.endsWith("/") && wanted.test(name);
    });
    if (objects.length === 0) {
      await stopEmptied(fetching, objectAddress(bucket, connector.prefix).href, shown);
    }
    for (const object of objects) {
      const name = nameOf(connector, object.key);
      const url = objectAddress(bucket, object.key);
      if (fetching.markOf(url.href) === object.etag) continue;
      const { value: received, headers } = await client.get(url, {}, (body) =>
        receiveFile(fetching.folder, body),
      );
      if (!received || received.bytes !== Number(headers["content-length"] ?? received.bytes)) {
        failForNow(
          shown,
          `${shown} 的一个对象未完整收到，稍后再试。`,
          `An object of ${shown} did not arrive whole; it is tried again later.`,
        );
      }
      const version = headers.etag ?? object.etag;
      batch.push({ name, address: url.href, version, ...received });
      if (batch.length === OBJECTS_AT_ONCE) await keepBatch();
    }
  } finally {
    // What arrived whole before a fault is kept.
    await keepBatch();
    await client.close();
  }
}

const OBJECTS_AT_ONCE = 100;
/** Of one answer: a thousand objects with the longest keys are a third of it. */
const LONGEST_LISTING = 32 << 20;
/** Objects below one prefix: a delivery of more would be no list any more, or one without end. */
const MOST_OBJECTS = 1_000_000;

/** What an object is called below the prefix. */
function nameOf({ prefix }: S3, key: string): string {
  return key.slice(prefix.length).replace(/^\/+/, "");
}

/** Sha-256 of nothing: the body of every request made here. */
const EMPTY_BODY = createHash("sha256").digest("hex");

/** Headers of a signed GET request (AWS Signature Version 4, service s3). */
export async function signObjectRequest(
  { access_key_id, region }: Pick<S3, "access_key_id" | "region">,
  secret: string,
  url: URL,
  now: Date,
): Promise<Record<string, string>> {
  const signer = new AwsV4Signer({
    method: "GET",
    url: url.href,
    headers: { "x-amz-content-sha256": EMPTY_BODY },
    accessKeyId: access_key_id,
    secretAccessKey: secret,
    service: "s3",
    region,
    datetime: now.toISOString().replace(/[:-]|\.\d{3}/g, ""),
  });
  const { headers } = await signer.sign();
  return Object.fromEntries(headers);
}

async function listObjects(
  client: HttpClient,
  connector: S3,
  bucket: URL,
): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  let token: string | undefined;
  do {
    const url = new URL(bucket);
    url.searchParams.set("list-type", "2");
    url.searchParams.set("prefix", connector.prefix);
    if (token !== undefined) url.searchParams.set("continuation-token", token);
    const { value = "" } = await client.get(url, {}, (body) => readText(body, bucket.href));
    const page = readListing(value, bucket.href);
    if (objects.length + page.objects.length > MOST_OBJECTS) {
      failForGood(
        bucket.href,
        `${bucket.href} 的对象清单没有尽头，或超过 ${MOST_OBJECTS} 个对象。请核对 connector.prefix，或分成几个来源。`,
        `The list of objects of ${bucket.href} has no end, or has more than ${MOST_OBJECTS} of them. Check connector.prefix, or make several sources of it.`,
      );
    }
    objects.push(...page.objects);
    if (page.next !== undefined && page.next === token) break;
    token = page.next;
  } while (token !== undefined);
  return objects;
}

async function readText(body: Readable, address: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > LONGEST_LISTING) {
      failForGood(
        address,
        `${address} 答复的对象清单过长（超过 ${LONGEST_LISTING >> 20} MB），未采用。请与提供方核实。`,
        `The list of objects of ${address} is too long (more than ${LONGEST_LISTING >> 20} MB) and was not used. Ask those who run it.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Reads the answer of ListObjectsV2.
 * @throws ConnectorFault when it is none, or cut short
 */
export function readListing(
  xml: string,
  address: string,
): { objects: StoredObject[]; next: string | undefined } {
  const listing = { objects: [] as StoredObject[], next: undefined as string | undefined };
  if (takeListing(xml, listing)) return listing;
  if (xml.includes("<ListBucketResult")) {
    failForNow(
      address,
      `${address} 的对象清单不完整，稍后再试。`,
      `The list of objects of ${address} is incomplete; it is tried again later.`,
    );
  }
  return failForGood(
    address,
    `${address} 没有答复对象清单。请核对 connector.endpoint 与 bucket。`,
    `${address} does not answer with a list of objects. Check connector.endpoint and bucket.`,
  );
}

/** Takes what a listing says; returns whether it is one, and whole. */
function takeListing(
  xml: string,
  listing: { readonly objects: StoredObject[]; next: string | undefined },
): boolean {
  try {
    return takeTokens(xml, listing);
  } catch (error) {
    if (error instanceof MalformedXml) return false;
    throw error;
  }
}

function takeTokens(
  xml: string,
  listing: { readonly objects: StoredObject[]; next: string | undefined },
): boolean {
  let fields: Record<string, string> = {};
  const path: string[] = [];
  let whole = false;
  for (const token of readXml(xml)) {
    if (token.kind === "open") {
      path.push(token.name);
      if (token.name === "Contents") fields = {};
    } else if (token.kind === "text") {
      const name = path.at(-1) as string;
      if (path.at(-2) === "Contents") fields[name] = (fields[name] ?? "") + token.text;
      if (name === "NextContinuationToken" && path.length === 2) {
        listing.next = (listing.next ?? "") + token.text;
      }
    } else if (token.kind === "close") {
      path.pop();
      if (token.name === "Contents") {
        const { Key = "", ETag = "", Size = "0" } = fields;
        listing.objects.push({ key: Key, etag: ETag, size: Number(Size) });
      }
      if (token.name === "ListBucketResult") whole = true;
    } else if (token.name === "ListBucketResult") whole = true;
  }
  return whole;
}

function bucketAddress({ endpoint, bucket, addressing }: S3): URL {
  const url = new URL(endpoint.endsWith("/") ? endpoint : `${endpoint}/`);
  if (addressing === "host") url.hostname = `${bucket}.${url.hostname}`;
  else url.pathname += encodeKey(bucket);
  return url;
}

function objectAddress(bucket: URL, key: string): URL {
  const url = new URL(bucket);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${encodeKey(key)}`;
  return url;
}

/** As S3 wants keys in paths: every byte but letters, digits, -._~ and the slashes. */
function encodeKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/%2F/g, "/")
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
