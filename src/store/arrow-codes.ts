import type { Vector } from "@duckdb/node-bindings";
import { makeData, type Utf8 } from "apache-arrow";
import { isSet, makeValidity } from "./arrow-validity.ts";
import { INLINE, readTexts, SLOT } from "./text-slots.ts";

/** Codes are 16-bit: after a batch with so many texts a dictionary is begun anew. */
const MOST_WORDS = 15_000;
/** A dictionary pays when each word stands for so many rows, and there are rows enough. */
const ROWS_A_WORD = 4;
export const LEAST_ROWS = 2000;
/** Places of the hash tables, far more than there can be words. */
const TABLE = 1 << 16;

/** Gives each different text of a column a number. */
export function makeCodes() {
  const validity = makeValidity();
  let codes = new Int16Array(4096);
  let rows = 0;
  let texts: Uint8Array[] = [];
  let grown = false;
  const short = makeShortTable();
  const long = makeLongTable();
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
    add(vector: Vector, start: number, count: number) {
      const valid = validity.add(vector, start, count);
      codes = reserve(codes, rows + count);
      const { slots, words, findLong } = readTexts(vector, start, count, valid);
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
            const text = findLong(row);
            const slot = long.find(text.view, text.at, length);
            code = long.codes[slot] as number;
            if (code < 0) {
              code = add(text.bytes, text.at, length);
              long.put(slot, texts[code] as Uint8Array, code);
            }
          }
        }
        codes[rows++] = code;
      }
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

/** Open addressing by the four words of a short text, which are all of it. */
function makeShortTable() {
  const keys = new Uint32Array(TABLE * 4);
  const codes = new Int32Array(TABLE).fill(-1);
  return {
    codes,
    /** The place of a text, whose code is negative while it is not held. */
    find(words: Uint32Array, at: number): number {
      const a = words[at] as number;
      const b = words[at + 1] as number;
      const c = words[at + 2] as number;
      const d = words[at + 3] as number;
      let hash =
        Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b) ^
        Math.imul(c ^ Math.imul(d, 0xc2b2ae35), 0x27d4eb2f);
      hash ^= hash >>> 15;
      for (let slot = hash & (TABLE - 1); ; slot = (slot + 1) & (TABLE - 1)) {
        const key = slot * 4;
        if (
          (codes[slot] as number) < 0 ||
          (keys[key] === a && keys[key + 1] === b && keys[key + 2] === c && keys[key + 3] === d)
        ) {
          return slot;
        }
      }
    },
    put(slot: number, words: Uint32Array, at: number, code: number) {
      for (let word = 0; word < 4; word++) keys[slot * 4 + word] = words[at + word] as number;
      codes[slot] = code;
    },
  };
}

/** Open addressing by the bytes of a text, four at a time; the last four may be read twice. */
function makeLongTable() {
  const codes = new Int32Array(TABLE).fill(-1);
  const held: DataView[] = [];
  const isSame = (text: DataView, view: DataView, at: number, length: number) => {
    if (text.byteLength !== length) return false;
    const last = length - 4;
    for (let byte = 0; byte < last; byte += 4) {
      if (text.getUint32(byte) !== view.getUint32(at + byte)) return false;
    }
    return text.getUint32(last) === view.getUint32(at + last);
  };
  return {
    codes,
    find(view: DataView, at: number, length: number): number {
      const last = length - 4;
      let hash = length ^ view.getUint32(at + last);
      for (let byte = 0; byte < last; byte += 4) {
        hash = Math.imul(hash ^ view.getUint32(at + byte), 0x9e3779b1);
        hash ^= hash >>> 15;
      }
      for (let slot = hash & (TABLE - 1); ; slot = (slot + 1) & (TABLE - 1)) {
        const code = codes[slot] as number;
        if (code < 0 || isSame(held[code] as DataView, view, at, length)) return slot;
      }
    },
    put(slot: number, text: Uint8Array, code: number) {
      held[code] = new DataView(text.buffer, text.byteOffset, text.byteLength);
      codes[slot] = code;
    },
  };
}
