import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");

/** A file by its path from the top of the repository, with "/" between parts. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Files below a folder whose names end so; none when the folder is absent. */
export function readSources(folder: string, ...endings: string[]): SourceFile[] {
  return listNames(join(ROOT, folder))
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .map((name) => ({
      path: `${folder}/${name}`,
      text: readFileSync(join(ROOT, folder, name), "utf8"),
    }));
}

function listNames(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((name) => name.replaceAll("\\", "/"))
    .sort();
}

/** Everything a commit would hold, as text; without git, every file but what .gitignore leaves out. */
export function readTracked(): SourceFile[] {
  return listTracked().flatMap((path) => {
    const bytes = readBytes(join(ROOT, path));
    return bytes === undefined || bytes.includes(0) ? [] : [{ path, text: bytes.toString("utf8") }];
  });
}

function listTracked(): string[] {
  try {
    return execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: ROOT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 1 << 26,
    })
      .split("\0")
      .filter((path) => path !== "");
  } catch {
    const left = /^(node_modules|\.data|\.git|coverage)$/;
    return readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => !left.test(entry.name))
      .flatMap((entry) =>
        entry.isFile()
          ? [entry.name]
          : listNames(join(ROOT, entry.name)).map((name) => `${entry.name}/${name}`),
      );
  }
}

function readBytes(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    // Deleted in the working tree, but not yet in the index.
    return undefined;
  }
}
