/** One event of an alert, as a channel sends it. `message_id` is its idempotency key. */
export interface AlertMessage {
  readonly message_id: string;
  readonly attempts: number;
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

/** The same as Markdown, as group robots take it, cut at a number of bytes without breaking a character. */
export function writeMarkdown(delivery: Delivery, mostBytes: number): string {
  const text = delivery.messages
    .map(
      (message) =>
        `**${writeSubject(message)}**\n> ${message.message_zh}\n> ${message.message_en}\n> ${message.occurred_at} \`${message.alert_id}\``,
    )
    .join("\n\n");
  if (Buffer.byteLength(text) <= mostBytes) return text;
  const end = "\n\n……";
  let cut = Buffer.from(text)
    .subarray(0, mostBytes - Buffer.byteLength(end))
    .toString("utf8");
  while (cut.endsWith("\uFFFD")) cut = cut.slice(0, -1);
  return cut + end;
}

/** The same as data. */
export function writePayload({ key, messages }: Delivery) {
  return {
    key,
    alerts: messages.map(({ attempts: _, ...message }) => message),
  };
}
