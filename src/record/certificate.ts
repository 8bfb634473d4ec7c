import { join } from "node:path";
import { writeFacts, writePage } from "./page.ts";
import type { ListedRecord, ShownEvent } from "./records.ts";
import { writeDocument } from "./write-document.ts";

/** What a certificate of repair says. */
export interface Certificate {
  readonly number: string;
  readonly entity_id: string;
  readonly name_zh: string | null;
  readonly name_en: string | null;
  readonly record: string;
  readonly source: string;
  readonly document_no: string | null;
  readonly applied_on: string;
  readonly repaired_on: string;
  readonly repaired_by: string;
  readonly decision_no: string | null;
  readonly earliest_repair_on: string | null;
  readonly event_id: string;
}

/**
 * Writes the certificate of a repaired record into certificates/<number>/ of the jurisdiction's folder. Its number comes from
 * the decision, so that the certificate written again is the same one.
 * @throws Error in a sentence when the record is not repaired
 */
export function writeCertificate(
  dataDir: string,
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
  const certificate: Certificate = {
    number: `XF-${repaired_on.replaceAll("-", "")}-${repair.event_id.slice(-8)}`,
    entity_id: record.entity_id,
    name_zh: record.name_zh,
    name_en: record.name_en,
    record: record.record_key,
    source: record.source_id,
    document_no: record.document_no,
    applied_on: application.occurred_at.slice(0, 10),
    repaired_on,
    repaired_by: repair.actor_body,
    decision_no: repair.document_no,
    earliest_repair_on: record.earliest_repair_on,
    event_id: repair.event_id,
  };
  const folder = join(dataDir, "certificates", certificate.number);
  return {
    certificate,
    folder: writeDocument(folder, "certificate", writeHtml(certificate), certificate),
  };
}

function writeHtml(one: Certificate): string {
  const zh = writeFacts([
    ["编号", one.number],
    ["主体", `${one.name_zh ?? ""}（${one.entity_id}）`],
    ["失信记录", one.record],
    ["文书号", one.document_no],
    ["申请修复日期", one.applied_on],
    ["最早可修复日期", one.earliest_repair_on],
    ["修复决定", `${one.decision_no ?? ""}，${one.repaired_by}，${one.repaired_on}`],
  ]);
  const en = writeFacts([
    ["Number", one.number],
    ["Body", `${one.name_en ?? ""} (${one.entity_id})`],
    ["Record", one.record],
    ["Document", one.document_no],
    ["Applied on", one.applied_on],
    ["Earliest day of repair", one.earliest_repair_on],
    ["Decision", `${one.decision_no ?? ""}, ${one.repaired_by}, ${one.repaired_on}`],
  ]);
  return writePage(
    { zh: "信用修复证明", en: "Certificate of credit repair" },
    {
      zh: `${zh}<p>最短公示期已满，失信行为已纠正、义务已履行，并已作出公开信用承诺。自 ${one.repaired_on} 起停止公示、共享和使用该记录，自该日起的评价不再计入。</p>`,
      en: `${en}<p>The shortest period of publication is over, the act was corrected and its duty performed, and a public commitment was made. From ${one.repaired_on} on the record is no longer published, shared or used, and assessments no longer count it.</p>`,
    },
  );
}
