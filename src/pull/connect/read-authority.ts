import { resolve } from "node:path";
import { readText } from "../../whole-file.ts";
import { failForGood } from "../fetch-error.ts";

/**
 * The certificate authority a source names, as PEM; undefined when it names none.
 * @throws ConnectorFault when the file cannot be read
 */
export function readAuthority(workspace: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const path = resolve(workspace, file);
  try {
    return readText(path);
  } catch {
    return failForGood(
      path,
      `证书文件 ${path}（connector.ca）无法读取。请放好文件，或去掉该项。`,
      `The certificate file ${path} (connector.ca) cannot be read. Put it there, or leave the key out.`,
    );
  }
}
