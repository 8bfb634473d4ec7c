/** A tag of an XML text without its namespace prefix, or the text between tags, entities resolved. */
export type XmlToken =
  | {
      readonly kind: "open" | "close" | "empty";
      readonly name: string;
      readonly attributes: string;
    }
  | { readonly kind: "text"; readonly text: string };

const TOKEN =
  /<!--[\s\S]*?-->|<[?!](?!\[)[^>]*>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)(?:[\w.-]+:)?([\w.-]+)((?:[^<>"']|"[^<"]*"|'[^<']*')*?)(\/?)>|([^<]+)/g;

/** The tokens of a well-formed XML text, in order; comments and declarations left out. */
export function* readXml(xml: string): Generator<XmlToken> {
  for (const match of xml.matchAll(TOKEN)) {
    const [, data, slash, name, attributes, empty, text] = match;
    if (text !== undefined) {
      yield { kind: "text", text: resolveEntities(text.replace(/\r\n?/g, "\n")) };
    } else if (data !== undefined) yield { kind: "text", text: data };
    else if (name !== undefined) {
      const kind = slash ? "close" : empty ? "empty" : "open";
      yield { kind, name, attributes: attributes ?? "" };
    }
  }
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
