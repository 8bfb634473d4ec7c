/** Whether a number format shows a date or a time of day. Built-in ids by ECMA-376 part 1, 18.8.30, East Asian ones included. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) {
    return (
      (id >= 14 && id <= 22) ||
      (id >= 27 && id <= 36) ||
      id === 45 ||
      id === 47 ||
      (id >= 50 && id <= 58)
    );
  }
  // Elapsed time, as [h]:mm, is a quantity and stays a number.
  if (/\[(?:h+|m+|s+)\]/i.test(code)) return false;
  const letters = code
    .replace(/"[^"]*"|\\.|_.|\*./g, "")
    .replace(/\[[^\]]*\]/g, "")
    .split(";")[0] as string;
  return /[ymdhs]/i.test(letters.replace(/general/i, ""));
}

const DAY = 86_400_000;

/**
 * A date cell's number as ISO text: "2018-01-05", "2018-01-05 13:30:00", or "13:30:00" for less than a day;
 * to the millisecond where there is one.
 */
export function serialToText(serial: number, date1904: boolean): string {
  const total = Math.round(serial * DAY);
  const days = Math.floor(total / DAY);
  const time = timeText(total - days * DAY);
  if (days === 0 && !date1904) return time ?? "00:00:00";
  // Spreadsheets believe in 29 February 1900; a cell that shows it is left as it shows.
  if (days === 60 && !date1904) return time ? `1900-02-29 ${time}` : "1900-02-29";
  const origin = date1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days > 60 ? 30 : 31);
  const date = new Date(origin + days * DAY).toISOString().slice(0, 10);
  return time ? `${date} ${time}` : date;
}

function timeText(milliseconds: number): string | undefined {
  if (milliseconds === 0) return undefined;
  return new Date(milliseconds)
    .toISOString()
    .slice(11, 23)
    .replace(/\.000$/, "");
}

/** A number cell's text as the shortest decimal that is the same number, never with an exponent. */
export function numberToText(text: string): string {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) return text;
  const shortest = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(shortest);
  if (!match) return shortest;
  const [, sign, first, rest = "", exponent] = match as unknown as [
    string,
    string,
    string,
    string | undefined,
    string,
  ];
  const digits = first + rest;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, "0")}`;
}

/** Resolves the escapes of characters that XML cannot hold, as _x000D_. */
export function unescapeText(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** 28 for "AB7". */
export function columnNumber(reference: string): number {
  let number = 0;
  for (const character of reference) {
    const letter = character.charCodeAt(0) - 64;
    if (letter < 1 || letter > 26) break;
    number = number * 26 + letter;
  }
  return number;
}
