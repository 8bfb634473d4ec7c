import type { ColumnMapping, SourceDefinition } from "../standard/source-definition.ts";
import type { Bindings } from "./bindings.ts";
import type { ColumnTask, Flag } from "./column-task.ts";
import { convertText } from "./convert.ts";
import {
  besidePath,
  currencyAt,
  currencyBeside,
  currencyCode,
  UNKNOWN_CURRENCY,
} from "./currency-of-row.ts";
import { cleanPath, foundOnce, textIn } from "./json-path.ts";
import { findColumn, type ReadingPlace, readElements, readNamed } from "./read-column.ts";

/** Where a column of money has its currency and its day from, where that is not always the pipeline's currency. */
export interface Money {
  /** SQL over the raw row of the code that the source gives for this column; absent where the core column currency tells. */
  readonly code: string | undefined;
  /** SQL over the raw row of the code of the row's main amount, which holds where this column has none of its own. */
  readonly main: string | undefined;
  /** SQL over the raw row of the text of the amount's own day. */
  readonly day: string | undefined;
  /** What amounts that are added up are taken from, each converted by its own currency and day; absent for single amounts. */
  readonly parts: Parts | undefined;
  /** Core columns of days that tell the rate where the amount has none of its own. */
  readonly on: readonly string[];
}

interface Parts {
  /** SQL over the raw row of the elements of the list, JSON[]. */
  readonly elements: string;
  /** Keys from an element to the amount and to its currency. */
  readonly amount: readonly string[];
  readonly currency: readonly string[];
}

/** The core column that says in which currency the amounts of a row were stated. */
export const CURRENCY = "currency";
/** The core column that keeps what an amount was before it was converted, by the amount's. */
export const STATED: Readonly<Record<string, string>> = { amount: "stated_amount" };

/** Days by which an amount is converted where the source does not say: those of what it is an amount of. */
const DAYS: Readonly<Record<string, readonly string[]>> = {
  amount: ["signed_on"],
  paid_amount: ["paid_on", "signed_on"],
  compensation_due: ["outcome_on"],
  compensation_paid: ["outcome_on"],
};

/** How a column's currency is told; undefined for what is no money, and where it is the pipeline's always. */
export function readMoney(
  { columns }: Pick<SourceDefinition, "columns">,
  { core, type, mapping }: Pick<ColumnTask, "core" | "type" | "mapping">,
  place: ReadingPlace,
): Money | undefined {
  if (!/^DECIMAL\((18|20|24),2\)$/.test(type) || Object.values(STATED).includes(core)) {
    return undefined;
  }
  const names = namesOf(mapping);
  const code = codeOf(mapping, place);
  const main = core === MAIN ? undefined : codeOf(columns[MAIN] ?? {}, place);
  const stated = columns[CURRENCY];
  const isOwn = stated === undefined || stated.value === place.currency;
  if (code === undefined && main === undefined && isOwn) return undefined;
  const on = (mapping.on ?? DAYS[core] ?? []).filter((day) => day in columns);
  const day = mapping.on === undefined ? dayBeside(names, place) : undefined;
  const parts = stated === undefined && day !== undefined ? partsOf(mapping, place) : undefined;
  return { code, main, day, on, parts };
}

function partsOf(mapping: ColumnMapping, place: ReadingPlace): Parts | undefined {
  const [name, second] = namesOf(mapping);
  if (mapping.pick !== "sum" || mapping.currency !== undefined || second !== undefined)
    return undefined;
  const found = readElements(name as string, place);
  if (!found) return undefined;
  const { elements, rest } = found;
  return { elements, amount: rest, currency: [...rest.slice(0, -1), "currency"] };
}

/** The amount of what a row is about: what is paid of it is in its currency unless something else is said. */
const MAIN = "amount";

function namesOf({ from, first_of }: Partial<ColumnMapping>): string[] {
  return [from ?? first_of ?? []].flat();
}

/** SQL of the code that stands beside an amount, or in the column that its mapping names. */
function codeOf(mapping: Partial<ColumnMapping>, place: ReadingPlace): string | undefined {
  return mapping.currency === undefined
    ? firstCurrency(namesOf(mapping), place)
    : currencyAt(mapping.currency, place);
}

