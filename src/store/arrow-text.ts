import {
  Vector as ArrowVector,
  type DataType,
  Dictionary,
  Int16,
  makeData,
  Utf8,
} from "apache-arrow";
import { type GrowingBuffer, makeBuffer } from "./arrow-buffer.ts";
import { LEAST_ROWS, makeCodes } from "./arrow-codes.ts";
import type { ColumnGatherer } from "./arrow-column.ts";
import { isSet, makeValidity } from "./arrow-validity.ts";
import { INLINE, SLOT, TextReader } from "./text-slots.ts";
import type { VectorAccess } from "./vector-access.ts";

/** Adds the bytes of rows [start, start + count) of a VARCHAR or BLOB vector to `target`, and their lengths to `lengths`. */
function copyTexts(
  reader: TextReader,
  start: number,
  count: number,
  valid: Uint8Array | undefined,
  target: GrowingBuffer,
  lengths: Int32Array,
): void {
  const { slots, words } = reader;
  let total = 0;
  for (let row = 0; row < count; row++) {
    const length = valid && !isSet(valid, start + row) ? 0 : (words[(start + row) * 4] as number);
    lengths[row] = length;
    total += length;
  }
  const bytes = target.grow(total);
  let place = 0;
  for (let row = 0; row < count; row++) {
    const length = lengths[row] as number;
    if (length <= INLINE) {
      const slot = (start + row) * SLOT + 4;
      for (let byte = 0; byte < length; byte++) bytes[place + byte] = slots[slot + byte] as number;
      place += length;
      continue;
    }
    const { bytes: from, at } = reader.findLong(row);
    let size = length;
    // Those that follow each other there are copied at once.
    while (row + 1 < count && (lengths[row + 1] as number) > INLINE) {
      const next = reader.findLong(row + 1);
      if (next.bytes !== from || next.at !== at + size) break;
      size += lengths[++row] as number;
    }
    bytes.set(from.subarray(at, at + size), place);
    place += size;
  }
}

/** A batch is ended early when one column has gathered so many bytes, or when its codes run out. */
const MOST_BYTES = 1 << 23;

/** A column of bytes of varying length: text as it is, or binary. */
export function plainBytes(access: VectorAccess, type: DataType): ColumnGatherer {
  const buffer = makeBuffer();
  const validity = makeValidity(access);
  const reader = new TextReader(access);
  let offsets = new Int32Array(4096);
  let rows = 0;
  let lengths = new Int32Array(2048);
  return {
    type,
    isFull: () => (offsets[rows] as number) > MOST_BYTES,
    add(vector, start, count) {
      const valid = validity.add(vector, start, count);
      if (lengths.length < count) lengths = new Int32Array(count);
      reader.read(vector, start, count, valid);
      copyTexts(reader, start, count, valid, buffer, lengths);
      offsets = room(offsets, rows + count + 1);
      for (let row = 0; row < count; row++) {
        offsets[rows + 1] = (offsets[rows] as number) + (lengths[row] as number);
        rows++;
      }
    },
    take() {
      const valueOffsets = offsets.subarray(0, rows + 1);
      rows = 0;
      return makeData({ type, data: buffer.take(), valueOffsets, ...validity.take() } as never);
    },
  };
}

function room(held: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  if (size <= held.length) return held;
  const larger = new Int32Array(Math.max(held.length * 2, size));
  larger.set(held);
  return larger;
}

/**
 * Text that is written as a dictionary where few texts repeat: tried on the first batch, which decides for the stream.
 * A dictionary that grows is sent again with the batch that needs it.
 * @param id number of the dictionary in the stream
 */
export function textOrDictionary(access: VectorAccess, id: number): ColumnGatherer {
  const plainType = new Utf8();
  const codedType = new Dictionary(plainType, new Int16(), id);
  const plain = plainBytes(access, plainType);
  const coded = makeCodes(access);
  let chosen: "trying" | "dictionary" | "plain" = "trying";
  let words: ArrowVector<Utf8> | undefined;
  return {
    get type() {
      return chosen === "dictionary" ? codedType : plainType;
    },
    isFull: () => plain.isFull?.() === true || coded.isFull(),
    add(vector, start, count) {
      // While it is tried both are gathered: the first batch is kept in the form that is chosen.
      if (chosen !== "dictionary") plain.add(vector, start, count);
      if (chosen !== "plain") coded.add(vector, start, count);
      if (chosen === "trying" && coded.rows() >= 2 * LEAST_ROWS && !coded.pays()) chosen = "plain";
    },
    take() {
      if (chosen === "trying")
        chosen = coded.rows() >= LEAST_ROWS && coded.pays() ? "dictionary" : "plain";
      if (chosen === "plain") return plain.take();
      plain.take();
      const { codes, grown, ...validity } = coded.take();
      if (grown || !words) words = new ArrowVector([coded.words(plainType)]);
      return makeData({ type: codedType, data: codes, dictionary: words, ...validity } as never);
    },
  };
}
