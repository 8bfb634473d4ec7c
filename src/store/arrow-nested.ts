import { Field, FixedSizeList, List, Map_, makeData, Struct } from "apache-arrow";
import type { ColumnGatherer } from "./arrow-column.ts";
import { isSet, makeValidity } from "./arrow-validity.ts";
import type { VectorAccess } from "./vector-access.ts";

/** A batch is ended early when its lists hold so many items. */
const MOST_ITEMS = 1 << 20;

/** LIST: DuckDB keeps where each list begins and how long it is; they need not lie in order. */
export function lists(access: VectorAccess, items: ColumnGatherer): ColumnGatherer {
  const { add, offsets, isFull, validity } = gatherRanges(access, items);
  const type = new List(new Field("item", items.type, true));
  return {
    type,
    add,
    isFull,
    take: () =>
      makeData({ type, valueOffsets: offsets(), ...validity.take(), child: items.take() } as never),
  };
}

/** MAP: a list of its entries. */
export function maps(
  access: VectorAccess,
  keys: ColumnGatherer,
  values: ColumnGatherer,
): ColumnGatherer {
  const entryType = new Struct([
    new Field("key", keys.type, false),
    new Field("value", values.type, true),
  ]);
  const entries = structs(access, ["key", "value"], [keys, values], entryType);
  const { add, offsets, isFull, validity } = gatherRanges(access, entries);
  const type = new Map_(new Field("entries", entryType, false) as never);
  return {
    type,
    add,
    isFull,
    take: () =>
      makeData({
        type,
        valueOffsets: offsets(),
        ...validity.take(),
        child: entries.take(),
      } as never),
  };
}

function gatherRanges(access: VectorAccess, items: ColumnGatherer) {
  const validity = makeValidity(access);
  let ends: number[] = [0];
  const add: ColumnGatherer["add"] = (vector, start, count) => {
    const valid = validity.add(vector, start, count);
    if (count === 0) return;
    const words = new Uint32Array((start + count) * 4);
    access.copy(vector, 0, new Uint8Array(words.buffer));
    const child = access.listChild(vector);
    let from = 0;
    let to = 0;
    let end = ends.at(-1) as number;
    for (let row = start; row < start + count; row++) {
      const length = valid && !isSet(valid, row) ? 0 : (words[row * 4 + 2] as number);
      const offset = words[row * 4] as number;
      if (length > 0 && offset !== to) {
        if (to > from) items.add(child, from, to - from);
        from = offset;
        to = offset;
      }
      to += length;
      end += length;
      ends.push(end);
    }
    if (to > from) items.add(child, from, to - from);
  };
  return {
    validity,
    add,
    isFull: () => (ends.at(-1) as number) > MOST_ITEMS || items.isFull?.() === true,
    offsets() {
      const taken = Int32Array.from(ends);
      ends = [0];
      return taken;
    },
  };
}

/** ARRAY: lists of one length, side by side. */
export function arrays(access: VectorAccess, items: ColumnGatherer, size: number): ColumnGatherer {
  const validity = makeValidity(access);
  const type = new FixedSizeList(size, new Field("item", items.type, true));
  return {
    type,
    add(vector, start, count) {
      validity.add(vector, start, count);
      items.add(access.arrayChild(vector), start * size, count * size);
    },
    isFull: () => items.isFull?.() === true,
    take: () => makeData({ type, ...validity.take(), child: items.take() } as never),
  };
}

/** STRUCT: its parts are columns of their own. */
export function structs(
  access: VectorAccess,
  names: readonly string[],
  parts: readonly ColumnGatherer[],
  type = new Struct(
    parts.map((part, at) => new Field(names[at] as string, part.type, true)) as never,
  ),
): ColumnGatherer {
  const validity = makeValidity(access);
  return {
    type,
    add(vector, start, count) {
      validity.add(vector, start, count);
      parts.forEach((part, at) => {
        part.add(access.structChild(vector, at), start, count);
      });
    },
    isFull: () => parts.some((part) => part.isFull?.()),
    take: () =>
      makeData({ type, ...validity.take(), children: parts.map((part) => part.take()) } as never),
  };
}
