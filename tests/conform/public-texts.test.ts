import { afterEach, describe, expect, test } from "vitest";
import { listHeldBack, releaseTexts } from "../../src/release.ts";
import {
  hasHiddenCharacters,
  hyphenate,
  looksPersonal,
  maskPersonal,
  suspectText,
} from "../../src/standard/personal-text.ts";
import { Store } from "../../src/store/store.ts";
import { type Bench, openBench } from "./fixture.ts";
import { BODIES, DISTRICTS, PENALTIES, penalty } from "./sources.ts";

async function ask<T>(sql: string, texts: readonly string[]): Promise<T[]> {
  const store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
  try {
    const rows = await store.rows<{ found: T }>(
      `SELECT ${sql} AS found FROM (SELECT *, ${hyphenate("p")} AS q FROM (SELECT *, ${suspectText("x")} AS p
        FROM (SELECT generate_subscripts(t, 1) AS i, unnest(t) AS x FROM (SELECT CAST(CAST($texts AS JSON) AS VARCHAR[]) AS t)))) ORDER BY i`,
      { texts: JSON.stringify(texts) },
    );
    return rows.map(({ found }) => found);
  } finally {
    store.close();
  }
}

// 11010519491231002X is the example of GB 11643 itself, and the check digits of the others were reckoned with it; the
// numbers of telephones are invented.
const PERSONAL = [
  "11010519491231002X",
  "身份证11010519491231002x。",
  "110105 19491231 002X",
  "110105-19491231-002X",
  "1101 0519 4912 3100 2X",
  "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X",
  "11010519491231002×",
  "１１０１０５１９４９１２３１００２Ｘ",
  "2018-07-01 张三 11010519491231002X",
  "11010519491231002X、110105194912310021",
  "110105194912310021,11010519491231002X",
  // A resident from Taiwan, and a foreigner with the right to stay: no county, and a country in the region's place.
  "830000199201300022",
  "911124198108030024",
  "130503670401001",
  "身份证号：370202180701001",
  "13800138000",
  "来电138-0013-8000",
  "138 0013 8000",
  "138—0013—8000",
  "138.0013.8000",
  "1380 013 8000",
  "138 00138000",
  "1 3 8 0 0 1 3 8 0 0 0",
  "+8613800138000",
  "+86 138 0013 8000",
  "(+86)13800138000",
  "008613800138000",
  "013800138000",
  "1\u200b3800138000",
  "1\ufe0f\u20e33800138000",
  "１３８００１３８０００",
  "①③⑧⓪⓪①③⑧⓪⓪⓪",
  "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎",
  "١٣٨٠٠١٣٨٠٠٠",
  "一三八〇〇一三八〇〇〇",
  "幺三八零零幺三八零零零",
  "【13800138000】",
  "王女士（13800138000）反映噪音",
  "wangfang13800138000",
  "TEL13800138000",
  "13800138000.0",
  "19912345678",
  "16612345678",
  "0532-85912345",
  "(0532)85912345",
  "（０５３２）８５９１２３４５",
  "0532 8591 2345",
  "053285912345",
  "010 62345678",
  "0633-8781234",
  "电话85912345",
  "电话：8591-2345转801",
  "+852 9123 4567",
  "li.si@example.cn",
  "李四＠example.cn",
  "li.si ﹫ example.cn",
  "联系li_si@mail.example.com.cn，谢谢",
  "李四@例子.中国",
  // Passports: all letters in use, old and new numbers.
  "E12345678",
  "护照EA1234567",
  "G 5000-1234",
  "旅客持P12345678入境",
  "SE1234567",
  "Ｅ１２３４５６７８",
  "护照号码：20181234",
  // Permits of residents going there, and of those who come from there.
  "C12345678",
  "CA1234567",
  "L01234567",
  "H1234567801",
  "M12345678",
  "台胞证 01234567",
  // The examples of the Immigration Department of Hong Kong, and the other check digit that is a letter.
  "A123456(3)",
  "身份证A123456（3）号",
  "g123456(a)",
  "Z683365(A)",
  "AB987654(3)",
  // Numbers that issuers give to try their tills with.
  "4111111111111111",
  "4111 1111 1111 1111",
  "５１０５１０５１０５１０５１００",
  "卡号6250-9410-0652-8599。",
  "371449635398431",
  "3530.1113.3330.0000",
  "付款至6250941006528599张三",
  "6217000010012345677",
  "li.si(at)example.cn",
  "[0532]85912345",
  "【0532】8591-2345",
  "138,0013,8000",
  "138、0013、8000",
  "138|0013|8000",
  "138，0013，8000",
  "⑬800138000",
  "⑴⑶⑻⑼⑼⑴⑶⑻⑼⑼⑼",
  "❶❸❽⓿⓿❶❸❽⓿⓿⓿",
  "⒈⒊⒏⒐⒐⒈⒊⒏⒐⒐⒐",
  "①⑶❽⑳①③⑧⑳⓿",
  "㈠㈢㈧九九㈠㈢㈧九九九",
  "一三八00一三八000",
  "洞五三二八五九一二三四五",
  "幺叁捌零零幺叁捌零零零",
  "13800138000x",
  "致电13800138000X。",
  "zhang【at】qq.com",
  "zhang【@】qq.com",
  "zhang at qq.com",
  "zhang#qq.com",
  "zhang(a)example.cn",
  "zhang@qq点com",
  "zhang艾特qq点com",
  "zhang_at_example.cn",
  "zhang@example(dot)com",
  "00852 9123 4567",
  "0085291234567",
  "00853-6612-3456",
  "0044 20 7946 0958",
  "00886-912-345-678",
  "0912-345-678",
  "(02)2345-6789",
  "电 话 85912345",
  "联系 人：李 8591 2345",
  "电话 9123 4567",
  "l3800138000",
  "138OO138OOO",
  "I38OO138OOO",
  "QQ:123456789",
  "扣扣 1234567",
  "加微信：zhang_san2018",
  "微信13800138",
  "身份证 A1234563",
  "香港身份证：A1234563",
  "A123456[3]",
  // A name that ends with a digit in front of the number.
  "王一13800138000",
  // The example of Taiwan's cards, and one with its sex digit for those who came from elsewhere.
  "A123456789",
  "A800000014",
  // Of Macao.
  "5123456(7)",
  "{0532}85912345",
  "〔0532〕85912345",
  "Ⅰ3800138000",
  "张三一三八〇〇一三八〇〇〇",
  "王五一一三八〇〇一三八〇〇〇",
  "0912345678",
  "+886912345678",
  "886912345678",
  "85291234567",
  "¹³⁸⁰⁰¹³⁸⁰⁰⁰",
  "۱۳۸۰۰۱۳۸۰۰۰",
  "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣",
  // Letters of Cyrillic and Greek, a click letter, a large circle.
  "І38ОО138ООО",
  "Ι3800138ΟΟΟ",
  "ǀ3800138000",
  "1З800138000",
  "138◯◯138◯◯◯",
  "一三八Ｏ〇一三八〇〇〇",
  "138*0013*8000",
  "138:0013:8000",
  "138;0013;8000",
  "138'0013'8000",
  '138"0013"8000',
  "138…0013…8000",
  "138\\0013\\8000",
  "138。0013。8000",
  "138(0013)8000",
  "138【0013】8000",
  "138<0013>8000",
  "138+0013+8000",
  "1 3 8  0 0 1 3  8 0 0 0",
  "1 380 013 8000",
  // Escaped, and turned round.
  "&#49;&#51;&#56;&#48;&#48;&#49;&#51;&#56;&#48;&#48;&#48;",
  "&#x31;3800138000",
  "%31%33%38%30%30%31%33%38%30%30%30",
  "\\u0031\\u0033\\u0038\\u0030\\u0030\\u0031\\u0033\\u0038\\u0030\\u0030\\u0030",
  "\u202e00083100831\u202c",
  "zhang&#64;qq.com",
  "zhang%40qq.com",
  "zhang@qq，com",
  "zhang @ qq . com",
  "zhang圈a qq.com",
  "zhang艾特qq點com",
  "zhang[at]qq[dot]com",
  "110105194912310O2X",
  "11OlO5l949l23lOO2X",
  "0532.85912345",
  "86 532 8591 2345",
  "〇五三二—八五九一二三四五",
  "电话：八五九一二三四五",
  "QQ三二一六五四九八七",
  "抠抠123456789",
  "wx:zhangsan1990",
  "V：zhang_san88",
  "王五的手机：一三八 零零一三 八零零零",
  "鲁B12345",
  "鲁B·D12345",
  "车牌鲁BA1234。",
  "鲁Ｂ１２３４５",
];
const IMPERSONAL = [
  "",
  "噪音",
  "T0101",
  // Check digit wrong, by one.
  "110105194912310021",
  // No such day, no such region: the check digits are right.
  "110105194913310021",
  "990105194912310023",
  // A credit code of eighteen digits: its seventh to fourteenth are no day.
  "911101056123456789",
  "91370200163562681G",
  "201806120000123",
  "青市监罚〔2018〕123号",
  "（2018）鲁0202执123号",
  "2018-07-02",
  "2018-07-02 10:30:00",
  "370202001001",
  "000000012345",
  "1380013800012",
  // Prefixes that no operator has.
  "14212345678",
  "15412345678",
  "GD13800138000",
  // A region, a day of 2018 and a running number.
  "370202180701001",
  "0312-2018-0701",
  "电话20180701",
  "拨打12345热线",
  "WS201601010001",
  "QD-2018-0001-13800",
  "4e1b13800138000fa9c7e2d1",
  "噪音@2018.07",
  "137.15729838594",
  "060326400000",
  // Codes of that build that have a year, and of other builds.
  "P20180701",
  "S20180001",
  "C20190012",
  "CG2018001",
  "QD12345678",
  "GYE12345678",
  "E1234567",
  "E123456789",
  "A123456(4)",
  "A123456",
  "K1234567",
  // Check digit wrong by one; lengths that no card has; a region, a month and a running number whose sum is right.
  "4111111111111112",
  "6250941006528598",
  "41111111111111111",
  "5101042018070127",
  "620102201807012345",
  "XM6250941006528599",
  "11370200MB28551878",
  "123702004276210020",
  "51370200163562681G",
  // Taiwan's check digit wrong by one; sums as they are written; texts with a letter in brackets, a day behind a message's name.
  "A123456788",
  "13,800,138,000.00",
  "1,234,567,890,123,456",
  "工程(A)标段施工地点噪音问题",
  "合同（A）标段。施工噪音",
  "微信公众号20180701",
  "QQ群2018年",
  "二〇一八年七月一日第〇〇一号",
  "2018、2019、2020",
  "0001-2018-0001",
  "I级响应3900000000",
  "青环罚字〔2018〕0138001号，0138000号",
  "青政发〔2018〕3号",
  "青政发(2018)138号",
  "鲁0202民初〔2018〕12345号",
  "37020200100120180701001",
  "￥1,380,013.80",
  "138亿0013万",
  "SDGP370200201802000123",
  "2018-370202-47-03-012345",
  "建字第370202201800123号",
  "鲁(2018)青岛市市南区不动产权第0012345号",
  "许可证JY13702020012345",
  "〔二〇一八〕一三八号",
  "二〇一八〇七〇一〇〇〇一",
  "第〇〇一三八〇〇一三八〇〇号",
  "一、二、三、四、五、六、七、八、九、十、",
  "120.380138,36.0671",
  "120.380138;36.067108",
  "2018.1.1—2018.12.31",
  "9月10日至11月12日",
  "K13+800~K138+000",
  "192.168.138.100",
  "www.gov.cn/zhengce/2018-07/01/content_5301138.htm",
  "ISBN 978-7-5136-4800-1",
  "鲁BGS2018001",
  "鲁DZ20180138",
  "鲁B20180",
  "鲁B12345号",
  "鲁B2-20180138",
  "%2018完成率50%30",
  "&#35;1号&nbsp;",
  "第Ⅰ标段、Ⅱ类2018-001",
  "10000007067",
  "10506546590.0000",
  "V: 2018",
  "面积13800.138平方米",
  "投诉举报编号2018070113800",
  "0812345678",
];

