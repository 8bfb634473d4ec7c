import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyTinyCity } from "./tiny-workspace.ts";

/** Where the releases written for tests lie, with the source that reads them. */
export const RELEASES = join(import.meta.dirname, "..", "fixtures", "ocds");

/** The tiny city with a source of releases beside what it has, whose folder is still empty. */
export function makeReleasesCity(): string {
  const workspace = copyTinyCity();
  cpSync(join(RELEASES, "ocds.yaml"), join(workspace, "pipelines", "sources", "ocds.yaml"));
  const pipeline = join(workspace, "pipelines", "tiny.yaml");
  const text = readFileSync(pipeline, "utf8");
  writeFileSync(pipeline, text.replace("honours]", "honours, ocds]"));
  mkdirSync(join(workspace, "data-samples", "ocds"), { recursive: true });
  return workspace;
}

/** Delivers a file to that source. */
export function addReleases(workspace: string, name: string, content: string | Buffer): void {
  writeFileSync(join(workspace, "data-samples", "ocds", name), content);
}
