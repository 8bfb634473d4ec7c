/** One event of an alert, as a channel sends it. `message_id` is its idempotency key. */
export interface AlertMessage {
  readonly message_id: string;
  /** Its place among the events of its alert. */
  readonly sequence: number;
  readonly kind: string;
  readonly level: "yellow" | "orange" | "red";
  readonly occurred_at: string;
  readonly alert_id: string;
  readonly entity_id: string;
  readonly name_zh: string;
  readonly name_en: string;
  readonly rule_id: string;
  readonly part: string;
  readonly owner: string;
  readonly actor: string;
  readonly message_zh: string;
  readonly message_en: string;
}

/** What a channel delivers: one message, or a digest of several. */
export interface Delivery {
  /** Equal for the same content, so that a receiver can drop what comes twice. */
  readonly key: string;
  readonly messages: readonly AlertMessage[];
}

const LEVEL = {
  yellow: { zh: "黄色", en: "yellow" },
  orange: { zh: "橙色", en: "orange" },
  red: { zh: "红色", en: "red" },
} as const;

const KIND: Record<string, { readonly zh: string; readonly en: string }> = {
  raised: { zh: "新预警", en: "New alert" },
  worsened: { zh: "预警升级", en: "Alert is worse" },
  reopened: { zh: "预警重启", en: "Alert is back" },
  eased: { zh: "预警减轻", en: "Alert has eased" },
  recovered: { zh: "预警解除", en: "Alert has ended" },
  escalated: { zh: "逾期未处置，已上报", en: "Overdue and escalated" },
  routed: { zh: "预警转交", en: "Alert handed over" },
};

/** The headline of a message, Chinese first. */
export function writeSubject({ kind, level, name_zh, name_en }: AlertMessage): string {
  const what = KIND[kind] ?? { zh: kind, en: kind };
  return `【${LEVEL[level].zh}】${what.zh}：${name_zh} | ${what.en}: ${name_en} (${LEVEL[level].en})`;
}

/** The headline of a delivery. */
export function writeTitle({ messages }: Delivery): string {
  const [first] = messages;
  if (messages.length === 1 && first) return writeSubject(first);
  return `预警日报：${messages.length}条 | Daily digest: ${messages.length} alerts`;
}

/** Everything a delivery says, as plain lines: Chinese, then English. */
export function writeText({ messages }: Delivery): string {
  return messages
    .map((message) =>
      [
        writeSubject(message),
        message.message_zh,
        message.message_en,
        `${message.occurred_at}  ${message.alert_id}  ${message.rule_id}`,
      ].join("\n"),
    )
    .join("\n\n");
}

/**
 * The same as Markdown, as group robots take it. Deliveries are made small enough beforehand; of a single message that is too long
 * the sentences are cut, without breaking a character.
 */
export function writeMarkdown({ messages }: Delivery, mostBytes: number): string {
  const text = messages.map((message) => markUp(message)).join("\n\n");
  const [only] = messages;
  if (Buffer.byteLength(text) <= mostBytes || messages.length !== 1 || !only) return text;
  const { message_zh, message_en } = only;
  const without = { ...only, message_zh: "", message_en: "" };
  const room = mostBytes - Buffer.byteLength(markUp(without));
  const shorten = (sentence: string) => cutBytes(plainText(sentence), Math.floor(room / 2));
  return markUp({ ...only, message_zh: shorten(message_zh), message_en: shorten(message_en) });
}

/**
 * The messages of a digest in parts, each of which a receiver takes as one.
 * @param mostBytes of Markdown; none: all in one
 */
export function splitDigest(
  messages: readonly AlertMessage[],
  mostBytes: number | undefined,
): AlertMessage[][] {
  const parts: AlertMessage[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const more = Buffer.byteLength(markUp(message)) + 2;
    const last = parts.at(-1);
    if (last && (mostBytes === undefined || bytes + more <= mostBytes)) {
      last.push(message);
      bytes += more;
    } else {
      parts.push([message]);
      bytes = more;
    }
  }
  return parts;
}

function markUp(message: AlertMessage): string {
  const plain = {
    ...message,
    name_zh: plainText(message.name_zh),
    name_en: plainText(message.name_en),
  };
  const [zh, en] = [plainText(message.message_zh), plainText(message.message_en)];
  return `**${writeSubject(plain)}**\n> ${zh}\n> ${en}\n> ${message.occurred_at} \`${message.alert_id}\``;
}

/** Signs that Markdown reads, and what stands in for them. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  "*": "＊",
  _: "＿",
  "`": "｀",
  "[": "［",
  "]": "］",
  "<": "＜",
  ">": "＞",
  "#": "＃",
  "~": "～",
  "\\": "＼",
  "-": "－",
  "+": "＋",
  ".": "．",
  ")": "）",
};

/**
 * A text in which robots find no Markdown: each sign that would be read becomes its full-width form, on one line; one that would begin a
 * list or an entity (&#42;) too. WeCom does not say that it knows a backslash before a sign, so none is used.
 */
function plainText(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[*_`[\]<>#~\\]/g, (sign) => LOOKALIKES[sign] as string)
    .replace(/&(?=[＃#]?\w+;)/g, "＆")
    .replace(/^([-+]|\d+[.)])(?= )/, (start) =>
      start.replace(/[-+.)]/, (sign) => LOOKALIKES[sign] as string),
    );
}

/** A text of so many characters at most, with a sign that it was cut. */
export function cutText(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

function cutBytes(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text;
  const end = "……";
  let cut = "";
  let bytes = Buffer.byteLength(end);
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) break;
    cut += character;
  }
  return cut + end;
}

/** The same as data. */
export function writePayload({ key, messages }: Delivery) {
  return {
    key,
    alerts: messages.map(({ sequence: _, ...message }) => message),
  };
}
