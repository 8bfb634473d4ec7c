import { mayLookPersonal } from "../standard/personal-text.ts";
import type { Store } from "../store/store.ts";
import { boundIn } from "./bindings.ts";
import { type Mapping, textsQuery } from "./mapping-query.ts";
import type { Released } from "./releases.ts";

/** Files with more rows are not looked through twice. */
const FEW_ROWS = 20_000;

/**
 * What is released, and the columns of a few rows in which nothing can look like somebody's number: their statements, of which
 * small deliveries have many, then need not be made ready to find one.
 */
export async function releaseClear(
  store: Store,
  mapping: Mapping,
  { rows, released }: { readonly rows: number; readonly released: Released },
): Promise<Released> {
  const looked = mapping.columns.filter(({ shown }) => shown !== undefined && !shown.all);
  if (looked.length === 0 || rows > FEW_ROWS) return released;
  const query = textsQuery(mapping, (text, { position }) =>
    looked.some((column) => column.position === position)
      ? `coalesce(bool_or(${mayLookPersonal(text)}), false) AS c${position}`
      : undefined,
  );
  const found = await store.row<Record<string, boolean>>(query, boundIn(query, mapping.bindings));
  const clear = looked.filter(({ position }) => found?.[`c${position}`] === false);
  return new Map([
    ...released,
    ...clear.map(({ core }) => [core, { all: true, marks: [] }] as const),
  ]);
}