/** Names of what tells an amount's currency and day beside the amount itself: what may stand there is read where it does. */
export function moneyNames({ from, first_of, currency, once }: ColumnMapping): string[] {
  const names = [from ?? [], first_of ?? [], once ? [once.sum, once.reaches] : []].flat();
  return [
    ...(currency === undefined ? [] : [currency]),
    ...names.flatMap((name) => [besidePath(name) ?? [], dayPath(name) ?? []].flat()),
  ];
}

/** SQL of the currency beside the first of several amounts that is there. */
function firstCurrency(names: readonly string[], place: ReadingPlace): string | undefined {
  const found = names.filter((name) => findColumn([name], undefined, place));
  const codes = found.map((name) => currencyBeside(name, place));
  if (codes.every((code) => code === undefined)) return undefined;
  if (codes.length === 1) return codes[0];
  const branches = found.map((name, at) => {
    const { text } = readNamed([name], undefined, place);
    return `WHEN nullif(${text}, '') IS NOT NULL THEN ${codes[at] ?? "NULL"}`;
  });
  return `(CASE ${branches.join(" ")} END)`;
}

/** SQL of the last day of the things that amounts are added up from: transactions[*].value.amount has transactions[*].date. */
function dayBeside([name = ""]: readonly string[], place: ReadingPlace): string | undefined {
  const path = place.paths && dayPath(name);
  if (path === undefined || !findColumn([path], undefined, place)) return undefined;
  return readNamed([cleanPath(path)], undefined, place, "max").text;
}

function dayPath(name: string): string | undefined {
  const [, thing] = /^(.*\])\.(?:\w+\.)?amount$/.exec(name) ?? [];
  return thing === undefined ? undefined : `${thing}.date`;
}

/** A column of money, numbered as the columns of the row are. */
type MoneyColumn = Pick<ColumnTask, "position" | "core" | "type"> & { readonly money: Money };

/** What of the row's other columns money hangs on: SQL by core column, over the typed row. */
export interface MoneyPlace {
  readonly bindings: Bindings;
  readonly currency: string;
  readonly zone: string;
  /** SQL of rates by currency and span of days; absent where there are none. */
  readonly rates: string | undefined;
  /** SQL of the text of the core column currency; absent where it is not among the columns. */
  readonly stated: string | undefined;
  readonly days: ReadonlyMap<string, string>;
}

/**
 * SQL of what is read for money from the raw row: z = code of the currency, u = that of the main amount, w = text of the day; and where
 * there is something to convert y = what is added up, and x the rates.
 */
export function readMoneyTexts({ position, money }: MoneyColumn, place: MoneyPlace): string[] {
  const codes = [
    ...(money.code === undefined ? [] : [`z${position}`]),
    ...(money.main === undefined ? [] : [`u${position}`]),
  ];
  const own = place.bindings.bind(place.currency);
  const isOther = `coalesce(${[...codes, own].join(", ")}) <> ${own}`;
  const parts =
    money.parts === undefined || place.rates === undefined
      ? []
      : [
          `CASE WHEN ${isOther} THEN ${money.parts.elements} END AS y${position}`,
          `CASE WHEN ${isOther} THEN (SELECT list(rates) FROM ${place.rates} rates) END AS x${position}`,
        ];
  return [
    ...(money.code === undefined ? [] : [`${money.code} AS z${position}`]),
    ...(money.main === undefined ? [] : [`${money.main} AS u${position}`]),
    ...(money.day === undefined ? [] : [`${money.day} AS w${position}`]),
    ...parts,
  ];
}

/** SQL over the typed row: c = code of the currency, the pipeline's where nothing is said; o = day by which it is converted. */
export function placeMoney({ position, money }: MoneyColumn, place: MoneyPlace): string[] {
  const codes = [
    ...(money.code === undefined ? [] : [`z${position}`]),
    ...(place.stated === undefined ? [] : [currencyCode(place.stated)]),
    ...(money.main === undefined ? [] : [`u${position}`]),
    place.bindings.bind(place.currency),
  ];
  const days = [
    ...(money.day === undefined ? [] : [convertText(`w${position}`, "DATE", place)]),
    ...money.on.flatMap((core) => place.days.get(core) ?? []),
    "vday",
  ];
  const day = days.map((each) => `CAST(${each} AS DATE)`).join(", ");
  return [`coalesce(${codes.join(", ")}) AS c${position}`, `coalesce(${day}) AS o${position}`];
}

