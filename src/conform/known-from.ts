/** Name of the pseudo column that holds when a row became known. */
export const KNOWN_FROM = "known_from";
