import { dayOf } from "./days.ts";

/** The planted stories: who and when. They are told in data-samples/qingdao/STORIES.md. */
export const STORIES = {
  /** A county-level city whose debt and payments get worse through 2018. */
  worsening: { code: "370285", from: dayOf("2018-01-01"), to: dayOf("2018-10-31") },
  /** Department 014 improves through 2018. */
  improving: { department: "014", from: dayOf("2018-01-01"), to: dayOf("2018-10-31") },
  /** A district organ listed as a judgment debtor and still listed at the end of 2018. */
  veto: { code: "370213", listed: dayOf("2018-09-14"), amount: 2_870_000 },
  /** A serious record of department 017 that is disputed and revoked. */
  objection: {
    department: "017",
    decided: dayOf("2018-06-20"),
    published: dayOf("2018-06-28"),
    filed: dayOf("2018-08-13"),
    answered: dayOf("2018-08-22"),
    revoked: dayOf("2018-09-18"),
  },
  /** Overdue debt of June 2018, reported as none and corrected in November. */
  lateCorrection: {
    code: "370283",
    asAt: dayOf("2018-06-30"),
    corrected: dayOf("2018-11-08"),
    overdue: 63_000,
  },
  /** A street that leads. */
  leading: { code: "370212005" },
  /** A department that lags. */
  lagging: { department: "016" },
} as const;
