import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { ColumnMapping } from "../standard/source-definition.ts";
import { readYaml } from "../standard/yaml-document.ts";

const schema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/**
 * The code list of a column, source value to core value, both as text; undefined when it has none.
 * @throws Error in a sentence when the named list does not exist, or DefinitionError
 */
export function readCodes(
  workspace: string,
  codes: ColumnMapping["codes"],
): Readonly<Record<string, string>> | undefined {
  if (codes === undefined) return undefined;
  let list: Record<string, unknown>;
  if (typeof codes === "string") {
    const file = join(workspace, "pipelines", "codes", `${codes}.yaml`);
    if (!existsSync(file)) {
      throw new Error(
        `There is no code list "${codes}"; put it into pipelines/codes/${codes}.yaml.`,
      );
    }
    list = readYaml(file, schema).value;
  } else {
    list = codes;
  }
  return Object.fromEntries(Object.entries(list).map(([from, to]) => [from, String(to)]));
}
