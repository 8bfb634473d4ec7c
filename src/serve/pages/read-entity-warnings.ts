import type { Month } from "../months/open-month.ts";
import type { EntityData } from "./entity-shape.ts";

interface EpisodeRow {
  readonly warnings_id: string;
  readonly rule_id: string;
  readonly part: string;
  readonly began: string;
  readonly ended: string | null;
  readonly level: string;
  readonly message_zh: string;
  readonly message_en: string;
}

/** The course of a body's risk level by each file of warning rules, and its episodes. */
export async function readWarningsOf(
  month: Month,
  entity: string,
): Promise<EntityData["warnings"]> {
  const episodes = await month.rows<EpisodeRow>("episodes", { entity });
  const rules = await month.rows<{ warnings_id: string; id: string } & Titled>("warning-rules");
  const titleOf = (own: EpisodeRow) => {
    const rule = rules.find(
      ({ warnings_id, id }) => warnings_id === own.warnings_id && id === own.rule_id,
    );
    const part = own.part ? { zh: `（${own.part}）`, en: ` (${own.part})` } : { zh: "", en: "" };
    return {
      zh: `${rule?.title_zh ?? own.rule_id}${part.zh}`,
      en: `${rule?.title_en ?? own.rule_id}${part.en}`,
    };
  };
  return month.report.warnings.flatMap(({ id, title, levels }) => {
    const course = levels.filter(({ entity_id }) => entity_id === entity);
    const now = course.find(({ period }) => period === month.run.period);
    if (!now) return [];
    return {
      warnings_id: id,
      title,
      rating: now.rating,
      course: course.map(({ period, level }) => ({ period, level })),
      reason: { zh: now.reason_zh, en: now.reason_en },
      episodes: episodes
        .filter(({ warnings_id }) => warnings_id === id)
        .map((own) => ({
          rule_id: own.rule_id,
          title: titleOf(own),
          began: own.began,
          ended: own.ended,
          level: own.level,
          message: { zh: own.message_zh, en: own.message_en },
        })),
    };
  });
}

interface Titled {
  readonly title_zh: string;
  readonly title_en: string;
}
