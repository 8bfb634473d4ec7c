import type { Bilingual } from "../report.ts";
import { both, say } from "./markup.ts";

/** Where a block of numbers comes from, as the standard says it. */
export interface Origin {
  readonly source?: Bilingual | null | undefined;
  readonly assumption?: boolean | undefined;
}

export function renderOrigin({ source, assumption }: Origin): string {
  return source ? both(source) : assumption ? `<small>${say("assumption")}</small>` : "";
}
