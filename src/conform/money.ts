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
import { cleanPath } from "./json-path.ts";
import { findColumn, type ReadingPlace, readNamed } from "./read-column.ts";

/** Where a column of money has its currency and its day from, where that is not always the pipeline's currency. */
export interface Money {
  /** SQL over the raw row of the code that the source gives for this column; absent where the core column currency tells. */
  readonly code: string | undefined;
  /** SQL over the raw row of the code of the row's main amount, which holds where this column has none of its own. */
  readonly main: string | undefined;
  /** SQL over the raw row of the text of the amount's own day. */
  readonly day: string | undefined;
  /** Core columns of days that tell the rate where the amount has none of its own. */
  readonly on: readonly string[];
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
  return { code, main, day: mapping.on === undefined ? dayBeside(names, place) : undefined, on };
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

/** SQL of what is read for money from the raw row: z = code of the currency, u = that of the main amount, w = text of the day. */
export function readMoneyTexts({ position, money }: MoneyColumn): string[] {
  return [
    ...(money.code === undefined ? [] : [`${money.code} AS z${position}`]),
    ...(money.main === undefined ? [] : [`${money.main} AS u${position}`]),
    ...(money.day === undefined ? [] : [`${money.day} AS w${position}`]),
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
export function convertMoney({ position, type }: MoneyColumn, place: MoneyPlace): string {
  const own = `c${position} = ${place.bindings.bind(place.currency)}`;
  if (place.rates === undefined) return `(CASE WHEN ${own} THEN v${position} END)`;
  const product = `TRY(CAST(CAST(v${position} AS DECIMAL(20,2)) * e${position}.rate AS ${type}))`;
  return `(CASE WHEN ${own} THEN v${position} ELSE ${product} END)`;
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
