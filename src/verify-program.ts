import { readCodeVersion } from "./publish/describe-definitions.ts";
import { layoutOf, type Manifest } from "./publish/manifest.ts";

/** The program that published a period, which alone builds it again to the byte. */
export interface PublishingProgram {
  readonly version: string;
  /** sha-256 of its code, as the manifest has it. */
  readonly sha256: string;
  /** Version of the layout it wrote. */
  readonly layout: number;
  /** Whether it is the program that answers. */
  readonly isThis: boolean;
}

/** Which program published a period, by its manifest. */
export function findProgram(manifest: Manifest): PublishingProgram {
  const { version, sha256 } = manifest.code;
  return {
    version,
    sha256,
    layout: layoutOf(manifest),
    isThis: sha256 === readCodeVersion().sha256,
  };
}

/** The same in a sentence of each language. */
export function sayProgram({ version, sha256, layout, isThis }: PublishingProgram): string[] {
  if (isThis) return ["由本程序发布。Published by this program."];
  return [
    `由程序 ${version}（代码 sha-256 ${sha256}）以第 ${layout} 版版式发布，与本程序不同；上列哈希照样核对，逐字节重建（--rebuild）须用当时的程序与定义。`,
    `Published by program ${version} (code with the sha-256 ${sha256}) in layout ${layout}, which is not this program. Hashes are compared all the same; building it again to the byte (--rebuild) takes the program and the definitions of then.`,
  ];
}
