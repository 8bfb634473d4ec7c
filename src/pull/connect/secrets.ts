import { readSecret } from "../../config.ts";
import type { SecretReference } from "../../standard/connector-definition.ts";
import { failForGood } from "../fetch-error.ts";

/** The secrets of one fetch: read when needed, and taken out of everything that is said. */
export interface Secrets {
  /** The secret itself. Never to be put into a message, an address or a mark. */
  read(reference: SecretReference): string;
  /** A text with every secret read so far replaced by ***, also in its encoded forms. */
  scrub(text: string): string;
  /** Adds a value made from a secret, as a user and password together in base64. */
  hide(value: string): void;
}

/** @param workspace folder to which the paths of secret files are relative */
export function openSecrets(workspace: string): Secrets {
  const hidden = new Set<string>();
  const hide = (value: string) => {
    for (const form of [
      value,
      encodeURIComponent(value),
      new URLSearchParams({ v: value }).toString().slice(2),
      JSON.stringify(value).slice(1, -1),
      Buffer.from(value).toString("base64"),
    ]) {
      if (form !== "") hidden.add(form);
    }
  };
  return {
    hide,
    read(reference) {
      const found = readSecret(reference, workspace);
      if ("problem" in found) failForGood(found.place, found.problem.zh, found.problem.en);
      hide(found.value);
      return found.value;
    },
    scrub(text) {
      // Longest first: one form may hold another.
      const forms = [...hidden].sort((a, b) => b.length - a.length);
      return forms.reduce((scrubbed, form) => scrubbed.replaceAll(form, "***"), text);
    },
  };
}
