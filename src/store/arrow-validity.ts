import type { VectorAccess, VectorHandle } from "./vector-access.ts";

/** Bits of an Arrow array: 1 where a row is not NULL, least significant bit first. */
export interface Validity {
  /** Takes over the bits of rows [start, start + count) of a vector; undefined when none of them is NULL. */
  add(vector: VectorHandle, start: number, count: number): Uint8Array | undefined;
  take(): { length: number; nullCount: number; nullBitmap: Uint8Array | null };
}

/** Gathers which rows are not NULL. As long as there is no NULL, nothing is kept. */
export function makeValidity(access: VectorAccess): Validity {
  let bits = new Uint8Array(8192);
  let length = 0;
  let nulls = 0;
  const reserve = (rows: number) => {
    const bytes = (rows + 7) >> 3;
    if (bytes <= bits.length) return;
    const larger = new Uint8Array(Math.max(bits.length * 2, bytes));
    larger.set(bits);
    bits = larger;
  };
  return {
    add(vector, start, count) {
      reserve(length + count);
      const held = access.validity(vector, Math.ceil((start + count) / 64) * 8);
      const missing = held ? countNulls(held, start, count) : 0;
      if (missing === 0) {
        if (nulls > 0) setBits(bits, length, count);
      } else {
        if (nulls === 0) {
          bits.fill(0);
          setBits(bits, 0, length);
        }
        copyBits(held as Uint8Array, start, bits, length, count);
      }
      nulls += missing;
      length += count;
      return missing > 0 ? held : undefined;
    },
    take() {
      // Arrow wants the array padded; the bits after the last row stay 0.
      const bitmap = nulls > 0 ? bits.slice(0, Math.ceil(length / 64) * 8) : null;
      const taken = { length, nullCount: nulls, nullBitmap: bitmap };
      if (nulls > 0) bits.fill(0);
      length = 0;
      nulls = 0;
      return taken;
    },
  };
}

/** Whether bit `place` is set. */
export function isSet(bits: Uint8Array, place: number): boolean {
  return (((bits[place >> 3] as number) >> (place & 7)) & 1) === 1;
}

function countNulls(bits: Uint8Array, start: number, count: number): number {
  let nulls = 0;
  for (let row = start; row < start + count; row++) {
    if ((row & 7) === 0 && bits[row >> 3] === 255 && row + 8 <= start + count) row += 7;
    else if (!isSet(bits, row)) nulls++;
  }
  return nulls;
}

function setBits(bits: Uint8Array, from: number, count: number): void {
  for (let place = from; place < from + count; place++) {
    if ((place & 7) === 0 && place + 8 <= from + count) {
      bits[place >> 3] = 255;
      place += 7;
    } else bits[place >> 3] = (bits[place >> 3] as number) | (1 << (place & 7));
  }
}

function copyBits(
  from: Uint8Array,
  start: number,
  to: Uint8Array,
  place: number,
  count: number,
): void {
  for (let row = 0; row < count; row++) {
    const target = place + row;
    const source = start + row;
    if ((target & 7) === 0 && (source & 7) === 0 && row + 8 <= count) {
      to[target >> 3] = from[source >> 3] as number;
      row += 7;
    } else if (isSet(from, source)) {
      to[target >> 3] = (to[target >> 3] as number) | (1 << (target & 7));
    }
  }
}
