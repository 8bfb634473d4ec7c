import { isSet } from "./arrow-validity.ts";
import type { VectorAccess, VectorHandle } from "./vector-access.ts";

/** DuckDB keeps a text in 16 bytes: its length, then up to 12 bytes of it, or 4 and a pointer to all of them. */
export const SLOT = 16;
export const INLINE = 12;

export interface LongText {
  readonly bytes: Uint8Array;
  /** The same bytes, for reading several at once. */
  readonly view: DataView;
  readonly at: number;
}

/**
 * The texts of one vector after the other, as DuckDB holds them. Long ones cost a call of the database for each stretch of
 * memory: texts that were made or stored together lie side by side, so that there are few. Nothing is read but what texts
 * of the rows asked for are known to cover: stored texts lie one before the other with the short ones between, newly made
 * ones one behind the other.
 */
export class TextReader {
  /** The texts of the vector read last, four words each: the first is its length. */
  words = new Uint32Array(2048 * 4);
  /** The same as bytes. */
  slots = new Uint8Array(this.words.buffer);
  private start = 0;
  private count = 0;
  private valid: Uint8Array | undefined;
  /** Whether the long texts of the vector have been fetched. */
  private fetched = false;
  /** For each row with a long text in which stretch it lies; for each stretch where it began and its bytes. */
  private stretches = new Int32Array(2048);
  private firsts: number[] = [];
  private bytes: Uint8Array[] = [];
  private views: DataView[] = [];
  private readonly found: { -readonly [name in keyof LongText]: LongText[name] } = {
    bytes: this.slots,
    view: EMPTY,
    at: 0,
  };

  constructor(private readonly access: VectorAccess) {}

  /** @param start first row of the vector, and `count` of them; `valid` its rows that are not NULL */
  read(vector: VectorHandle, start: number, count: number, valid: Uint8Array | undefined): void {
    if (this.words.length < (start + count) * 4) {
      this.words = new Uint32Array((start + count) * 4);
      this.slots = new Uint8Array(this.words.buffer);
    }
    this.access.copy(vector, 0, this.slots.subarray(0, (start + count) * SLOT));
    this.start = start;
    this.count = count;
    this.valid = valid;
    this.fetched = false;
  }

  /**
   * Where the text of a row lies that is longer than INLINE; the object is used again for the next row.
   * @param row counted from the first one that was read
   */
  findLong(row: number): LongText {
    if (!this.fetched) this.fetchLong();
    const stretch = this.stretches[row] as number;
    const { found } = this;
    found.bytes = this.bytes[stretch] as Uint8Array;
    found.view = this.views[stretch] as DataView;
    found.at = pointerOf(this.words, this.start + row) - (this.firsts[stretch] as number);
    return found;
  }

  private fetchLong(): void {
    const { words, start, count, valid } = this;
    if (this.stretches.length < count) this.stretches = new Int32Array(count);
    this.firsts = [];
    this.bytes = [];
    this.views = [];
    let from = 0;
    let to = 0;
    let lowest = -1;
    let between = 0;
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
        if (lowest >= 0) this.fetch(lowest, from, to);
        from = pointer;
        to = pointer + length;
        lowest = row;
      }
      between = 0;
      this.stretches[row] = this.bytes.length;
    }
    if (lowest >= 0) this.fetch(lowest, from, to);
    this.fetched = true;
  }

  private fetch(row: number, from: number, to: number): void {
    const found = this.access.follow(this.slots, (this.start + row) * SLOT + 8, to - from);
    this.firsts.push(from);
    this.bytes.push(found);
    this.views.push(new DataView(found.buffer, found.byteOffset, found.byteLength));
  }
}

const EMPTY = new DataView(new ArrayBuffer(0));

const pointerOf = (words: Uint32Array, row: number) =>
  (words[row * 4 + 3] as number) * 0x1_0000_0000 + (words[row * 4 + 2] as number);
