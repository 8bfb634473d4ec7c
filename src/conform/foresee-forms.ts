import type { Context } from "../context.ts";
import { fits } from "./described-by.ts";
import { groupFiles, isReadable, readFiles } from "./raw-files.ts";

/** What today's definition of a source makes of the files held, in files. */
export interface HeldForms {
  readonly source: string;
  readonly files: number;
  /** Fit it, and are read by it. */
  readonly asToday: number;
  /** Do not fit it, and go on being read by the definition they were used by. */
  readonly asBefore: number;
  /** Do not fit it, and were never used by another: they will be refused. */
  readonly unfit: number;
}

/** Foresees how the files held of a pipeline's sources will be read; nothing is changed by it. */
export async function foreseeForms(
  context: Pick<Context, "store" | "pipeline" | "sources">,
): Promise<HeldForms[]> {
  const held = await readFiles(context as Context);
  const forms: HeldForms[] = [];
  for (const source of context.sources) {
    const all = held.get(source.source) ?? [];
    const files = all.filter(isReadable);
    const groups = await groupFiles(context as Context, source, files);
    const count = (some: typeof groups) => some.reduce((sum, group) => sum + group.files.length, 0);
    const today = groups.filter((group) => group.source === source);
    const isUnfit = (group: (typeof groups)[number]) => !fits(source, group);
    forms.push({
      source: source.source,
      files: files.length,
      asToday: count(today.filter((group) => !isUnfit(group))),
      asBefore: count(groups.filter((group) => group.source !== source)),
      unfit: count(today.filter(isUnfit)),
    });
  }
  return forms;
}
