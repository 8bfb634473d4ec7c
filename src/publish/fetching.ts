import { countRequired } from "../standard/pipeline-definition.ts";
import type { Bilingual, Report } from "./report.ts";
import { fill } from "./words.ts";

const POLICIES = {
  all: { zh: "须全部取到", en: "all must be" },
  quorum: { zh: "须取到至少 {required} 个", en: "at least {required} must be" },
  any: { zh: "须取到至少 {required} 个", en: "at least {required} must be" },
} as const;

const FETCHED = {
  zh: "取数：{total} 个数据源取到 {fetched} 个（要求 {policy}：{rule}）。",
  en: "Fetching: {fetched} of {total} sources were fetched (require: {policy}, that is {rule}).",
};

const ABSENT = { zh: "{source}：{reason}", en: "{source}: {reason}" };

const FAILED = {
  zh: "{source}：{reason}沿用此前收到的数据。",
  en: "{source}: {reason} What was received before is used.",
};

/** How many sources could be fetched against what the pipeline requires. */
export function describeFetching({ context, failedPulls }: Report): Bilingual {
  const { pipeline, sources } = context;
  const required = countRequired(pipeline);
  return fill(FETCHED, {
    total: sources.length,
    fetched: sources.length - failedPulls.length,
    policy: pipeline.require,
    rule: fill(POLICIES[pipeline.require], { required }),
  });
}

/** A sentence for each source that could not be fetched. */
export function describeFailedPulls({ context, failedPulls, sources }: Report): Bilingual[] {
  return failedPulls.map(({ source_id, message_zh, message_en }) => {
    const state = sources.find((source) => source.source_id === source_id)?.state;
    const title = context.sources.find(({ source }) => source === source_id)?.title;
    return fill(state === "absent" ? ABSENT : FAILED, {
      source: title ?? { zh: source_id, en: source_id },
      reason: { zh: message_zh, en: message_en },
    });
  });
}
