import { makeData, type Utf8 } from "apache-arrow";
import { isSet, makeValidity } from "./arrow-validity.ts";
import { INLINE, SLOT, TextReader } from "./text-slots.ts";
import { LongTexts, ShortTexts } from "./text-tables.ts";
import type { VectorAccess, VectorHandle } from "./vector-access.ts";

/** Codes are 16-bit: after a batch with so many texts a dictionary is begun anew. */
const MOST_WORDS = 15_000;
/** A dictionary pays when each word stands for so many rows, and there are rows enough. */
const ROWS_A_WORD = 4;
export const LEAST_ROWS = 2000;
/** Gives each different text of a column a number. */
export function makeCodes(access: VectorAccess) {
  const validity = makeValidity(access);
  const reader = new TextReader(access);
  let codes = new Int16Array(4096);
  let rows = 0;
  let texts: Uint8Array[] = [];
  let grown = false;
  const short = new ShortTexts();
  const long = new LongTexts();
  const add = (bytes: Uint8Array, at: number, length: number) => {
    texts.push(bytes.slice(at, at + length));
    grown = true;
    return texts.length - 1;
  };
  return {
    rows: () => rows,
    /** Whether the codes may run out with the next chunk. */
    isFull: () => texts.length > 2 * MOST_WORDS - 2048,
    pays: () => texts.length * ROWS_A_WORD <= rows,
    add(vector: VectorHandle, start: number, count: number) {
      const valid = validity.add(vector, start, count);
      codes = reserve(codes, rows + count);
      reader.read(vector, start, count, valid);
      const { slots, words } = reader;
      const taken = codes;
      const first = rows;
      for (let row = 0; row < count; row++) {
        const at = (start + row) * 4;
        let code = 0;
        if (!valid || isSet(valid, start + row)) {
          const length = words[at] as number;
          if (length <= INLINE) {
            const slot = short.find(words, at);
            code = short.codes[slot] as number;
            if (code < 0) {
              code = add(slots, (start + row) * SLOT + 4, length);
              short.put(slot, words, at, code);
            }
          } else {
            const text = reader.findLong(row);
            const slot = long.find(text.view, text.at, length);
            code = long.codes[slot] as number;
            if (code < 0) {
              code = add(text.bytes, text.at, length);
              long.put(slot, texts[code] as Uint8Array, code);
            }
          }
        }
        taken[first + row] = code;
      }
      rows += count;
    },
    take() {
      const taken = { codes: codes.subarray(0, rows), grown, ...validity.take() };
      grown = false;
      rows = 0;
      return taken;
    },
    /** All texts so far as an Arrow array; forgotten afterwards when they have become many. */
    words(type: Utf8) {
      const valueOffsets = new Int32Array(texts.length + 1);
      texts.forEach((text, at) => {
        valueOffsets[at + 1] = (valueOffsets[at] as number) + text.length;
      });
      const data = Buffer.concat(texts);
      const { length } = texts;
      if (length > MOST_WORDS) {
        short.codes.fill(-1);
        long.codes.fill(-1);
        texts = [];
      }
      return makeData({ type, length, nullCount: 0, data, valueOffsets });
    },
  };
}

function reserve(held: Int16Array<ArrayBuffer>, size: number): Int16Array<ArrayBuffer> {
  if (size <= held.length) return held;
  const larger = new Int16Array(Math.max(held.length * 2, size));
  larger.set(held);
  return larger;
}
