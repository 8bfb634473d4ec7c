import { unzipSync } from "fflate";

/** An archive that cannot be used, with why. */
export class RefusedArchive extends Error {
  constructor(
    readonly zh: string,
    readonly en: string,
  ) {
    super(`${zh}\n${en}`);
  }
}

/** Whether bytes begin as a ZIP archive does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}

const IS_JSON = /\.(?:json|jsonl|ndjson)$/i;
/** What programs put beside the files that people packed. */
const BESIDE = /(?:^|\/)(?:__MACOSX\/|\.)/;

/**
 * The texts of the JSON files in a ZIP archive, in the order of their names. Other files in it are left alone.
 * @param admit called before a file is decompressed with its packed and unpacked size and what was unpacked before, in bytes;
 * throws where that is too much
 * @throws RefusedArchive when it is damaged, holds no JSON, has a name twice or texts that are not UTF-8
 */
export function unzipJson(
  bytes: Uint8Array,
  admit: (packed: number, unpacked: number, before: number) => void,
): string[] {
  const names = new Set<string>();
  let before = 0;
  let refusal: unknown;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter: ({ name, size, originalSize }) => {
        if (!IS_JSON.test(name) || BESIDE.test(name)) return false;
        try {
          if (names.has(name)) throw repeated();
          names.add(name);
          admit(size, originalSize, before);
        } catch (error) {
          refusal = error;
          throw error;
        }
        before += originalSize;
        return true;
      },
    });
  } catch {
    throw refusal ?? damaged();
  }
  if (names.size === 0) throw empty();
  return [...names].sort().map((name) => decode(files[name]));
}

function decode(bytes: Uint8Array | undefined): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new RefusedArchive(
      "压缩包中有文件不是 UTF-8 编码，无法读取。请更正后重新打包。",
      "A file in the ZIP archive is not UTF-8 text and cannot be read. Correct it and pack the archive again.",
    );
  }
}

function damaged(): RefusedArchive {
  return new RefusedArchive(
    "ZIP 压缩包不完整、已损坏或已加密，无法解压。请重新打包。",
    "The ZIP archive is incomplete, damaged or encrypted and cannot be unpacked. Pack it again.",
  );
}

function repeated(): RefusedArchive {
  return new RefusedArchive(
    "ZIP 压缩包中有两个文件同名，无法分清。请重新打包。",
    "Two files in the ZIP archive have one name and cannot be told apart. Pack it again.",
  );
}

function empty(): RefusedArchive {
  return new RefusedArchive(
    "ZIP 压缩包中没有 JSON 文件（.json、.jsonl、.ndjson）。请核对文件。",
    "The ZIP archive holds no JSON file (.json, .jsonl, .ndjson). Check the file.",
  );
}
