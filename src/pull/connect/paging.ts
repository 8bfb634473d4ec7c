import type { ConnectorOf } from "../../standard/connector-definition.ts";
import { isObject, type JsonObject } from "../../standard/walk-record.ts";

type Paging = NonNullable<ConnectorOf<"http-json">["paging"]>;

/** What a page tells about where the list goes on; kept beside its ETag, because a 304 tells nothing again. */
export interface PageTrail {
  /** Records on it. */
  readonly records: number;
  /** The address of the next page, as it came: target of rel="next", or what stands in the answer. */
  readonly link?: string | undefined;
  readonly cursor?: string | undefined;
}

/** The address of the first page. */
export function firstPage(base: URL, paging: Paging | undefined, cursor?: string): URL {
  const url = new URL(base);
  if (paging?.type === "page") {
    url.searchParams.set(paging.parameter, String(paging.first));
    if (paging.size_parameter && paging.size) {
      url.searchParams.set(paging.size_parameter, String(paging.size));
    }
  }
  if (paging?.type === "offset") {
    url.searchParams.set(paging.parameter, "0");
    url.searchParams.set(paging.size_parameter, String(paging.size));
  }
  if (paging?.type === "cursor" && cursor !== undefined) {
    return followCursor(base, url, paging.parameter, cursor);
  }
  return url;
}

/** The address of the page after this one; undefined when this is the last. */
export function nextPage(
  base: URL,
  url: URL,
  paging: Paging | undefined,
  trail: PageTrail,
): URL | undefined {
  const next = new URL(url);
  switch (paging?.type) {
    case undefined:
      return undefined;
    case "page": {
      if (trail.records === 0 || (paging.size && trail.records < paging.size)) return undefined;
      const page = Number(url.searchParams.get(paging.parameter));
      next.searchParams.set(paging.parameter, String(page + 1));
      return next;
    }
    case "offset": {
      if (trail.records < paging.size) return undefined;
      const offset = Number(url.searchParams.get(paging.parameter));
      next.searchParams.set(paging.parameter, String(offset + trail.records));
      return next;
    }
    case "link":
      return trail.link && URL.canParse(trail.link, url.href)
        ? new URL(trail.link, url)
        : undefined;
    case "cursor":
      return trail.cursor ? followCursor(base, next, paging.parameter, trail.cursor) : undefined;
  }
}

function followCursor(base: URL, url: URL, parameter: string, cursor: string): URL {
  if (/^https?:/.test(cursor) && URL.canParse(cursor, base.href)) return new URL(cursor, base);
  url.searchParams.set(parameter, cursor);
  return url;
}

/** Target of rel="next" in a Link header, RFC 8288. */
export function readNextLink(header: string | undefined): string | undefined {
  for (const match of (header ?? "").matchAll(
    /<([^>]*)>((?:\s*;\s*[^",;=]+(?:=(?:"[^"]*"|[^",;]*))?)*)/g,
  )) {
    const relation = /;\s*rel\s*=\s*"?([^";]*)"?/i.exec(match[2] ?? "")?.[1] ?? "";
    if (relation.toLowerCase().split(/\s+/).includes("next")) return match[1];
  }
  return undefined;
}

/** The cursor, or the address of the next page, that an answer names; undefined at the end of the list. */
export function readNext(paging: Paging | undefined, document: unknown): string | undefined {
  if (paging?.type !== "cursor" && paging?.type !== "link") return undefined;
  if (paging.next === undefined) return undefined;
  const found = valueAt(document, paging.next);
  if (found === undefined || found === null || found === "" || found === false) return undefined;
  // { href: … }, as some write links; anything else that is no text is no address, and is refused as such.
  if (isObject(found)) return typeof found.href === "string" ? found.href : JSON.stringify(found);
  return String(found);
}

/** The value at a dotted path; undefined when there is none. */
export function valueAt(document: unknown, path: string): unknown {
  let found: unknown = document;
  for (const name of path.split(".")) {
    if (!isObject(found)) return undefined;
    found = (found as JsonObject)[name];
  }
  return found;
}

/** The later of two marks: by number when both are, else by text, which is the order of ISO times. */
export function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const numbers = /^-?\d+(\.\d+)?$/;
  if (numbers.test(a) && numbers.test(b)) return Number(a) >= Number(b) ? a : b;
  return a >= b ? a : b;
}
