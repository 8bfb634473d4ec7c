import type { z } from "zod";
import type { Bilingual } from "../../publish/report.ts";
import type { ServedPipeline } from "../months/find-month.ts";
import type { Month } from "../months/open-month.ts";
import type { LookAtRun } from "../months/show-run.ts";
import type { Language } from "../page/language.ts";
import type { Markup } from "../page/layout.ts";
import type { PageTextKey } from "../page/texts.ts";

/** What of the program a page may look at besides the month. */
export interface PageSurroundings {
  readonly workspace: string;
  readonly served: ServedPipeline;
  readonly look: LookAtRun;
}

export type Query = Readonly<Record<string, string | undefined>>;

/** A request for a page: the rest of its path ("370202" of entity/370202), and its checked query. */
export interface PageRequest<Q> {
  readonly month: Month;
  readonly rest: string;
  readonly query: Q;
  readonly around: PageSurroundings;
}

/** What a page is drawn from. */
export interface PageView<D> {
  readonly data: D;
  readonly month: Month;
  readonly language: Language;
  readonly around: PageSurroundings;
  /** Address of a page of the same pipeline and period: `link("entity/370202")`, `link("compare", {a: "1"})`. */
  link(path: string, query?: Query): string;
}

export interface DrawnPage {
  readonly title: Bilingual;
  readonly main: Markup;
  readonly entry?: PageTextKey;
  readonly charts?: boolean;
}

export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string | number | boolean | null>>[];
}

/** A page in its three forms: one reading of the data, as HTML, JSON and CSV at the same address. */
export interface PageDefinition<Q extends z.ZodType, D extends z.ZodType> {
  /** First part of the path below the pipeline; empty for the overview. */
  readonly name: string;
  /** Whether more of a path follows: an id. */
  readonly rest: "none" | "optional" | "required";
  /** Name of the rest in the API's description. */
  readonly restName?: string;
  readonly summary: Bilingual;
  readonly query: Q;
  readonly data: D;
  /** Made anew each time: it tells what is being made just now. */
  readonly passing?: boolean;
  /** Undefined where there is nothing of the kind. */
  read(request: PageRequest<z.infer<Q>>): Promise<z.infer<D> | undefined>;
  toCsv(data: z.infer<D>): CsvTable;
  draw(view: PageView<z.infer<D>>): DrawnPage | Promise<DrawnPage>;
}

export type AnyPage = PageDefinition<z.ZodType, z.ZodType>;

/** States a page; its types follow from its schemas. */
export function definePage<Q extends z.ZodType, D extends z.ZodType>(
  page: PageDefinition<Q, D>,
): AnyPage {
  return page as unknown as AnyPage;
}
