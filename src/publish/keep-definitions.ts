import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import canonicalize from "canonicalize";
import { readBytes, readText } from "../whole-file.ts";
import { writeWhole } from "../write-whole.ts";
import type { ManifestDefinitions } from "./describe-definitions.ts";
import { listFolder } from "./folder-files.ts";

const FOLDERS = ["pipelines", "metrics"] as const;

/** What of the definitions a report is written by; the program is not among it. */
function reportedBy(definitions: ManifestDefinitions) {
  const { standard, definition, sources, indicators, warnings, lists, laws } = definitions;
  return { standard, definition, sources, indicators, warnings, lists, laws };
}

/** Name of the definitions of a publication: the same for the same definitions. */
export function nameDefinitions(definitions: ManifestDefinitions): string {
  const text = canonicalize(JSON.parse(JSON.stringify(reportedBy(definitions)))) as string;
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Keeps the files of the definitions in definitions/ of a jurisdiction's folder, once for all publications made by them: its
 * reports can be written again when the definitions have long changed.
 */
export function keepDefinitions(
  { dataDir, workspace }: { readonly dataDir: string; readonly workspace: string },
  definitions: ManifestDefinitions,
): void {
  const place = placeOf(dataDir, definitions);
  if (existsSync(place)) return;
  const files = Object.fromEntries(
    FOLDERS.filter((folder) => existsSync(join(workspace, folder))).flatMap((folder) =>
      listFolder(join(workspace, folder)).map((path): [string, string] => {
        const own = `${folder}/${path}`;
        return [own, readText(join(workspace, own))];
      }),
    ),
  );
  mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
  const partial = `${place}.${process.pid}.part`;
  writeWhole(partial, gzipSync(JSON.stringify(files)), { mode: 0o600, flush: true });
  renameSync(partial, place);
}

/** Writes kept definitions into an empty folder, as a workspace; false where none are kept. */
export function unpackDefinitions(
  dataDir: string,
  definitions: ManifestDefinitions,
  folder: string,
): boolean {
  const place = placeOf(dataDir, definitions);
  if (!existsSync(place)) return false;
  const files: Record<string, string> = JSON.parse(gunzipSync(readBytes(place)).toString());
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeWhole(join(folder, path), text);
  }
  return true;
}

function placeOf(dataDir: string, definitions: ManifestDefinitions): string {
  return join(dataDir, "definitions", `${nameDefinitions(definitions)}.json.gz`);
}
