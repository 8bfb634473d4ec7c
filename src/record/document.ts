import { createHash } from "node:crypto";
import { format, parseISO } from "date-fns";
import type { EntityNames } from "../entity-names.ts";
import type { Bilingual } from "../standard/bilingual.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";

/** What a document says of itself, whatever it is about. */
export interface DocumentHead {
  /** The document's own number, as 青信修〔2019〕4F0A11C2号. */
  readonly number: string;
  /** The office that issues it. */
  readonly office: Bilingual;
  /** ISO day. */
  readonly issued_on: string;
  /** The body it goes to. */
  readonly addressee: Bilingual;
  /** What it may be used for. */
  readonly purpose: Bilingual;
  /** It is about an invented city and proves nothing. */
  readonly synthetic: boolean;
}

/** The word in a document's number that says what it is: 修 repair, 更 correction, 报 report. */
const KINDS = { certificate: "修", notice: "更", credit_report: "报" } as const;

/** Said where a pipeline names no office. */
const NO_OFFICE: Bilingual = {
  zh: "（流程未设置出具机关，不作正式文书使用）",
  en: "(the pipeline names no issuing office; not an official document)",
};

type Issuer = Pick<PipelineDefinition, "office" | "report">;

/**
 * The head of a document. Its number has the office's mark, the year of issue and eight hexadecimal digits of a hash of
 * what the document is about: the same document issued again has the same number, and no counter has to be kept.
 * @param about what tells the document from others of its kind
 */
export function issueDocument(
  { office, report }: Issuer,
  kind: keyof typeof KINDS,
  about: readonly string[],
  said: Pick<DocumentHead, "issued_on" | "addressee" | "purpose">,
): DocumentHead {
  const hash = createHash("sha256")
    .update(JSON.stringify([kind, about]))
    .digest("hex");
  const serial = hash.slice(0, 8).toUpperCase();
  const { issued_on, addressee, purpose } = said;
  return {
    number: `${office?.mark ?? ""}${KINDS[kind]}〔${issued_on.slice(0, 4)}〕${serial}号`,
    office: office?.title ?? NO_OFFICE,
    issued_on,
    addressee,
    purpose,
    synthetic: report.synthetic !== undefined,
  };
}

/**
 * The office that acted, by name: the issuing office under any name it goes by, a body on file by its code or the name that it alone
 * has, else as it was written.
 */
export function nameActor(
  actor: string,
  { office }: Pick<PipelineDefinition, "office">,
  names: EntityNames,
): Bilingual {
  if (office && [office.title.zh, office.title.en, ...office.known_as].includes(actor)) {
    return office.title;
  }
  const byCode = names.get(actor);
  if (byCode) return byCode;
  const [named, ...more] = [...names.values()].filter(({ zh, en }) => zh === actor || en === actor);
  return named && more.length === 0 ? named : { zh: actor, en: actor };
}

/** A day as documents write it: 2018年8月17日, 17 August 2018. */
export function writeDay(day: string): Bilingual {
  const date = parseISO(day);
  return { zh: format(date, "yyyy年M月d日"), en: format(date, "d MMMM yyyy") };
}
