import type { CompiledProcess } from "./compile-releases.ts";
import type { Release } from "./release.ts";

/** Tags by which a process begins. Who publishes nothing before the award begins with it. */
const BEGINNINGS = new Set(["planning", "tender", "award", "compiled"]);

/**
 * Whether a process began before the earliest of its releases that are there: these bear tags, and all of them are of later
 * stages or of changes to what was said before.
 */
export function beganBefore<R extends Release>({ states }: CompiledProcess<R>): boolean {
  const [first] = states;
  const tags = [first?.by.content.tag ?? [], ...(first?.tags.values() ?? [])].flat();
  return tags.length > 0 && !tags.some((tag) => BEGINNINGS.has(String(tag)));
}
