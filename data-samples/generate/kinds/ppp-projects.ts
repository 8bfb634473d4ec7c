import { type City, numbered, type SampleFile, type SampleSource } from "../city.ts";
import { type Day, FIRST_DAY, writeDay } from "../days.ts";
import { deliver, inOrder, type Version } from "../deliveries.ts";
import { encodeText, writeCsv } from "../files/csv.ts";
import { share } from "../quality.ts";
import type { Random } from "../random.ts";
import type { Body } from "../register.ts";

export const pppProjects: SampleSource = {
  id: "ppp-projects",
  title: { zh: "PPP项目库", en: "Public-private partnership projects" },
  note: {
    zh: "PPP 项目库，投资额以亿元计；违约时记违约方、原因、阶段和责任岗位（不记姓名）。合成标记在末列“数据性质”。",
    en: "The register of PPP projects, investment in 亿元 (100 million yuan); a breach names the side, reason, stage and office responsible, never a person. The synthetic mark is the last column, 数据性质.",
  },
  make: makePppProjects,
};

interface Project {
  number: string;
  body: Body;
  amount: string;
  signedOn: Day;
  stage: string;
  outcome: string;
  outcomeOn: Day | null;
  by: string;
  reason: string;
  breachStage: string;
  role: string;
}

const COLUMNS =
  "项目编号,实施机构代码,实施机构,项目名称,投资额(亿元),所处阶段,签约日期,履约结果,结果日期,违约方,违约原因,违约阶段,责任岗位,更新日期".split(
    ",",
  );
const REASONS = [
  "未按约定支付可行性缺口补助",
  "规划调整未补偿",
  "机构调整不再履行",
  "土地未按期交付",
];
const ROLES = ["分管负责人", "项目实施处室负责人", "财务处室负责人"];

function makePppProjects(city: City): SampleFile[] {
  const { districts, departments } = city.register;
  const bodies = [...districts, ...departments.filter(({ department }) => department?.projects)];
  const versions: Version<Project>[] = [];
  let serial = 0;
  for (const body of bodies) {
    const random = city.random(`ppp/${body.code}`);
    const count = body.department ? random.int(8, 10) : random.int(13, 18);
    for (let place = 0; place < count; place++) {
      const signedOn = FIRST_DAY + Math.floor((place / count) * 420) + random.int(3, 40);
      const project = make(city, random, { number: numbered("PPP", ++serial), body, signedOn });
      versions.push(...deliver(project, [signedOn], ["outcomeOn"], settle));
    }
  }
  const text = writeCsv(
    COLUMNS,
    inOrder(versions).map(({ row, delivered }) => [
      row.number,
      row.body.code,
      row.body.nameZh,
      `合成项目${row.number}`,
      row.amount,
      row.stage,
      writeDay(row.signedOn, "slash"),
      row.outcome,
      writeDay(row.outcomeOn, "slash"),
      row.by,
      row.reason,
      row.breachStage,
      row.role,
      writeDay(delivered, "slash"),
    ]),
  );
  return [{ name: "ppp-projects.csv", bytes: encodeText(text, "utf-8") }];
}

function make(
  { quality }: City,
  random: Random,
  { number, body, signedOn }: Pick<Project, "number" | "body" | "signedOn">,
): Project {
  const settledOn = signedOn + random.int(200, 1000);
  const level = quality(body.code, "ppp", settledOn);
  const broken = random.chance(share(level, -2.3, -0.7));
  const closed = random.chance(0.12);
  const byUs = random.chance(0.75);
  const traced = random.chance(share(level, 1.8, 0.6));
  return {
    number,
    body,
    amount: (10 ** (-0.3 + 1.6 * random.next())).toFixed(4),
    signedOn,
    stage: "执行",
    outcome: broken ? "违约" : closed ? "履行完毕" : "履行中",
    outcomeOn: broken || closed ? settledOn : null,
    by: broken ? (byUs ? "政府方" : "社会资本方") : "",
    reason: broken ? random.pick(REASONS) : "",
    breachStage: broken && (traced || !byUs) ? random.pick(["采购", "执行", "执行"]) : "",
    role: broken && byUs && traced ? random.pick(ROLES) : "",
  };
}

function settle(row: Project): Project {
  if (row.outcomeOn !== null) return { ...row, stage: "移交" };
  return { ...row, outcome: "履行中", by: "", reason: "", breachStage: "", role: "" };
}
