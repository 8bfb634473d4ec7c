import { createTransport } from "nodemailer";
import { MessageRefused } from "../../outbox.ts";
import type { AlertChannel } from "../../standard/alert-channels.ts";
import { readText } from "../../whole-file.ts";
import { cutText, type Delivery, writeText, writeTitle } from "../message.ts";

type EmailChannel = Extract<AlertChannel, { kind: "email" }>;

/**
 * Sends a delivery by e-mail. Its Message-ID is made from the key, so that mail systems can drop what comes twice.
 * @returns what is to be told of a delivery that was taken: receivers that the server refused
 * @throws MessageRefused when the server refuses this message for good (5xx to its receivers or its content), Error of the server or
 * the connection else: a wrong password or a refused sender concerns all messages
 */
export async function sendEmail(
  channel: EmailChannel,
  delivery: Delivery,
  timeout: number,
): Promise<string | undefined> {
  const transport = createTransport({
    host: channel.host,
    port: channel.port,
    secure: channel.secure,
    ...(channel.user !== undefined && {
      auth: {
        user: channel.user,
        pass: channel.password_file ? readText(channel.password_file).trim() : "",
      },
    }),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
  });
  try {
    const { rejected } = await transport.sendMail({
      from: channel.from,
      to: [...channel.to],
      subject: cutText(writeTitle(delivery), LONGEST_SUBJECT),
      text: writeText(delivery),
      messageId: `<${delivery.key}@zhengxin.invalid>`,
    });
    return rejected.length > 0
      ? `邮件服务器拒绝了 ${channel.to.length} 个收件人中的 ${rejected.length} 个。The mail server refused ${rejected.length} of ${channel.to.length} receivers.`
      : undefined;
  } catch (error) {
    throw isRefusal(error) ? new MessageRefused((error as Error).message) : error;
  } finally {
    transport.close();
  }
}

/** Whether a mail server refused this message for good: 5xx to its receivers or its content. */
function isRefusal(error: unknown): boolean {
  const { code, command, responseCode = 0 } = error as MailFault;
  if (responseCode < 500) return false;
  // A refused sender is a fault of the channel.
  return (code === "EENVELOPE" && command === "RCPT TO") || code === "EMESSAGE";
}

/** What nodemailer says of a failure. */
interface MailFault {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
}

/** Characters of a subject; longer ones are folded, and cut by whoever shows them. */
const LONGEST_SUBJECT = 200;
