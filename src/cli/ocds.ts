import { gunzipSync } from "node:zlib";
import { Command } from "commander";
import { readExactJson } from "../exact-json.ts";
import { compileReleases } from "../ocds/compile-releases.ts";
import { readReleases } from "../ocds/read-releases.ts";
import { describeFaults } from "../ocds/release.ts";
import { isZip, RefusedArchive, unzipJson } from "../ocds/unzip-json.ts";
import { writeJson } from "../ocds/write-json.ts";
import type { Bilingual } from "../standard/bilingual.ts";
import { isDeeper } from "../standard/walk-record.ts";
import { readBytes } from "../whole-file.ts";
import { act, type CommonOptions, makeCommand } from "./command.ts";
import { EXIT } from "./terminal.ts";

/** `zhengxin ocds`: procurement data of the Open Contracting Data Standard, looked at by themselves. */
export function ocdsCommand(): Command {
  return new Command("ocds")
    .description("Work with procurement data of the Open Contracting Data Standard (OCDS).")
    .addCommand(compileCommand());
}

/** `zhengxin ocds compile`: what holds of each contracting process, by the standard's merge. */
function compileCommand(): Command {
  return makeCommand(
    "compile",
    "Merge the releases of a file into compiled releases, as the standard defines it, and print them as JSON.",
    ["ocds compile releases.json", "ocds compile releases.jsonl.gz > compiled.json"],
  )
    .argument(
      "<file>",
      "JSON or JSON Lines, gzipped or not, or a ZIP of these: releases, or release or record packages",
    )
    .action(
      act(async (file: string, _options: CommonOptions) => {
        const { documents, lost } = readDocuments(file);
        if (documents.some((document) => isDeeper(document, MOST_LEVELS))) throw tooDeep(file);
        const read = readReleases(documents);
        const { processes, faults } = compileReleases(read.releases);
        const told = describeFaults([...read.faults, ...faults], file);
        for (const { zh, en } of [...lost, ...told]) process.stderr.write(`${zh}\n${en}\n`);
        const compiled = processes.map(({ states }) => states.at(-1)?.release);
        if (compiled.length === 0) {
          throw new Error(
            `${file}：没有可用的发布，未生成汇编发布。请核对文件。\n${file}: there is no release that can be used, so nothing was compiled. Check the file.`,
          );
        }
        const answer = compiled.length === 1 ? compiled[0] : compiled;
        process.stdout.write(`${writeJson(answer)}\n`);
        return EXIT.done;
      }),
    );
}

const MOST_LEVELS = 200;

interface Documents {
  readonly documents: readonly unknown[];
  /** What could not be read of the file, in sentences. */
  readonly lost: readonly Bilingual[];
}

/**
 * The values of a JSON file, or of each line of a file of JSON lines.
 * @throws Error in a sentence when the file is neither
 */
function readDocuments(file: string): Documents {
  const bytes = readBytes(file);
  if (!isZip(bytes)) return parseDocuments(file, readText(file, bytes));
  const read = unzip(file, bytes).map((text) => parseDocuments(file, { text, damaged: false }));
  return {
    documents: read.flatMap(({ documents }) => documents),
    lost: read.flatMap(({ lost }) => lost),
  };
}

const MOST_UNPACKED = 1 << 30;

function unzip(file: string, bytes: Uint8Array): string[] {
  try {
    return unzipJson(bytes, (_packed, unpacked, before) => {
      if (before + unpacked > MOST_UNPACKED) {
        throw new RefusedArchive(
          "ZIP 压缩包解压后超过 1 GB，请拆分。",
          "The ZIP archive unpacks to more than 1 GB. Split it.",
        );
      }
    });
  } catch (error) {
    if (!(error instanceof RefusedArchive)) throw error;
    throw new Error(`${file}：${error.zh}\n${file}: ${error.en}`);
  }
}

function parseDocuments(file: string, { text, damaged }: DecodedText): Documents {
  const lost: Bilingual[] = damaged
    ? [
        {
          zh: `${file}：有字节不是 UTF-8 文字，以 \ufffd 代替。`,
          en: `${file}: some bytes are no UTF-8 text and stand as \ufffd.`,
        },
      ]
    : [];
  try {
    return { documents: [readExactJson(text)], lost };
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(file);
  }
  const lines = text.split("\n").map((line, at) => ({ line: line.trim(), number: at + 1 }));
  const documents: unknown[] = [];
  const bad: number[] = [];
  for (const { line, number } of lines.filter((each) => each.line !== "")) {
    try {
      documents.push(readExactJson(line));
    } catch (error) {
      if (error instanceof RangeError) throw tooDeep(file);
      // What does not begin with a value of JSON is no file of JSON lines.
      if (documents.length === 0) throw noJson(file);
      bad.push(number);
    }
  }
  if (documents.length === 0) throw noJson(file);
  if (bad.length > 0) {
    lost.push({
      zh: `${file}：有 ${bad.length} 行不是有效的 JSON，未读取（首个是第 ${bad[0]} 行）。请更正后重试。`,
      en: `${file}: ${bad.length} lines are no valid JSON and were not read (the first is line ${bad[0]}). Correct them and try again.`,
    });
  }
  return { documents, lost };
}

interface DecodedText {
  readonly text: string;
  /** Some bytes stand as the sign for what cannot be read. */
  readonly damaged: boolean;
}

function readText(file: string, packed: Buffer): DecodedText {
  const bytes = inflate(file, packed);
  const utf16 =
    (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const encoding = utf16 ? (bytes[0] === 0xff ? "utf-16le" : "utf-16be") : "utf-8";
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), damaged: false };
  } catch {
    return { text: new TextDecoder(encoding).decode(bytes), damaged: true };
  }
}

function inflate(file: string, bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    throw new Error(
      `${file}：压缩数据不完整、已损坏或过大，无法解压。\n${file}: the gzip data are incomplete, damaged or too large and cannot be decompressed.`,
    );
  }
}

function noJson(file: string): Error {
  return new Error(
    `${file}：既不是有效的 JSON，也不是每行一个 JSON 对象的文件。请核对文件。\n${file}: the file is neither valid JSON nor JSON Lines. Check the file.`,
  );
}

function tooDeep(file: string): Error {
  return new Error(
    `${file}：JSON 嵌套过深，无法读取。请核对文件。\n${file}: the JSON is nested too deep to be read. Check the file.`,
  );
}