describe("texts that look like a person's number or address", () => {
  test.each([
    [true, PERSONAL],
    [false, IMPERSONAL],
  ])("%s", async (is, texts) => {
    const found = await ask<boolean>(looksPersonal("p", "q"), texts);
    expect(texts.filter((_, at) => found[at] !== is)).toEqual([]);
  });

  test("the journal and reasons of people mask the same", () => {
    const without = PERSONAL.filter((text) => !maskPersonal(text).includes("***"));
    expect(without).toEqual([]);
    expect(maskPersonal("来电 138-0013-8000，噪音")).toBe("来电 ***,噪音");
    for (const text of ["2018-07-02", "（2018）鲁0202执123号", "①噪音"]) {
      expect(maskPersonal(text)).toBe(text);
    }
  });

  test("digits alone that begin with the day of their row, or the next, are a number given on that day", async () => {
    const days = ["DATE '2018-07-01'", "CAST(NULL AS DATE)"];
    const given = [
      "18070100123",
      "18070200001",
      "GD 180701 00123",
      "150-2018-0701",
      // Region, day, running number and, by chance, the right check digit.
      "370202201807010022",
    ];
    const others = ["18071500123", "来电18070100123", "13800138000", "110105194912310021"];
    const found = await ask<boolean>(looksPersonal("p", "q", days), [...given, ...others]);
    expect(found).toEqual([false, false, false, false, false, true, true, true, false]);
    expect(await ask<boolean>(looksPersonal("p", "q"), ["18070100123"])).toEqual([true]);
  });

  test("characters that are not seen or run the other way", async () => {
    const hidden = ["张\u202e三", "张\u200b三", "\ufeff张三", "שלום", "مدينة"];
    const found = await ask<boolean>(hasHiddenCharacters("x"), [...hidden, "张三 Zhang San é"]);
    expect(found).toEqual([true, true, true, true, true, false]);
  });
});

