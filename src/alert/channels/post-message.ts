import { createHmac } from "node:crypto";
import { MessageRefused } from "../../outbox.ts";
import type { AlertChannel } from "../../standard/alert-channels.ts";
import { readText } from "../../whole-file.ts";
import { cutText, type Delivery, writeMarkdown, writePayload, writeTitle } from "../message.ts";
import { readRobotCode } from "./robot-errors.ts";

type Kind<K extends AlertChannel["kind"]> = Extract<AlertChannel, { kind: K }>;

/** Bytes of text that the robots take at most, less a margin. */
export const ROBOT_BYTES = { wecom: 4000, dingtalk: 18_000 } as const;
/** Characters of a title: DingTalk's general list of codes names 64 as the most (34016). */
const DINGTALK_TITLE = 64;
/** Answers about this very message: the receiver is there, and may take another. */
const REFUSES_ONE = [400, 409, 413, 415, 422];

/**
 * Posts a delivery as JSON. Headers: Idempotency-Key; X-Zhengxin-Timestamp (seconds since 1970); X-Zhengxin-Signature,
 * "sha256=" and the hexadecimal HMAC-SHA256 of "<timestamp>.<body>" with the channel's secret.
 * @param seconds the present, as seconds since 1970
 * @throws Error when the receiver does not answer 2xx in time
 */
export async function postWebhook(
  channel: Kind<"webhook">,
  delivery: Delivery,
  seconds: number,
  timeout: number,
): Promise<void> {
  const { url, secret_file } = channel;
  const body = JSON.stringify(writePayload(delivery));
  await postSigned({ url, secret_file, key: delivery.key, body }, seconds, timeout);
}

/** Posts a body as JSON under an idempotency key, signed as postWebhook says. */
export async function postSigned(
  message: {
    readonly url: string;
    readonly secret_file: string;
    readonly key: string;
    readonly body: string;
  },
  seconds: number,
  timeout: number,
): Promise<void> {
  const { url, secret_file, key, body } = message;
  await post(
    url,
    body,
    {
      "Idempotency-Key": key,
      "X-Zhengxin-Timestamp": String(seconds),
      "X-Zhengxin-Signature": `sha256=${signBody(readSecret(secret_file), seconds, body)}`,
    },
    timeout,
  );
}

/** The signature of a body, hexadecimal. */
export function signBody(secret: string, seconds: number, body: string): string {
  return createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
}

/** Posts a delivery to a WeCom group robot: { msgtype: "markdown", markdown: { content } }. */
export async function postToWecom(
  channel: Kind<"wecom">,
  delivery: Delivery,
  timeout: number,
): Promise<void> {
  const body = {
    msgtype: "markdown",
    markdown: { content: writeMarkdown(delivery, ROBOT_BYTES.wecom) },
  };
  readRobotAnswer("WeCom", await post(channel.url, JSON.stringify(body), {}, timeout));
}

/**
 * Posts a delivery to a DingTalk group robot: { msgtype: "markdown", markdown: { title, text } }. A robot with a secret wants
 * timestamp (milliseconds) and sign, the base64 HMAC-SHA256 of "<timestamp>\n<secret>", in the address.
 */
export async function postToDingtalk(
  channel: Kind<"dingtalk">,
  delivery: Delivery,
  seconds: number,
  timeout: number,
): Promise<void> {
  const address = new URL(channel.url);
  if (channel.secret_file) {
    const secret = readSecret(channel.secret_file);
    const timestamp = String(seconds * 1000);
    address.searchParams.set("timestamp", timestamp);
    address.searchParams.set(
      "sign",
      createHmac("sha256", secret).update(`${timestamp}\n${secret}`).digest("base64"),
    );
  }
  const body = {
    msgtype: "markdown",
    markdown: {
      title: cutText(writeTitle(delivery), DINGTALK_TITLE),
      text: writeMarkdown(delivery, ROBOT_BYTES.dingtalk),
    },
  };
  readRobotAnswer("DingTalk", await post(address.href, JSON.stringify(body), {}, timeout));
}

const ROBOTS = { WeCom: "企业微信", DingTalk: "钉钉" } as const;

/** A robot says 200 also when it refuses; what counts is errcode. */
function readRobotAnswer(robot: "WeCom" | "DingTalk", text: string): void {
  let answer: { readonly errcode?: unknown; readonly errmsg?: unknown };
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Error(
      `${ROBOTS[robot]}机器人的答复不是 JSON。The ${robot} robot's answer is no JSON.`,
    );
  }
  const { errcode, errmsg } = answer;
  if (errcode === 0) return;
  const said = typeof errmsg === "string" ? errmsg : "";
  const known = readRobotCode(robot, errcode, said);
  const own = cutText(said.replace(/\s+/g, " "), 200);
  const { zh, en } = known?.meaning ?? { zh: own, en: own };
  const code = `errcode ${String(errcode)}`;
  const chinese = `${ROBOTS[robot]}机器人拒收该消息：${code}${zh && `，${zh}`}。`;
  const sentence = `${chinese}The ${robot} robot refused the message: ${code}${en && `, ${en}`}.`;
  throw known?.verdict === "message" ? new MessageRefused(sentence) : new Error(sentence);
}

async function post(
  url: string,
  body: string,
  headers: Record<string, string>,
  timeout: number,
): Promise<string> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json; charset=utf-8", ...headers },
    body,
    redirect: "error",
    signal: AbortSignal.timeout(timeout),
  });
  const text = await answer.text();
  if (answer.ok) return text;
  const sentence = `接收方答复 ${answer.status}。The receiver answered ${answer.status}.`;
  throw REFUSES_ONE.includes(answer.status) ? new MessageRefused(sentence) : new Error(sentence);
}

function readSecret(file: string): string {
  return readText(file).trim();
}
