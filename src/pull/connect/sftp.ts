import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { Readable } from "node:stream";
import SftpClient from "ssh2-sftp-client";
import type { ConnectorOf } from "../../standard/connector-definition.ts";
import { failForGood, failForNow } from "../fetch-error.ts";
import { openAllowedHosts } from "./allowed-hosts.ts";
import type { Fetching } from "./connector.ts";
import { stopEmptied } from "./emptied.ts";
import { explainNetworkError } from "./network-fault.ts";
import { receiveFile } from "./receive-file.ts";
import { type FoundFile, findWholeFiles, versionOf } from "./whole-files.ts";

type Sftp = ConnectorOf<"sftp">;

/**
 * Fetches the files others put into a folder of an SFTP server, once they are whole, each kept by itself. Nothing is
 * changed on the server, which must show one of the host keys the definition names.
 * @throws ConnectorFault
 */
export async function fetchNew(connector: Sftp, fetching: Fetching): Promise<void> {
  const origin = `sftp://${connector.host}:${connector.port}`;
  const folder = posix.join("/", connector.path);
  const addressOf = (name: string) => `${origin}${posix.join(folder, name)}`;
  const client = new SftpClient();
  // Its errors also come as rejections; without a listener the first one would end the program.
  client.on("error", () => {});
  try {
    await connect(client, connector, fetching, origin);
    const files = await findWholeFiles(
      connector,
      () => listFolder(client, connector.path),
      (file) => fetching.markOf(addressOf(file.name)) !== versionOf(file),
      () => stopEmptied(fetching, addressOf("/"), `${origin}${folder}`),
    );
    for (const file of files) {
      const path = posix.join(connector.path, file.name);
      const version = versionOf(file);
      const stream = client.createReadStream(path) as unknown as Readable;
      const received = await receiveFile(fetching.folder, withDeadline(stream, connector));
      const after = await client.stat(path);
      const now = { name: file.name, size: after.size, modified: after.modifyTime };
      if (versionOf(now) !== version || received.bytes !== file.size) continue;
      const address = addressOf(file.name);
      await fetching.keep({
        arrivals: [{ name: file.name, address, version, ...received }],
        marks: [{ address, mark: version }],
      });
    }
  } catch (error) {
    explain(origin, connector, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function connect(
  client: SftpClient,
  connector: Sftp,
  { secrets }: Fetching,
  origin: string,
): Promise<void> {
  const { host, port, user, password, private_key, passphrase, timeout_seconds } = connector;
  const hosts = openAllowedHosts(connector);
  const credentials = {
    ...(password && { password: secrets.read(password) }),
    ...(private_key && { privateKey: secrets.read(private_key) }),
    ...(passphrase && { passphrase: secrets.read(passphrase) }),
  };
  const sock = await hosts.connect(host, port, timeout_seconds);
  let stranger: string | undefined;
  try {
    await client.connect({
      sock,
      username: user,
      ...credentials,
      readyTimeout: timeout_seconds * 1000,
      keepaliveInterval: 15_000,
      hostVerifier: (key: Buffer) => {
        const print = fingerprint(key);
        if (connector.host_key.some((known) => known.replace(/=$/, "") === print)) return true;
        stranger = print;
        return false;
      },
    });
  } catch (error) {
    if (stranger === undefined) throw error;
    failForGood(
      origin,
      `服务器出示的主机密钥是 ${stranger}，与 connector.host_key 不符，未登录。请向对方核实；确已更换的，改写该项。`,
      `The server shows the host key ${stranger}, which connector.host_key does not name; nobody logged in. Ask those who run it; if the key was changed, write the new one.`,
    );
  }
}

/** Fingerprint of a host key, as ssh-keygen -l prints it. */
function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

async function listFolder(client: SftpClient, folder: string, below = ""): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const entry of await client.list(posix.join(folder, below))) {
    const name = posix.join(below, entry.name);
    if (entry.type === "-") found.push({ name, size: entry.size, modified: entry.modifyTime });
    else if (entry.type === "d" && !entry.name.startsWith(".")) {
      for (const file of await listFolder(client, folder, name)) found.push(file);
    }
  }
  return found;
}

/** Ends a transfer in which nothing has come for so long. */
async function* withDeadline(stream: Readable, { timeout_seconds }: Sftp) {
  const stalled = Object.assign(new Error("stalled"), { code: "ETIMEDOUT" });
  const arm = () => setTimeout(() => stream.destroy(stalled), timeout_seconds * 1000);
  let timer = arm();
  try {
    for await (const chunk of stream) {
      clearTimeout(timer);
      yield chunk as Buffer;
      timer = arm();
    }
  } finally {
    clearTimeout(timer);
  }
}

function explain(origin: string, { path, user }: Sftp, error: unknown): never {
  const { code = "", message = "" } = error as { code?: string | number; message?: string };
  if (/authentication methods failed|Cannot parse privateKey/i.test(message)) {
    failForGood(
      origin,
      `用户 ${user} 未能登录。请核对该数据源的口令或密钥，以及对方是否仍允许该用户。`,
      `The user ${user} could not log in. Check the source's password or key, and whether the user is still admitted.`,
    );
  }
  if (code === 3 || code === "EACCES" || /permission denied/i.test(message)) {
    failForGood(
      origin,
      `无权读取 ${path} 中的文件。请对方授予用户 ${user} 读取权限。`,
      `Files in ${path} may not be read. Have the user ${user} permitted to read them.`,
    );
  }
  if (code === "ENOENT" || code === 2 || /no such file/i.test(message)) {
    failForGood(
      origin,
      `服务器上没有 ${path}。请核对 connector.path。`,
      `There is no ${path} on the server. Check connector.path.`,
    );
  }
  if (/handshake|closed|end event|ERR_GENERIC_CLIENT|timed out/i.test(`${code} ${message}`)) {
    failForNow(
      origin,
      "与服务器的连接中断，稍后再试。若反复如此，请与对方核实。",
      "The connection to the server broke off; it is tried again later. If it stays so, ask those who run it.",
    );
  }
  return explainNetworkError(origin, error);
}
