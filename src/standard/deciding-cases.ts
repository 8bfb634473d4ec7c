import type { ColumnMapping, SourceDefinition } from "./source-definition.ts";

type Case = NonNullable<ColumnMapping["cases"]>[number];

/** One value for each source column that decides. */
type Combination = Readonly<Record<string, string>>;

interface CaseFault {
  readonly path: string[];
  readonly message: string;
}

/** What the cases of a source's columns say against one another or against the column's own codes. */
export function findCaseFaults({ columns }: Pick<SourceDefinition, "columns">): CaseFault[] {
  return Object.entries(columns).flatMap(([name, mapping]) =>
    (mapping.cases ?? []).flatMap((one, at, all) =>
      [...findTwice(all.slice(0, at), one, at), ...findAgainstCodes(mapping, one, at)].map(
        (message) => ({ path: ["columns", name, "cases", String(at)], message }),
      ),
    ),
  );
}

/** Values that an earlier case has decided: this one never does. */
function findTwice(earlier: readonly Case[], one: Case, at: number): string[] {
  return listCombinations(one).flatMap((combination) => {
    const by = earlier.findIndex((each) => decides(each, combination));
    if (by < 0) return [];
    const { is } = earlier[by] as Case;
    const what = Object.entries(combination)
      .map(([name, value]) => `${name} "${value}"`)
      .join(", ");
    return is === one.is
      ? [`${what} stands in case ${by + 1} already; leave it out here`]
      : [`${what} is "${is}" by case ${by + 1} and "${one.is}" by case ${at + 1}; give it one`];
  });
}

function decides({ when }: Case, combination: Combination): boolean {
  return [when].flat().some((way) =>
    Object.entries(way).every(([name, values]) => {
      const value = combination[name];
      return value !== undefined && values.includes(value);
    }),
  );
}

function listCombinations({ when }: Case): Combination[] {
  return [when]
    .flat()
    .flatMap((way) =>
      Object.entries(way).reduce<Combination[]>(
        (made, [name, values]) =>
          made.flatMap((each) => values.map((value) => Object.assign({ [name]: value }, each))),
        [{}],
      ),
    );
}

/** Values of the column's own source column of which its codes say something else, and words that its codes take otherwise. */
function findAgainstCodes({ from, codes }: ColumnMapping, one: Case, at: number): string[] {
  if (typeof codes !== "object") return [];
  const differs = (coded: unknown) => coded !== undefined && String(coded) !== one.is;
  const faults = listCombinations(one).flatMap((combination) => {
    const [[name, value] = ["", ""], ...more] = Object.entries(combination);
    const coded = codes[value];
    if (more.length > 0 || ![from ?? []].flat().includes(name) || !differs(coded)) return [];
    return [
      `${name} "${value}" is "${one.is}" by case ${at + 1} and "${String(coded)}" by the codes; give it one`,
    ];
  });
  if (differs(codes[one.is])) {
    faults.push(
      `case ${at + 1} says "${one.is}", which the codes take for "${String(codes[one.is])}"; call one of them otherwise`,
    );
  }
  return faults;
}
