import type { Context } from "./context.ts";
import { sqlFile } from "./store/sql-file.ts";
import type { Store } from "./store/store.ts";

const sql = sqlFile(import.meta.dirname, "known-scope.sql");

/**
 * Says what the views of the schema known show on this connection: what was known at the as-of time, of the pipeline's
 * sources alone. Other sources of the jurisdiction, those taken out of the pipeline among them, are as if they were not
 * there.
 * Lanes opened from the store later see the same.
 * @param asOf civil time
 */
export async function limitKnown(
  store: Store,
  { asOf, sources }: Pick<Context, "asOf" | "sources">,
): Promise<void> {
  await store.run(sql("set-as-of"), { as_of: asOf });
  const own = JSON.stringify(sources.map(({ source }) => source));
  const others = await store.rows<{ source_id: string }>(sql("others-held"), { sources: own });
  // A list that is empty is not set at all, which costs the views nothing.
  if (others.length === 0) await store.run(sql("count-all"));
  else {
    const names = JSON.stringify(others.map(({ source_id }) => source_id));
    await store.run(sql("leave-out"), { names });
  }
}
