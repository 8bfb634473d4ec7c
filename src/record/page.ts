/** A piece of text in both languages. */
export interface Both {
  readonly zh: string;
  readonly en: string;
}

/** A plain page for a document that is handed to somebody: Chinese first, then English, no script, no link to elsewhere. */
export function writePage(
  title: Both,
  parts: { readonly zh: string; readonly en: string },
): string {
  return `<!doctype html>
<html lang="zh">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeText(title.zh)} · ${escapeText(title.en)}</title>
<style>
body { font: 16px/1.6 "Noto Serif SC", "Songti SC", SimSun, serif; max-width: 46em; margin: 2em auto; padding: 0 1em; color: #1b1b1b }
h1 { font-size: 1.4em } h2 { font-size: 1.1em } table { border-collapse: collapse; width: 100% }
th, td { border: 1px solid #999; padding: .3em .6em; text-align: left; vertical-align: top } td.n { text-align: right }
section[lang=en] { margin-top: 2.5em; border-top: 2px solid #1b1b1b; font-family: Georgia, serif }
.note { color: #555; font-size: .9em }
</style>
<section lang="zh"><h1>${escapeText(title.zh)}</h1>
${parts.zh}</section>
<section lang="en"><h1>${escapeText(title.en)}</h1>
${parts.en}</section>
</html>
`;
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
