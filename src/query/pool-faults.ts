import type { Fault } from "./fault.ts";

/** Characters of a statement at most. */
export const LONGEST = 100_000;

/** Why a statement did not get its turn, or not to its end. */
export const BUSY: Fault = {
  kind: "busy",
  zh: "您同时提交的查询过多，请等其中一条结束后再试。",
  en: "Too many of your queries are waiting; try again when one of them has ended.",
};
export const TOO_LONG: Fault = {
  kind: "refused",
  zh: `语句过长：最多 ${LONGEST} 个字符。`,
  en: `The statement is too long: ${LONGEST} characters at most.`,
};
export const TIME: Fault = {
  kind: "time",
  zh: "查询超时，已中止。请缩小范围后再试。",
  en: "The query took too long and was stopped. Ask for less.",
};
export const LOST: Fault = {
  kind: "lost",
  zh: "查询进程已终止（可能超出内存上限）。请缩小范围后再试。",
  en: "The process of the query has ended, perhaps for want of memory. Ask for less.",
};
