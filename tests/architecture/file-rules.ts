import type { SourceFile } from "./source-files.ts";

const LONGEST = 300;

/** A file that has grown past what is read in one go. */
export function findLongFile({ path, text }: SourceFile): string[] {
  const lines = text.trimEnd().split("\n").length;
  return lines > LONGEST ? [`${path} has ${lines} lines; split it at ${LONGEST}`] : [];
}

/** Names say what is inside, in kebab case. */
export function findBadName({ path }: Pick<SourceFile, "path">): string[] {
  const name = path.split("/").at(-1) ?? "";
  const stem = name.replace(/\.(test\.)?\w+$/, "");
  const bad = !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem);
  const vague = /^(utils?|helpers?|managers?|misc|common)$/.test(stem);
  return bad || vague ? [`${path}: ${vague ? "says nothing" : "is not kebab-case"}`] : [];
}

// Put together from parts, so that this file does not hold what it looks for.
const MACHINE = new RegExp(
  [
    `(?<![\\w.~-])/(?:${["work", "root", "home", "Users"].join("|")})/[\\w.]`,
    `(?<![\\w.~-])/${"tmp"}/[\\w.]`,
    `\\b[A-Z]:\\\\\\\\?Users\\b`,
  ].join("|"),
);

const REGISTRY = new RegExp(
  [
    "registry\\.[a-z]+\\.[a-z]+",
    "npm" + "mirror",
    "arti" + "factory",
    "jf" + "rog",
    "ver" + "daccio",
    '"resolved": "https?:',
    "files\\.python" + "hosted",
  ].join("|"),
  "i",
);

/** Paths of somebody's machine, and hosts packages were fetched from, have no place in a repository. */
export function findMachineTraces({ path, text }: SourceFile): string[] {
  return text.split("\n").flatMap((line, index) => {
    const match = MACHINE.exec(line) ?? REGISTRY.exec(line);
    return match ? [`${path}:${index + 1}: ${match[0]}`] : [];
  });
}
