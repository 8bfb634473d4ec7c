import { createHmac } from "node:crypto";
import { MessageRefused } from "../../outbox.ts";
import type { AlertChannel } from "../../standard/alert-channels.ts";
import { readText } from "../../whole-file.ts";
import { cutText, type Delivery, writeMarkdown, writePayload, writeTitle } from "../message.ts";
import { ROBOTS, readRobotCode } from "./robot-errors.ts";

type Kind<K extends AlertChannel["kind"]> = Extract<AlertChannel, { kind: K }>;

/** Bytes of text that the robots take at most, less a margin. */
export const ROBOT_BYTES = { wecom: 4000, dingtalk: 18_000, feishu: 18_000 } as const;
/** Characters of a title: DingTalk's general list of codes names 64 as the most (34016); Feishu, which names none, shows no more on a line. */
const ROBOT_TITLE = 64;
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
  await postToRobot("WeCom", channel.url, body, timeout);
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
      title: cutText(writeTitle(delivery), ROBOT_TITLE),
      text: writeMarkdown(delivery, ROBOT_BYTES.dingtalk),
    },
  };
  await postToRobot("DingTalk", address.href, body, timeout);
}

/**
 * Posts a delivery to a group robot of Feishu (飞书) or Lark: { msg_type: "interactive", card } with a title and Markdown. A robot with a
 * secret wants timestamp (seconds) and sign in the body, the base64 HMAC-SHA256 of nothing with "<timestamp>\n<secret>" as its key.
 */
export async function postToFeishu(
  channel: Kind<"feishu">,
  delivery: Delivery,
  seconds: number,
  timeout: number,
): Promise<void> {
  const timestamp = String(seconds);
  const key = channel.secret_file && `${timestamp}\n${readSecret(channel.secret_file)}`;
  // Not every version of its cards knows a quotation.
  const content = writeMarkdown(delivery, ROBOT_BYTES.feishu).replace(/^> /gm, "");
  const body = {
    ...(key && { timestamp, sign: createHmac("sha256", key).update("").digest("base64") }),
    msg_type: "interactive",
    card: {
      header: {
        title: { tag: "plain_text", content: cutText(writeTitle(delivery), ROBOT_TITLE) },
      },
      elements: [{ tag: "markdown", content }],
    },
  };
  await postToRobot("Feishu", channel.url, body, timeout);
}

/** A robot says 200 also when it refuses, or tells why beside another status; what counts is its code: `errcode`, or `code` at Feishu. */
async function postToRobot(
  robot: keyof typeof ROBOTS,
  url: string,
  body: object,
  timeout: number,
): Promise<void> {
  const response = await send(url, JSON.stringify(body), {}, timeout);
  const answer = readAnswer(await response.text());
  const code = answer?.errcode ?? answer?.code;
  if (code === undefined && !response.ok) throw sayStatus(response.status);
  if (code === undefined) {
    const { zh, en } = { zh: ROBOTS[robot], en: robot };
    throw new Error(`${zh}机器人的答复中没有错误码。The ${en} robot's answer has no code.`);
  }
  if (code === 0) return;
  const said = [answer?.errmsg, answer?.msg].find((text) => typeof text === "string") ?? "";
  const known = readRobotCode(robot, code, said);
  const own = cutText(said.replace(/\s+/g, " "), 200);
  const { zh, en } = known?.meaning ?? { zh: own, en: own };
  const name = robot === "Feishu" ? "code" : "errcode";
  const coded = `${name} ${String(code)}`;
  const chinese = `${ROBOTS[robot]}机器人拒收该消息：${coded}${zh && `，${zh}`}。`;
  const sentence = `${chinese}The ${robot} robot refused the message: ${coded}${en && `, ${en}`}.`;
  throw known?.verdict === "message" ? new MessageRefused(sentence) : new Error(sentence);
}

interface RobotAnswer {
  readonly errcode?: unknown;
  readonly errmsg?: string;
  readonly code?: unknown;
  readonly msg?: string;
}

function readAnswer(text: string): RobotAnswer | undefined {
  try {
    const answer = JSON.parse(text);
    return typeof answer === "object" && answer !== null ? answer : undefined;
  } catch {
    return undefined;
  }
}

async function post(
  url: string,
  body: string,
  headers: Record<string, string>,
  timeout: number,
): Promise<void> {
  const answer = await send(url, body, headers, timeout);
  await answer.text();
  if (!answer.ok) throw sayStatus(answer.status);
}

function send(
  url: string,
  body: string,
  headers: Record<string, string>,
  timeout: number,
): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json; charset=utf-8", ...headers },
    body,
    redirect: "error",
    signal: AbortSignal.timeout(timeout),
  });
}

function sayStatus(status: number): Error {
  const sentence = `接收方答复 ${status}。The receiver answered ${status}.`;
  return REFUSES_ONE.includes(status) ? new MessageRefused(sentence) : new Error(sentence);
}

function readSecret(file: string): string {
  return readText(file).trim();
}
