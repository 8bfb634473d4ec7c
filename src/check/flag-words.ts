/** Flags that conform puts on rows, without the column behind the colon. */
const FLAGS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  "uscc-check": {
    zh: "统一社会信用代码校验位不符",
    en: "the check character of a credit code is wrong",
  },
  "unknown-code": { zh: "代码表外的值", en: "a value outside the code list" },
  "odd-year": {
    zh: "年份可疑（1949 年以前或 2099 年以后）",
    en: "a year that can hardly be meant (before 1949 or after 2099)",
  },
  "code-normalised": {
    zh: "代码或名称的写法不规范，已按规范写法识别",
    en: "a code or name in another spelling, read in its normal form",
  },
  "held-back": {
    zh: "公开的文字里像有证件号码、电话或邮箱，已以代号代替；核对后可用 zhengxin release 放行",
    en: 'a public text that looks like somebody\'s number or address, of which a mark is shown instead ("zhengxin release" shows it)',
  },
  "column-held-back": {
    zh: "这一列公开的文字半数以上像证件号码、电话或邮箱，整列以代号代替；请核对列是否对错，确认无误可用 zhengxin release --all 放行",
    en: 'half or more of the public texts of the column look like somebody\'s number or address, so marks are shown instead of all of them: see whether columns are swapped ("zhengxin release --all" shows them)',
  },
  "hidden-characters": {
    zh: "含有看不见或改变书写方向的字符",
    en: "characters that are not seen or turn the text round",
  },
  converted: {
    zh: "其他币种的金额，已按其日期的汇率折算",
    en: "an amount in another currency, converted by the rate of its day",
  },
  "no-rate": {
    zh: "其他币种的金额，汇率表（rates）没有其日期的汇率，未计入任何金额合计",
    en: "an amount in another currency for whose day there is no rate (rates), left out of all sums of money",
  },
  "unknown-entity": { zh: "单位未能识别", en: "a body that could not be identified" },
};

/** A row's flag in words, with the core column it speaks of: "unknown-code:severity". */
export function nameFlag(flag: string): { zh: string; en: string } {
  const [kind = "", column] = flag.split(":");
  const { zh, en } = FLAGS[kind] ?? { zh: kind, en: kind };
  if (column === undefined) return { zh, en };
  return { zh: `${zh}（${column}）`, en: `${en} (${column})` };
}
