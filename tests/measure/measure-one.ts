import { measure } from "../../src/measure/measure.ts";
import type { IndicatorFile } from "../../src/standard/indicator-file.ts";
import type { Store } from "../../src/store/store.ts";
import { makeIndicator } from "./make-indicator.ts";
import { type KnownRows, makeContext, openWorld, readValues } from "./small-world.ts";

const opened: Store[] = [];

/** Opens a small world that closeWorlds() closes. */
export async function world(
  known: KnownRows,
  options?: Parameters<typeof openWorld>[1],
): Promise<Store> {
  const store = await openWorld(known, options);
  opened.push(store);
  return store;
}

/** For afterEach: closes every world opened since. */
export function closeWorlds(): void {
  for (const store of opened.splice(0)) store.close();
}

/** A resolved complaint. */
export const complaint = (
  entity_id: string,
  day: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> => ({
  entity_id,
  received_at: `${day} 09:00:00`,
  resolved: true,
  ...more,
});

/** Measures one indicator in a world of its own. */
export async function measureOne(
  known: KnownRows,
  indicator: IndicatorFile = makeIndicator(),
  periods: readonly string[] = ["2018-06"],
  options: { windowMonths?: number; asOf?: string } = {},
) {
  const store = await world(known, options.asOf ? { asOf: options.asOf } : {});
  await measure(makeContext(store, [indicator], periods, options));
  const values = await readValues(store);
  return {
    store,
    values,
    of: (entity: string, period = periods[0]) =>
      values.find((value) => value.entity_id === entity && value.period === period),
  };
}
