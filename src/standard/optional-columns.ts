/** What of a source's definition says which columns a file may lack. */
interface Optionals {
  readonly columns: Readonly<
    Record<
      string,
      {
        readonly optional?: boolean | undefined;
        readonly required?: boolean | undefined;
        readonly default?: unknown;
        readonly file?: unknown;
        readonly value?: unknown;
      }
    >
  >;
  readonly key: readonly string[];
  readonly valid: { readonly from: string };
  readonly known_at:
    | string
    | { readonly file: string }
    | { readonly date: string }
    | {
        readonly column: unknown;
        readonly optional?: boolean | undefined;
        readonly otherwise?: unknown;
      };
}

/** Where `optional` says what cannot be. */
export function findOptionalFaults({ columns, key, valid, known_at }: Optionals) {
  const faults: { path: string[]; message: string }[] = [];
  for (const [name, mapping] of Object.entries(columns)) {
    if (!mapping.optional) continue;
    const path = ["columns", name, "optional"];
    const needed = mapping.required === true || key.includes(name) || valid.from === name;
    if (needed && mapping.default === undefined) {
      faults.push({ path, message: "every row needs the column, so no file can do without it" });
    }
    if (mapping.file !== undefined || mapping.value !== undefined) {
      faults.push({ path, message: "optional is for what comes from a column of the file" });
    }
  }
  const receipt = typeof known_at === "object" && "column" in known_at ? known_at : undefined;
  if (receipt?.optional && receipt.otherwise === undefined) {
    faults.push({
      path: ["known_at", "optional"],
      message: "say with otherwise what holds for files without the column",
    });
  }
  return faults;
}
