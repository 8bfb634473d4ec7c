import { beWatched } from "../watched-child.ts";
import { renderMonth } from "./render-month.ts";
import type { RenderingAnswer, RenderingOrder } from "./render-process.ts";

// The program of a process that writes one rendering: writers of workbooks and pages would hold up a web server for seconds.
beWatched();
process.once("message", async ({ places, lapsed }: RenderingOrder) => {
  let answer: RenderingAnswer;
  try {
    await renderMonth(places, lapsed);
    answer = { failed: null };
  } catch (error) {
    answer = { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.send?.(answer);
});
