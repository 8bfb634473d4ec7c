import type { Context, StageOutcome } from "../context.ts";
import { groupBy } from "../standard/group-by.ts";
import { readPipelineRules } from "../standard/pipeline-rules.ts";
import { type RecordRules, SEVERITIES } from "../standard/record-rules.ts";
import { sqlFile } from "../store/sql-file.ts";
import { type BodyCode, nameActors } from "./answering-bodies.ts";
import { type Known, replayRecord, type ToldEvent, type ToldRecord } from "./replay-record.ts";

const sql = sqlFile(import.meta.dirname, "settle.sql");

/**
 * Last part of conform: loads the dated rules, and works out what the events make of the records at every time of knowledge.
 * The views of the schema known overlay the records with it. Events that the state of their record does not allow go to the
 * quarantine with the reason. Done anew each time, from what core holds: running it again changes nothing.
 */
export async function settleRecords(context: Context): Promise<StageOutcome["counts"]> {
  const { store, workspace, pipeline } = context;
  const rules = readPipelineRules(workspace, pipeline);
  return store.transaction(async () => {
    await store.run(sql("clear-rules"));
    const rows = ruleRows(rules);
    if (rows.length > 0) await store.run(sql("add-rules"), { rows: JSON.stringify(rows) });
    const held = await store.row<{ events: number; verdicts: number }>(sql("count-events"));
    if (!held || held.events + held.verdicts === 0) return { events: 0, illegal: 0 };
    const told = await store.rows<ToldEvent & { readonly of_record: string }>(sql("read-events"));
    const codes = await store.rows<BodyCode & Known>(sql("read-codes"));
    const events = groupBy(nameActors(told, codes), ({ of_record }) => of_record);
    const records = groupBy(
      await store.rows<ToldRecord & { readonly record_key: string }>(sql("read-records")),
      ({ record_key }) => record_key,
    );
    const states: object[] = [];
    const verdicts: object[] = [];
    for (const [record_key, ofRecord] of events) {
      const replayed = replayRecord(records.get(record_key) ?? [], ofRecord, rules);
      for (const { record, ...known } of replayed.records) {
        states.push({ ...record, record_key, ...known });
      }
      for (const { event_key, refused, ...known } of replayed.verdicts) {
        verdicts.push({
          ...known,
          record_key: event_key,
          accepted: refused === null,
          message_zh: refused?.zh ?? null,
          message_en: refused?.en ?? null,
        });
      }
    }
    for (const table of ["states", "verdicts", "quarantine"])
      await store.run(sql(`clear-${table}`));
    await store.run(sql("add-states"), { rows: JSON.stringify(states) });
    await store.run(sql("add-verdicts"), { rows: JSON.stringify(verdicts) });
    const before = await store.row<{ count: number }>(
      "SELECT count(*) AS count FROM quarantine.row",
    );
    await store.run(sql("quarantine-refused"));
    const after = await store.row<{ count: number }>(
      "SELECT count(*) AS count FROM quarantine.row",
    );
    return { events: held.events, illegal: (after?.count ?? 0) - (before?.count ?? 0) };
  });
}

const EVER = { effective_from: "0001-01-01", effective_to: "9999-12-31" };
const NONE = {
  subject: null,
  except_types: [] as readonly string[],
  publish: null,
  min_months: null,
  max_months: null,
  answer_days: null,
  answer_days_other: null,
  withdraw_days: null,
};

/** The rules as rows of core.record_rule. */
function ruleRows(rules: RecordRules): object[] {
  const dated = (rule: { id: string; from?: string | undefined; to?: string | undefined }) => ({
    ...NONE,
    rule_id: rule.id,
    effective_from: rule.from ?? EVER.effective_from,
    effective_to: rule.to ?? EVER.effective_to,
  });
  const rows = [
    ...rules.publication.flatMap((rule) =>
      SEVERITIES.map((severity) => ({
        ...dated(rule),
        kind: "publication",
        subject: severity,
        except_types: rule.except_types,
        ...rule.severities[severity],
      })),
    ),
    ...rules.caps.map((rule) => ({
      ...dated(rule),
      kind: "cap",
      except_types: rule.except_types,
      max_months: rule.months,
    })),
    ...rules.objections.map((rule) => ({
      ...dated(rule),
      kind: "objection",
      answer_days: rule.answer_working_days,
      answer_days_other: rule.answer_with_other_body,
      withdraw_days: rule.withdraw_working_days,
    })),
    ...rules.listings.map((rule) => ({
      ...dated(rule),
      kind: "listing",
      answer_days: rule.statement_working_days,
      answer_days_other: rule.statement_working_days,
      withdraw_days: rule.delivery_working_days,
    })),
    ...rules.classes.flatMap((rule) =>
      rule.types.map((type) => ({ ...dated(rule), kind: "class", subject: type })),
    ),
    // The column except_types holds what keeps a record of the type out: severities and procedures.
    ...rules.exclusions.flatMap((rule) =>
      rule.types.map((type) => ({
        ...dated(rule),
        kind: "exclusion",
        subject: type,
        except_types: [...rule.severities, ...rule.procedures],
      })),
    ),
    ...rules.disciplines.flatMap((rule) =>
      Object.entries(rule.months).map(([measure, months]) => ({
        ...dated(rule),
        kind: "discipline",
        subject: measure,
        max_months: months,
      })),
    ),
  ];
  return rows.map((row, place) => ({ ...row, place }));
}
