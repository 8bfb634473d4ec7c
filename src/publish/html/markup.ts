import type { Bilingual } from "../report.ts";
import { TEXTS, type TextKey } from "../texts.ts";
import { fill } from "../words.ts";

/** Escapes text for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A text in both languages, of which the page shows one; text that is equal in both stands once. */
export function both({ zh, en }: Bilingual): string {
  if (zh === en) return escapeHtml(zh);
  return `<span lang=zh>${escapeHtml(zh)}</span><span lang=en>${escapeHtml(en)}</span>`;
}

/** A text of TEXTS in both languages, filled in. */
export function say(
  key: TextKey,
  values?: Readonly<Record<string, string | number | Bilingual>>,
): string {
  return both(values ? fill(TEXTS[key], values) : TEXTS[key]);
}

/** Both languages in one line, for attributes, where nothing can be hidden. */
export function attribute({ zh, en }: Bilingual): string {
  return escapeHtml(zh === en ? zh : `${zh} ${en}`);
}

/** A number with thousands separators and at most so many decimals; an en dash where there is none. */
export function figure(value: number | null | undefined, decimals = 0): string {
  if (value === null || value === undefined) return "–";
  const [whole = "", fraction] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const text = fraction ? `${grouped}.${fraction}` : grouped;
  return value < 0 && Number(value.toFixed(decimals)) !== 0 ? `−${text}` : text;
}

/** A number as short as it can be said: whole numbers without decimals, others with two at most. */
export function plain(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return figure(value, Number.isInteger(value) ? 0 : 2)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}

/** A number with its sign. */
export function signed(value: number, decimals: number): string {
  const text = figure(value, decimals);
  return value > 0 && Number(value.toFixed(decimals)) !== 0 ? `+${text}` : text;
}

export function percent(share: number | null | undefined, decimals = 0): string {
  return share === null || share === undefined ? "–" : `${figure(share * 100, decimals)}%`;
}

/** The anchor of a body's section. */
export function anchor(id: string): string {
  return `e-${encodeURIComponent(id)}`;
}

/** A part of the page with its heading. */
export function section(id: string, title: TextKey, content: string): string {
  return `<section id="${id}"><h2>${say(title)}</h2>\n${content}\n</section>`;
}

/** A table; `head` are the cells of its head row, markup included. */
export function table(
  head: readonly string[],
  rows: readonly string[],
  { className = "", caption = "" } = {},
): string {
  const cells = head.map((cell) => (cell.startsWith("<th") ? cell : `<th scope=col>${cell}`));
  return `<div class=wide><table${className ? ` class="${className}"` : ""}>${caption ? `<caption>${caption}</caption>` : ""}<thead><tr>${cells.join("")}</thead><tbody>\n${rows.join("\n")}\n</tbody></table></div>`;
}

/** A head cell over numbers, which stand to the right. */
export function over(markup: string): string {
  return `<th scope=col class=n>${markup}`;
}

/** The coloured mark of a grade. */
export function chip(
  grade: string | null,
  grades: readonly {
    readonly id: string;
    readonly colour: string;
    readonly zh: string;
    readonly en: string;
  }[],
): string {
  const found = grades.find(({ id }) => id === grade);
  if (!found) return grade ? escapeHtml(grade) : "–";
  return `<b class=chip style="background:${found.colour};color:${inkOn(found.colour)}" title="${attribute(found)}">${escapeHtml(found.id)}</b>`;
}

/** Black or white, whichever is easier to read on a colour (WCAG relative luminance). */
export function inkOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? "#111" : "#fff";
}
