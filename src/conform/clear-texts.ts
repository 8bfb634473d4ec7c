import { mayLookPersonal } from "../standard/personal-text.ts";
import type { Store } from "../store/store.ts";
import { boundIn } from "./bindings.ts";
import { HELD_BACK } from "./held-back.ts";
import type { Mapping } from "./judged-rows.ts";
import type { MappedColumn } from "./map-column.ts";
import { textsQuery } from "./mapping-query.ts";

/** Positions of those among columns in which something may look like somebody's number: a quick look at their texts. */
export async function mayBeHeld(
  store: Store,
  mapping: Mapping,
  looked: readonly MappedColumn[],
): Promise<ReadonlySet<number>> {
  const query = textsQuery(mapping, (text, { position }) =>
    looked.some((column) => column.position === position)
      ? `coalesce(bool_or(${mayLookPersonal(text)} OR starts_with(${text}, '${HELD_BACK}')), false) AS c${position}`
      : undefined,
  );
  const found = await store.row<Record<string, boolean>>(query, boundIn(query, mapping.bindings));
  const some = looked.filter(({ position }) => found?.[`c${position}`] === true);
  return new Set(some.map(({ position }) => position));
}
