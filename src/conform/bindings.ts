import type { Parameters } from "../store/store.ts";

/** Collects the values of a generated statement, so that they are bound and never written into its text. */
export interface Bindings {
  readonly values: Parameters;
  /** Notes a value and gives its placeholder; the same value has the same placeholder. */
  bind(value: string): string;
}

/** The values a statement names, of all that were collected. */
export function boundIn(statement: string, { values }: Bindings): Parameters {
  const names = new Set(statement.match(/\$p\d+\b/g)?.map((name) => name.slice(1)) ?? []);
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

export function collectBindings(): Bindings {
  const values: Record<string, string> = {};
  const names = new Map<string, string>();
  return {
    values,
    bind(value) {
      const known = names.get(value);
      if (known) return known;
      const name = `p${names.size}`;
      values[name] = value;
      names.set(value, `$${name}`);
      return `$${name}`;
    },
  };
}
