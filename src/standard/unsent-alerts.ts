import {
  type AlertChannel,
  audienceOfChannel,
  type ChannelFile,
  readChannels,
} from "./alert-channels.ts";
import { type Audience, audienceOfWarnings, isWithin } from "./audience.ts";
import type { Bilingual } from "./bilingual.ts";
import { readWarnings, type WarningDefinition } from "./warning-definition.ts";

/**
 * Alerts that a channel does not carry because its file does not say who reads it: such a channel counts as public, and warnings
 * that are for fewer eyes are not sent there. Whoever wrote the file before warnings had audiences is told so.
 */
export function findUnsent(
  { channels }: ChannelFile,
  warnings: readonly Pick<WarningDefinition, "id" | "title" | "audience" | "series">[],
): Bilingual[] {
  return channels.filter(isUnstated).flatMap((channel) =>
    warnings
      .map((one) => ({ ...one, audience: audienceOfWarnings(one) }))
      .filter(({ audience }) => !isWithin(audience, audienceOfChannel(channel)))
      .map(({ title, audience }) => say(channel, title, audience)),
  );
}

/** The same for the channels of a settings file and the warnings of these ids. */
export function readUnsent(
  workspace: string,
  channelFile: string | undefined,
  ids: readonly string[],
): Bilingual[] {
  const warnings = [...new Set(ids)].map((id) => readWarnings(workspace, id));
  return findUnsent(readChannels(channelFile ?? ""), warnings);
}

function isUnstated({ owners, audience, body }: AlertChannel): boolean {
  return owners === undefined && audience === undefined && body === undefined;
}

const READERS: Record<Audience, Bilingual> = {
  public: { zh: "公众", en: "everybody" },
  bodies: { zh: "所涉单位", en: "the body concerned" },
  officers: { zh: "工作人员", en: "officers" },
  internal: { zh: "指定单位", en: "the offices named" },
};

function say({ id }: AlertChannel, title: Bilingual, audience: Audience): Bilingual {
  const { zh, en } = READERS[audience];
  return {
    zh: `通知渠道“${id}”没有写明由谁阅读（owners 或 audience），按公开渠道处理：只供${zh}的“${title.zh}”不会由它发出。确由有关单位阅读的，请写 audience: ${audience}。`,
    en: `The channel "${id}" does not say who reads it (owners or audience), so it counts as public: "${title.en}", which is for ${en}, is not sent there. If none but they read it, write audience: ${audience}.`,
  };
}
