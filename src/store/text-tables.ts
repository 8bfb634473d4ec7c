/** Places of the tables, far more than there can be words. */
const TABLE = 1 << 16;

/** Codes of short texts: open addressing by the four words of a text, which are all of it. */
export class ShortTexts {
  private readonly keys = new Uint32Array(TABLE * 4);
  readonly codes = new Int32Array(TABLE).fill(-1);

  /** The place of a text, whose code is negative while it is not held. */
  find(words: Uint32Array, at: number): number {
    const { keys, codes } = this;
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
  }

  put(slot: number, words: Uint32Array, at: number, code: number): void {
    for (let word = 0; word < 4; word++) this.keys[slot * 4 + word] = words[at + word] as number;
    this.codes[slot] = code;
  }
}

/** Codes of long texts: open addressing by their bytes, four at a time; the last four may be read twice. */
export class LongTexts {
  readonly codes = new Int32Array(TABLE).fill(-1);
  private readonly held: DataView[] = [];

  /** The place of a text, whose code is negative while it is not held. */
  find(view: DataView, at: number, length: number): number {
    const last = length - 4;
    let hash = length ^ view.getUint32(at + last);
    for (let byte = 0; byte < last; byte += 4) {
      hash = Math.imul(hash ^ view.getUint32(at + byte), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    for (let slot = hash & (TABLE - 1); ; slot = (slot + 1) & (TABLE - 1)) {
      const code = this.codes[slot] as number;
      if (code < 0 || isSame(this.held[code] as DataView, view, at, length)) return slot;
    }
  }

  put(slot: number, text: Uint8Array, code: number): void {
    this.held[code] = new DataView(text.buffer, text.byteOffset, text.byteLength);
    this.codes[slot] = code;
  }
}

function isSame(text: DataView, view: DataView, at: number, length: number): boolean {
  if (text.byteLength !== length) return false;
  const last = length - 4;
  for (let byte = 0; byte < last; byte += 4) {
    if (text.getUint32(byte) !== view.getUint32(at + byte)) return false;
  }
  return text.getUint32(last) === view.getUint32(at + last);
}
