import { type Command, InvalidArgumentError, Option } from "commander";
import { add } from "date-fns";
import { ROLES } from "../serve/auth/roles.ts";
import { addToken, type KeptToken, readTokens, revokeToken } from "../serve/auth/token-file.ts";
import { act, type CommonOptions, configFor, makeCommand, readCount } from "./command.ts";
import { padColumns, printResult } from "./terminal.ts";

interface AddOptions extends CommonOptions {
  readonly role: Exclude<(typeof ROLES)[number], "public">;
  readonly body?: string;
  readonly office?: string;
  readonly days: string;
}

/** `zhengxin token`: who may use the web server's doors. */
export function tokenCommand(): Command {
  return (
    makeCommand("token", "Give out, list and revoke tokens of the web server and its API.", [
      "token add 王分析 --role analyst",
      "token add 崂山区信用办 --role officer --body 370212 --days 90",
      "token add 市财政局预算处 --role analyst --office finance-bureau",
      "token list",
      "token revoke 1f2e3d4c",
    ])
      // Options after the name of an action belong to the action.
      .enablePositionalOptions()
      .addCommand(addCommand())
      .addCommand(
        makeCommand("list", "Show the tokens given out; the secrets are kept nowhere.", [
          "token list",
        ]).action(act(list)),
      )
      .addCommand(
        makeCommand("revoke", "Take a token's rights, at once and for good.", [
          "token revoke 1f2e3d4c",
        ])
          .argument("<id>", "the token's id, as in the list")
          .action(act(revoke)),
      )
  );
}

function addCommand(): Command {
  return makeCommand("add", "Make a token; it is shown this once.", [
    "token add 王分析 --role analyst",
  ])
    .argument("<name>", "whose it is", (name: string) => {
      if (name.trim() === "" || name.length > 80) {
        throw new InvalidArgumentError("Give a name of at most 80 characters.");
      }
      return name;
    })
    .addOption(
      new Option("--role <role>", "what it may do")
        .choices(ROLES.filter((role) => role !== "public"))
        .makeOptionMandatory(),
    )
    .option("--body <entity>", "the body an officer acts for; without it, for any")
    .option("--office <id>", "the office it belongs to, as the pipeline's offices name it")
    .option("--days <count>", "how long it is good", readCount, "365")
    .action(act(give));
}

async function give(name: string, options: AddOptions): Promise<undefined> {
  const expiresAt = add(new Date(), { days: Number(options.days) });
  const { role, body, office } = options;
  if (body !== undefined && office !== undefined) {
    throw new Error(
      "--body 与 --office 只能给一个：代表某单位的令牌只看该单位的内容。Give --body or --office, not both: a token that acts for a body sees what is of that body.",
    );
  }
  const { secret, kept } = addToken(configFor(options), { name, role, body, office, expiresAt });
  printResult(
    options.json,
    { ...describe(kept), token: secret },
    `${secret}\n\n令牌 ${kept.id}（${name}，${role}）只显示这一次，请妥善保管。\nToken ${kept.id} (${name}, ${role}) is shown this once; keep it as you keep a password.`,
  );
}

async function list(options: CommonOptions): Promise<undefined> {
  const tokens = readTokens(configFor(options));
  const now = new Date().toISOString();
  const lines = tokens.map((token) => {
    const state = token.revoked_at
      ? "revoked"
      : token.expires_at && token.expires_at <= now
        ? "expired"
        : "in force";
    return `${token.id}  ${padColumns(token.name, 20)} ${token.role.padEnd(8)} ${(token.body ?? token.office ?? "–").padEnd(18)} ${state.padEnd(9)} ${token.expires_at?.slice(0, 10) ?? "–"}`;
  });
  printResult(
    options.json,
    tokens.map(describe),
    lines.length > 0 ? lines.join("\n") : "还没有令牌。No tokens yet: zhengxin token add.",
  );
}

async function revoke(id: string, options: CommonOptions): Promise<undefined> {
  const kept = revokeToken(configFor(options), id);
  printResult(
    options.json,
    describe(kept),
    `令牌 ${id}（${kept.name}）已吊销。Token ${id} (${kept.name}) is revoked.`,
  );
}

/** A token without its hash, which nobody needs to see. */
function describe({ sha256: _, ...token }: KeptToken) {
  return token;
}
