import type { Bilingual } from "../standard/bilingual.ts";
import { type DocumentHead, writeDay } from "./document.ts";

/**
 * The page of a document that is handed to somebody: Chinese first, then English on a sheet of its own; no script, no link
 * to elsewhere. Above stand number and addressee, below the office, the place of its seal and the day.
 * @param parts HTML of the text in each language
 */
export function writePage(title: Bilingual, head: DocumentHead, parts: Bilingual): string {
  return `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeText(title.zh)} · ${escapeText(title.en)}</title>
<style>
${STYLE}</style>
${writeSheet("zh", title, head, parts)}
${writeSheet("en", title, head, parts)}
</html>
`;
}

const STYLE = `* { box-sizing: border-box }
body { font: 16px/1.7 "Noto Serif CJK SC", "Noto Serif SC", "Songti SC", SimSun, serif; max-width: 46em; margin: 2em auto;
  padding: 0 1em; color: #1b1b1b; -webkit-print-color-adjust: exact; print-color-adjust: exact }
section { position: relative; overflow: hidden; padding-bottom: 1em }
section[lang=en] { margin-top: 2.5em; border-top: 2px solid #1b1b1b; padding-top: 1.5em;
  font-family: Georgia, "Noto Serif", "Noto Serif CJK SC", serif }
h1 { font-size: 1.6em; text-align: center; margin: .6em 0 .2em }
h2 { font-size: 1.1em; margin: 1.2em 0 .3em }
.number { text-align: center; margin: 0 0 1em }
table { border-collapse: collapse; width: 100%; margin: .6em 0 }
th, td { border: 1px solid #999; padding: .3em .6em; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { font-weight: 600; overflow-wrap: normal } th[scope=row] { width: 11em } td.n, th.n { text-align: right; white-space: nowrap }
.note { color: #555; font-size: .9em }
.signed { display: flex; justify-content: flex-end; align-items: center; gap: 1.5em; margin-top: 2.5em }
.signed p { margin: 0; text-align: center }
.seal { flex: none; width: 8.5em; height: 8.5em; border: 2px dashed #a33; border-radius: 50%; color: #a33;
  display: grid; place-content: center; text-align: center; font-size: .85em; padding: 1em }
.synthetic { border: 3px solid #b00020; color: #b00020; font-weight: 700; text-align: center; padding: .4em; margin: 0 }
.watermark { position: absolute; inset: 0; display: grid; place-content: center; gap: 5em; pointer-events: none;
  transform: rotate(-24deg); color: rgb(176 0 32 / 14%); font-size: 2.9em; font-weight: 800; text-align: center; white-space: nowrap }
section[lang=en] .watermark { font-size: 2.2em }
@media (max-width: 600px) { section .watermark, section[lang=en] .watermark { font-size: 1.7em } th[scope=row] { width: 7em } .scroll { overflow-x: auto } }
@page { size: A4; margin: 20mm 18mm }
@media print { body { margin: 0; max-width: none; padding: 0; font-size: 11pt; line-height: 1.55 }
  section[lang=en] { break-before: page; border: 0; margin: 0; padding-top: 0 }
  .signed, tr { break-inside: avoid } }
`;

const WORDS = {
  zh: {
    synthetic: "合成数据：本文书为程序演示，与任何真实机关无关，不具任何效力。",
    watermark: "合成数据　不具效力",
    to: "主送",
    purpose: "用途",
    seal: "此处加盖公章",
    colon: "：",
  },
  en: {
    synthetic: "Synthetic data: a demonstration about no real body, without any effect.",
    watermark: "SYNTHETIC · NO EFFECT",
    to: "To",
    purpose: "Purpose",
    seal: "place of the seal",
    colon: ": ",
  },
} as const;

function writeSheet(
  language: "zh" | "en",
  title: Bilingual,
  head: DocumentHead,
  parts: Bilingual,
): string {
  const words = WORDS[language];
  const told = (name: string, value: string) => `<p>${name}${words.colon}${escapeText(value)}</p>`;
  const watermark = `<div class="watermark" aria-hidden="true">${`<span>${words.watermark}</span>`.repeat(3)}</div>`;
  return `<section lang="${language}">
${head.synthetic ? `${watermark}\n<p class="synthetic">${words.synthetic}</p>` : ""}
<h1>${escapeText(title[language])}</h1>
<p class="number">${escapeText(head.number)}</p>
${told(words.to, head.addressee[language])}
${parts[language]}
${told(words.purpose, head.purpose[language])}
<div class="signed"><p>${escapeText(head.office[language])}<br>${writeDay(head.issued_on)[language]}</p><div class="seal">${words.seal}</div></div>
</section>`;
}

/** Two columns: a name and what it is. */
export function writeFacts(rows: readonly (readonly [string, string | null])[]): string {
  const lines = rows.map(
    ([name, value]) => `<tr><th scope="row">${escapeText(name)}<td>${escapeText(value ?? "–")}`,
  );
  return `<table>${lines.join("\n")}</table>`;
}

export function escapeText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
