import { z } from "zod";
import { type DocumentHead, issueDocument, nameActor } from "../record/document.ts";
import { type Bilingual, bilingual } from "../standard/bilingual.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { type CreditReport, creditReportSchema } from "./schema.ts";

/** What a credit report may be asked for; the first four are the plan's fields of restriction. */
export const PURPOSES = {
  approval: { zh: "行政审批", en: "approvals" },
  procurement: { zh: "政府采购", en: "government procurement" },
  tender: { zh: "招标投标", en: "tenders and bids" },
  special_funds: { zh: "专项资金申请", en: "applications for special funds" },
  honours: { zh: "评先评优", en: "honours" },
  supervision: { zh: "监督检查", en: "supervision and inspection" },
  own: { zh: "了解本单位信用状况", en: "the body's own information" },
  file: { zh: "存查", en: "for the files" },
} as const satisfies Record<string, Bilingual>;
export type Purpose = keyof typeof PURPOSES;
export const PURPOSE_CODES = Object.keys(PURPOSES) as [Purpose, ...Purpose[]];

const head = z.strictObject({
  number: z.string(),
  office: bilingual,
  issued_on: z.string(),
  addressee: bilingual,
  purpose: bilingual,
  synthetic: z.boolean(),
});

/** The issuing office under any name it goes by; others as they are. */
function nameOffice(actor: Bilingual, pipeline: Pick<PipelineDefinition, "office">): Bilingual {
  return nameActor(actor.zh, pipeline, new Map([[actor.zh, actor]]));
}

/** A credit report as a document: with its number, office, day, addressee and purpose. */
export const issuedCreditReportSchema = creditReportSchema.extend({ document: head });
export type IssuedCreditReport = CreditReport & { readonly document: DocumentHead };

/** Said where nobody is named to whom the report goes. */
const OWN_FILES: Bilingual = { zh: "出具机关自存", en: "the issuing office's own files" };

/**
 * Makes a document of a credit report. The same report for the same purpose, addressee and day has the same number.
 * @param asked `issued_on`: ISO day; `addressee`: the body it goes to; absent: kept by the issuing office
 */
export function issueCreditReport(
  report: CreditReport,
  pipeline: Pick<PipelineDefinition, "office" | "report">,
  asked: {
    readonly issued_on: string;
    readonly purpose: Purpose;
    readonly addressee: Bilingual | undefined;
  },
): IssuedCreditReport {
  const { issued_on, purpose } = asked;
  const addressee = asked.addressee ?? OWN_FILES;
  const about = [report.run, report.identity.entity_id, issued_on, purpose, addressee.zh];
  const document = issueDocument(pipeline, "credit_report", about, {
    issued_on,
    addressee,
    purpose: PURPOSES[purpose],
  });
  const record_events = report.record_events.map((one) => ({
    ...one,
    actor: one.actor && nameOffice(one.actor, pipeline),
  }));
  return { ...report, record_events, document };
}
