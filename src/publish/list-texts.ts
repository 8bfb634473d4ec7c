import type { Bilingual } from "./report.ts";

/** Texts of the report's section on lists and restrictions. */
export const LIST_TEXTS = {
  lists: { zh: "名单与限制", en: "Lists and restrictions" },
  listsNote: {
    zh: "规则见名单规则文件，没有出处的数字为假定，不是官方口径。只列机关，不列个人；只计已认定且未修复、未撤销、未到期的记录；有异议的予以标注。",
    en: "The rules stand in the files of list rules; numbers without a source are assumptions, not official. Bodies are listed, never persons; only records that were confirmed and are neither repaired nor revoked nor expired count; disputed ones are marked.",
  },
  listEffect: { zh: "效力：{effect}", en: "Effect: {effect}" },
  listArticle: { zh: "依据：{article}", en: "Under: {article}" },
  listCount: {
    zh: "{bodies} 个单位，{entries} 条依据",
    en: "{bodies} {bodies|body|bodies}, {entries} {entries|ground|grounds}",
  },
  listEmpty: { zh: "本期没有单位列入。", en: "Nobody is on it this month." },
  listReason: { zh: "原因", en: "Reason" },
  listSince: { zh: "自", en: "Since" },
  listUntil: { zh: "至", en: "Until" },
  listRecord: { zh: "记录出处", en: "Where the record stands" },
  untilRepair: { zh: "直至修复、撤销或到期", en: "until repaired, revoked or expired" },
  untilMonths: { zh: "{day} 前，修复即止", en: "before {day}, or until repaired" },
  untilNextList: { zh: "下期名单公布前", en: "until the next list" },
  disputedMark: { zh: "异议中", en: "disputed" },
  listRestriction: { zh: "限制", en: "Restriction" },
} as const satisfies Record<string, Bilingual>;
