import { addDays, format, parseISO } from "date-fns";
import type { Context } from "../context.ts";
import { listsOf } from "../definitions-on.ts";
import { shiftPeriod } from "../period.ts";
import { sqlFile } from "../store/sql-file.ts";
import { readFacts } from "./facts.ts";
import { judgeLists, type ListEntry } from "./judge-lists.ts";

const sql = sqlFile(import.meta.dirname, "lists.sql");

/**
 * Draws up the lists and restrictions of the run's period from its ranks, facts and the records that count, and writes
 * them to scores.list_entry in place of the run's earlier ones. A pipeline without lists has no entries.
 * @returns number of entries
 */
export async function drawUpLists(context: Context): Promise<number> {
  const { store, runId, period, periods, standard } = context;
  const lists = listsOf(context);
  const entries = lists
    ? judgeLists(
        lists,
        await readFacts(context),
        {
          start: period.start,
          end: period.end,
          next: format(addDays(parseISO(shiftPeriod(period, 1).end), 1), "yyyy-MM-dd"),
          ids: periods.map(({ id }) => id).toReversed(),
        },
        standard.category_names,
      )
    : [];
  await store.transaction(async () => {
    await store.run(sql("delete-entries"), { run_id: runId });
    await store.run(sql("insert-entries"), {
      run_id: runId,
      period: period.id,
      rows: JSON.stringify(entries.map(toRow)),
    });
  });
  return entries.length;
}

function toRow(entry: ListEntry, place: number) {
  const { part, rule, record, reason } = entry;
  const article = rule.article ?? part.article;
  return {
    place,
    list_id: part.id,
    kind: part.kind,
    field: part.field ?? null,
    entity_id: entry.entity,
    rule_id: rule.id,
    article_zh: article.zh,
    article_en: article.en,
    reason_zh: reason.zh,
    reason_en: reason.en,
    since: entry.since,
    until: entry.until,
    ends: entry.ends,
    disputed: record?.disputed ?? false,
    record_key: record?.key ?? null,
    document_no: record?.documentNo ?? null,
    record_type: record?.type ?? null,
    severity: record?.severityBasis ? record.severity : null,
    decided_on: record?.decidedOn ?? null,
    file_id: record?.fileId ?? null,
    line: record?.line ?? null,
  };
}
