/** Buffers kept for use again at most. */
const MOST_KEPT = 16;
/** What a buffer has more than was asked for, since the next piece may be a little larger. */
const ROOM = 1.25;

/**
 * Memory for the pieces of a long answer, used again once a piece has been written: fresh memory for each would have to be
 * found, cleared and collected, which costs more than filling it.
 */
export class OutputBuffers {
  private readonly lent = new WeakSet<ArrayBufferLike>();
  private readonly free: ArrayBufferLike[] = [];

  /** So many bytes, with whatever they held before. */
  take(size: number): Uint8Array {
    const place = this.free.findIndex(({ byteLength }) => byteLength >= size);
    const [kept] = place < 0 ? [] : this.free.splice(place, 1);
    const buffer = kept ?? Buffer.allocUnsafeSlow(Math.ceil(size * ROOM)).buffer;
    this.lent.add(buffer);
    return new Uint8Array(buffer, 0, size);
  }

  /** Says that nobody needs a piece any longer; one that was not taken here is left alone. */
  giveBack({ buffer }: Uint8Array): void {
    if (!this.lent.delete(buffer) || this.free.length >= MOST_KEPT) return;
    this.free.push(buffer);
  }
}
