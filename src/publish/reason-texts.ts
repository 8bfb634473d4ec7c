import type { Bilingual } from "./report.ts";

/** Why rows are set aside, by the code of the reason. */
export const REASON_TEXTS = {
  reasonUnreadable: { zh: "无法读取", en: "unreadable" },
  reasonMissing: { zh: "必填项为空", en: "required value missing" },
  reasonBadDate: { zh: "日期无效", en: "not a date" },
  reasonBadNumber: { zh: "数字无效", en: "not a number" },
  reasonUnknownCode: { zh: "未知代码", en: "unknown code" },
  reasonUnknownEntity: { zh: "未知单位", en: "unknown body" },
  reasonOutOfRange: { zh: "超出范围", en: "out of range" },
  reasonExpiredCode: { zh: "代码已失效", en: "code no longer in force" },
  reasonIllegalEvent: { zh: "事件不合程序", en: "event not allowed by the record's state" },
} as const satisfies Record<string, Bilingual>;
