import {
  type City,
  eventDays,
  numbered,
  type SampleFile,
  type SampleSource,
  takeTime,
} from "../city.ts";
import { type Day, writeDay } from "../days.ts";
import { deliver, inOrder, type Version } from "../deliveries.ts";
import { writeCsv } from "../files/csv.ts";
import { gzip } from "../files/gzip.ts";
import { share } from "../quality.ts";
import type { Body } from "../register.ts";
import { makeUscc } from "../uscc.ts";

export const tenders: SampleSource = {
  id: "tenders",
  title: { zh: "招标投标", en: "Tenders" },
  note: {
    zh: "公共资源交易平台的招标记录（gzip 压缩的 CSV），金额以万元计。合成标记在末列“数据性质”。",
    en: "The trading platform's tenders (gzipped CSV), amounts in 万元 (10,000 yuan). The synthetic mark is the last column, 数据性质.",
  },
  make: makeTenders,
};

interface Tender {
  number: string;
  body: Body;
  amount: number;
  agency: number | null;
  reportOn: Day;
  candidatesOn: Day | null;
  noticeOn: Day | null;
  disclosedOn: Day | null;
}

const COLUMNS =
  "招标编号,招标人代码,招标人,项目名称,代理机构代码,代理机构,评标报告日期,候选人公示日期,中标通知日期,中标金额(万元),代理信用公开日期,推送日期".split(
    ",",
  );

function makeTenders(city: City): SampleFile[] {
  const { districts, departments } = city.register;
  const bodies = [...districts, ...departments.filter(({ department }) => department?.projects)];
  const versions: Version<Tender>[] = [];
  let serial = 0;
  for (const body of bodies) {
    const random = city.random(`tenders/${body.code}`);
    for (const reportOn of eventDays(city, random, body.department ? 9 : 16)) {
      const level = city.quality(body.code, "tenders", reportOn);
      const wait = takeTime(random, { onTime: share(level, 2.5, 0.6), limit: 3, never: 0.1 });
      const agency = random.chance(0.9) ? random.int(1, 40) : null;
      const disclosed = agency !== null && random.chance(share(level, 2.2, 0.6));
      const tender: Tender = {
        number: numbered("ZB", ++serial),
        body,
        amount: Math.round(10 ** (2 + 1.8 * random.next())),
        agency,
        reportOn,
        candidatesOn: wait === null ? null : reportOn + wait,
        noticeOn: wait === null ? null : reportOn + wait + random.int(4, 12),
        disclosedOn: disclosed ? reportOn + random.int(0, 10) : null,
      };
      versions.push(...deliver(tender, [reportOn], ["candidatesOn", "noticeOn", "disclosedOn"]));
    }
  }
  const text = writeCsv(
    COLUMNS,
    inOrder(versions).map(({ row, delivered }) => [
      row.number,
      row.body.code,
      row.body.nameZh,
      `合成招标项目${row.number}`,
      row.agency === null ? "" : makeUscc("91", "370200", 90_000 + row.agency),
      row.agency === null ? "" : `合成招标代理${row.agency}号有限公司`,
      writeDay(row.reportOn),
      writeDay(row.candidatesOn),
      writeDay(row.noticeOn),
      row.amount,
      writeDay(row.disclosedOn),
      writeDay(delivered),
    ]),
  );
  return [{ name: "tenders.csv.gz", bytes: gzip(text) }];
}
