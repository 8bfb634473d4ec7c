import { join } from "node:path";
import type { EntityNames } from "../entity-names.ts";
import type { Bilingual } from "../standard/bilingual.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { nameRule, type RecordRules } from "../standard/record-rules.ts";
import { type DocumentHead, issueDocument, nameActor, writeDay } from "./document.ts";
import { writeFacts, writePage } from "./page.ts";
import { ruleOn } from "./periods.ts";
import type { ListedRecord, ShownEvent } from "./records.ts";
import { writeDocument } from "./write-document.ts";

/** What a certificate of repair says; days as ISO text. */
export interface Certificate {
  readonly head: DocumentHead;
  readonly entity_id: string;
  readonly name: Bilingual;
  /** Of the document by which the record was found. */
  readonly document_no: string | null;
  readonly decided_on: string;
  readonly applied_on: string;
  readonly repaired_on: string;
  readonly repaired_by: Bilingual;
  /** Of the decision to repair. */
  readonly decision_no: string | null;
  readonly earliest_repair_on: string | null;
  /** The rule that sets the earliest day; says 参照 where its law was not yet in force. */
  readonly earliest_by: Bilingual | null;
  /** For the issuing office's own files. */
  readonly record: string;
  readonly source: string;
  readonly event_id: string;
}

/** Where certificates are written, and what is needed to word them. */
export interface CertificateDesk {
  /** Folder of the jurisdiction. */
  readonly dataDir: string;
  readonly pipeline: Pick<PipelineDefinition, "office" | "report">;
  readonly rules: RecordRules;
  readonly names: EntityNames;
}

const PURPOSE: Bilingual = {
  zh: "证明该主体的上述失信记录已依规修复",
  en: "to certify that the record above was repaired under the rules",
};

/**
 * Writes the certificate of a repaired record into certificates/<folder>/ of the jurisdiction's folder. Number and folder come
 * from the decision, so that the certificate written again is the same one.
 * @throws Error in a sentence when the record is not repaired
 */
export function writeCertificate(
  desk: CertificateDesk,
  record: ListedRecord,
  events: readonly ShownEvent[],
): { readonly folder: string; readonly certificate: Certificate } {
  const repair = events.findLast(({ event }) => event === "repair");
  const application = events.findLast(({ event }) => event === "apply_repair");
  if (!repair || !application || record.state !== "repaired") {
    throw new Error(
      `记录“${record.record_key}”没有经本系统修复，不能出具修复证明。The record "${record.record_key}" was not repaired here, so there is no certificate for it.`,
    );
  }
  const repaired_on = repair.occurred_at.slice(0, 10);
  const name = { zh: record.name_zh ?? record.entity_id, en: record.name_en ?? record.entity_id };
  const rule = ruleOn(desk.rules.publication, record.decided_on);
  const certificate: Certificate = {
    head: issueDocument(desk.pipeline, "certificate", [record.source_id, repair.event_id], {
      issued_on: repaired_on,
      addressee: name,
      purpose: PURPOSE,
    }),
    entity_id: record.entity_id,
    name,
    document_no: record.document_no,
    decided_on: record.decided_on,
    applied_on: application.occurred_at.slice(0, 10),
    repaired_on,
    repaired_by: nameActor(repair.actor_body, desk.pipeline, desk.names),
    decision_no: repair.document_no,
    earliest_repair_on: record.earliest_repair_on,
    earliest_by: record.earliest_repair_on && rule ? nameRule(desk.rules, rule.id) : null,
    record: record.record_key,
    source: record.source_id,
    event_id: repair.event_id,
  };
  const folder = join(
    desk.dataDir,
    "certificates",
    `XF-${repaired_on.replaceAll("-", "")}-${repair.event_id.slice(-8)}`,
  );
  return {
    certificate,
    folder: writeDocument(folder, "certificate", writeHtml(certificate), certificate),
  };
}

function writeHtml(one: Certificate): string {
  const day = (value: string, language: "zh" | "en") => writeDay(value)[language];
  const earliest = (language: "zh" | "en") => {
    if (one.earliest_repair_on === null) return null;
    const by = one.earliest_by?.[language];
    const on = day(one.earliest_repair_on, language);
    if (by === undefined) return on;
    return language === "zh" ? `${on}（${by}）` : `${on} (${by})`;
  };
  const zh = writeFacts([
    ["主体", `${one.name.zh}（${one.entity_id}）`],
    ["认定文书号", one.document_no ?? "（无文书号）"],
    ["认定日期", day(one.decided_on, "zh")],
    ["申请修复日期", day(one.applied_on, "zh")],
    ["最早可修复日期", earliest("zh")],
    ["修复决定文书号", one.decision_no ?? "（无文书号）"],
    ["决定机关", one.repaired_by.zh],
    ["决定日期", day(one.repaired_on, "zh")],
  ]);
  const en = writeFacts([
    ["Body", `${one.name.en} (${one.entity_id})`],
    ["Document of the finding", one.document_no ?? "(no document number)"],
    ["Found on", day(one.decided_on, "en")],
    ["Repair applied for on", day(one.applied_on, "en")],
    ["Earliest day of repair", earliest("en")],
    ["Decision to repair", one.decision_no ?? "(no document number)"],
    ["Decided by", one.repaired_by.en],
    ["Decided on", day(one.repaired_on, "en")],
  ]);
  return writePage({ zh: "信用修复证明", en: "Certificate of Credit Repair" }, one.head, {
    zh: `${zh}<p>最短公示期已满，失信行为已纠正、义务已履行，并已作出公开信用承诺。自${day(one.repaired_on, "zh")}起停止公示、共享和使用该记录，自该日起的评价不再计入。</p>`,
    en: `${en}<p>The shortest period of publication is over, the act was corrected and its duty performed, and a public commitment was made. From ${day(one.repaired_on, "en")} on the record is no longer published, shared or used, and assessments no longer count it.</p>`,
  });
}
