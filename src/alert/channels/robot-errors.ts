import type { Bilingual } from "../../standard/bilingual.ts";

/**
 * What a robot's errcode says: this very message will not be taken, whenever it comes ("message"), or anything may be taken again once
 * something has changed ("later": too fast, busy, a wrong key or signature, a robot that was stopped). A code that is not listed counts
 * as "later": a message is not lost by a guess.
 */
export type RobotVerdict = "message" | "later";

interface RobotCode {
  readonly verdict: RobotVerdict;
  readonly meaning: Bilingual;
}

const message = (zh: string, en: string): RobotCode => ({
  verdict: "message",
  meaning: { zh, en },
});
const later = (zh: string, en: string): RobotCode => ({ verdict: "later", meaning: { zh, en } });

/**
 * WeCom, by its list of global error codes (https://developer.work.weixin.qq.com/document/path/90313); its robots take 4096 bytes of Markdown
 * and 20 messages a minute (https://developer.work.weixin.qq.com/document/path/91770).
 */
const WECOM: Readonly<Record<number, RobotCode>> = {
  [-1]: later("机器人系统繁忙", "the robot's system is busy"),
  40008: message("消息类型不受支持", "the kind of message is not known"),
  40033: message("请求中有不允许的字符", "the request has characters that are not allowed"),
  40058: message(
    "参数不合法，如内容过长",
    "a parameter is not allowed, as a content that is too long",
  ),
  40063: message("有参数为空", "a parameter is empty"),
  41016: message("消息没有标题", "the message has no title"),
  44004: message("内容为空", "the content is empty"),
  45002: message("内容过长", "the content is too long"),
  45003: message("标题过长", "the title is too long"),
  45004: message("描述过长", "the description is too long"),
  45009: later("发送过于频繁", "messages come too fast"),
  45033: later("并发消息过多", "too many messages come at once"),
  47001: message("消息无法解析", "the message cannot be read"),
  93000: later(
    "机器人地址无效，请核对 url 中的 key",
    "the address of the robot is not valid; check the key in its url",
  ),
  93004: later("机器人已停用", "the robot was stopped"),
  93008: later("机器人不在群内", "the robot is not in the group"),
};

const UNKNOWN_TOKEN = later(
  "令牌不存在，请核对 url 中的 access_token",
  "the token is not known; check the access_token in its url",
);

/**
 * DingTalk, by the list in its page on robots of one's own (https://open.dingtalk.com/document/robots/custom-robot-access), which
 * also says 20 messages a minute; 130101 is what it answers then. 88, 34014 and 34016 are of its general list
 * (https://open.dingtalk.com/document/orgapp/server-api-error-codes-1); 90030, 300001, 300005 and 460101 are answers people report.
 */
const DINGTALK: Readonly<Record<number, RobotCode>> = {
  [-1]: later("机器人系统繁忙", "the robot's system is busy"),
  88: UNKNOWN_TOKEN,
  34014: message("消息无法解析", "the message cannot be read"),
  34016: message("内容过长", "the content is too long"),
  40035: message("缺少参数或参数无法解析", "a parameter is missing or cannot be read"),
  43004: message("请求方式不受支持", "the kind of request is not known"),
  90030: later("机器人的发送数量已达上限", "the robot has sent as many messages as it may"),
  130101: later("发送过于频繁", "messages come too fast"),
  300001: UNKNOWN_TOKEN,
  300005: UNKNOWN_TOKEN,
  400013: later("群已解散", "the group was dissolved"),
  400101: UNKNOWN_TOKEN,
  400102: later("机器人已停用", "the robot was stopped"),
  400105: message("消息类型不受支持", "the kind of message is not known"),
  400106: later("机器人不存在", "there is no such robot"),
  410100: later("发送过于频繁", "messages come too fast"),
  430101: message("内容含被判为不安全的链接", "the content has a link that is thought unsafe"),
  430102: message("内容含被判为不合适的文字", "the content has a text that is thought improper"),
  430103: message("内容含被判为不合适的图片", "the content has a picture that is thought improper"),
  430104: message("内容被判为不合适", "the content is thought improper"),
  460101: message("内容过长", "the content is too long"),
};

/**
 * Feishu and Lark, by their page on robots of one's own (https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot): 9499, 19021,
 * 19022, 19024 and 11232 stand there, as do 20 KB a message and 100 messages a minute; 19001 and 19002 are answers people report.
 */
const FEISHU: Readonly<Record<number, RobotCode>> = {
  9499: message(
    "请求体格式不符或过大",
    "the request is not of the form that is asked for, or too large",
  ),
  11232: later("发送过于频繁", "messages come too fast"),
  19001: later(
    "机器人地址无效，请核对 url",
    "the address of the robot is not valid; check its url",
  ),
  19002: message("缺少参数或参数不合法", "a parameter is missing or not allowed"),
  19021: later(
    "签名不符，或本机时钟相差一小时以上；请核对密钥与时钟",
    "its signature does not match, or this machine's clock is an hour off; check secret and clock",
  ),
  19022: later(
    "来源地址不在机器人的白名单内",
    "this address is not on the robot's list of allowed ones",
  ),
  19024: message(
    "内容没有机器人安全设置中的关键词",
    "the content has none of the keywords of the robot's security settings",
  ),
};

/** The robots there are, as they are called in Chinese. */
export const ROBOTS = { WeCom: "企业微信", DingTalk: "钉钉", Feishu: "飞书" } as const;

/** DingTalk's code for all that its security settings turn away; which of them it was stands in its text alone. */
const DINGTALK_SECURITY = 310000;

/** What a robot's answer means for the message it was given. */
export function readRobotCode(
  robot: keyof typeof ROBOTS,
  code: unknown,
  text: string,
): RobotCode | undefined {
  if (typeof code !== "number") return undefined;
  if (robot === "WeCom") return WECOM[code];
  if (robot === "Feishu") return FEISHU[code];
  if (code !== DINGTALK_SECURITY) return DINGTALK[code];
  return /keywords?|关键词/i.test(text)
    ? message(
        "内容没有机器人安全设置中的关键词",
        "the content has none of the keywords of the robot's security settings",
      )
    : later(
        "签名或来源地址未通过机器人的安全设置",
        "its signature or address is turned away by the robot's security settings",
      );
}
