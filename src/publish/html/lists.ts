import type { ListPart } from "../../standard/list-definition.ts";
import type { ShownEntry } from "../list-report.ts";
import { describeEnd } from "../list-words.ts";
import type { Report } from "../report.ts";
import { anchor, both, escapeHtml, say, section, table } from "./markup.ts";

/** So many bodies stand open on the page; longer lists are folded. */
const MOST_OPEN = 20;

/** Red and black list, honours, incentives, demonstration candidates and restrictions; nothing where the pipeline draws up none. */
export function renderLists({ lists }: Report): string {
  if (lists.parts.length === 0) return "";
  const parts = lists.parts.map((part) =>
    renderPart(
      part,
      lists.entries.filter(({ list_id }) => list_id === part.id),
    ),
  );
  return section("lists", "lists", `<p class=note>${say("listsNote")}</p>\n${parts.join("\n")}`);
}

function renderPart(part: ListPart, entries: readonly ShownEntry[]): string {
  const title = `${part.kind === "restriction" ? `${say("listRestriction")} · ` : ""}${both(part.title)}`;
  const about = `<p class=note>${say("listEffect", { effect: part.effect })}<br>${say("listArticle", { article: part.article })}</p>`;
  if (entries.length === 0) {
    return `<h3>${title}</h3>\n${about}<p>${say("listEmpty")}</p>`;
  }
  const bodies = new Set(entries.map(({ entity_id }) => entity_id)).size;
  const count = say("listCount", { bodies, entries: entries.length });
  const rows = renderEntries(entries);
  const grid = table(
    [say("body"), say("listReason"), say("listSince"), say("listUntil"), say("listRecord")],
    rows,
    { className: "lists" },
  );
  return bodies > MOST_OPEN
    ? `<h3>${title}</h3>\n${about}<details><summary>${count}</summary>${grid}</details>`
    : `<h3>${title}</h3>\n${about}<p>${count}</p>${grid}`;
}

/** The name stands beside the first of a body's entries and spans the others. */
function renderEntries(entries: readonly ShownEntry[]): string[] {
  return entries.map((entry, at) => {
    const first = entries[at - 1]?.entity_id !== entry.entity_id;
    const own = entries.filter(({ entity_id }) => entity_id === entry.entity_id).length;
    const name = first
      ? `<th scope=row rowspan=${own}><a href="#${anchor(entry.entity_id)}">${both({ zh: entry.name_zh, en: entry.name_en })}</a>`
      : "";
    const mark = entry.disputed ? ` <mark>${say("disputedMark")}</mark>` : "";
    const reason = both({ zh: entry.reason_zh, en: entry.reason_en });
    return `<tr>${name}<td class=reason>${reason}${mark}<td><span class=day>${escapeHtml(entry.since)}</span><td>${both(describeEnd(entry))}<td>${entry.found_at ? `<code>${escapeHtml(entry.found_at)}</code>` : "–"}`;
  });
}
