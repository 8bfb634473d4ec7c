import { createHash } from "node:crypto";

/** Begins what stands in place of the address of a file whose name is forgotten. */
export const FORGOTTEN_ADDRESS = "sha256:";

/** What is left of an address: by it the file is known as one that was fetched. */
export function forgetAddress(address: string): string {
  return `${FORGOTTEN_ADDRESS}${createHash("sha256").update(address).digest("hex")}`;
}
