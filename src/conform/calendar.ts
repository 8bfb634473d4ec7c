import type { Context } from "../context.ts";
import { readCalendar } from "../standard/calendar-file.ts";
import { sqlFile } from "../store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "calendar.sql");

/**
 * Loads the pipeline's working-day calendar when it differs from what is held; a pipeline without one holds no days, whatever
 * calendar another pipeline of the jurisdiction has.
 * @throws Error in a sentence with file and line when the calendar cannot be read
 */
export async function loadCalendar({ store, workspace, pipeline }: Context): Promise<void> {
  const days = readCalendar(workspace, pipeline) ?? [];
  await store.run(sql("read-calendar"), { days: JSON.stringify(days) });
  const difference = await store.row<{ days: number }>(sql("calendar-differs"));
  if (!difference?.days) return;
  await store.transaction(async () => {
    await store.run(sql("drop-days"));
    await store.run(sql("put-days"));
  });
}
