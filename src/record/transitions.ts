/** The states of a dishonesty record, in the order of its life. */
export const STATES = {
  lead: { zh: "线索", en: "a lead" },
  verified: { zh: "已核实", en: "verified" },
  rectification_ordered: { zh: "已责令整改", en: "ordered to be rectified" },
  confirmed: { zh: "已认定", en: "confirmed" },
  published: { zh: "公示中", en: "published" },
  disputed: { zh: "异议中", en: "disputed" },
  upheld: { zh: "异议后维持", en: "upheld after an objection" },
  corrected: { zh: "异议后更正", en: "corrected after an objection" },
  revoked: { zh: "已撤销", en: "revoked" },
  repaired: { zh: "已修复", en: "repaired" },
  expired: { zh: "已到期", en: "expired" },
  not_entered: { zh: "依规不纳入", en: "not entered under the rules" },
} as const;
export type RecordState = keyof typeof STATES;

/** What an event may have to say besides its day and the body that acts. */
export const FIELDS = {
  document_no: { zh: "文书号", en: "the document number" },
  responsible_id: { zh: "承办单位", en: "the body that must answer" },
  correction: { zh: "更正的内容", en: "what is corrected" },
  correction_done: { zh: "已纠正并履行义务", en: "that it was corrected and its duty performed" },
  commitment_made: { zh: "公开信用承诺", en: "that a public commitment was made" },
  note: { zh: "说明", en: "a note that says why" },
} as const;
export type EventField = keyof typeof FIELDS;

export interface Transition {
  readonly zh: string;
  readonly en: string;
  readonly from: readonly RecordState[];
  /** The state afterwards; stay: the same as before. */
  readonly to: RecordState | "stay";
  readonly needs: readonly EventField[];
  /** Who acts: any office, or the body whose record it is. */
  readonly by: "office" | "body";
}

const IN_FORCE = ["confirmed", "published", "upheld", "corrected"] as const;

/**
 * Every legal transition. A lead becomes a record only by being confirmed. A breach of contract is confirmed only when the
 * order to rectify was not followed (发改财金〔2023〕1103号); final judgments, penalties and sanctions enter as they are. Before a
 * body is put on a list it is told so and may state its case; the decision is delivered to it (国办发〔2020〕49号). `expired` and
 * `not_entered` are no events: they follow from the day and the dated rules.
 */
export const TRANSITIONS = {
  verify: { zh: "核实", en: "verify", from: ["lead"], to: "verified", needs: [], by: "office" },
  drop: {
    zh: "不予认定",
    en: "drop",
    from: ["lead", "verified", "rectification_ordered"],
    to: "revoked",
    needs: ["note"],
    by: "office",
  },
  order_rectification: {
    zh: "责令整改",
    en: "order rectification",
    from: ["verified"],
    to: "rectification_ordered",
    needs: ["document_no"],
    by: "office",
  },
  notify: {
    zh: "列入前告知",
    en: "tell the body beforehand",
    from: ["lead", "verified"],
    to: "stay",
    needs: ["document_no"],
    by: "office",
  },
  hear: {
    zh: "陈述申辩",
    en: "state its case",
    from: ["lead", "verified"],
    to: "stay",
    needs: [],
    by: "body",
  },
  deliver: {
    zh: "送达",
    en: "deliver the decision",
    from: [...IN_FORCE],
    to: "stay",
    needs: [],
    by: "office",
  },
  confirm: {
    zh: "认定",
    en: "confirm",
    from: ["lead", "verified", "rectification_ordered"],
    to: "confirmed",
    needs: ["document_no"],
    by: "office",
  },
  publish: {
    zh: "公示",
    en: "publish",
    from: ["confirmed"],
    to: "published",
    needs: [],
    by: "office",
  },
  dispute: {
    zh: "提出异议",
    en: "file an objection",
    from: ["confirmed", "published"],
    to: "disputed",
    needs: ["responsible_id"],
    by: "body",
  },
  uphold: {
    zh: "维持",
    en: "uphold",
    from: ["disputed"],
    to: "upheld",
    needs: ["document_no"],
    by: "office",
  },
  correct: {
    zh: "更正",
    en: "correct",
    from: ["disputed"],
    to: "corrected",
    needs: ["document_no", "correction"],
    by: "office",
  },
  revoke: {
    zh: "撤销",
    en: "revoke",
    from: ["disputed", ...IN_FORCE],
    to: "revoked",
    needs: ["document_no"],
    by: "office",
  },
  withdraw: {
    zh: "撤下公示并报告",
    en: "withdraw from publication and report",
    from: ["revoked"],
    to: "stay",
    needs: [],
    by: "office",
  },
  apply_repair: {
    zh: "申请修复",
    en: "apply for repair",
    from: [...IN_FORCE],
    to: "stay",
    needs: ["correction_done", "commitment_made"],
    by: "body",
  },
  refuse_repair: {
    zh: "不予修复",
    en: "refuse the repair",
    from: [...IN_FORCE],
    to: "stay",
    needs: ["document_no", "note"],
    by: "office",
  },
  repair: {
    zh: "修复",
    en: "repair",
    from: [...IN_FORCE],
    to: "repaired",
    needs: ["document_no"],
    by: "office",
  },
} as const satisfies Record<string, Transition>;
export type EventName = keyof typeof TRANSITIONS;
export const EVENTS = Object.keys(TRANSITIONS) as EventName[];

/** The type of a record by which its body is put on a list. */
export const LISTING = "listing";

/** The events that a state allows to a record of a type. */
export function listPossible(state: RecordState, type: string): EventName[] {
  return EVENTS.filter(
    (name) =>
      (TRANSITIONS[name].from as readonly RecordState[]).includes(state) && fits(name, state, type),
  );
}

/** Whether the way of a type leads through an event: rectification is for breaches, notice and hearing for listings. */
function fits(name: EventName, state: RecordState, type: string): boolean {
  switch (name) {
    case "order_rectification":
      return type === "breach";
    case "confirm":
      return type === "breach" ? state === "rectification_ordered" : true;
    case "notify":
    case "hear":
    case "deliver":
      return type === LISTING;
    default:
      return true;
  }
}
