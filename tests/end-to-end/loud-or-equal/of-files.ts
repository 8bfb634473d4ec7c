import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TINY_CITY } from "../tiny-workspace.ts";
import type { Sheet } from "./city.ts";
import { MAIN, main } from "./edit.ts";
import { FORMS, quote } from "./forms.ts";
import { CSV, type Mutation, onSource, TABLES } from "./mutation.ts";

export const FILES: readonly Mutation[] = onSource("orders", FORMS, [
  {
    name: "a file split in two",
    change: (delivery) => {
      const { headers, rows } = main(delivery);
      delivery[`${MAIN}-2`] = { headers: [...headers], rows: rows.splice(12) };
    },
    forms: FORMS,
    must: "equal",
  },
  {
    name: "a file split in two, the second without header",
    change: (delivery) => {
      const { rows } = main(delivery);
      const [first = [], ...rest] = rows.splice(12);
      delivery[`${MAIN}-2`] = { headers: first, rows: rest };
    },
    forms: TABLES,
    must: "loud",
  },
  {
    name: "two files joined, header and all",
    change: (delivery) => {
      const first = delivery["orders-known-2018-04-02"] as Sheet;
      const { headers, rows } = main(delivery);
      first.rows.push([...headers], ...rows);
      delete delivery[MAIN];
      delivery[MAIN] = first;
      delete delivery["orders-known-2018-04-02"];
    },
    forms: TABLES,
  },
  {
    name: "a file delivered twice",
    change: (delivery) => {
      delivery[`${MAIN} (1)`] = main(delivery);
    },
    forms: FORMS,
    must: "equal",
  },
  {
    name: "a file cut off in the middle of a row",
    bytes: (written: Buffer) => written.subarray(0, Math.floor(written.length * 0.6)),
    forms: CSV,
    must: "loud",
  },
  { name: "an empty file", bytes: () => Buffer.alloc(0), forms: CSV, must: "loud" },
  { name: "nothing new", later: true, forms: FORMS, must: "equal" },
  {
    name: "a file delivered again with an order closed later",
    later: true,
    change: (delivery) => {
      const { headers, rows } = main(delivery);
      const changed = [...(rows.find(([key]) => key === "T0404") as string[])];
      changed[6] = "2018-05-16 09:00:00";
      delivery["orders-known-2018-07-12"] = { headers: [...headers], rows: [changed] };
    },
    forms: FORMS,
    must: "loud",
  },
  {
    name: "a file taken away",
    later: true,
    change: (delivery) => {
      delete delivery[MAIN];
    },
    forms: FORMS,
    must: "loud",
  },
  {
    name: "all files taken away",
    later: true,
    change: (delivery) => {
      for (const name of Object.keys(delivery)) delete delivery[name];
    },
    forms: CSV,
    must: "loud",
  },
  {
    name: "a file replaced under its name",
    later: true,
    change: (delivery) => {
      main(delivery).rows.splice(3, 8);
    },
    forms: FORMS,
    must: "loud",
  },
  {
    name: "a file renamed",
    later: true,
    change: (delivery) => {
      delivery["orders-again-2018-07-02"] = main(delivery);
      delete delivery[MAIN];
    },
    forms: FORMS,
    must: "equal",
  },
]);

const asText = (write: (text: string) => string) => (written: Buffer) =>
  Buffer.from(write(written.toString("utf8")), "utf8");

export const BYTES: readonly Mutation[] = onSource("orders", CSV, [
  {
    name: "a byte order mark",
    bytes: (written: Buffer) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), written]),
    must: "equal",
  },
  {
    name: "UTF-16 with its mark instead of UTF-8",
    bytes: (written: Buffer) => Buffer.from(`\ufeff${written.toString("utf8")}`, "utf16le"),
    must: "equal",
  },
  {
    name: "lines ended by carriage return and line feed",
    bytes: asText((text) => text.replaceAll("\n", "\r\n")),
    must: "equal",
  },
  { name: "lines ended by carriage return", bytes: asText((text) => text.replaceAll("\n", "\r")) },
  {
    name: "every cell in quotes",
    bytes: asText((text) =>
      text
        .split("\n")
        .map((line) =>
          line && !line.includes('"') && !line.includes("请尽快")
            ? line.split(",").map(quote).join(",")
            : line,
        )
        .join("\n"),
    ),
    must: "equal",
  },
  {
    name: "semicolons instead of commas",
    bytes: asText((text) => text.replaceAll(",", ";")),
    must: "loud",
  },
  {
    name: "tabs instead of commas",
    bytes: asText((text) => text.replaceAll(",", "\t")),
    must: "loud",
  },
  {
    name: "a quote that is never closed",
    bytes: asText((text) => text.replace("T0602,", '"T0602,')),
    must: "loud",
  },
  {
    name: "a comma too many in a row",
    bytes: asText((text) => text.replace("T0602,", "T0602,,")),
    must: "loud",
  },
  {
    name: "a field too few in a row",
    bytes: asText((text) => text.replace("T0602,999901,", "T0602,")),
    must: "loud",
  },
  { name: "NUL bytes in a row", bytes: asText((text) => text.replace("T0602,", "T0602\0,")) },
  {
    name: "blanks around commas",
    bytes: asText((text) => text.replace(/,(?=[^\n"])/g, " , ")),
    must: "equal",
  },
]);

/** The fixture's own file is in an encoding that this source does not name. */
export const ENCODING: Mutation = {
  name: "GB18030 instead of UTF-8",
  source: "licences",
  forms: CSV,
  bytes: () => readFileSync(join(TINY_CITY, "data-samples", "licences", "licences.csv")),
  must: "loud",
};
