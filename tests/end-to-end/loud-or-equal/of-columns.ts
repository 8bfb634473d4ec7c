import { drop, end, every, FULL_WIDTH, header, insert, place } from "./edit.ts";
import { FORMS } from "./forms.ts";
import { type Mutation, onSource, TABLES } from "./mutation.ts";

export const HEADERS: readonly Mutation[] = onSource("orders", FORMS, [
  { name: "a mapped header renamed", change: header("办结时间", "办结日期") },
  { name: "a mapped header renamed beyond recognition", change: header("办结时间", "完成") },
  { name: "the deadline's header renamed", change: header("办结时限", "时限") },
  { name: "the header of repeated orders renamed", change: header("重复工单号", "重复单号") },
  { name: "a required header renamed", change: header("工单编号", "编号") },
  { name: "blanks around a header", change: header("办结时间", " 办结时间　"), must: "equal" },
  { name: "a blank in a header", change: header("办结时间", "办结 时间"), must: "equal" },
  { name: "a line break in a header", change: header("办结时间", "办结\n时间"), must: "equal" },
  {
    name: "a zero-width character in a header",
    change: header("办结时间", "办结\u200b时间"),
    must: "equal",
  },
  {
    name: "a byte order mark in a header",
    change: header("工单编号", "\ufeff工单编号"),
    must: "equal",
  },
  {
    name: "a compatibility character in a header",
    change: header("承办单位代码", "承办单位代码".normalize("NFKD")),
    must: "equal",
  },
  {
    name: "a no-break blank behind a header",
    change: header("重复工单号", "重复工单号\u00a0"),
    must: "equal",
  },
]);

export const LICENCE_HEADERS: readonly Mutation[] = onSource("licences", FORMS, [
  { name: "headers in full width", change: header("XK_WSH", FULL_WIDTH("XK_WSH")) },
  { name: "headers in lower case", change: header("GSRQ", "gsrq") },
  { name: "the day of publication left out", change: drop("GSRQ") },
]);

export const COLUMNS: readonly Mutation[] = onSource("orders", FORMS, [
  { name: "a mapped column left out", change: drop("办结时间"), forms: FORMS, must: "loud" },
  { name: "the deadline's column left out", change: drop("办结时限"), forms: FORMS, must: "loud" },
  { name: "the key's column left out", change: drop("工单编号"), forms: FORMS, must: "loud" },
  { name: "an unmapped column left out", change: drop("诉求内容"), forms: FORMS, must: "equal" },
  {
    name: "a column added in front",
    change: insert(
      () => 0,
      "序号",
      () => "1",
    ),
    forms: FORMS,
    must: "equal",
  },
  {
    name: "a column added at the end",
    change: insert(end, "备注", () => "无"),
    forms: FORMS,
    must: "equal",
  },
  {
    name: "columns in another order",
    change: every((sheet) => {
      for (const row of [sheet.headers, ...sheet.rows]) row.reverse();
    }),
    forms: FORMS,
    must: "equal",
  },
  {
    name: "a column twice, saying the same",
    change: insert(end, "办结时间", (row) => row[6] ?? ""),
    forms: TABLES,
  },
  {
    name: "a column twice, saying otherwise",
    change: insert(end, "办结时间", () => "2018-01-01 09:00:00"),
    forms: TABLES,
    must: "loud",
  },
  {
    name: "a column twice, the first empty",
    change: insert(
      (sheet) => place(sheet, "办结时间"),
      "办结时间",
      () => "",
    ),
    forms: TABLES,
  },
  {
    name: "empty columns at the end",
    change: every((sheet) => {
      for (const row of [sheet.headers, ...sheet.rows]) row.push("", "", "");
    }),
    forms: TABLES,
    must: "equal",
  },
  {
    name: "an empty column in front",
    change: every((sheet) => {
      for (const row of [sheet.headers, ...sheet.rows]) row.unshift("");
    }),
    forms: TABLES,
    must: "equal",
  },
]);