/** SQL of the join that finds the rate in force on the amount's day. */
export function joinRate({ position }: MoneyColumn, { rates }: MoneyPlace): string[] {
  const e = `e${position}`;
  return rates === undefined
    ? []
    : [
        `LEFT JOIN ${rates} ${e} ON ${e}.currency = c${position} AND o${position} >= ${e}.begins AND o${position} < ${e}.ends`,
      ];
}

/** SQL of an amount in the pipeline's currency, NULL where it is in another for which there is no rate. */
export function convertMoney(column: MoneyColumn, place: MoneyPlace): string {
  const { position, type, money } = column;
  const own = `c${position} = ${place.bindings.bind(place.currency)}`;
  if (place.rates === undefined) return `(CASE WHEN ${own} THEN v${position} END)`;
  if (money.parts)
    return `(CASE WHEN ${own} THEN v${position} ELSE ${addParts(column, money.parts, place)} END)`;
  const product = `TRY(CAST(CAST(v${position} AS DECIMAL(20,2)) * e${position}.rate AS ${type}))`;
  return `(CASE WHEN ${own} THEN v${position} ELSE ${product} END)`;
}

/** SQL of the sum of amounts that are converted one by one, NULL where one of them cannot be. */
function addParts({ position, type, money }: MoneyColumn, parts: Parts, place: MoneyPlace): string {
  const own = place.bindings.bind(place.currency);
  const code = currencyCode(textIn("e", parts.currency));
  const codes = [code, ...(money.main === undefined ? [] : [`u${position}`]), own].join(", ");
  const day = convertText(textIn("e", ["date"]), "DATE", place);
  const read = `{'amount': TRY_CAST(${textIn("e", parts.amount)} AS DECIMAL(20,2)), 'code': coalesce(${codes}), 'day': coalesce(${day}, o${position})}`;
  const all = `list_filter(list_transform(y${position}, lambda e: ${read}), lambda p: p.amount IS NOT NULL)`;
  const rate = `list_filter(x${position}, lambda r: r.currency = p.code AND p.day >= r.begins AND p.day < r.ends)[1].rate`;
  const each = `list_transform(${all}, lambda p: CASE WHEN p.code = ${own} THEN CAST(p.amount AS DECIMAL(38,10)) ELSE TRY(CAST(p.amount * ${rate} AS DECIMAL(38,10))) END)`;
  const sum = `CASE WHEN len(converted) = list_count(converted) THEN TRY(CAST(list_sum(converted) AS ${type})) END`;
  return foundOnce(each, "converted", sum);
}

/** What a reader is told of amounts in other currencies. */
export function flagMoney(column: MoneyColumn, place: MoneyPlace): Flag[] {
  const { position, core } = column;
  const other = `v${position} IS NOT NULL AND c${position} <> ${place.bindings.bind(place.currency)}`;
  const found = `${convertMoney(column, place)} IS NOT NULL`;
  const flag = (when: string, text: string) => ({ when, text: place.bindings.bind(text) });
  return [
    flag(`${other} AND ${found}`, `converted:${core}`),
    flag(`${other} AND NOT (${found})`, `no-rate:${core}`),
  ];
}

/** SQL of what is kept of an amount as it was stated, by core column. */
export function stateMoney(
  { position, core }: MoneyColumn,
  place: MoneyPlace,
): Map<string, string> {
  const stated = STATED[core];
  if (stated === undefined) return new Map();
  const code = `nullif(c${position}, '${UNKNOWN_CURRENCY}')`;
  const other = `c${position} <> ${place.bindings.bind(place.currency)}`;
  return new Map([
    [CURRENCY, `(CASE WHEN v${position} IS NOT NULL THEN ${code} END)`],
    [stated, `(CASE WHEN ${other} THEN v${position} END)`],
  ]);
}
