import type { City, SampleFile, SampleSource } from "../city.ts";
import { type Complaint, streamComplaints } from "../complaint-stream.ts";
import { type DayStyle, writeDay, writeMinute } from "../days.ts";
import { byYear, type Version } from "../deliveries.ts";
import { type Cell, writeCsv } from "../files/csv.ts";
import { gzip } from "../files/gzip.ts";
import { personName, phoneNumber } from "../people.ts";
import { codeOn } from "../register.ts";

export const hotlineOrders: SampleSource = {
  id: "hotline-orders",
  title: { zh: "12345热线工单", en: "12345 hotline orders" },
  note: {
    zh: "按12345热线工单的通行栏目；一年一个文件，栏目名称和日期写法逐年不同；每月8日推送，未办结的工单办结后再次推送。来电人、来电号码为个人信息。合成标记在末列“数据性质”。",
    en: "The usual columns of 12345 orders; a file a year, with headings and dates written differently from year to year; delivered on the 8th of each month, and again when an open order was closed. 来电人 (caller) and 来电号码 (phone) are personal. The synthetic mark is the last column, 数据性质.",
  },
  make: makeHotlineOrders,
};

/** Headings and dates as each year's system wrote them. */
const YEARS: Record<number, { readonly number: string; readonly style: DayStyle }> = {
  2016: { number: "工单号", style: "slash" },
  2017: { number: "工单编号", style: "iso" },
  2018: { number: "工单编号", style: "chinese" },
};

function makeHotlineOrders(city: City): SampleFile[] {
  const orders = streamComplaints(city, {
    channel: "hotline-orders",
    prefix: "GD",
    perYear: 48_500,
  });
  const versions = [...orders].flat();
  return byYear(versions).map(([year, rows]) => {
    const { number, style } = YEARS[year] as { number: string; style: DayStyle };
    const columns = [number, ...COLUMNS];
    const text = writeCsv(
      columns,
      rows.map((version) => toRow(version, style)),
    );
    return { name: `orders-${year}.csv.gz`, bytes: gzip(text) };
  });
}

const COLUMNS = [
  "来电人",
  "来电号码",
  "诉求类别",
  "承办单位代码",
  "承办单位",
  "受理时间",
  "转办时间",
  "签收时间",
  "办结时限",
  "办结时间",
  "是否解决",
  "满意度",
  "是否退回",
  "关联工单",
  "推送日期",
];

/** Ratings as callers are asked: 非常满意, 满意, 基本满意, 不满意, 很不满意. */
export const RATINGS = ["", "很不满意", "不满意", "基本满意", "满意", "非常满意"];

function toRow({ row, delivered }: Version<Complaint>, style: DayStyle): Cell[] {
  const yesNo = (value: boolean | null) => (value === null ? "" : value ? "是" : "否");
  return [
    row.number,
    row.caller === null ? "" : personName(row.caller),
    row.caller === null ? "" : phoneNumber(row.caller),
    row.category.name,
    codeOn(row.handler.code, Math.floor(row.received / 1440)),
    row.handler.name,
    writeMinute(row.received, style),
    writeMinute(row.forwarded, style),
    writeMinute(row.signed, style),
    writeDay(row.due, style),
    writeMinute(row.closed, style),
    yesNo(row.resolved),
    row.rating === null ? "未评价" : (RATINGS[row.rating] as string),
    yesNo(row.returned),
    row.repeatOf,
    writeDay(delivered, style),
  ];
}
