import { existsSync } from "node:fs";
import { join } from "node:path";
import { editionFolder } from "../publish/layout.ts";
import { AUDIENCES, type Audience } from "../standard/audience.ts";

/** The editions a run was published in; one of an older program has but one. */
export function listHeldEditions(run: string): Audience[] {
  return AUDIENCES.filter((audience) => existsSync(join(editionFolder(run, audience), "data")));
}
