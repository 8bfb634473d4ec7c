import { createHash } from "node:crypto";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, stop } from "esbuild";
import { Hono } from "hono";

const FOLDER = join(import.meta.dirname, "..", "assets");

/** The files that pages load, by the name pages call them, and what they are made of (below src/serve/assets). */
const SOURCES = {
  "page.css": "page.css",
  "page.js": "page.ts",
  "charts.js": "charts.ts",
  "icon.svg": "icon.svg",
  "sql.js": "sql.ts",
  "sql.css": "sql.css",
} as const;

export type AssetName = keyof typeof SOURCES;

const TYPES = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
} as const;

interface Asset {
  readonly path: string;
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
  readonly brotli: Uint8Array<ArrayBuffer>;
}

export interface Assets {
  /** Address of an asset; it has a hash of the content in it, so that it may be kept for ever. */
  path(name: AssetName): string;
  find(path: string): Asset | undefined;
}

let opened: Promise<Assets> | undefined;

/** Bundles scripts and styles, once a process, when a page first asks for them. */
export function openAssets(): Promise<Assets> {
  opened ??= bundleAssets();
  return opened;
}

async function bundleAssets(): Promise<Assets> {
  const result = await build({
    entryPoints: Object.entries(SOURCES).map(([name, source]) => ({
      in: join(FOLDER, source),
      out: name.replace(/\.\w+$/, ""),
    })),
    outdir: FOLDER,
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    loader: { ".svg": "copy" },
    legalComments: "none",
    logLevel: "silent",
  });
  await stop();
  const assets = new Map<string, Asset>();
  for (const { path, contents } of result.outputFiles) {
    const name = path.slice(FOLDER.length + 1);
    const [, stem = name, ending = ""] = /^(.*)\.(\w+)$/.exec(name) ?? [];
    const sum = createHash("sha256").update(contents).digest("hex").slice(0, 16);
    const bytes = Buffer.from(contents);
    assets.set(name, {
      path: `/assets/${stem}.${sum}.${ending}`,
      type: TYPES[ending as keyof typeof TYPES] ?? "application/octet-stream",
      bytes,
      gzip: gzipSync(bytes, { level: 9 }),
      brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
    });
  }
  const byPath = new Map([...assets.values()].map((asset) => [asset.path, asset]));
  return {
    path(name) {
      const asset = assets.get(name);
      if (!asset) throw new Error(`There is no asset "${name}".`);
      return asset.path;
    },
    find: (path) => byPath.get(path),
  };
}

/** Hands the assets out, at /assets. */
export function assetRoutes(): Hono {
  const app = new Hono();
  app.get("/assets/:file", async (c) => {
    const asset = (await openAssets()).find(c.req.path);
    if (!asset) return c.notFound();
    const accepted = c.req.header("Accept-Encoding") ?? "";
    const encoding = ["br", "gzip"].find((name) => accepted.includes(name));
    c.header("Content-Type", asset.type);
    c.header("Cache-Control", "public, max-age=31536000, immutable");
    c.header("Vary", "Accept-Encoding");
    if (encoding) c.header("Content-Encoding", encoding);
    return c.body(
      encoding === "br" ? asset.brotli : encoding === "gzip" ? asset.gzip : asset.bytes,
    );
  });
  return app;
}
