import { isNode, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import { readText } from "../whole-file.ts";
import { sayIssueInBoth } from "./issue-words.ts";

/** One fault of a definition file, with the place to look at. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A fault of a file as a whole, told at its beginning. */
export function faultAt(file: string, message: string): Fault {
  return { file, line: 1, column: 1, message };
}

/** A definition file that cannot be used; the message lists every fault with file, line and column. */
export class DefinitionError extends Error {
  constructor(readonly faults: readonly Fault[]) {
    super(
      faults
        .map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`)
        .join("\n"),
    );
    this.name = "DefinitionError";
  }
}

/** A validated YAML file that still knows where each of its values stands. */
export interface YamlDocument<T> {
  readonly value: T;
  readonly file: string;
  readonly text: string;
  /** The fault at a path inside the document, as ["columns", "due_at", "from"]. */
  fault(path: readonly PropertyKey[], message: string): Fault;
}

/**
 * Reads a YAML file and validates it; unknown keys are faults when the schema is strict.
 * @throws DefinitionError naming line and column of every fault
 */
export function readYaml<T>(file: string, schema: z.ZodType<T>): YamlDocument<T> {
  return parseYaml(readText(file), file, schema);
}

/** As readYaml, from text already at hand; `file` only names it in faults. */
export function parseYaml<T>(text: string, file: string, schema: z.ZodType<T>): YamlDocument<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const faultAt = (offset: number, message: string): Fault => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, message };
  };
  if (document.errors.length > 0) {
    throw new DefinitionError(
      document.errors.map((error) => faultAt(error.pos[0], firstLine(error.message))),
    );
  }
  const fault = (path: readonly PropertyKey[], message: string): Fault =>
    faultAt(offsetOf(document, path), message);
  const input: unknown = document.toJS();
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    throw new DefinitionError(
      parsed.error.issues.map((issue) => {
        const where = issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
        const path =
          issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path;
        return fault(path, `${where}${sayIssueInBoth(issue, input)}`);
      }),
    );
  }
  return { value: parsed.data, file, text, fault };
}

/** Offset of the deepest node on the path that exists; of the key rather than the value where there is one. */
function offsetOf(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
): number {
  for (let length = path.length; length > 0; length--) {
    const parent =
      length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    if (parent && typeof parent === "object" && "items" in parent) {
      const items = (parent as { items: unknown[] }).items;
      for (const item of items) {
        const pair = item as { key?: { value?: unknown; range?: number[] } };
        if (pair?.key && String(pair.key.value) === String(key) && pair.key.range) {
          return pair.key.range[0] as number;
        }
      }
    }
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && (node as Node).range)
      return ((node as Node).range as number[])[0] as number;
  }
  return 0;
}

function firstLine(message: string): string {
  return message.split("\n")[0] as string;
}
