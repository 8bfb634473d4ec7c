import { cleanName } from "../standard/column-name.ts";
import { isObject, type JsonObject } from "../standard/walk-record.ts";

/** Paths of keys that nobody can map are many in files that are no records; these are enough. */
const MOST_PATHS = 20_000;
const DEEPEST = 32;
/** Characters of a key or a path that somebody may map. */
const LONGEST = 1000;

interface Node {
  readonly children: Map<string, Node>;
}

/** Notes the paths of keys in the JSON records of a file, and spells keys as column names are. */
export interface RecordKeys {
  /** Every path so far, in the order of first appearance: "contracts.value.amount". Elements of lists have no number. */
  readonly paths: string[];
  /**
   * The record with its keys clean: no blanks around them, no characters nobody sees, full-width ones narrow. The same object
   * when they are so already; undefined when two keys of an object are one name and do not agree.
   */
  read(record: JsonObject): JsonObject | undefined;
}

export function collectKeys(): RecordKeys {
  const root: Node = { children: new Map() };
  const clean = new Map<string, string>();
  const paths: string[] = [];
  let agrees = true;

  function spell(key: string): string {
    let spelled = clean.get(key);
    if (spelled === undefined) {
      spelled = cleanName(key) || key;
      if (clean.size < MOST_PATHS && key.length <= LONGEST) clean.set(key, spelled);
    }
    return spelled;
  }

  function note(node: Node, key: string, path: string): Node {
    let child = node.children.get(key);
    if (!child) {
      child = { children: new Map() };
      if (paths.length < MOST_PATHS && path.length <= LONGEST) {
        node.children.set(key, child);
        paths.push(path);
      }
    }
    return child;
  }

  function walk(value: unknown, node: Node, path: string, depth: number): unknown {
    if (depth > DEEPEST) return value;
    if (Array.isArray(value)) {
      let changed = false;
      const elements = value.map((element) => {
        const walked = walk(element, node, path, depth + 1);
        changed ||= walked !== element;
        return walked;
      });
      return changed ? elements : value;
    }
    return isObject(value) ? walkObject(value, node, path, depth) : value;
  }

  function walkObject(value: JsonObject, node: Node, path: string, depth: number): JsonObject {
    let changed = false;
    const entries = Object.entries(value).map(([key, inner]): [string, unknown] => {
      const spelled = spell(key);
      const below = path === "" ? spelled : `${path}.${spelled}`;
      const walked = walk(inner, note(node, spelled, below), below, depth + 1);
      changed ||= spelled !== key || walked !== inner;
      return [spelled, walked];
    });
    if (!changed) return value;
    const kept = new Map<string, unknown>();
    for (const [key, inner] of entries) {
      if (kept.has(key) && JSON.stringify(kept.get(key)) !== JSON.stringify(inner)) agrees = false;
      kept.set(key, inner);
    }
    return Object.fromEntries(kept);
  }

  return {
    paths,
    read(record) {
      agrees = true;
      const read = walkObject(record, root, "", 0);
      return agrees ? read : undefined;
    },
  };
}
