import type { Context } from "../context.ts";
import { countRequired } from "../standard/pipeline-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { joinSentence, type Sentence } from "./sentences.ts";
import { refreshViews } from "./views.ts";

const sql = sqlFile(import.meta.dirname, "pull.sql");

/** A source that could not be fetched after its last try, and why. */
export interface FailedPull {
  readonly source: string;
  readonly sentence: Sentence;
}

/**
 * Ends the fetching of a run: writes down which sources could not be fetched, makes the views of the raw layer,
 * and judges by the pipeline's policy whether the run goes on.
 * @returns a sentence for each source that failed
 * @throws Error in a sentence when fewer sources were fetched than the policy requires
 */
export async function settlePulls(
  context: Context,
  failed: readonly FailedPull[],
): Promise<Sentence[]> {
  const { store, sources, receivedAt } = context;
  const reasons = new Map(failed.map(({ source, sentence }) => [source, sentence]));
  await store.transaction(async () => {
    for (const { source } of sources) {
      const reason = reasons.get(source);
      await store.run(sql("note-attempt"), {
        source_id: source,
        attempted_at: receivedAt,
        failed_because: reason ? joinSentence(reason) : null,
      });
    }
  });
  await refreshViews(context);
  refuseTooFew(context, failed);
  return sources.flatMap(({ source, title }) => {
    const reason = reasons.get(source);
    if (!reason) return [];
    return [
      {
        zh: `${title.zh}：本次未能取到，沿用此前收到的数据。${reason.zh}`,
        en: `${title.en}: it could not be fetched, and what was received before is used. ${reason.en}`,
      },
    ];
  });
}

function refuseTooFew({ pipeline, sources }: Context, failed: readonly FailedPull[]): void {
  const fetched = sources.length - failed.length;
  const required = countRequired(pipeline);
  if (fetched >= required) return;
  const reasons = failed.map(({ source, sentence }) => `${source}: ${sentence.en}`).join(" ");
  throw new Error(
    `Only ${fetched} of ${sources.length} sources could be fetched, and the pipeline "${pipeline.pipeline}" requires ${required} (require: ${pipeline.require}). Nothing was published. ${reasons}`,
  );
}
