const UNITS: Record<string, number> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/**
 * Bytes of a size as "512MB" or "2GB".
 * @param setting its name, for the sentence
 * @throws Error in a sentence
 */
export function readSize(text: string, setting: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\s*([KMGT])i?B$/i.exec(text.trim()) ?? [];
  if (amount === undefined) {
    throw new Error(`The setting ${setting} is "${text}"; write it as 512MB or 2GB.`);
  }
  return Number(amount) * (UNITS[unit.toUpperCase()] as number);
}

/** A number of bytes as people write it: "2GB", "1.5GB", "700MB". */
export function showSize(bytes: number): string {
  const unit = ["T", "G", "M"].find((letter) => bytes >= (UNITS[letter] as number)) ?? "K";
  return `${Number((bytes / (UNITS[unit] as number)).toFixed(1))}${unit}B`;
}
