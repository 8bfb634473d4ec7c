const DATABASE_SHARE = 0.75;

/** DuckDB's part of the memory asked for. A text that is no size goes to DuckDB as it is, which says what it expects. */
export function shareForDatabase(memory: string): string {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([KMGT]i?B)$/i.exec(memory.trim()) ?? [];
  return amount === undefined ? memory : `${Number(amount) * DATABASE_SHARE}${unit}`;
}
