import type { Context } from "../context.ts";
import type { Refusal } from "../standard/delivery.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import type { QueryError } from "../store/query-error.ts";
import { conformFiles, type SourceOutcome, tryFiles, type Workshop } from "./conform-files.ts";
import { errorOfContent, findAtFault, refuseAtFault } from "./files-at-fault.ts";
import { isReadable, type RawFile } from "./raw-files.ts";

/**
 * Conforms the files of a source. Where the database cannot work with what is in them, the files at fault are found by trying
 * them apart, and refused by name; the rest is done without them.
 * @param context with a store that nothing else works with meanwhile: memory is shared
 * @throws Error in a sentence when the definition does not fit its core table; QueryError when no file is at fault
 */
export async function conformSource(
  context: Context,
  source: SourceDefinition,
  workshop: Workshop,
): Promise<SourceOutcome> {
  let all = workshop.held.get(source.source) ?? [];
  const refusals: Refusal[] = [];
  for (;;) {
    try {
      const outcome = await conformFiles(context, source, workshop, all);
      return { ...outcome, refusals: [...refusals, ...outcome.refusals] };
    } catch (failure) {
      const error = errorOfContent(failure);
      if (!error) throw failure;
      for (const guilty of await findGuilty(context, source, workshop, all, error)) {
        const { refused, refusal } = await refuseAtFault(context, source, {
          ...guilty,
          duckdb: workshop.duckdb,
        });
        all = all.map((file) => (file.file_id === refused.file_id ? refused : file));
        refusals.push(refusal);
      }
    }
  }
}

/** @throws the error itself when it comes without any file, or the database takes no statement any more */
async function findGuilty(
  context: Context,
  source: SourceDefinition,
  workshop: Workshop,
  all: readonly RawFile[],
  error: QueryError,
): Promise<readonly { readonly file: RawFile; readonly error: QueryError }[]> {
  const errors = new Map<number, QueryError>();
  const fails = async (files: readonly RawFile[]) => {
    const { source: name } = source;
    context.progress.step("conform", 0, files.length, `${name}: ${files.length}`);
    try {
      await tryFiles(context, source, workshop, files);
      return false;
    } catch (failure) {
      const found = errorOfContent(failure);
      if (!found) throw error;
      for (const { file_id } of files) errors.set(file_id, found);
      return true;
    }
  };
  const readable = all.filter(isReadable);
  const fresh = readable.filter((file) => !file.conformed && file.refused_because === null);
  if (readable.length === 0 || (await fails([]))) throw error;
  const found = await findAtFault(fresh.length > 0 ? fresh : readable, fails);
  return found.map((file) => ({ file, error: errors.get(file.file_id) ?? error }));
}
