import type { ColumnMapping, SourceDefinition } from "../standard/source-definition.ts";
import { plainPaths } from "./json-path.ts";
import { KNOWN_FROM } from "./known-from.ts";
import { isMisspelt } from "./nearest-header.ts";
import { findColumn, listNames, type ReadingPlace } from "./read-column.ts";

/** What a definition reads from one column of its files. */
export interface WantedColumn {
  /** The core column it is for; "only", "except" or known_from where it decides about whole rows. */
  readonly core: string;
  /** As the definition names it: any of them will do. */
  readonly names: readonly string[];
  readonly matching?: string | undefined;
  /** A file may lack it. */
  readonly optional: boolean;
}

/** Every column a definition reads, in its order: values, conditions, times of knowledge, what is kept apart. */
export function listWanted(source: SourceDefinition): WantedColumn[] {
  const { known_at, only, except, restricted = [] } = source;
  const wanted = Object.entries(source.columns).flatMap(([core, mapping]) =>
    listMapped(core, mapping),
  );
  for (const [core, rules] of Object.entries({ only, except })) {
    for (const [name, values] of Object.entries(rules ?? {})) {
      wanted.push({ core, names: [name], optional: values.includes("") });
    }
  }
  if (typeof known_at === "object" && "column" in known_at) {
    const optional = known_at.optional === true;
    wanted.push({ core: KNOWN_FROM, names: listNames(known_at.column), optional });
  }
  if (source.order !== undefined && !source.columns[source.order]) {
    wanted.push({ core: "order", names: [source.order], optional: false });
  }
  for (const { from, of, optional = false } of restricted) {
    wanted.push({ core: of, names: [from], optional });
  }
  return wanted;
}

/** Columns that a mapping reads: one for its names over the years, one each for columns that are read together. */
function listMapped(core: string, mapping: ColumnMapping): WantedColumn[] {
  const {
    from,
    first_of = [],
    matching,
    template,
    file,
    when,
    cases = [],
    once,
    currency,
  } = mapping;
  const optional = mapping.optional === true;
  const wanted: WantedColumn[] = [];
  const add = (names: readonly string[], pattern?: string) =>
    wanted.push({ core, names, matching: pattern, optional });
  if (from !== undefined || matching !== undefined) add(listNames(from), matching);
  const glued = template !== undefined && file === undefined ? namesIn(template) : [];
  const ways = [when ?? [], ...cases.map((each) => each.when)].flat();
  const decisive = ways.flatMap((way) => Object.keys(way));
  for (const name of new Set([...first_of, ...glued, ...decisive])) add([name]);
  if (currency !== undefined) add([currency]);
  if (once) for (const name of [once.sum, once.reaches]) add([name]);
  return wanted;
}

/** Source columns in a template. */
function namesIn(template: string): string[] {
  return [...template.matchAll(/\$\{([^}]+)\}/g)].map(([, name]) => name as string);
}

/**
 * What of it the files at hand do not have though the definition says they must. JSON leaves keys out where there is no
 * value: there, what no record has is not delivered, unless every row needs it or another key looks like it misspelt.
 * @param needed core columns every row needs
 */
export function findMissing(
  wanted: readonly WantedColumn[],
  needed: ReadonlySet<string>,
  place: Pick<ReadingPlace, "columns" | "paths" | "keys">,
): WantedColumn[] {
  const lacking = wanted.filter(
    ({ names, matching, optional }) =>
      !optional && findColumn(names, matching, place) === undefined,
  );
  const { paths, keys } = place;
  if (!paths || !keys || lacking.length === 0) return lacking;
  const read = new Set(wanted.flatMap(({ names }) => names.flatMap(plainPaths)));
  return lacking.filter(
    ({ core, names }) =>
      (needed.has(core) && names.length > 0) ||
      names.some((name) => findMisspelt(name, keys, read) !== undefined),
  );
}

/** The key that stands where a path's first key that no record has should stand, and differs from it by a slip of the pen. */
export function findMisspelt(
  name: string,
  keys: ReadonlySet<string>,
  read: ReadonlySet<string>,
): string | undefined {
  const lost = plainPaths(name).find((path) => !keys.has(path));
  if (lost === undefined) return undefined;
  const steps = lost.split(".");
  const at = steps.findIndex((_, index) => !keys.has(steps.slice(0, index + 1).join(".")));
  const parent = steps
    .slice(0, at)
    .map((step) => `${step}.`)
    .join("");
  const isRead = (path: string) => [...read].some((one) => `${one}.`.startsWith(`${path}.`));
  return [...keys]
    .filter((path) => path.startsWith(parent) && !isRead(path))
    .map((path) => path.slice(parent.length))
    .find((key) => !key.includes(".") && isMisspelt(steps[at] as string, key));
}
