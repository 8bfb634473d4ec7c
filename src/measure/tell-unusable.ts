import type { Context, StageOutcome } from "../context.ts";
import { sqlFile } from "../store/sql-file.ts";
import { noteChecks } from "./note-checks.ts";

const sql = sqlFile(import.meta.dirname, "tell-unusable.sql");

interface Unusable {
  readonly indicator_id: string;
  readonly bodies: number;
  readonly row_count: number;
}

/**
 * Tells of which indicators bodies have records but no value in the period, since every one of their records was left out: as
 * failed checks of the run and as sentences of the stage. An emptied cell is all it takes.
 */
export async function tellUnusable(context: Context): Promise<StageOutcome["notes"]> {
  const { store, runId, period, indicators } = context;
  const found = await store.rows<Unusable>(sql("unusable-of-run"), {
    run: runId,
    period: period.id,
  });
  const told = found.map(({ indicator_id, bodies, row_count }) => {
    const title = indicators.get(indicator_id)?.title ?? { zh: indicator_id, en: indicator_id };
    return {
      source_id: null,
      failing_rows: row_count,
      observed: String(bodies),
      expected: "0",
      message_zh: `${title.zh}（${indicator_id}）：${bodies} 个单位虽有 ${row_count} 条记录，但没有一条可用，因而没有数值；请核对这些记录是否漏填。`,
      message_en: `${title.en} (${indicator_id}): ${bodies} bodies have ${row_count} record(s) of which not one can be used, and so no value; check whether something was left empty.`,
    };
  });
  await noteChecks(context, "records-usable", told);
  return told.map(({ message_zh: zh, message_en: en }) => ({ zh, en }));
}

/**
 * Tells of which indicators there is no data for anybody in the period, as failed checks and as sentences: a deduction without
 * data spares everybody.
 */
export async function tellEmpty(context: Context): Promise<StageOutcome["notes"]> {
  const { store, runId, period, indicators } = context;
  const found = await store.rows<Pick<Unusable, "indicator_id">>(sql("empty-of-run"), {
    run: runId,
    period: period.id,
  });
  const told = found.map(({ indicator_id }) => {
    const title = indicators.get(indicator_id)?.title ?? { zh: indicator_id, en: indicator_id };
    return {
      source_id: null,
      failing_rows: 0,
      observed: indicator_id,
      expected: "",
      message_zh: `${title.zh}（${indicator_id}）：本期对任何单位都没有数据，据此的得分、扣分、加分或等次限制均未起作用；请核对其来源是否送达。`,
      message_en: `${title.en} (${indicator_id}): there is no data for anybody in this period, and no score, deduction, bonus or veto goes by it; see whether its sources have delivered.`,
    };
  });
  await noteChecks(context, "indicators-with-data", told);
  return told.map(({ message_zh: zh, message_en: en }) => ({ zh, en }));
}
