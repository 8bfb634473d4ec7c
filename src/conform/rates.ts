import type { ExchangeRate } from "../standard/exchange-rates.ts";
import { groupBy } from "../standard/group-by.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Bindings } from "./bindings.ts";

const sql = sqlFile(import.meta.dirname, "rates.sql");

/** SQL of the rates as spans of days: currency, begins, ends, rate; undefined where there are none. */
export function ratesTable(rates: readonly ExchangeRate[], bindings: Bindings): string | undefined {
  if (rates.length === 0) return undefined;
  const spans = [...groupBy(rates, ({ currency }) => currency).values()].flatMap((own) => {
    const ordered = own.toSorted((a, b) => (a.from < b.from ? -1 : 1));
    return ordered.map(({ currency, from, rate }, at) => ({
      currency,
      begins: from,
      ends: ordered[at + 1]?.from ?? "9999-12-31",
      rate,
    }));
  });
  return sql("rates", { spans: bindings.bind(JSON.stringify(spans)) });
}
