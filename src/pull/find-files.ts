import { type Dirent, existsSync, readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";

/**
 * Names of the files below a folder that a pattern matches, relative, with "/" between parts, sorted by code unit.
 * Hidden files and the lock files of office programs are left out; links that lead nowhere are not.
 * @returns undefined when the folder does not exist
 */
export function findFiles(folder: string, pattern: string): string[] | undefined {
  if (!existsSync(folder)) return undefined;
  const matches = compilePattern(pattern);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || (entry.isSymbolicLink() && !leadsToFolder(entry)))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((name) => matches.test(name) && !/(^|\/)(\.|~\$)/.test(name))
    .sort((a, b) => (a < b ? -1 : 1));
}

function leadsToFolder({ parentPath, name }: Dirent): boolean {
  try {
    return statSync(join(parentPath, name)).isDirectory();
  } catch {
    return false;
  }
}

/**
 * A glob as a regular expression: `*` and `?` within one part of the path, `**` over parts, `[a-z]`, `[!a]`, `{a,b}`.
 * Everything else stands for itself.
 */
export function compilePattern(pattern: string): RegExp {
  const source = pattern.replace(
    /\*\*\/|\*\*|\*|\?|\[!?[^\]]+\]|\{[^{}]+\}|[\\^$.|+()[\]{}]/g,
    (token) => {
      if (token === "**/") return "(?:[^/]+/)*";
      if (token === "**") return ".*";
      if (token === "*") return "[^/]*";
      if (token === "?") return "[^/]";
      if (token.length > 1 && token.startsWith("[")) {
        return token.replace("[!", "[^").replaceAll("\\", "\\\\");
      }
      if (token.length > 1) {
        const choices = token
          .slice(1, -1)
          .split(",")
          .map((choice) => compilePattern(choice).source);
        return `(?:${choices.map((choice) => choice.slice(1, -1)).join("|")})`;
      }
      return `\\${token}`;
    },
  );
  return new RegExp(`^${source}$`, "u");
}
