import { gunzipSync } from "node:zlib";
import { unzipSync } from "fflate";
import type { Bilingual } from "../standard/bilingual.ts";

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

const IS_JSON = /\.(?:json|jsonl|ndjson)(?:\.gz)?$/i;
/** What programs put beside the files that people packed. */
const BESIDE = /(?:^|\/)(?:__MACOSX\/|\.)/;

/** A JSON file of an archive, or why it has no text. */
export type Member =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly why: Bilingual };

/** Called before something is decompressed with its packed and unpacked size and what was unpacked before, in bytes; throws where that is too much. */
type Admit = (packed: number, unpacked: number, before: number) => void;

/**
 * The JSON files in a ZIP archive, gzipped in it or not, in the order of their names. Other files in it are left alone; one that is
 * damaged is nothing to the others.
 * @throws RefusedArchive when its directory is damaged, it holds no JSON or has a name twice
 */
export function unzipJson(bytes: Uint8Array, admit: Admit): Member[] {
  const names = listNames(bytes, admit);
  if (names.size === 0) throw empty();
  let before = [...names.values()].reduce((sum, size) => sum + size, 0);
  const admitMore: Admit = (packed, unpacked) => {
    admit(packed, unpacked, before);
    before += unpacked;
  };
  let files: Record<string, Uint8Array> | undefined;
  try {
    files = unzipSync(bytes, { filter: ({ name }) => names.has(name) });
  } catch {
    // One of them is damaged: which, shows when they are taken one by one.
  }
  return [...names.keys()].sort().map((name) => {
    try {
      const file = files ?? unzipSync(bytes, { filter: (each) => each.name === name });
      return { name, text: decode(unpack(file[name] as Uint8Array, admitMore)) };
    } catch (error) {
      if (error instanceof RefusedArchive) return { name, why: { zh: error.zh, en: error.en } };
      if (error instanceof Error && "code" in error) return { name, why: DAMAGED };
      throw error;
    }
  });
}

/** The names of the JSON files in an archive, with their sizes as it states them. */
function listNames(bytes: Uint8Array, admit: Admit): Map<string, number> {
  const names = new Map<string, number>();
  let before = 0;
  let refusal: unknown;
  try {
    unzipSync(bytes, {
      filter: ({ name, size, originalSize }) => {
        if (!IS_JSON.test(name) || BESIDE.test(name)) return false;
        try {
          if (names.has(name)) throw repeated();
          names.set(name, originalSize);
          admit(size, originalSize, before);
        } catch (error) {
          refusal = error;
          throw error;
        }
        before += originalSize;
        return false;
      },
    });
  } catch {
    throw refusal ?? damaged();
  }
  return names;
}

const GZIP_CHUNK = 256 << 20;

/** What is gzipped within the archive, decompressed; other bytes as they are. */
function unpack(bytes: Uint8Array, admit: Admit): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const unpacked = gunzipSync(bytes, { maxOutputLength: GZIP_CHUNK });
  admit(bytes.length, unpacked.length, 0);
  return unpacked;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new RefusedArchive(
      "不是 UTF-8 编码，无法读取。请更正后重新打包。",
      "It is not UTF-8 text and cannot be read. Correct it and pack the archive again.",
    );
  }
}

const DAMAGED: Bilingual = {
  zh: "不完整、已损坏、已加密或过大，无法解压。请重新打包。",
  en: "It is incomplete, damaged, encrypted or too large and cannot be unpacked. Pack it again.",
};

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
    "ZIP 压缩包中没有 JSON 文件（.json、.jsonl、.ndjson，可再加 .gz）。请核对文件。",
    "The ZIP archive holds no JSON file (.json, .jsonl, .ndjson, with .gz or without). Check the file.",
  );
}