let bench: Bench;
afterEach(() => bench?.close());

const TEXTS = "SELECT record_key, document_no, flags FROM core.publicity_item ORDER BY line";
const PHONE = "13800138000";

interface Held {
  readonly record_key: string;
  readonly document_no: string;
  readonly flags: string[] | null;
}

test("a public text that looks like somebody's number is held back under one mark, until a person releases it", async () => {
  bench = await openBench([BODIES, PENALTIES]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("penalties", "1.csv", [
    penalty({ CF_WSH: PHONE }),
    penalty({ CF_WSH: "１３８００１３８０００", SJ: "2018-05-01", CF_NR_FK: "2" }),
    penalty({ CF_WSH: "7" }),
  ]);
  await bench.conform();
  const held = await bench.rows<Held>(TEXTS);
  const mark = held[0]?.document_no ?? "";
  expect(mark).toMatch(/^withheld-[0-9a-f]{16}$/);
  // Two spellings of one number are one record, with a correction.
  const keys = new Set(held.map(({ record_key }) => record_key));
  expect(keys).toEqual(new Set([`370202|${mark}`, "370202|7"]));
  expect(held[0]?.flags).toContain("held-back:document_no");
  const { context } = bench;
  const source = context.sources.find((each) => each.source === "penalties");
  if (!source) throw new Error("no penalties");
  expect(await listHeldBack(context.store, source)).toContainEqual(
    expect.objectContaining({ column: "document_no", mark }),
  );
  expect(JSON.stringify(await bench.rows("SELECT * FROM quarantine.row"))).not.toContain(PHONE);

  const asked = { source, column: "document_no", reason: "a form", knownAt: context.asOf };
  await expect(releaseTexts(context.store, { ...asked, marks: ["withheld-0"] })).rejects.toThrow(
    /holds back no text under that mark/,
  );
  await releaseTexts(context.store, { ...asked, marks: [mark] });
  await bench.conform();
  const shown = await bench.rows<Held>(TEXTS);
  expect(shown[0]?.document_no).toBe(PHONE);
  expect(shown.flatMap(({ flags }) => flags ?? [])).not.toContain("held-back:document_no");
});

test("numbers of documents that begin with the day of their row are shown, a telephone beside them is not", async () => {
  bench = await openBench([BODIES, PENALTIES]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("penalties", "1.csv", [
    penalty({ CF_WSH: "18030100123" }),
    penalty({ CF_WSH: "180305 00001" }),
    penalty({ CF_WSH: PHONE }),
  ]);
  // A correction has the key of what it corrects.
  await bench.deliver("penalties", "2.csv", [
    penalty({ CF_WSH: "18030100123", SJ: "2018-05-01", CF_NR_FK: "2" }),
  ]);
  await bench.conform();
  const held = await bench.rows<Held>(`${TEXTS}, known_from`);
  const keys = new Set(held.map(({ record_key }) => record_key.replace(/-[0-9a-f]{16}$/, "")));
  expect(keys).toEqual(new Set(["370202|18030100123", "370202|18030500001", "370202|withheld"]));
});
