import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openFixture, readEverything } from "./connect-fixture.ts";
import {
  binary,
  freePort,
  has,
  type LoopbackServer,
  makeServerFolder,
  startProgram,
} from "./loopback.ts";

const ROWS = "id,at\n1,2018-01-05\n";
const PASSPHRASE = "phrase for tests";
let server: LoopbackServer;
let fingerprint = "";
let drop = "";

function makeKey(folder: string, name: string, passphrase = ""): string {
  const path = join(folder, name);
  execFileSync(binary("ssh-keygen"), ["-q", "-t", "ed25519", "-N", passphrase, "-f", path]);
  return path;
}

describe.skipIf(!has("sshd", "ssh-keygen"))("SFTP", () => {
  beforeAll(async () => {
    const folder = makeServerFolder("sshd-");
    const port = await freePort();
    const hostKey = makeKey(folder, "host");
    makeKey(folder, "user");
    makeKey(folder, "stranger");
    makeKey(folder, "locked", PASSPHRASE);
    const keys = ["user.pub", "locked.pub"].map((name) => readFileSync(join(folder, name), "utf8"));
    writeFileSync(join(folder, "authorized"), keys.join(""), { mode: 0o600 });
    writeFileSync(
      join(folder, "config"),
      `Port ${port}
ListenAddress 127.0.0.1
HostKey ${hostKey}
AuthorizedKeysFile ${join(folder, "authorized")}
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
`,
    );
    const [, print = ""] = execFileSync(binary("ssh-keygen"), ["-l", "-f", hostKey], {
      encoding: "utf8",
    }).split(" ");
    fingerprint = print;
    // As root it wants a folder of its own for its unprivileged part.
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    server = await startProgram(binary("sshd"), ["-D", "-e", "-f", join(folder, "config")], {
      port,
      folder,
    });
    process.env.LETTERS_KEY = readFileSync(join(folder, "user"), "utf8");
    process.env.LETTERS_PHRASE = PASSPHRASE;
  });

  afterAll(async () => {
    delete process.env.LETTERS_KEY;
    delete process.env.LETTERS_PHRASE;
    await server?.stop();
    rmSync(drop, { recursive: true, force: true });
  });

  beforeEach(() => {
    rmSync(drop || "nothing", { recursive: true, force: true });
    drop = mkdtempSync(join(tmpdir(), "drop 投递-"));
  });

  const put = (name: string, text: string) => {
    mkdirSync(join(drop, name, ".."), { recursive: true });
    writeFileSync(join(drop, name), text);
  };
  const open = (
    more = "",
    {
      key = "private_key: { env: LETTERS_KEY }",
      host_key = fingerprint,
      user = userInfo().username,
      settle = 0,
    } = {},
  ) =>
    openFixture(
      `{ type: sftp, host: 127.0.0.1, port: ${server.port}, user: ${user}, ${key}, host_key: ["${host_key}"], path: "${drop}", allow_hosts: [127.0.0.1], settle_seconds: ${settle}${more} }`,
      "{ type: csv }",
    );

  test("whole files, below folders too, each once; changed ones again; nothing is changed there", async () => {
    put("a.csv", ROWS);
    put("2018/乙 [1].csv", `${ROWS}2,2018-01-06\n`);
    put("half.csv.part", ROWS);
    const fixture = await open(', match: "**/*.csv"');
    expect(await fixture.fetch()).toBe(2);
    expect(await fixture.fetch()).toBe(0);
    expect(await fixture.names()).toEqual(["2018/乙 [1].csv", "a.csv"]);
    expect((await fixture.contents())[1]).toBe(ROWS);
    put("a.csv", `${ROWS}3,2018-01-07\n`);
    utimesSync(join(drop, "a.csv"), 1_500_000_000, 1_500_000_000);
    expect(await fixture.fetch()).toBe(1);
    expect((await fixture.pull()).counts).toMatchObject({ new: 3, rows: 5 });
    expect(readFileSync(join(drop, "half.csv.part"), "utf8")).toBe(ROWS);
    const [row] = await fixture.store.rows<{ address: string }>("SELECT address FROM raw.received");
    expect(row?.address).toBe(`sftp://127.0.0.1:${server.port}${join(drop, "2018/乙 [1].csv")}`);
  });

  test("one that grows is left alone; a marker says that one is whole", async () => {
    put("a.csv", ROWS);
    const fixture = await open("", { settle: 1.2 });
    const writing = setInterval(() => appendFileSync(join(drop, "a.csv"), "2,x\n"), 100);
    expect(await fixture.fetch()).toBe(0);
    clearInterval(writing);
    expect(await fixture.fetch()).toBe(1);
    const marked = await open(", done_marker: .ok");
    expect(await marked.fetch()).toBe(0);
    put("a.csv.ok", "");
    expect(await marked.fetch()).toBe(1);
  });

  test("a large file arrives byte for byte", async () => {
    const text = Array.from({ length: 200_000 }, (_, index) => `${index},2018-01-05`).join("\n");
    put("large.csv", `id,at\n${text}\n`);
    const fixture = await open();
    await fixture.pull();
    expect((await fixture.contents())[0]).toBe(`id,at\n${text}\n`);
  });

  test("a server with another host key is refused before anybody logs in", async () => {
    put("a.csv", ROWS);
    const fixture = await open("", { host_key: `SHA256:${"A".repeat(43)}` });
    const error = await fixture.fail();
    expect(error.name).toBe("PermanentFetchError");
    expect(error.message).toContain(fingerprint);
    expect(error.message).toContain("host_key");
    expect(await fixture.names()).toEqual([]);
  });

  test("a key with a passphrase; one that is not admitted; and the key is nowhere", async () => {
    put("a.csv", ROWS);
    const folder = server.folder;
    const locked = `private_key: { file: ${join(folder, "locked")} }, passphrase: { env: LETTERS_PHRASE }`;
    expect(await (await open("", { key: locked })).fetch()).toBe(1);
    for (const key of [
      `private_key: { file: ${join(folder, "stranger")} }`,
      `private_key: { file: ${join(folder, "locked")} }`,
      "password: { env: LETTERS_PHRASE }",
    ]) {
      const fixture = await open("", { key });
      const error = await fixture.fail();
      expect(error.name).toBe("PermanentFetchError");
      expect(error.message).toContain("could not log in");
      const said = [
        error.message,
        error.stack,
        fixture.logged(),
        readEverything(join(fixture.folder, "data")),
      ];
      expect(said.join("\n")).not.toContain(PASSPHRASE);
      expect(said.join("\n")).not.toMatch(/PRIVATE KEY|b3BlbnNzaC1rZXktdjE/);
    }
  });

  test("faults: no such folder, a host that is not allowed, nobody there", async () => {
    rmSync(drop, { recursive: true });
    const missing = await (await open()).fail();
    expect(missing.name).toBe("PermanentFetchError");
    expect(missing.message).toContain("connector.path");
    const connector = (port: number, allowed: string) =>
      openFixture(
        `{ type: sftp, host: 127.0.0.1, port: ${port}, user: u, private_key: { env: LETTERS_KEY }, host_key: ["${fingerprint}"], path: /, allow_hosts: [${allowed}] }`,
        "{ type: csv }",
      );
    expect((await (await connector(server.port, "10.0.0.1")).fail()).message).toContain(
      "allow_hosts",
    );
    const nobody = await (await connector(1, "127.0.0.1")).fail();
    expect(nobody.name).toBe("TransientFetchError");
  });
});
