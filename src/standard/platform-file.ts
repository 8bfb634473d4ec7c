import { dirname, resolve } from "node:path";
import { z } from "zod";
import { isThere } from "../whole-file.ts";
import { readYaml } from "./yaml-document.ts";

const schema = z.strictObject({
  /** Where results are posted to as JSON, signed by HMAC-SHA256. */
  url: z.url({ protocol: /^https?$/ }),
  /** File that holds the secret of the signature and nothing else, beside this file. */
  secret_file: z.string().min(1),
});

export type PlatformFile = z.infer<typeof schema>;

/**
 * Reads where the credit platform takes results.
 * @returns undefined without a file: results are then laid down as files in the data folder
 * @throws DefinitionError with line and column of every fault
 */
export function readPlatform(file: string): PlatformFile | undefined {
  if (!isThere(file)) return undefined;
  const platform = readYaml(file, schema).value;
  return { ...platform, secret_file: resolve(dirname(file), platform.secret_file) };
}
