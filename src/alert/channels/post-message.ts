import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { MessageRefused } from "../../outbox.ts";
import type { AlertChannel } from "../../standard/alert-channels.ts";
import { type Delivery, writeMarkdown, writePayload, writeTitle } from "../message.ts";

type Kind<K extends AlertChannel["kind"]> = Extract<AlertChannel, { kind: K }>;

/** Bytes of text that the robots take at most, less a margin. */
const WECOM_BYTES = 4000;
const DINGTALK_BYTES = 18_000;
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
  const body = { msgtype: "markdown", markdown: { content: writeMarkdown(delivery, WECOM_BYTES) } };
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
    markdown: { title: writeTitle(delivery), text: writeMarkdown(delivery, DINGTALK_BYTES) },
  };
  readRobotAnswer("DingTalk", await post(address.href, JSON.stringify(body), {}, timeout));
}

/** A robot says 200 also when it refuses; what counts is errcode. */
function readRobotAnswer(robot: string, text: string): void {
  let code: unknown;
  try {
    code = (JSON.parse(text) as { errcode?: unknown }).errcode;
  } catch {
    throw new Error(`The ${robot} robot's answer is no JSON.`);
  }
  if (code !== 0)
    throw new Error(`The ${robot} robot refused the message: errcode ${String(code)}.`);
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
  const sentence = `The receiver answered ${answer.status}.`;
  throw REFUSES_ONE.includes(answer.status) ? new MessageRefused(sentence) : new Error(sentence);
}

function readSecret(file: string): string {
  return readFileSync(file, "utf8").trim();
}
