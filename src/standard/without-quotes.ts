/**
 * A database's complaint without what it quotes: quoted parts, long numbers and everything behind the first line may be
 * somebody's data.
 */
export function withoutQuotes(complaint: string): string {
  const [first = ""] = complaint.split("\n");
  return first
    .replace(/"[^"]*"|`[^`]*`|(?<![A-Za-z])'[^']*'/g, "…")
    .replace(/["`].*$|(?<![A-Za-z])'.*$/, "…")
    .replace(/\b(?:Input|Original Line|Value|Key)\b.*:.*$/, "…")
    .replace(/\d{5,}/g, "…")
    .trim();
}
