import { type Dirent, existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Why something in a folder is no file of it. */
export type NoFile =
  /** A link that leads out of the folder. */
  | "outside"
  /** A link to a folder. */
  | "folder"
  /** A pipe, a socket or a device, or a link to one. */
  | "special";

/** What lies below a folder, names relative, with "/" between parts, sorted by code unit. */
export interface FoundFiles {
  readonly names: readonly string[];
  readonly leftOut: readonly { readonly name: string; readonly why: NoFile }[];
}

/**
 * The files below a folder that a pattern matches. Hidden files and the lock files of office programs are left out in silence.
 * A link counts as a file when it leads to one within the folder, or nowhere (which is told when it is opened); other links,
 * pipes, sockets and devices are left out and listed.
 * @returns undefined when the folder does not exist
 */
export function findFiles(folder: string, pattern: string): FoundFiles | undefined {
  if (!existsSync(folder)) return undefined;
  const matches = compilePattern(pattern);
  const real = realpathSync(folder);
  const names: string[] = [];
  const leftOut: { name: string; why: NoFile }[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).split(sep).join("/");
    if (/(^|\/)(\.|~\$)/.test(name)) continue;
    const why = judgeEntry(entry, path, real);
    // What a folder behind a link holds nobody has looked at.
    if (why !== "folder" && !matches.test(name)) continue;
    if (why) leftOut.push({ name, why });
    else names.push(name);
  }
  return {
    names: names.sort((a, b) => (a < b ? -1 : 1)),
    leftOut: leftOut.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/**
 * Why something found in a folder is no file of it; undefined for a file.
 * @param real the folder itself, all links resolved
 */
export function judgeEntry(entry: Dirent, path: string, real: string): NoFile | undefined {
  if (entry.isFile()) return undefined;
  if (!entry.isSymbolicLink()) return "special";
  let target: string;
  let leadsTo: ReturnType<typeof statSync>;
  try {
    target = realpathSync(path);
    leadsTo = statSync(target);
  } catch {
    return undefined;
  }
  if (leadsTo?.isDirectory()) return "folder";
  if (!leadsTo?.isFile()) return "special";
  return target.startsWith(real.endsWith(sep) ? real : real + sep) ? undefined : "outside";
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
      if (token === "**") return "[^]*";
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
