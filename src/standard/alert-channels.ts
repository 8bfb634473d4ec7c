import { dirname, resolve } from "node:path";
import { z } from "zod";
import { isThere } from "../whole-file.ts";
import { type Audience, audience } from "./audience.ts";
import { readYaml } from "./yaml-document.ts";

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "write the time of day as 08:30");
const level = z.enum(["yellow", "orange", "red"]);

const shared = {
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens only"),
  /** Owners whose alerts it carries; default: all. */
  owners: z.array(z.string()).min(1).optional(),
  /** Who reads it: alerts for fewer eyes are not sent. Default: the offices, where it carries certain owners' alerts; else everybody. */
  audience: audience.optional(),
  /** Code of the body that reads it: it carries the alerts of that body alone. A channel for `bodies` must say which. */
  body: z.string().min(1).optional(),
  /** Milder alerts are not sent. */
  at_least: level.default("yellow"),
  /** Time of day at which everything since is sent as one message; without it each is sent at once. */
  digest: clock.optional(),
  /** Day from which it carries what happened; without it a channel that is added begins with what happens from then on. */
  since: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, "write the day as 2019-03-31")
    .optional(),
};

const address = z.url({ protocol: /^https?$/ });

const channel = z.discriminatedUnion("kind", [
  /** One JSON file a message, below the jurisdiction's data folder. */
  z.strictObject({
    ...shared,
    kind: z.literal("file"),
    folder: z.string().min(1).default("alerts"),
  }),
  z.strictObject({
    ...shared,
    kind: z.literal("email"),
    host: z.string().min(1),
    port: z.number().int().min(1).max(65535).default(587),
    /** TLS from the first byte; else STARTTLS where the server offers it. */
    secure: z.boolean().default(false),
    user: z.string().optional(),
    /** File that holds the password, readable by its owner only. */
    password_file: z.string().optional(),
    from: z.string().min(3),
    to: z.array(z.string().min(3)).min(1),
  }),
  /** JSON by POST, signed by HMAC-SHA256 with the secret in the file. */
  z.strictObject({ ...shared, kind: z.literal("webhook"), url: address, secret_file: z.string() }),
  /** A group robot of WeCom (企业微信). */
  z.strictObject({ ...shared, kind: z.literal("wecom"), url: address }),
  /** A group robot of DingTalk (钉钉), signed where it has a secret. */
  z.strictObject({
    ...shared,
    kind: z.literal("dingtalk"),
    url: address,
    secret_file: z.string().optional(),
  }),
  /** A group robot of Feishu (飞书) or Lark, signed where it has a secret. */
  z.strictObject({
    ...shared,
    kind: z.literal("feishu"),
    url: address,
    secret_file: z.string().optional(),
  }),
]);

const schema = z.strictObject({
  channels: z.array(
    channel.refine((one) => one.audience !== "bodies" || one.body !== undefined, {
      path: ["body"],
      message:
        '写明供哪个单位阅读，如 body: "370214"，否则一个单位会读到其他单位的预警；say which body reads it, or it would read the alerts of others',
    }),
  ),
  /** No message goes out between these times of day, but those of the level excepted. */
  quiet_hours: z.strictObject({ from: clock, to: clock, except: level.optional() }).optional(),
});

export type ChannelFile = z.infer<typeof schema>;
export type AlertChannel = ChannelFile["channels"][number];

/** Who reads a channel. */
export function audienceOfChannel({ audience: stated, owners, body }: AlertChannel): Audience {
  return stated ?? (body !== undefined ? "bodies" : owners === undefined ? "public" : "internal");
}

/** What is used while nobody has written a file: messages are laid down as files. */
const FALLBACK: ChannelFile = {
  channels: [
    { id: "file", kind: "file", folder: "alerts", at_least: "yellow", audience: "internal" },
  ],
};

/**
 * Reads where alerts are sent to; without a file they are written as files into the data folder. Files of secrets are named from
 * the folder the file itself is in.
 * @throws DefinitionError with line and column of every fault
 */
export function readChannels(file: string): ChannelFile {
  if (!isThere(file)) return FALLBACK;
  const { channels, ...rest } = readYaml(file, schema).value;
  const beside = (name: string) => resolve(dirname(file), name);
  return {
    ...rest,
    channels: channels.map((channel) => {
      if (channel.kind === "email" && channel.password_file !== undefined) {
        return { ...channel, password_file: beside(channel.password_file) };
      }
      if ("secret_file" in channel && channel.secret_file !== undefined) {
        return { ...channel, secret_file: beside(channel.secret_file) };
      }
      return channel;
    }),
  };
}
