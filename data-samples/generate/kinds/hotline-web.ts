import { type City, MARK, type SampleFile, type SampleSource } from "../city.ts";
import { type Complaint, streamComplaints } from "../complaint-stream.ts";
import { writeDay, writeMinute } from "../days.ts";
import { byYear, type Version } from "../deliveries.ts";
import { gzip } from "../files/gzip.ts";
import { codeOn } from "../register.ts";

export const hotlineWeb: SampleSource = {
  id: "hotline-web",
  title: { zh: "政务服务网和客户端诉求", en: "Complaints by web and app" },
  note: {
    zh: "每行一个JSON对象，一年一个文件；评价为1至5分，类别为代码。平台推送前已去除个人信息。合成标记在字段 dataNature。",
    en: "One JSON object a line, a file a year; ratings are 1 to 5, categories are codes. The platform removes personal data before it delivers. The synthetic mark is the field dataNature.",
  },
  make: makeHotlineWeb,
};

function makeHotlineWeb(city: City): SampleFile[] {
  const orders = streamComplaints(city, { channel: "hotline-web", prefix: "WS", perYear: 11_500 });
  return byYear([...orders].flat()).map(([year, rows]) => {
    const lines = rows.map((version) => JSON.stringify(toObject(version)));
    return { name: `web-${year}.ndjson.gz`, bytes: gzip(`${lines.join("\n")}\n`) };
  });
}

function toObject({ row, delivered }: Version<Complaint>) {
  const time = (minute: number | null) =>
    minute === null ? null : `${writeMinute(minute).replace(" ", "T")}:00`;
  return {
    orderNo: row.number,
    deptCode: codeOn(row.handler.code, Math.floor(row.received / 1440)),
    typeCode: row.category.code,
    createTime: time(row.received),
    assignTime: time(row.forwarded),
    signTime: time(row.signed),
    deadline: writeDay(row.due, "compact"),
    finishTime: time(row.closed),
    solved: row.resolved === null ? null : Number(row.resolved),
    score: row.rating,
    sendBack: Number(row.returned),
    relatedNo: row.repeatOf,
    pushDate: writeDay(delivered, "compact"),
    dataNature: MARK,
  };
}
