import type { Bilingual } from "../../publish/report.ts";

/** Texts of the web pages that reports do not have, in both languages; `{name}` is filled in. */
export const PAGE_TEXTS = {
  product: { zh: "政信", en: "zhengxin" },
  claim: { zh: "政务诚信月度评价", en: "Monthly rankings of government integrity" },
  skip: { zh: "跳到正文", en: "Skip to the content" },
  navigation: { zh: "主导航", en: "Main navigation" },
  overview: { zh: "总览", en: "Overview" },
  ranking: { zh: "排名", en: "Ranking" },
  alerts: { zh: "预警", en: "Alerts" },
  compare: { zh: "对比", en: "Compare" },
  quality: { zh: "数据质量", en: "Data quality" },
  standards: { zh: "标准", en: "Standard" },
  months: { zh: "期次", en: "Published" },
  sql: { zh: "查询", en: "SQL" },
  api: { zh: "接口", en: "API" },
  account: { zh: "登录", en: "Log in" },
  otherLanguage: { zh: "English", en: "中文" },
  syntheticMark: { zh: "合成数据", en: "Synthetic data" },
  byStandard: { zh: "评价标准：", en: "Standard:" },
  jurisdiction: { zh: "辖区", en: "Jurisdiction" },
  period: { zh: "期间", en: "Period" },
  show: { zh: "查看", en: "Show" },
  sameAs: { zh: "本页数据：", en: "The data of this page:" },
  // Refusals
  unknownToken: {
    zh: "令牌无效、过期或已吊销。请换一个有效的令牌。",
    en: "The token is unknown, has run out or was revoked. Give one that is in force.",
  },
  needsToken: {
    zh: "此处需要登录，或在 Authorization 中带上令牌（Bearer）。令牌由管理员用 zhengxin token add 发放。",
    en: "This needs a log-in, or a token in the Authorization header (Bearer). The administrator gives tokens out with “zhengxin token add”.",
  },
  tooLittle: {
    zh: "您的令牌权限不足。需要更高权限时请向管理员申请。",
    en: "Your token's role does not reach so far. Ask the administrator for one with more rights.",
  },
  tooMany: {
    zh: "请求过于频繁，请在 {seconds} 秒后重试。",
    en: "Too many requests; try again in {seconds} seconds.",
  },
  foreignSite: {
    zh: "请求来自其他网站，未予执行。请从本网站的页面提交。",
    en: "The request came from another site and was not carried out. Send it from a page of this one.",
  },
  nothingPublished: {
    zh: "还没有发布任何期次。请先运行 zhengxin run。",
    en: "Nothing is published yet. Run “zhengxin run” first.",
  },
  damagedMonth: {
    zh: "这一期已发布，但其清单已损坏，暂不能显示。管理员可用 zhengxin repair 从原始文件恢复。",
    en: "This period is published, but its manifest is damaged and it cannot be shown. Whoever runs the program can restore it from the raw files with “zhengxin repair”.",
  },
  monthInMaking: {
    zh: "有记录停止公示，本期内容正在重新生成，请稍候片刻再来。",
    en: "A record is published no more: this period is being made anew. Please come back in a moment.",
  },
  lackedNote: {
    zh: "本期由较早版本的程序发布，其中没有",
    en: "An older program published this period; it has no",
  },
  damagedNote: {
    zh: "以下各期已发布，但清单已损坏，暂不能显示",
    en: "Published, but not to be shown because the manifest is damaged",
  },
  noSuchMonth: {
    zh: "这一期没有发布。已发布的期次见“期次”页。",
    en: "This period is not published. The page “Published” lists those that are.",
  },
  unreadable: {
    zh: "请求无法读取（{status}）：请核对内容类型、大小和格式。",
    en: "The request cannot be read ({status}): check its content type, size and form.",
  },
  tooLarge: {
    zh: "请求过大，未予处理：此处最多 {most} 字节。请分次提交。",
    en: "The request is too large and was not dealt with: {most} bytes at most here. Send it in parts.",
  },
  noSuchMethod: {
    zh: "本网站不处理 {method} 请求。",
    en: "This site does not serve the method {method}.",
  },
  noSuchPage: { zh: "没有这个页面。", en: "There is no such page." },
  internal: {
    zh: "服务器出错，已记入日志。请稍后再试。",
    en: "The server failed; its log says why. Try again later.",
  },
  // Titles of pages that say no
  notFound: { zh: "未找到", en: "Not found" },
  notAllowed: { zh: "不允许", en: "Not allowed" },
  notNow: { zh: "暂时无法办理", en: "Not just now" },
  notDone: { zh: "未能办理", en: "Not done" },
  backHome: { zh: "回到首页", en: "Go to the first page" },
  // Account
  accountTitle: { zh: "登录", en: "Log in" },
  accountHow: {
    zh: "公开页面无需登录。分析、异议等功能需要令牌，由管理员发放。",
    en: "What is published needs no log-in. SQL and objections need a token, which the administrator gives out.",
  },
  token: { zh: "令牌", en: "Token" },
  logIn: { zh: "登录", en: "Log in" },
  logOut: { zh: "退出", en: "Log out" },
  wrongToken: {
    zh: "令牌无效、过期或已吊销。请核对后重试。",
    en: "The token is unknown, has run out or was revoked. Check it and try again.",
  },
  loggedInAs: { zh: "已登录：{name}（{role}）", en: "Logged in as {name} ({role})" },
  rolePublic: { zh: "公众", en: "public" },
  roleAnalyst: { zh: "分析人员", en: "analyst" },
  roleOfficer: { zh: "经办人员", en: "officer" },
  roleAdmin: { zh: "管理员", en: "administrator" },
} as const satisfies Record<string, Bilingual>;

export type PageTextKey = keyof typeof PAGE_TEXTS;
