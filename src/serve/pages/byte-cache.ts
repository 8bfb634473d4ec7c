import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Context } from "hono";
import { LRUCache } from "lru-cache";

/** An answer as it goes out, plain and compressed. */
export interface SentBytes {
  readonly type: string;
  readonly etag: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
  readonly brotli: Uint8Array<ArrayBuffer>;
}

export interface ByteCache {
  get(key: string): SentBytes | undefined;
  put(key: string, made: { readonly type: string; readonly text: string }): Promise<SentBytes>;
}

const MOST_BYTES = 96 * 2 ** 20;
const BROTLI_QUALITY = 6;
const pressGzip = promisify(gzip);
const pressBrotli = promisify(brotliCompress);

/** Keeps what was made, compressed too, up to a bound of memory; what was not asked for longest goes first. */
export function openByteCache(): ByteCache {
  const cache = new LRUCache<string, SentBytes>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ plain, gzip: zipped, brotli }) =>
      plain.length + zipped.length + brotli.length,
  });
  return {
    get: (key) => cache.get(key),
    async put(key, { type, text }) {
      const plain = Buffer.from(text);
      const [zipped, brotli] = await Promise.all([
        pressGzip(plain),
        pressBrotli(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
      ]);
      const sum = createHash("sha256").update(plain).digest("base64url").slice(0, 22);
      // Weak: it names the content, whichever way it is compressed.
      const bytes = { type, etag: `W/"${sum}"`, plain, gzip: zipped, brotli };
      cache.set(key, bytes);
      return bytes;
    },
  };
}

/** Sends kept bytes, compressed as the client likes; 304 when it has them. */
export function sendBytes(
  c: Context,
  bytes: SentBytes,
  { cacheControl, vary }: { readonly cacheControl: string; readonly vary: string },
): Response {
  c.header("ETag", bytes.etag);
  c.header("Cache-Control", cacheControl);
  c.header("Vary", vary);
  if (c.req.header("If-None-Match")?.includes(bytes.etag)) return c.body(null, 304);
  const accepted = c.req.header("Accept-Encoding") ?? "";
  c.header("Content-Type", bytes.type);
  if (/\bbr\b/.test(accepted)) {
    c.header("Content-Encoding", "br");
    return c.body(bytes.brotli);
  }
  if (/\bgzip\b/.test(accepted)) {
    c.header("Content-Encoding", "gzip");
    return c.body(bytes.gzip);
  }
  return c.body(bytes.plain);
}
