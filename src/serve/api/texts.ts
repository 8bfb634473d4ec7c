import type { Bilingual } from "../../publish/report.ts";

/** Texts of the API's description for readers. */
export const API_TEXTS = {
  title: { zh: "接口", en: "API" },
  lead: {
    zh: "每个页面在同一地址加 .json 或 .csv 即为数据；已发布的内容无需令牌。其他功能在 Authorization 中带上令牌。固定期次与运行编号的数据永不改变，可长期缓存。",
    en: "Every page is data too at the same address, with .json or .csv behind it; what is published needs no token. The rest takes one in the Authorization header. The data of a fixed period and run never changes and may be kept for ever.",
  },
  contents: { zh: "目录", en: "Contents" },
  needsToken: { zh: "需要令牌", en: "needs a token" },
  parameters: { zh: "参数", en: "Parameters" },
  name: { zh: "名称", en: "Name" },
  place: { zh: "位置", en: "In" },
  meaning: { zh: "说明", en: "Meaning" },
  request: { zh: "请求", en: "Request" },
  answers: { zh: "应答", en: "Answers" },
} as const satisfies Record<string, Bilingual>;
