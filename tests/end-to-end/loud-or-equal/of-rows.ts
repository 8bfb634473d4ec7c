import type { Sheet } from "./city.ts";
import { addRow, blank, cells, drop, every, FULL_WIDTH, label, MAIN, main } from "./edit.ts";
import { FORMS } from "./forms.ts";
import { type Mutation, onSource, TABLES } from "./mutation.ts";

export const ROWS: readonly Mutation[] = onSource("orders", FORMS, [
  {
    name: "no header row",
    change: every((sheet) => {
      sheet.headers = sheet.rows.shift() as string[];
    }),
    forms: TABLES,
    must: "loud",
  },
  { name: "the header row twice", change: addRow((sheet) => [...sheet.headers], 0), forms: TABLES },
  {
    name: "a header row amid the rows",
    change: addRow((sheet) => [...sheet.headers], 5),
    forms: TABLES,
  },
  {
    name: "a second header row of codes",
    change: addRow(label("A", "B", "C", "D", "E", "F"), 0),
    forms: TABLES,
  },
  {
    name: "a title above the header",
    change: every((sheet) => {
      sheet.rows.unshift(sheet.headers);
      sheet.headers = label("12345工单月报")(sheet);
    }),
    forms: TABLES,
    must: "loud",
  },
  { name: "a total below", change: addRow(label("合计", "29")), forms: TABLES },
  {
    name: "a total with numbers in every column",
    change: addRow(
      label(
        "合计",
        "999901",
        "29",
        "",
        "2018-06-30 10:00:00",
        "2018-06-30 10:00:00",
        "2018-06-30 09:00:00",
      ),
    ),
    forms: TABLES,
  },
  {
    name: "subtotals amid the rows",
    change: addRow(label("小计", "999901", "噪音"), 4),
    forms: TABLES,
  },
  {
    name: "a signature below",
    change: addRow(label("填表人：合成", "", "审核人：合成")),
    forms: TABLES,
  },
  {
    name: "empty rows below",
    change: every((sheet) => {
      sheet.rows.push(blank(sheet), blank(sheet));
    }),
    forms: TABLES,
  },
  {
    name: "rows in another order",
    change: every((sheet) => sheet.rows.reverse()),
    forms: FORMS,
    must: "equal",
  },
  {
    name: "every row twice",
    change: every((sheet) => sheet.rows.push(...sheet.rows.map((row) => [...row]))),
    forms: FORMS,
    must: "equal",
  },
  {
    name: "one order said otherwise within its file",
    change: (delivery) => {
      const { rows } = main(delivery);
      const other = [...(rows.find(([key]) => key === "T0602") as string[])];
      other[6] = "2018-06-12 09:00:00";
      rows.push(other);
    },
    forms: FORMS,
    must: "loud",
  },
  {
    name: "one order said otherwise in another file known the same day",
    change: (delivery) => {
      const sheet = main(delivery);
      const other = [...(sheet.rows.find(([key]) => key === "T0602") as string[])];
      other[6] = "2018-06-12 09:00:00";
      delivery[`${MAIN}-b`] = { headers: [...sheet.headers], rows: [other] };
    },
    forms: FORMS,
    must: "loud",
  },
  {
    name: "no rows at all",
    change: every((sheet) => {
      sheet.rows = [];
    }),
    forms: TABLES,
    must: "loud",
  },
  {
    name: "keys left empty",
    change: cells("工单编号", (key, line) => (line % 7 === 3 ? "" : key)),
    forms: FORMS,
    must: "loud",
  },
  {
    name: "a zero-width character behind keys",
    change: cells("工单编号", (key) => `${key}\u200b`),
    forms: FORMS,
  },
  {
    name: "a zero-width character behind the key repeated in another file",
    change: (delivery) => {
      const [row] = (delivery["orders-known-2018-07-15"] as Sheet).rows as [string[]];
      row[0] = `${row[0]}\u200b`;
    },
    forms: FORMS,
  },
]);

export const REGISTER: readonly Mutation[] = onSource("divisions", FORMS, [
  {
    name: "a code twice with another name",
    change: addRow(() => [
      "999902",
      "西岭区",
      "West Ridge",
      "district",
      "district",
      "999900",
      "district",
      "4",
      "是",
    ]),
    must: "loud",
  },
  {
    name: "a code twice with another parent",
    change: addRow(() => [
      "999901001",
      "湖心街道",
      "Lake Centre",
      "township",
      "street",
      "999902",
      "street",
      "1.5",
      "是",
    ]),
    must: "loud",
  },
  { name: "a body left out", change: every((sheet) => sheet.rows.splice(2, 1)), must: "loud" },
  { name: "codes of bodies in full width", change: cells("代码", FULL_WIDTH) },
  { name: "codes of bodies with .0 behind", change: cells("代码", (code) => `${code}.0`) },
  {
    name: "whether they are scored in other words",
    change: cells("参评", () => "参评"),
    must: "loud",
  },
  { name: "the column of who is scored left out", change: drop("参评"), must: "loud" },
  { name: "the column of parents left out", change: drop("上级代码"), must: "loud" },
]);
