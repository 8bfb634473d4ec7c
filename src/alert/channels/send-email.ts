import { readFileSync } from "node:fs";
import { createTransport } from "nodemailer";
import type { AlertChannel } from "../../standard/alert-channels.ts";
import { type Delivery, writeText, writeTitle } from "../message.ts";

type EmailChannel = Extract<AlertChannel, { kind: "email" }>;

/**
 * Sends a delivery by e-mail. Its Message-ID is made from the key, so that mail systems can drop what comes twice.
 * @throws Error of the server or the connection
 */
export async function sendEmail(
  channel: EmailChannel,
  delivery: Delivery,
  timeout: number,
): Promise<void> {
  const transport = createTransport({
    host: channel.host,
    port: channel.port,
    secure: channel.secure,
    ...(channel.user !== undefined && {
      auth: {
        user: channel.user,
        pass: channel.password_file ? readFileSync(channel.password_file, "utf8").trim() : "",
      },
    }),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
  });
  try {
    await transport.sendMail({
      from: channel.from,
      to: [...channel.to],
      subject: writeTitle(delivery),
      text: writeText(delivery),
      messageId: `<${delivery.key}@zhengxin.invalid>`,
    });
  } finally {
    transport.close();
  }
}
