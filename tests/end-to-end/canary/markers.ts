/** Where a marker was planted. */
export interface Place {
  readonly source: string;
  readonly what:
    | "cell"
    | "header"
    | "file name"
    | "sheet name"
    | "comment"
    | "metadata"
    | "broken file"
    | "note line";
  /** The core column that the definition makes of the cell; undefined where nothing reads it. */
  readonly core?: string | undefined;
}

const MARKER = /zq[0-9a-z]{4}qz/gi;

/** Hands out markers, each once, and knows where each was planted. */
export class Markers {
  readonly planted = new Map<string, Place>();

  make(place: Place): string {
    const marker = `zq${this.planted.size.toString(36).padStart(4, "0")}qz`;
    this.planted.set(marker, place);
    return marker;
  }

  /** Where they were planted, of those found. */
  describe(found: Iterable<string>): string[] {
    return [...found].map((marker) => {
      const { source, what, core } = this.planted.get(marker) as Place;
      return `${marker}: ${what} of ${source}${core === undefined ? "" : ` (${core})`}`;
    });
  }
}

/** The markers in a text, in whatever letter case. */
export function findMarkers(text: string): Set<string> {
  return new Set([...text.matchAll(MARKER)].map(([marker]) => marker.toLowerCase()));
}
