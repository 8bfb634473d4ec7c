import { readFileSync } from "node:fs";
import { join } from "node:path";

const PARTS = ["functions", "table functions", "types"] as const;

/** What statements may call and cast to, by src/query/allowed.txt, in lower case. */
export const ALLOWED = readAllowed();

function readAllowed(): Record<(typeof PARTS)[number], ReadonlySet<string>> {
  const text = readFileSync(join(import.meta.dirname, "allowed.txt"), "utf8");
  const of = (part: string) => {
    const [, after = ""] = text.split(`[${part}]\n`);
    const [own = ""] = after.split(/^\[/m);
    return new Set(own.split("\n").filter((name) => name !== ""));
  };
  return { functions: of(PARTS[0]), "table functions": of(PARTS[1]), types: of(PARTS[2]) };
}
