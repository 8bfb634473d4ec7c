import { both } from "../publish/html/markup.ts";

/** A text in both languages, of which the page shows one. */
export function say(zh: string, en: string): string {
  return both({ zh, en });
}

/** What stands where there is nothing to tell. */
export function none(zh: string, en: string): string {
  return `<p class=none>${say(zh, en)}</p>`;
}
