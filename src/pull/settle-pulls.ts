import type { Context } from "../context.ts";
import { countRequired } from "../standard/pipeline-definition.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { nothingFound, someUnopened } from "./offer-files.ts";
import { joinSentence, type Sentence } from "./sentences.ts";
import { refreshViews } from "./views.ts";

const sql = sqlFile(import.meta.dirname, "pull.sql");

/** A source that could not be fetched after its last try, and why. */
export interface FailedPull {
  readonly source: string;
  readonly sentence: Sentence;
}

/** A source that did not give all it should. */
interface Lack extends FailedPull {
  readonly title: SourceDefinition["title"];
  /** Not reached; reached, but nothing was ever received; reached and read in part. */
  readonly kind: "unfetched" | "absent" | "incomplete";
}

/**
 * Ends the fetching of a run: writes down which sources did not give what they should (not reached, never anything received, files
 * that cannot be opened), makes the views of the raw layer, and judges by the pipeline's policy whether the run goes on.
 * @param unopened by source, how many of its files lie there and could not be opened
 * @returns a sentence for each source that lacks something
 * @throws Error in a sentence when fewer sources were there than the policy requires
 */
export async function settlePulls(
  context: Context,
  failed: readonly FailedPull[],
  unopened: ReadonlyMap<string, number>,
): Promise<Sentence[]> {
  const { store, sources, receivedAt } = context;
  const lacks = await findLacks(context, failed, unopened);
  await store.transaction(async () => {
    for (const { source } of sources) {
      const lack = lacks.find((one) => one.source === source);
      await store.run(sql("note-attempt"), {
        source_id: source,
        attempted_at: receivedAt,
        failed_because: lack ? joinSentence(lack.sentence) : null,
      });
    }
  });
  await refreshViews(context);
  refuseTooFew(context, lacks);
  // Of what was never there and what cannot be opened the pull itself has told.
  return lacks
    .filter(({ kind }) => kind === "unfetched")
    .map(({ title, sentence }) => ({
      zh: `${title.zh}：本次未能取到，沿用此前收到的数据。${sentence.zh}`,
      en: `${title.en}: it could not be fetched, and what was received before is used. ${sentence.en}`,
    }));
}

/** In the order of the pipeline's sources. */
async function findLacks(
  { store, sources }: Context,
  failed: readonly FailedPull[],
  unopened: ReadonlyMap<string, number>,
): Promise<Lack[]> {
  const held = await store.rows<{ source_id: string }>(sql("sources-held"));
  return sources.flatMap((definition): Lack[] => {
    const { source, title, connector } = definition;
    const failure = failed.find((one) => one.source === source);
    if (failure) return [{ source, title, kind: "unfetched", sentence: failure.sentence }];
    const count = unopened.get(source) ?? 0;
    if (count > 0) return [{ source, title, kind: "incomplete", sentence: someUnopened(count) }];
    // An inbox into which nothing was handed yet is no fault.
    const isHeld = held.some(({ source_id }) => source_id === source);
    if (isHeld || connector.type === "inbox") return [];
    return [{ source, title, kind: "absent", sentence: nothingFound(definition) }];
  });
}

/** Under `any` only sources that cannot be reached count against a run: one whose ranking would be empty is not published anyway. */
function refuseTooFew({ pipeline, sources }: Context, lacks: readonly Lack[]): void {
  const counted = lacks.filter(({ kind }) => pipeline.require !== "any" || kind === "unfetched");
  const there = sources.length - counted.length;
  const required = countRequired(pipeline);
  if (there >= required) return;
  const reasons = (language: "zh" | "en") =>
    counted.map(({ source, sentence }) => `${source}: ${sentence[language]}`).join(" ");
  throw new Error(
    `${sources.length} 个数据源只取到 ${there} 个，流程“${pipeline.pipeline}”要求 ${required} 个（require: ${pipeline.require}），未发布。${reasons("zh")}\nOnly ${there} of ${sources.length} sources could be fetched, and the pipeline "${pipeline.pipeline}" requires ${required} (require: ${pipeline.require}). Nothing was published. ${reasons("en")}`,
  );
}
