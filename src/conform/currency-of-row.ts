import { quoteLiteral } from "../store/sql-file.ts";
import { chooses } from "./json-path.ts";
import { findColumn, type ReadingPlace, readEach, readNamed } from "./read-column.ts";

/** Writings of currencies in Chinese ledgers beside their codes by ISO 4217. */
const NAMES: Readonly<Record<string, string>> = {
  RMB: "CNY",
  人民币: "CNY",
  人民币元: "CNY",
  元: "CNY",
  "¥": "CNY",
  "￥": "CNY",
  美元: "USD",
  US$: "USD",
  欧元: "EUR",
  港元: "HKD",
  港币: "HKD",
  日元: "JPY",
  英镑: "GBP",
  澳门元: "MOP",
  新台币: "TWD",
};

/** Stands for a currency that no code names, and for several at once. */
export const UNKNOWN_CURRENCY = "?";

/** SQL of the code of a currency as a source writes it; NULL when it writes none. */
export function currencyCode(text: string): string {
  const names = Object.entries(NAMES).map(
    ([name, code]) => `WHEN ${quoteLiteral(name)} THEN ${quoteLiteral(code)}`,
  );
  const upper = `upper(${text})`;
  return `(CASE ${upper} WHEN '' THEN NULL ${names.join(" ")} ELSE CASE WHEN regexp_full_match(${upper}, '[A-Z]{3}') THEN ${upper} WHEN ${text} IS NOT NULL THEN '${UNKNOWN_CURRENCY}' END END)`;
}

/** Path of the currency that stands beside an amount, as in OCDS: value.amount, value.currency. */
export function besidePath(name: string): string | undefined {
  return /(^|\.)amount$/.test(name) ? name.replace(/amount$/, "currency") : undefined;
}

/**
 * SQL of the code of the currency that stands beside an amount in records of JSON, NULL in rows without one; undefined where none
 * ever stands there. Amounts of several currencies that are chosen together are of an unknown one.
 */
export function currencyBeside(
  name: string,
  place: Omit<ReadingPlace, "fileValue">,
): string | undefined {
  const path = place.paths ? besidePath(name) : undefined;
  return path === undefined ? undefined : currencyAt(path, place);
}

/** SQL of the code of the currency that a source's column or path says; undefined where these files do not have it. */
export function currencyAt(
  name: string,
  place: Omit<ReadingPlace, "fileValue">,
): string | undefined {
  if (!findColumn([name], undefined, place)) return undefined;
  if (!chooses(name)) return currencyCode(readNamed([name], undefined, place).text);
  const codes = `list_distinct(list_transform(${readEach(name, place)}, lambda t: ${currencyCode("t")}))`;
  return `(CASE len(${codes}) WHEN 0 THEN NULL WHEN 1 THEN ${codes}[1] ELSE '${UNKNOWN_CURRENCY}' END)`;
}

/** SQL of whether two amounts are in one currency: of the first the second's where nothing is said of it. */
export function sameCurrency(
  names: readonly [string, string],
  place: Omit<ReadingPlace, "fileValue">,
): string | undefined {
  const own = place.bindings.bind(place.currency);
  const codes = names.map((name) => currencyBeside(name, place));
  if (codes.every((code) => code === undefined)) return undefined;
  const [one, other] = codes;
  const first = [one, other, own].filter((code) => code !== undefined).join(", ");
  const second = [other, own].filter((code) => code !== undefined).join(", ");
  return `coalesce(${first}) = coalesce(${second})`;
}
