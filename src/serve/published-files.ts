import { createReadStream, existsSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { Readable } from "node:stream";
import { type Context, Hono } from "hono";
import { LRUCache } from "lru-cache";
import type { Config } from "../config.ts";
import { CHAIN, chainFile } from "../publish/chain.ts";
import { findPublished, listPublished } from "../publish/find-published.ts";
import { LAPSED } from "../publish/lapsed.ts";
import { LATEST } from "../publish/layout.ts";
import {
  MANIFEST,
  type Manifest,
  ManifestError,
  type PublishedFile,
  readManifest,
  SIGNATURE,
} from "../publish/manifest.ts";
import { areListsPublic } from "../publish/older-outputs.ts";
import { hasEditions } from "../publish/reading.ts";
import { RECORDS } from "../publish/records.ts";
import { listPublicKeys, readPublicKeys } from "../signing-key.ts";
import { type Clearance, FOR_EVERYBODY, isWithin } from "../standard/audience.ts";
import { findPipeline, listPipelines } from "../standard/workspace.ts";
import { readText } from "../whole-file.ts";
import type { WebEnv } from "./auth/require-role.ts";
import { hasRights } from "./auth/roles.ts";
import type { MonthIndex } from "./months/find-month.ts";
import { clearanceFor, isOpenTo } from "./months/read-run.ts";
import type { ShowRun } from "./months/show-run.ts";
import { sandboxPolicy } from "./report-policy.ts";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ".parquet": "application/vnd.apache.parquet",
  ".arrow": "application/vnd.apache.arrow.file",
  ".svg": "image/svg+xml",
};

export interface FileParts {
  readonly config: Config;
  readonly index: MonthIndex;
  readonly show: ShowRun;
}

/** Asks for a file as it was published, with the records that are shown no more: `?edition=original`. */
const ORIGINAL = "original";

/**
 * The published months as files: what there is at `/`, and `/<pipeline>/<period>/<run>/<file>`, where period and run may
 * be "latest". Only what a manifest lists is handed out, and not the single records.
 */
export function publishedFiles({ config, index, show }: FileParts): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const isOpen = (c: Context<WebEnv>, pipeline: string) =>
    isOpenTo(c, { definition: findPipeline(config.workspace, pipeline) });
  app.use("*", async (c, next) => {
    await next();
    c.header("Vary", "Authorization, Cookie", { append: true });
  });
  app.get("/", (c) =>
    c.json(
      listPipelines(config.workspace)
        .filter((one) => isOpen(c, one))
        .map((pipeline) => ({
          pipeline,
          published: listPublished(folderOf(config, pipeline), pipeline).map(
            ({ period, run, asOf, latest }) => ({ period, run, asOf, latest }),
          ),
        })),
    ),
  );
  app.get("/public-keys", (c) => c.json(listPublicKeys(config).map(({ id }) => id)));
  app.get("/public-keys/:id{[0-9a-f]+}", (c) => {
    const { keys, damaged } = readPublicKeys(config);
    const found = keys.find(({ id }) => id === c.req.param("id"));
    const broken = damaged.find(({ id }) => id === c.req.param("id"));
    if (broken) return c.text(`${broken.zh}${broken.en}\n`, 503);
    if (!found) return c.text(`没有这把公钥。There is no such public key.\n`, 404);
    return c.text(found.key.export({ type: "spki", format: "pem" }).toString());
  });
  app.get(`/:pipeline/${CHAIN}`, (c) => {
    const { pipeline } = c.req.param();
    const isPipeline = listPipelines(config.workspace).includes(pipeline) && isOpen(c, pipeline);
    const file = isPipeline ? chainFile(folderOf(config, pipeline), pipeline) : "";
    if (!existsSync(file)) return c.text(`没有发布链。There is no chain.\n`, 404);
    return c.text(readText(file));
  });
  /** What may be shown of a run today: itself, or its rendering without the records that are published no more. */
  const shownOf = async (pipeline: string, folder: string): Promise<string> => {
    const runs = listPublished(folderOf(config, pipeline), pipeline);
    const newest = runs.find((one) => one.folder === folder);
    if (!newest) return folder;
    const served = index.find(pipeline);
    const definition = served?.definition ?? findPipeline(config.workspace, pipeline);
    return (await show({ definition, runs, newest, damaged: [] }, newest)).folder;
  };
  app.get("/:pipeline/:period/:run/:path{.+}", async (c) => {
    const { pipeline, period, run, path } = c.req.param();
    const original = find(config, pipeline, period, run);
    if (original instanceof ManifestError) {
      const { zh, en } = DAMAGED;
      return c.text(`${zh}${en}\n`, 503);
    }
    if (!original || !isOpen(c, pipeline))
      return c.text(`没有这个期间。Nothing of the kind is published.\n`, 404);
    const asked = c.req.query("edition") === ORIGINAL;
    if (asked && !hasRights(c.get("visitor").role, "admin")) {
      return c.text(ORIGINAL_IS_INTERNAL, 403);
    }
    const folder = asked ? original : await shownOf(pipeline, original);
    const manifest = readManifest(folder);
    const listed = manifest.outputs.find((output) => output.path === path);
    if (!listed && path !== MANIFEST && path !== SIGNATURE) {
      return c.text(`清单中没有此文件。The manifest lists no file "${path}".\n`, 404);
    }
    if (basename(path) === RECORDS) {
      return c.text("单条记录仅供分析人员查询。Single records are for analysts, by SQL.\n", 403);
    }
    const own = clearanceFor(c, findPipeline(config.workspace, pipeline));
    const isLapsed = path === LAPSED && !hasRights(c.get("visitor").role, "admin");
    if (isLapsed || (listed && !mayHave(config.workspace, manifest, listed, own))) {
      return c.text(
        "此文件只供内部查阅，请使用所属单位的令牌。This file is for the offices alone; use a token of yours.\n",
        403,
      );
    }
    c.header("Content-Type", TYPES[extname(path)] ?? "application/octet-stream");
    if (listed?.bytes !== undefined) c.header("Content-Length", String(listed.bytes));
    if (listed?.sha256) c.header("ETag", `"${listed.sha256}"`);
    // Any record of a run may be revoked at any time: whoever keeps a copy asks whether it still holds.
    const forAll =
      !asked && (!listed || mayHave(config.workspace, manifest, listed, FOR_EVERYBODY));
    c.header("Cache-Control", forAll ? "public, no-cache" : "private, no-store");
    if (extname(path) === ".html") c.header("Content-Security-Policy", policyOf(folder, path));
    if (listed?.sha256 && c.req.header("If-None-Match") === `"${listed.sha256}"`) {
      c.header("Content-Length", undefined);
      return c.body(null, 304);
    }
    return c.body(Readable.toWeb(createReadStream(join(folder, path))) as ReadableStream);
  });
  return app;
}

