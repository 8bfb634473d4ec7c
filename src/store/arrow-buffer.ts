/** Bytes that grow by doubling, to be filled again and again. */
export interface GrowingBuffer {
  /** Makes room for so many more bytes and gives it to be filled. */
  grow(size: number): Uint8Array;
  /** The bytes so far, good until the next `grow`, which starts anew. */
  take(): Uint8Array<ArrayBuffer>;
}

/** @param size bytes to begin with */
export function makeBuffer(size = 16_384): GrowingBuffer {
  let bytes = new Uint8Array(size);
  let used = 0;
  return {
    grow(more) {
      if (used + more > bytes.length) {
        const larger = new Uint8Array(Math.max(bytes.length * 2, used + more));
        larger.set(bytes.subarray(0, used));
        bytes = larger;
      }
      used += more;
      return bytes.subarray(used - more, used);
    },
    take() {
      const taken = bytes.subarray(0, used);
      used = 0;
      return taken;
    },
  };
}
