import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const SOURCES = resolve(import.meta.dirname, "..");
const CACHE = resolve(SOURCES, "..", "node_modules", ".cache", "zhengxin");
/** The program, and what it runs in processes of their own: called by their paths, as src/watched-process.ts expects. */
const ENTRIES = {
  main: join(SOURCES, "cli", "main.ts"),
  "query-worker": join(SOURCES, "query", "worker.ts"),
  "pull-reading-worker": join(SOURCES, "pull", "reading-worker.ts"),
  "redact-render-worker": join(SOURCES, "redact", "render-worker.ts"),
};
/** Compiled before the others, and run while they are. */
const FIRST = { "first-word": join(SOURCES, "cli", "first-word.ts") };
/** Packages of JavaScript alone that nearly every command loads: in one file each they take a third of the time. */
const BUNDLED = [
  "@date-fns/tz",
  "@duckdb/node-api",
  "@hono/node-server",
  "@hono/zod-openapi",
  "apache-arrow",
  "bullmq",
  "cron-parser",
  "date-fns",
  "hono",
  "nodemailer",
  "yaml",
  "zod",
];
const WEEK_MS = 7 * 24 * 3600 * 1000;

/**
 * The program as JavaScript, compiled when its sources have changed since: loading it takes half the time of having each
 * file translated on its way in. A started program keeps what it was compiled from, so old ones stay for a week.
 * @returns {Promise<string | undefined>} address to import; undefined when there is nowhere to keep it
 */
export async function compileProgram() {
  const folder = join(CACHE, stampSources());
  const program = join(folder, "main.js");
  try {
    if (!existsSync(program)) await compileTo(folder);
    return pathToFileURL(program).href;
  } catch {
    return undefined;
  }
}

/** Changes with the place, name, size or time of any source file. */
function stampSources() {
  const stamp = createHash("sha256").update(SOURCES);
  for (const name of readdirSync(SOURCES, { recursive: true }).sort()) {
    if (!/\.[jt]s$/.test(name)) continue;
    const { size, mtimeMs } = statSync(join(SOURCES, name));
    stamp.update(`${name} ${size} ${mtimeMs}\n`);
  }
  return stamp.digest("hex").slice(0, 16);
}

/** Compiles beside the place and moves there: of several at once one wins, and none sees half a program. */
async function compileTo(folder) {
  const { build } = await import("esbuild");
  const beside = `${folder}.${process.pid}`;
  mkdirSync(CACHE, { recursive: true });
  forgetOld();
  const compile = (entryPoints) => build({ ...SETTINGS, entryPoints, outdir: beside });
  await compile(FIRST);
  // A faulty setting is told by the command itself.
  const told = import(pathToFileURL(join(beside, "first-word.js")).href).catch(() => undefined);
  await compile(ENTRIES);
  await told;
  try {
    renameSync(beside, folder);
  } catch {
    rmSync(beside, { recursive: true, force: true });
  }
}

/** Packages that are older than modules ask for what they need by a function that modules do not have. */
const REQUIRE =
  'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);';

/** What the program asks for by name stays where it is installed, but for the few that are bundled with all they need. */
const bundleSome = {
  name: "bundle-some",
  setup(building) {
    building.onResolve({ filter: /^[^./]/ }, ({ path, resolveDir }) => {
      const ofBundled = /[/\\]node_modules[/\\]/.test(resolveDir);
      const bundled =
        ofBundled || BUNDLED.some((name) => path === name || path.startsWith(`${name}/`));
      return bundled && path !== "@duckdb/node-bindings" ? undefined : { path, external: true };
    });
  },
};

/** Every module goes on finding the SQL files that stand beside its source. */
const keepPlaces = {
  name: "keep-places",
  setup(building) {
    building.onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, ({ path }) => ({
      loader: "ts",
      contents: readFileSync(path, "utf8").replaceAll(
        "import.meta.dirname",
        JSON.stringify(dirname(path)),
      ),
    }));
  },
};

/** How it is compiled. */
const SETTINGS = {
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  banner: { js: REQUIRE },
  logLevel: "silent",
  plugins: [keepPlaces, bundleSome],
};

function forgetOld() {
  for (const name of readdirSync(CACHE)) {
    const path = join(CACHE, name);
    if (Date.now() - statSync(path).mtimeMs > WEEK_MS)
      rmSync(path, { recursive: true, force: true });
  }
}
