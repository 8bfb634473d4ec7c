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
  "unknown-entity": { zh: "单位未能识别", en: "a body that could not be identified" },
};

/** A row's flag in words, with the core column it speaks of: "unknown-code:severity". */
export function nameFlag(flag: string): { zh: string; en: string } {
  const [kind = "", column] = flag.split(":");
  const { zh, en } = FLAGS[kind] ?? { zh: kind, en: kind };
  if (column === undefined) return { zh, en };
  return { zh: `${zh}（${column}）`, en: `${en} (${column})` };
}
