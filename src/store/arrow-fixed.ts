import { Bool, type DataType, makeData, Null } from "apache-arrow";
import { makeBuffer } from "./arrow-buffer.ts";
import type { ColumnGatherer } from "./arrow-column.ts";
import { isSet, makeValidity } from "./arrow-validity.ts";
import type { VectorAccess } from "./vector-access.ts";

type Convert = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array;

/**
 * A column of items of one size. The place of a NULL is zeroed, so that the bytes do not depend on what lay there.
 * @param width bytes of an item as DuckDB holds it
 * @param convert turns what was gathered into Arrow's items; may do so in place
 */
export function fixed(
  access: VectorAccess,
  type: DataType,
  width: number,
  { convert }: { readonly convert?: Convert } = {},
): ColumnGatherer {
  const buffer = makeBuffer();
  const validity = makeValidity(access);
  return {
    type,
    add(vector, start, count) {
      const valid = validity.add(vector, start, count);
      if (count === 0) return;
      const target = buffer.grow(count * width);
      access.copy(vector, start * width, target);
      if (valid) zeroNulls(target, valid, start, count, width);
    },
    take() {
      const bytes = buffer.take();
      const data = asItems(type, convert ? convert(bytes) : bytes);
      return makeData({ type, data, ...validity.take() } as never);
    },
  };
}

function zeroNulls(
  target: Uint8Array,
  valid: Uint8Array,
  start: number,
  count: number,
  width: number,
) {
  for (let row = 0; row < count; row++) {
    if (!isSet(valid, start + row)) target.fill(0, row * width, (row + 1) * width);
  }
}

function asItems(type: DataType, bytes: Uint8Array): ArrayLike<number | bigint> {
  const Items = type.ArrayType as unknown as {
    new (buffer: ArrayBufferLike, offset: number, length: number): ArrayLike<number>;
    BYTES_PER_ELEMENT: number;
  };
  return new Items(bytes.buffer, bytes.byteOffset, bytes.length / Items.BYTES_PER_ELEMENT);
}

/** BOOLEAN: a byte a row in DuckDB, a bit a row in Arrow. */
export function bits(access: VectorAccess): ColumnGatherer {
  return fixed(access, new Bool(), 1, {
    convert(rows) {
      const packed = new Uint8Array(Math.ceil(rows.length / 64) * 8);
      for (let row = 0; row < rows.length; row++) {
        if (rows[row]) packed[row >> 3] = (packed[row >> 3] as number) | (1 << (row & 7));
      }
      return packed;
    },
  });
}

/** A column that is NULL and has no type of its own. */
export function nothing(): ColumnGatherer {
  const type = new Null();
  let rows = 0;
  return {
    type,
    add(_vector, _start, count) {
      rows += count;
    },
    take() {
      const length = rows;
      rows = 0;
      return makeData({ type, length, nullCount: length });
    },
  };
}
