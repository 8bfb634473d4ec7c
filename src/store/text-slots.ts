import bindings, { type Vector } from "@duckdb/node-bindings";
import { isSet } from "./arrow-validity.ts";

/** DuckDB keeps a text in 16 bytes: its length, then up to 12 bytes of it, or 4 and a pointer to all of them. */
export const SLOT = 16;
export const INLINE = 12;

export interface LongText {
  readonly bytes: Uint8Array;
  /** The same bytes, for reading several at once. */
  readonly view: DataView;
  readonly at: number;
}

/** The texts of a vector, as DuckDB holds them. */
export interface TextSlots {
  readonly slots: Uint8Array;
  /** The same as 32-bit words, four a text: the first is its length. */
  readonly words: Uint32Array;
  /** Where the text of a row lies that is longer than INLINE; the object is used again for the next row. */
  findLong(row: number): LongText;
}

/**
 * Reads a vector's texts. Long ones cost a call of the database for each stretch of memory: texts that were made or
 * stored together lie side by side, so that there are few. Nothing is read but what texts of these rows are known to
 * cover: stored texts lie one before the other with the short ones between, newly made ones one behind the other.
 * @param start first row of the vector, and `count` of them; rows below are counted from `start`
 */
export function readTexts(
  vector: Vector,
  start: number,
  count: number,
  valid: Uint8Array | undefined,
): TextSlots {
  const slots = bindings.vector_get_data(vector, (start + count) * SLOT);
  const words = new Uint32Array(slots.buffer, slots.byteOffset, slots.byteLength / 4);
  const stretches = new Int32Array(count);
  const firsts: number[] = [];
  const bytes: Uint8Array[] = [];
  const views: DataView[] = [];
  let from = 0;
  let to = 0;
  let lowest = -1;
  let between = 0;
  const fetch = () => {
    if (lowest < 0) return;
    const found = bindings.get_data_from_pointer(
      slots.buffer as ArrayBuffer,
      slots.byteOffset + (start + lowest) * SLOT + 8,
      to - from,
    );
    firsts.push(from);
    bytes.push(found);
    views.push(new DataView(found.buffer, found.byteOffset, found.byteLength));
  };
  for (let row = 0; row < count; row++) {
    if (valid && !isSet(valid, start + row)) continue;
    const length = words[(start + row) * 4] as number;
    if (length <= INLINE) {
      between += length;
      continue;
    }
    const pointer = pointerOf(words, start + row);
    if (lowest >= 0 && pointer + length + between === from) {
      from = pointer;
      lowest = row;
    } else if (lowest >= 0 && pointer === to) to = pointer + length;
    else if (lowest < 0 || pointer < from || pointer + length > to) {
      fetch();
      from = pointer;
      to = pointer + length;
      lowest = row;
    }
    between = 0;
    stretches[row] = bytes.length;
  }
  fetch();
  const found: { bytes: Uint8Array; view: DataView; at: number } = {
    bytes: slots,
    view: EMPTY,
    at: 0,
  };
  return {
    slots,
    words,
    findLong(row) {
      const stretch = stretches[row] as number;
      found.bytes = bytes[stretch] as Uint8Array;
      found.view = views[stretch] as DataView;
      found.at = pointerOf(words, start + row) - (firsts[stretch] as number);
      return found;
    },
  };
}

const EMPTY = new DataView(new ArrayBuffer(0));

const pointerOf = (words: Uint32Array, row: number) =>
  (words[row * 4 + 3] as number) * 0x1_0000_0000 + (words[row * 4 + 2] as number);
