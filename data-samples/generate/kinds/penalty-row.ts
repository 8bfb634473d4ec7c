import { MARK } from "../city.ts";
import { type Day, writeDay } from "../days.ts";
import type { Cell } from "../files/csv.ts";
import type { Body } from "../register.ts";
import type { Subject } from "./licences.ts";

export interface Penalty {
  number: string;
  body: Body;
  subject: Subject;
  act: string;
  category: string;
  /** Yuan. */
  fine: number;
  decidedOn: Day;
  publishedOn: Day | null;
}

export const PENALTY_COLUMNS =
  "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_XDR_GSZC,CF_XDR_ZZJG,CF_XDR_SWDJ,CF_XDR_SYDW,CF_XDR_SHZZ,CF_FRDB,CF_FR_ZJLX,CF_FR_ZJHM,CF_XDR_ZJLX,CF_XDR_ZJHM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_NR_WFFF,CF_NR_ZKDX,CF_JDRQ,CF_YXQ,CF_GSJZQ,CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM,GS_RQ,SJ_SJ,BZ";

/** A penalty under the standard columns, as delivered. */
export function penaltyRow(row: Penalty, delivered: Day): Cell[] {
  const { body, subject } = row;
  return [
    subject.name,
    subject.kind,
    subject.uscc,
    ...["", "", "", "", ""],
    subject.representative,
    ...["", ""],
    subject.person && "身份证",
    subject.person,
    row.number,
    row.act,
    row.act,
    "《合成条例》第一条",
    row.category,
    row.fine === 0 ? "警告" : `罚款${row.fine}元`,
    (row.fine / 10_000).toFixed(6),
    "0.000000",
    "",
    writeDay(row.decidedOn, "chinese"),
    writeDay(row.decidedOn + 365, "chinese"),
    writeDay(row.decidedOn + 365, "chinese"),
    body.nameZh,
    body.uscc,
    body.nameZh,
    body.uscc,
    writeDay(row.publishedOn, "chinese"),
    writeDay(delivered, "chinese"),
    MARK,
  ];
}
