/**
 * What a robot's errcode says: this very message will not be taken, whenever it comes ("message"), or anything may be taken again once
 * something has changed ("later": too fast, busy, a wrong key or signature, a robot that was stopped). A code that is not listed counts
 * as "later": a message is not lost by a guess.
 */
export type RobotVerdict = "message" | "later";

interface RobotCode {
  readonly verdict: RobotVerdict;
  readonly meaning: string;
}

const message = (meaning: string): RobotCode => ({ verdict: "message", meaning });
const later = (meaning: string): RobotCode => ({ verdict: "later", meaning });

/**
 * WeCom, by its list of global error codes (https://developer.work.weixin.qq.com/document/path/90313); its robots take 4096 bytes of Markdown
 * and 20 messages a minute (https://developer.work.weixin.qq.com/document/path/91770).
 */
const WECOM: Readonly<Record<number, RobotCode>> = {
  [-1]: later("the robot's system is busy"),
  40008: message("the kind of message is not known"),
  40033: message("the request has characters that are not allowed"),
  40058: message("a parameter is not allowed, as a content that is too long"),
  40063: message("a parameter is empty"),
  41016: message("the message has no title"),
  44004: message("the content is empty"),
  45002: message("the content is too long"),
  45003: message("the title is too long"),
  45004: message("the description is too long"),
  45009: later("messages come too fast"),
  45033: later("too many messages come at once"),
  47001: message("the message cannot be read"),
  93000: later("the address of the robot is not valid; check the key in its url"),
  93004: later("the robot was stopped"),
  93008: later("the robot is not in the group"),
};

/**
 * DingTalk, by the list in its page on robots of one's own (https://open.dingtalk.com/document/robots/custom-robot-access), which
 * also says 20 messages a minute; 130101 is what it answers then. 88, 34014 and 34016 are of its general list
 * (https://open.dingtalk.com/document/orgapp/server-api-error-codes-1); 90030, 300001, 300005 and 460101 are answers people report.
 */
const DINGTALK: Readonly<Record<number, RobotCode>> = {
  [-1]: later("the robot's system is busy"),
  88: later("the token is not known; check the access_token in its url"),
  34014: message("the message cannot be read"),
  34016: message("the content is too long"),
  40035: message("a parameter is missing or cannot be read"),
  43004: message("the kind of request is not known"),
  90030: later("the robot has sent as many messages as it may"),
  130101: later("messages come too fast"),
  300001: later("the token is not known; check the access_token in its url"),
  300005: later("the token is not known; check the access_token in its url"),
  400013: later("the group was dissolved"),
  400101: later("the token is not known; check the access_token in its url"),
  400102: later("the robot was stopped"),
  400105: message("the kind of message is not known"),
  400106: later("there is no such robot"),
  410100: later("messages come too fast"),
  430101: message("the content has a link that is thought unsafe"),
  430102: message("the content has a text that is thought improper"),
  430103: message("the content has a picture that is thought improper"),
  430104: message("the content is thought improper"),
  460101: message("the content is too long"),
};

/** DingTalk's code for all that its security settings turn away; which of them it was stands in its text alone. */
const DINGTALK_SECURITY = 310000;

/** What a robot's answer means for the message it was given. */
export function readRobotCode(
  robot: "WeCom" | "DingTalk",
  code: unknown,
  text: string,
): RobotCode | undefined {
  if (typeof code !== "number") return undefined;
  if (robot === "WeCom") return WECOM[code];
  if (code !== DINGTALK_SECURITY) return DINGTALK[code];
  return /keywords?|关键词/i.test(text)
    ? message("the content has none of the keywords of the robot's security settings")
    : later("its signature or address is turned away by the robot's security settings");
}
