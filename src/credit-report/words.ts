import { STATES, TRANSITIONS } from "../record/transitions.ts";
import { SEVERITY_NAMES } from "../standard/record-rules.ts";

interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** Codes of records, commitments, warnings and lists in words; a code without one stands as it is. */
const WORDS: Readonly<Record<string, Bilingual>> = {
  minor: SEVERITY_NAMES.minor,
  general: SEVERITY_NAMES.general,
  serious: SEVERITY_NAMES.serious,
  violation: { zh: "违法违规", en: "violation" },
  breach: { zh: "失信违约", en: "breach" },
  judgment: { zh: "司法判决", en: "judgment" },
  judgment_debtor: { zh: "失信被执行人", en: "judgment debtor" },
  listing: { zh: "列入严重失信主体名单", en: "listed as seriously dishonest" },
  penalty: { zh: "行政处罚", en: "penalty" },
  discipline: { zh: "纪律处分", en: "discipline" },
  accountability: { zh: "问责处理", en: "accountability" },
  confirmed: { zh: "已认定", en: "confirmed" },
  published: { zh: "公示中", en: "published" },
  disputed: { zh: "异议中", en: "disputed" },
  upheld: { zh: "维持", en: "upheld" },
  corrected: { zh: "已更正", en: "corrected" },
  revoked: { zh: "已撤销", en: "revoked" },
  repaired: { zh: "已修复", en: "repaired" },
  expired: { zh: "已到期", en: "expired" },
  not_entered: { zh: "依规不纳入", en: "not entered under the rules" },
  notify: { zh: "列入前告知", en: "told beforehand" },
  hear: { zh: "陈述申辩", en: "stated its case" },
  deliver: { zh: "送达", en: "decision delivered" },
  applied: { zh: "已申请修复", en: "repair applied for" },
  refused: { zh: "不予修复", en: "repair refused" },
  confirm: { zh: "认定", en: "confirmed" },
  publish: { zh: "公示", en: "published" },
  dispute: { zh: "提出异议", en: "objection filed" },
  uphold: { zh: "异议不成立，维持", en: "objection rejected, upheld" },
  correct: { zh: "更正", en: "corrected" },
  revoke: { zh: "撤销", en: "revoked" },
  withdraw: { zh: "撤下公示", en: "withdrawn" },
  apply_repair: { zh: "申请修复", en: "repair applied for" },
  refuse_repair: { zh: "不予修复", en: "repair refused" },
  repair: { zh: "修复", en: "repaired" },
  quality: { zh: "质量承诺", en: "quality" },
  deadline: { zh: "期限承诺", en: "deadline" },
  guarantee: { zh: "保障承诺", en: "guarantee" },
  yellow: { zh: "黄", en: "yellow" },
  orange: { zh: "橙", en: "orange" },
  red: { zh: "红", en: "red" },
  indicator: { zh: "指标", en: "indicator" },
  deduction: { zh: "扣分", en: "deduction" },
  bonus: { zh: "加分", en: "bonus" },
  limit: { zh: "总分上下限调整", en: "bounds of the score" },
  undisclosed: { zh: "不公开", en: "not public" },
  uscc: { zh: "统一社会信用代码", en: "unified social credit code" },
  gb2260: { zh: "行政区划代码", en: "division code" },
  name: { zh: "名称", en: "name" },
  district: { zh: "区市", en: "district" },
  department: { zh: "市直部门", en: "municipal department" },
  township: { zh: "街道和镇", en: "subdistrict or town" },
};

export function nameWord(code: string | null): Bilingual {
  if (code === null) return { zh: "–", en: "–" };
  const named: Readonly<Record<string, Bilingual>> = { ...TRANSITIONS, ...STATES, ...WORDS };
  return named[code] ?? { zh: code, en: code };
}