/** Files of a month without editions that hold nothing of indicators, warnings and lists. */
const OPEN = /^data\/(?:run|period|entity|grade|file|body_code)\.\w+$/;
/** Its files of lists. */
const LISTS = /^(?:lists\.csv|data\/(?:list|list_rule)\.\w+)$/;

/**
 * Whether whoever asks may have a file. One that holds what is for bodies holds it of all of them; one of a month without editions
 * holds whatever there is, which is for the offices.
 */
function mayHave(
  workspace: string,
  manifest: Manifest,
  { path, audience }: PublishedFile,
  { audience: limit, body }: Clearance,
): boolean {
  const isOpen = () => OPEN.test(path) || (LISTS.test(path) && areListsPublic(workspace, manifest));
  const stated = audience ?? (hasEditions(manifest) || isOpen() ? "public" : "internal");
  const needed = stated === "bodies" && body !== null ? "officers" : stated;
  return isWithin(needed, limit);
}

const ORIGINAL_IS_INTERNAL =
  "原件含有已停止公示的记录，仅供内部使用。The original holds records that are published no more; it is internal.\n";

const policies = new LRUCache<string, string>({ max: 50 });

/** The policy of a report file, which never changes. */
function policyOf(folder: string, path: string): string {
  const file = join(folder, path);
  const policy = policies.get(file) ?? sandboxPolicy(readText(file));
  policies.set(file, policy);
  return policy;
}

function folderOf({ workspace, dataDir }: Config, pipeline: string): string {
  return join(dataDir, findPipeline(workspace, pipeline).jurisdiction);
}

const DAMAGED = {
  zh: "此期已发布，但其清单已损坏，正待修复。",
  en: "This period is published, but its manifest is damaged and waits to be repaired.",
} as const;

function find(
  config: Config,
  pipeline: string,
  period: string,
  run: string,
): string | ManifestError | undefined {
  if (!listPipelines(config.workspace).includes(pipeline)) return undefined;
  try {
    return findPublished(folderOf(config, pipeline), pipeline, {
      ...(period !== LATEST && { period }),
      ...(run !== LATEST && { run }),
    });
  } catch (error) {
    if (error instanceof ManifestError) return error;
    // The sentence names every run there is, which is more than a visitor needs.
    return undefined;
  }
}
