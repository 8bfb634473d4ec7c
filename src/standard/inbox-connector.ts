import { join, resolve } from "node:path";
import { z } from "zod";

/** What the program itself is handed: files below inbox/<source> of the jurisdiction's data folder, which stay there as the journal. */
export const inboxConnector = z.strictObject({
  type: z.literal("inbox"),
  /** Glob on names. */
  match: z.string().default("*.ndjson"),
});

/** Whether its files lie ready in a folder of this machine and need no fetching. */
export function isLocal<C extends { readonly type: string }>(
  given: C,
): given is Extract<C, { type: "folder" | "inbox" }> {
  return given.type === "folder" || given.type === "inbox";
}

/**
 * Where the files of such a source lie.
 * @param places the workspace, and the jurisdiction's data folder
 */
export function localFolder(
  connector: { readonly type: "inbox" } | { readonly type: "folder"; readonly path: string },
  source: string,
  places: { readonly workspace: string; readonly dataDir: string },
): string {
  return connector.type === "inbox"
    ? inboxFolder(places.dataDir, source)
    : resolve(places.workspace, connector.path);
}

/** Where a source's inbox is: below the jurisdiction's data folder. */
export function inboxFolder(dataDir: string, source: string): string {
  return join(dataDir, "inbox", source);
}
