let codes: Map<string, number> | undefined;

/** GB18030 bytes of a text of one- and two-byte characters, which are all that everyday Chinese needs. */
export function encodeGb18030(text: string): Uint8Array {
  codes ??= readTwoByteCodes();
  const bytes = new Uint8Array(text.length * 2);
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    if (point < 0x80) {
      bytes[length++] = point;
      continue;
    }
    const code = codes.get(character);
    if (code === undefined) {
      throw new Error(`The character "${character}" has no two-byte code in GB18030.`);
    }
    bytes[length++] = code >> 8;
    bytes[length++] = code & 0xff;
  }
  return bytes.subarray(0, length);
}

/** Node decodes GB18030 but does not encode it, so the table is read off the decoder. */
function readTwoByteCodes(): Map<string, number> {
  const decoder = new TextDecoder("gb18030");
  const table = new Map<string, number>();
  for (let high = 0x81; high <= 0xfe; high++) {
    for (let low = 0x40; low <= 0xfe; low++) {
      if (low === 0x7f) continue;
      const character = decoder.decode(new Uint8Array([high, low]));
      if (character.length === 1 && character !== "\ufffd") table.set(character, high * 256 + low);
    }
  }
  return table;
}
