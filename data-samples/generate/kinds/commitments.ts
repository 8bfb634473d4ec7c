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
import { dateCell, type SheetCell, writeXlsx } from "../files/xlsx.ts";
import { share } from "../quality.ts";
import type { Random } from "../random.ts";
import type { Body } from "../register.ts";

export const commitments: SampleSource = {
  id: "commitments",
  title: { zh: "守信承诺台账", en: "Ledger of commitments" },
  note: {
    zh: "Excel 台账，日期为日期单元格；承诺履行后再次推送。合成标记在工作表名和末列“数据性质”。",
    en: "An Excel ledger with date cells; a commitment is delivered again when it was fulfilled. The synthetic mark is in the sheet's name and the last column, 数据性质.",
  },
  make: makeCommitments,
};

interface Commitment {
  number: string;
  body: Body;
  kind: string;
  field: string;
  madeOn: Day;
  disclosedOn: Day | null;
  dueOn: Day;
  fulfilledOn: Day | null;
  withdrawnOn: Day | null;
  state: string;
}

const KINDS = ["质量承诺", "期限承诺", "保障承诺"];
const FIELDS = ["政务服务", "民生工程", "营商环境", "环境整治", "安全生产"];
const COLUMNS =
  "承诺编号,承诺单位,承诺类别,领域,承诺日期,公开日期,履行期限,履行日期,状态,推送日期".split(",");

async function makeCommitments(city: City): Promise<SampleFile[]> {
  const { districts, departments, townships } = city.register;
  const versions: Version<Commitment>[] = [];
  let serial = 0;
  for (const body of [...districts, ...departments, ...townships]) {
    const random = city.random(`commitments/${body.code}`);
    for (const madeOn of eventDays(city, random, body.code.length === 9 ? 5.5 : 8)) {
      const commitment = make(city, random, { number: numbered("CN", ++serial, 5), body, madeOn });
      const { dueOn } = commitment;
      versions.push(
        ...deliver(
          commitment,
          [madeOn, dueOn, dueOn + 30],
          ["disclosedOn", "fulfilledOn", "withdrawnOn"],
          settle,
        ),
      );
    }
  }
  const bytes = await writeXlsx("守信承诺台账", COLUMNS, inOrder(versions).map(toRow));
  return [{ name: "commitments.xlsx", bytes }];
}

function make(
  { quality, calendar }: City,
  random: Random,
  { number, body, madeOn }: { number: string; body: Body; madeOn: Day },
): Commitment {
  const level = quality(body.code, "commitments", madeOn + 90);
  const term = random.int(50, 160);
  const open = takeTime(random, { onTime: share(level, 2.9, 0.6), limit: 20, never: 0.3 });
  const taken = takeTime(random, { onTime: share(level, 2.6, 0.65), limit: term, never: 0.45 });
  return {
    number,
    body,
    kind: random.pick(KINDS),
    field: random.pick(FIELDS),
    madeOn,
    disclosedOn: open === null ? null : calendar.add(madeOn, open),
    dueOn: madeOn + term,
    fulfilledOn: taken === null ? null : madeOn + taken,
    withdrawnOn: random.chance(0.01) ? madeOn + random.int(5, 40) : null,
    state: "履行中",
  };
}

/** Not fulfilled a month after the limit is broken; late until then is still open. */
function settle(row: Commitment, delivered: Day): Commitment {
  let state = row.dueOn + 30 < delivered ? "违背" : "履行中";
  if (row.fulfilledOn !== null) state = row.fulfilledOn <= row.dueOn ? "已履行" : "逾期履行";
  if (row.withdrawnOn !== null) return { ...row, fulfilledOn: null, state: "已撤回" };
  return { ...row, state };
}

function toRow({ row, delivered }: Version<Commitment>): SheetCell[] {
  return [
    row.number,
    row.body.nameZh,
    row.kind,
    row.field,
    dateCell(row.madeOn),
    dateCell(row.disclosedOn),
    dateCell(row.dueOn),
    dateCell(row.fulfilledOn),
    row.state,
    writeDay(delivered),
  ];
}
