/** A tag of an XML text without its namespace prefix, or the text between tags, entities resolved. */
export type XmlToken =
  | {
      readonly kind: "open" | "close" | "empty";
      readonly name: string;
      readonly attributes: string;
    }
  | { readonly kind: "text"; readonly text: string };

/** A text that is no XML, or not all of it. */
export class MalformedXml extends Error {
  override readonly name = "MalformedXml";
}

/**
 * The tokens of an XML text, in order; comments and declarations left out. Each character is looked at once, whatever the text
 * is: it may have been made so that a pattern would search it over and over.
 * @throws MalformedXml where a tag, a comment or a quotation mark has no end, and at a document type: nothing that is read here
 * defines entities of its own
 */
export function* readXml(xml: string): Generator<XmlToken> {
  for (let at = 0; at < xml.length; ) {
    if (xml[at] !== "<") {
      const found = xml.indexOf("<", at);
      const end = found < 0 ? xml.length : found;
      const text = xml.slice(at, end).replace(/\r\n?/g, "\n");
      yield { kind: "text", text: resolveEntities(text) };
      at = end;
    } else if (xml.startsWith("<!--", at)) {
      at = endOf(xml, "-->", at + 4);
    } else if (xml.startsWith(DATA, at)) {
      const end = endOf(xml, "]]>", at + DATA.length);
      yield { kind: "text", text: xml.slice(at + DATA.length, end - 3) };
      at = end;
    } else if (xml[at + 1] === "?") {
      at = endOf(xml, "?>", at + 2);
    } else {
      const end = endOfTag(xml, at + 1);
      yield readTag(xml, at + 1, end);
      at = end + 1;
    }
  }
}

const DATA = "<![CDATA[";

function endOf(xml: string, mark: string, from: number): number {
  const found = xml.indexOf(mark, from);
  if (found < 0) throw new MalformedXml();
  return found + mark.length;
}

/** Where the ">" of a tag stands: one in quotation marks is none. */
function endOfTag(xml: string, from: number): number {
  if (xml[from] === "!") throw new MalformedXml();
  for (let at = from; at < xml.length; at++) {
    const char = xml[at];
    if (char === ">") return at;
    if (char === '"' || char === "'") {
      at = xml.indexOf(char, at + 1);
      if (at < 0) break;
    } else if (char === "<") break;
  }
  throw new MalformedXml();
}

function readTag(xml: string, from: number, end: number): XmlToken {
  const closes = xml[from] === "/";
  const empty = xml[end - 1] === "/";
  let start = closes ? from + 1 : from;
  let at = start;
  for (; at < end && !isEndOfName(xml.charCodeAt(at)); at++) {
    if (xml[at] === ":") start = at + 1;
  }
  const attributes = xml.slice(at, empty ? end - 1 : end);
  const kind = closes ? "close" : empty ? "empty" : "open";
  return { kind, name: xml.slice(start, at), attributes };
}

/** A blank, or the slash of an empty element. */
function isEndOfName(code: number): boolean {
  return code <= 0x20 || code === 0x2f;
}

const patterns = new Map<string, RegExp>();

/** The value of an attribute of a tag, its namespace prefix aside. */
export function attributeOf(attributes: string, name: string): string | undefined {
  let pattern = patterns.get(name);
  if (!pattern) {
    pattern = new RegExp(`(?:^|[\\s:])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`);
    patterns.set(name, pattern);
  }
  const found = pattern.exec(attributes);
  const value = found?.[1] ?? found?.[2];
  return value === undefined ? undefined : resolveEntities(value);
}

const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function resolveEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#x([0-9a-fA-F]+)|#(\d+)|(amp|lt|gt|quot|apos));/g,
    (_, hex, dec, name) =>
      name ? (NAMED[name] as string) : characterOf(hex ? Number.parseInt(hex, 16) : Number(dec)),
  );
}

/** The character of a number; for what is none, the one that stands for characters unknown. */
function characterOf(code: number): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}
