import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real HTTP receiver that answers as `answer` says, by the number of the request and its body. */
export async function openReceiver(
  answer: (count: number, body: string) => { status: number; body: string },
) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      received.push({ path: request.url ?? "", headers: request.headers, body });
      const { status, body: text } = answer(received.length, body);
      response.writeHead(status, { "Content-Type": "application/json" }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    received,
    url: `http://127.0.0.1:${port}/hook`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** A real SMTP server that keeps what it is sent, but for what it is to refuse for good. */
export async function openMailServer({
  rejectReceiver = () => false,
  rejectData = () => false,
}: {
  rejectReceiver?: (address: string) => boolean;
  rejectData?: (text: string) => boolean;
} = {}) {
  const mails: { to: string[]; text: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo({ address }, _session, done) {
      done(rejectReceiver(address) ? refuse("no such receiver here") : undefined);
    },
    onData(stream, session, done) {
      let text = "";
      stream.on("data", (chunk) => {
        text += chunk;
      });
      stream.on("end", () => {
        if (rejectData(decodeBody(text))) return done(refuse("no such content here"));
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text });
        return done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    mails,
    port,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function refuse(sentence: string): Error {
  return Object.assign(new Error(sentence), { responseCode: 550 });
}

/** The text of a mail as its reader sees it. */
export function decodeBody(mail: string): string {
  const [head = "", ...rest] = mail.split("\r\n\r\n");
  const body = rest.join("\r\n\r\n");
  return /base64/i.test(head) ? Buffer.from(body, "base64").toString("utf8") : body;
}
