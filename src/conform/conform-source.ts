import type { Context } from "../context.ts";
import { limitKnown } from "../known-scope.ts";
import type { Refusal } from "../standard/delivery.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { withinTime } from "../store/within-time.ts";
import { conformFiles, type SourceOutcome, tryFiles, type Workshop } from "./conform-files.ts";
import { secondsFor } from "./conform-time.ts";
import { type FaultOfContent, faultOfContent } from "./fault-of-content.ts";
import { findAtFault, refuseAtFault } from "./files-at-fault.ts";
import { isReadable, type RawFile } from "./raw-files.ts";

/**
 * Conforms the files of a source. Where the database cannot work with what is in them, the files at fault are found by trying
 * them apart, and refused by name; the rest is done without them.
 * @param context with a store that nothing else works with meanwhile: memory is shared
 * @throws Error in a sentence when the definition does not fit its core table; QueryError or OutOfTime when no file is at fault
 */
export async function conformSource(
  context: Context,
  source: SourceDefinition,
  workshop: Workshop,
): Promise<SourceOutcome> {
  let all = workshop.held.get(source.source) ?? [];
  const refusals: Refusal[] = [];
  let unexplained = 0;
  for (;;) {
    try {
      const outcome = await conformInTime(context, source, workshop, all);
      return { ...outcome, refusals: [...refusals, ...outcome.refusals] };
    } catch (failure) {
      if (!faultOfContent(failure)) throw failure;
      const guilty = await findGuilty(context, source, workshop, all, failure);
      await openAnew(context, workshop.lookupCache);
      if (guilty.length === 0 && ++unexplained > 1) throw failure;
      for (const { file, fault } of guilty) {
        const { duckdb } = workshop;
        const { refused, refusal } = await refuseAtFault(context, source, { file, fault, duckdb });
        all = all.map((each) => (each.file_id === refused.file_id ? refused : each));
        refusals.push(refusal);
      }
    }
  }
}

/**
 * As conformFiles, in no more than its time.
 * @throws also OutOfTime
 */
export function conformInTime(
  context: Context,
  source: SourceDefinition,
  workshop: Workshop,
  all: readonly RawFile[],
): Promise<SourceOutcome> {
  const seconds = secondsFor(context, all.filter(isReadable));
  return withinTime(context.store, seconds, () => conformFiles(context, source, workshop, all));
}

/** A failure may leave memory taken, or a database that takes no statement: what comes next must not suffer from it. */
export async function openAnew(
  context: Context,
  lookupCache?: Workshop["lookupCache"],
): Promise<void> {
  await context.store.reopen();
  await limitKnown(context.store, context);
  lookupCache?.clear();
}

/**
 * The files that fail in a database opened anew.
 * @throws the failure itself when it comes without any file
 */
async function findGuilty(
  context: Context,
  source: SourceDefinition,
  workshop: Workshop,
  all: readonly RawFile[],
  failure: unknown,
): Promise<readonly { readonly file: RawFile; readonly fault: FaultOfContent }[]> {
  const faults = new Map<number, FaultOfContent>();
  const fails = async (files: readonly RawFile[]) => {
    const { source: name } = source;
    context.progress.step("conform", 0, files.length, `${name}: ${files.length}`);
    await openAnew(context, workshop.lookupCache);
    try {
      await withinTime(context.store, secondsFor(context, files), () =>
        tryFiles(context, source, workshop, files),
      );
      return false;
    } catch (error) {
      const fault = faultOfContent(error);
      if (!fault) throw error;
      for (const { file_id } of files) faults.set(file_id, fault);
      return true;
    }
  };
  const readable = all.filter(isReadable);
  const fresh = readable.filter((file) => !file.conformed && file.refused_because === null);
  if (readable.length === 0 || (await fails([]))) throw failure;
  const found = await findAtFault(fresh.length > 0 ? fresh : readable, fails);
  return found.map((file) => ({ file, fault: faults.get(file.file_id) as FaultOfContent }));
}
