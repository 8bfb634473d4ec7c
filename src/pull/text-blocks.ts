import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { readBytes } from "../whole-file.ts";
import { type ReadingTask, refuseBomb, refuseInflated } from "./reading.ts";
import { RefusedFile, refuse } from "./sentences.ts";
import { type TextEncoding, UTF16 } from "./text-encoding.ts";

/** A text file as a stream of blocks of whole lines. */
export interface TextFile {
  readonly encoding: TextEncoding;
  /** Whether the bytes on disk are the text itself, neither compressed nor led by a byte order mark. */
  readonly plain: boolean;
  /** The text's bytes without byte order mark; every block but the last ends with a line feed. To be read once. */
  readonly blocks: AsyncGenerator<Buffer>;
}

const CHUNK = 1 << 20;
const LONGEST_LINE = 64 << 20;

/**
 * Opens a text file, compressed by gzip or not. A byte order mark decides the encoding, else the source's definition does.
 * @param longestLine bytes that may come without a line break
 * @throws RefusedFile when compression or encoding are not what they claim to be; from `blocks` when gzip data end early
 */
export async function openText(
  task: Pick<ReadingTask, "input" | "format" | "bounds">,
  longestLine = LONGEST_LINE,
): Promise<TextFile> {
  const compressed = isGzip(task.input);
  const chunks = readChunks(task, compressed);
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 4) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const { encoding, mark } = detectEncoding(head, task.format.encoding);
  return {
    encoding,
    plain: !compressed && mark === 0,
    blocks: cutBlocks(head.subarray(mark), chunks, encoding, longestLine),
  };
}

function isGzip(path: string): boolean {
  const magic = Buffer.alloc(2);
  const file = openSync(path, "r");
  const length = readSync(file, magic, 0, 2, 0);
  closeSync(file);
  if (length === 2 && magic[0] === 0x1f && magic[1] === 0x8b) return true;
  if (/\.gz$/i.test(path) && length > 0) {
    refuse(
      "文件名以 .gz 结尾，但内容不是 gzip 压缩数据。请重新压缩或去掉 .gz 后报送。",
      "The name ends in .gz, but the content is no gzip data. Compress the file again, or deliver it without .gz.",
    );
  }
  return false;
}

async function* readChunks(
  task: Pick<ReadingTask, "input" | "bounds">,
  compressed: boolean,
): AsyncGenerator<Buffer> {
  const size = statSync(task.input).size;
  // A stream takes longer to be set up than a small file to be read.
  if (!compressed && size <= CHUNK) {
    yield readBytes(task.input);
    return;
  }
  const file = createReadStream(task.input, { highWaterMark: Math.min(CHUNK, size + 1) });
  const stream = compressed ? pipeline(file, createGunzip({ chunkSize: CHUNK }), () => {}) : file;
  try {
    let bytes = 0;
    for await (const chunk of stream) {
      bytes += chunk.length;
      if (compressed) {
        refuseBomb(file.bytesRead, bytes);
        refuseInflated(bytes, task);
      }
      yield chunk as Buffer;
    }
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    if (!code.startsWith("Z_")) throw error;
    throw new RefusedFile({
      zh: "压缩文件不完整或已损坏，无法解压。请重新报送完整的文件。",
      en: "The compressed file is incomplete or damaged and cannot be decompressed. Deliver the complete file again.",
    });
  }
}

function detectEncoding(
  head: Buffer,
  declared: "utf-8" | "gb18030" | "utf-16",
): { encoding: TextEncoding; mark: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf)
    return { encoding: "utf-8", mark: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: "utf-16le", mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: "utf-16be", mark: 2 };
  if (declared !== "utf-16") return { encoding: declared, mark: 0 };
  if (head.length === 0) return { encoding: "utf-16le", mark: 0 };
  return refuse(
    "来源定义为 UTF-16 编码，但文件开头没有字节顺序标记（BOM）。请另存为带 BOM 的 UTF-16，或更正来源定义中的 encoding。",
    "The source is defined as UTF-16, but the file has no byte order mark. Save it as UTF-16 with a byte order mark, or correct encoding in the source file.",
  );
}

async function* cutBlocks(
  head: Buffer,
  chunks: AsyncGenerator<Buffer>,
  encoding: TextEncoding,
  longestLine: number,
): AsyncGenerator<Buffer> {
  let held: Buffer[] = [head];
  let size = head.length;
  // Pieces of one line are put together once it has ended, however many there are.
  const join = () => (held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held));
  try {
    for (let next = { value: head, done: false } as IteratorResult<Buffer>; ; ) {
      if (next.value.includes(0x0a)) {
        const whole = join();
        const end = endOfLastLine(whole, encoding);
        if (end > 0) yield whole.subarray(0, end);
        held = [whole.subarray(end)];
        size = whole.length - end;
      }
      if (size > longestLine) {
        refuse(
          `文件中有超过 ${longestLine >> 20} MB 而没有换行的内容，不像文本文件。请核对文件和来源定义中的 format。`,
          `The file has more than ${longestLine >> 20} MB without a line break and does not look like text. Check the file, and format in the source file.`,
        );
      }
      next = await chunks.next();
      if (next.done) break;
      held.push(next.value);
      size += next.value.length;
    }
    const rest = join();
    if (rest.length > 0) yield rest;
  } finally {
    await chunks.return(undefined);
  }
}

/** Index just after the last line feed, 0 when there is none. */
function endOfLastLine(bytes: Buffer, encoding: TextEncoding): number {
  const utf16 = UTF16[encoding];
  let at = bytes.lastIndexOf(0x0a);
  if (!utf16) return at + 1;
  while (at >= 0) {
    const first = at - utf16.low;
    if (first >= 0 && first % 2 === 0 && bytes[first + utf16.high] === 0) return first + 2;
    at = at === 0 ? -1 : bytes.lastIndexOf(0x0a, at - 1);
  }
  return 0;
}
