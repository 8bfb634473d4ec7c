import type { Bilingual } from "./report.ts";

/** Why rows are set aside, by the code of the reason. */
export const REASON_TEXTS = {
  reasonUnreadable: { zh: "无法读取", en: "unreadable" },
  reasonHeader: { zh: "表头与定义不符", en: "header not as defined" },
  reasonStopCheck: { zh: "检查要求停用整个文件", en: "a check stopped the whole file" },
  reasonLeftOut: {
    zh: "合计、签字等行，未作记录",
    en: "totals, signatures and the like, no records",
  },
  reasonMissing: { zh: "必填项为空", en: "required value missing" },
  reasonBadDate: { zh: "日期无效", en: "not a date" },
  reasonBadNumber: { zh: "数字无效", en: "not a number" },
  reasonBadBoolean: { zh: "既非“是”也非“否”", en: "neither yes nor no" },
  reasonUnknownCode: { zh: "未知代码", en: "unknown code" },
  reasonUnknownEntity: { zh: "未知单位", en: "unknown body" },
  reasonBadCode: { zh: "代码成了科学计数法", en: "code written as a number with an exponent" },
  reasonAmbiguousEntity: { zh: "对应多个单位", en: "names several bodies" },
  reasonOutOfRange: { zh: "超出范围", en: "out of range" },
  reasonExpiredCode: { zh: "代码已失效", en: "code no longer in force" },
  reasonConflict: { zh: "同一记录自相矛盾", en: "rows of one record contradict each other" },
  reasonIllegalEvent: { zh: "事件不合程序", en: "event not allowed by the record's state" },
} as const satisfies Record<string, Bilingual>;
