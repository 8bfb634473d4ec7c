import { both } from "../publish/html/markup.ts";

/** A text in both languages; the page shows one. */
export function say(zh: string, en: string): string {
  return both({ zh, en });
}

/** A section with its heading. */
export function part(zh: string, en: string, content: string): string {
  return `<section><h2>${say(zh, en)}</h2>\n${content}\n</section>`;
}

/** What stands where there is nothing to show. */
export function none(zh: string, en: string): string {
  return `<p class=none>${say(zh, en)}</p>`;
}
