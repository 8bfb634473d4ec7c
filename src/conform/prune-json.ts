import { cleanName } from "../standard/column-name.ts";
import { quoteLiteral } from "../store/sql-file.ts";

/** What is read of a place in a JSON record. */
interface Place {
  /** All that stands there is read. */
  whole: boolean;
  /** SQL, over the SQL of a value there, of which of several are read. */
  readonly kept: ((value: string) => string)[];
  readonly keys: Map<string, Place>;
  /** SQL, over an element e and its number i, of which elements of a list are read; undefined where all may be. */
  chosen: string[] | undefined;
}

/** A step of a path: a key, and what stands in brackets behind it. */
interface Step {
  readonly key: string;
  readonly choice: string | undefined;
}

/** A key or path that a definition reads, as in from: acts[kind=repair].on. */
export interface ReadName {
  readonly name: string;
  /** Of several values that stand there only some are read: SQL of which, over the SQL of one of them. */
  readonly kept?: ((value: string) => string) | undefined;
}

/**
 * SQL of a JSON record in which objects and lists hold nothing but what a definition reads: other keys are taken out, and
 * elements of lists that are never chosen, and values that are not kept, become null, so that others keep their numbers.
 */
export function pruneJson(json: string, names: readonly ReadName[]): string {
  const root = makePlace();
  for (const each of names) addName(root, each);
  const nested = [...root.keys].some(([, { whole, chosen }]) => !whole || chosen !== undefined);
  return nested ? pruneObject(json, root, 0) : json;
}

function makePlace(): Place {
  return { whole: false, kept: [], keys: new Map(), chosen: [] };
}

/** A name may be one key, or a path from a key that has points in it. */
function addName(root: Place, { name, kept }: ReadName): void {
  const steps = parseSteps(name);
  for (let heads = 1; heads <= steps.length; heads++) {
    const head = steps.slice(0, heads);
    if (head.slice(0, -1).some(({ choice }) => choice !== undefined)) break;
    const key = head.map((step) => step.key).join(".");
    const path = [{ key, choice: head.at(-1)?.choice }, ...steps.slice(heads)];
    addSteps(root, root, path, kept);
  }
}

function parseSteps(name: string): Step[] {
  return name.split(/\.(?![^[]*\])/).map((segment) => {
    const [, key = "", choice] = /^(.*?)(?:\[([^\]]*)\].*)?$/s.exec(segment) ?? [];
    return { key: cleanName(key), choice };
  });
}

function addSteps(
  root: Place,
  place: Place,
  steps: readonly Step[],
  kept?: ReadName["kept"],
): void {
  const [step, ...rest] = steps;
  if (!step) {
    if (kept) place.kept.push(kept);
    else place.whole = true;
    return;
  }
  const next = place.keys.get(step.key) ?? makePlace();
  place.keys.set(step.key, next);
  const condition = readChoice(root, next, step.choice);
  if (condition === undefined) next.chosen = undefined;
  else next.chosen?.push(condition);
  addSteps(root, next, rest, kept);
}

/** SQL of whether an element is the one meant; undefined where any may be. */
function readChoice(root: Place, list: Place, choice: string | undefined): string | undefined {
  if (choice === undefined || choice === "*") return undefined;
  if (/^\d+$/.test(choice)) return `i = ${Number(choice) + 1}`;
  const at = choice.indexOf("=");
  const [field, wanted] = [choice.slice(0, at), choice.slice(at + 1)];
  addSteps(root, list, parseSteps(field));
  if (wanted.startsWith("$")) {
    addName(root, { name: wanted.slice(1) });
    return undefined;
  }
  const path = parseSteps(field).map(({ key }) => `."${key.replaceAll('"', '\\"')}"`);
  return `json_extract_string(e, ${quoteLiteral(`$${path.join("")}`)}) = ${quoteLiteral(wanted)}`;
}

/** SQL of what is read of a value, which may be a list, an object or neither. */
function pruneValue(json: string, place: Place, depth: number): string {
  if (place.whole && place.chosen === undefined) return json;
  const isKept = (value: string) => place.kept.map((kept) => `WHEN ${kept(value)} THEN ${value} `);
  const inside = (value: string) => {
    if (place.whole) return value;
    const below = place.keys.size > 0 ? pruneObject(value, place, depth) : "NULL";
    return place.kept.length > 0 ? `CASE ${isKept(value).join("")}ELSE ${below} END` : below;
  };
  const element = `CASE WHEN ${place.chosen?.join(" OR ") ?? "true"} THEN ${inside("e")} END`;
  // A list that is read as it stands is kept so.
  const whole = place.whole ? "" : isKept(json).join("");
  return `CASE ${whole}WHEN json_type(${json}) = 'ARRAY'
    THEN to_json(list_transform(CAST(${json} AS JSON[]), lambda e, i: ${element})) ELSE ${inside(json)} END`;
}

function pruneObject(json: string, { keys }: Place, depth: number): string {
  const key = `k${depth}`;
  const object = `o${depth}`;
  const list = [...keys.keys()].map(quoteLiteral).join(", ");
  const deeper = [...keys].filter(([, { whole, chosen }]) => !whole || chosen !== undefined);
  const own = `json_extract(${object}, '/' || replace(replace(${key}, '~', '~0'), '/', '~1'))`;
  const cases = deeper.map(
    ([name, place]) => `WHEN ${quoteLiteral(name)} THEN ${pruneValue(own, place, depth + 1)}`,
  );
  const value = cases.length > 0 ? `CASE ${key} ${cases.join(" ")} ELSE ${own} END` : own;
  const entries = `list_transform(list_filter(json_keys(${object}), lambda ${key}: list_contains([${list}], ${key})),
    lambda ${key}: CAST(to_json(${key}) AS VARCHAR) || ':' || coalesce(CAST(${value} AS VARCHAR), 'null'))`;
  // A list of one names what is used again.
  return `CASE WHEN json_type(${json}) = 'OBJECT'
    THEN list_transform([CAST(${json} AS JSON)], lambda ${object}: CAST('{' || array_to_string(${entries}, ',') || '}' AS JSON))[1] END`;
}
