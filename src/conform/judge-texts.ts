import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import { digitsOnly, LIKE_CARDS } from "../standard/personal-text.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { boundIn, collectBindings } from "./bindings.ts";
import type { CoreColumn } from "./catalogue.ts";
import { mayBeHeld } from "./clear-texts.ts";
import { HELD_BACK, type NumberRun, type ShownText } from "./held-back.ts";
import { makeMapping } from "./make-mapping.ts";
import { judgedRows, type Mapping, withDays } from "./mapping-query.ts";
import { noteDelivery } from "./note-delivery.ts";
import { groupFiles, type RawFile } from "./raw-files.ts";
import { type Released, readReleases } from "./releases.ts";
import { separateTwins } from "./twin-columns.ts";

const sql = sqlFile(import.meta.dirname, "judge-texts.sql");

/** Raised when texts are looked at otherwise. */
const PROFILE_VERSION = 1;
/** Fewer numbers tell nothing of a column. */
const FEWEST_IN_RUN = 5;
const FEWEST_HELD = 3;
const FEWEST_ALIKE = 10;
/** Share of the numbers held back that must stand in runs before these are taken for running numbers. */
const IN_RUNS = 0.9;
/** More runs than that are no running numbers. */
const MOST_RUNS = 100;

/** Notes a file without public columns, in place of one. */
const NONE = "";

/** What was seen in a public column of a file. */
interface TextProfile {
  readonly file_id: number;
  readonly column_name: string;
  readonly rule: string;
  /** Different texts. */
  readonly texts: number;
  /** Of them, those that look like somebody's number or address. */
  readonly held: number;
}

/** How the public texts of a source are shown. */
export interface JudgedTexts {
  /** By core column: what people released, and what is told by the column as a whole. */
  readonly shown: Released;
  /** By core column, the files in which nothing looks like somebody's number. */
  readonly clear: ReadonlyMap<string, ReadonlySet<number>>;
}

/**
 * Judges the public columns of a source as a whole, over all files held of it at the as-of time, in whatever order they came: running
 * numbers of documents are shown though each could be a telephone; a column of which half is held back is held back whole.
 */
export async function judgeTexts(
  context: Context,
  source: SourceDefinition,
  catalogue: readonly CoreColumn[],
  files: readonly RawFile[],
): Promise<JudgedTexts> {
  const released = await readReleases(context, source.source);
  const profiles = await profileFiles(context, source, catalogue, files);
  const shown = new Map<string, ShownText>(released);
  const clear = new Map<string, ReadonlySet<number>>();
  const named = profiles.map(({ column_name }) => column_name).filter((core) => core !== NONE);
  const columns = [...new Set(named)].sort();
  for (const core of columns) {
    const own = profiles.filter(({ column_name }) => column_name === core);
    clear.set(core, new Set(own.flatMap(({ held, file_id }) => (held === 0 ? [file_id] : []))));
    const held = own.reduce((total, each) => total + each.held, 0);
    if (held < FEWEST_HELD || released.get(core)?.all) continue;
    const ids = new Set(own.flatMap((each) => (each.held > 0 ? [each.file_id] : [])));
    const some = files.filter(({ file_id }) => ids.has(file_id));
    const { runs, members, byChance, chances } = await examineColumn(
      context,
      source,
      catalogue,
      some,
      core,
    );
    const texts = own.reduce((total, each) => total + each.texts, 0);
    const left = held - members - chances;
    const { all = false, marks = [] } = released.get(core) ?? {};
    const whole = left >= FEWEST_HELD && left * 2 >= texts;
    if (whole || byChance || runs.length > 0) {
      shown.set(core, { all, marks, whole, runs, byChance });
    }
  }
  return { shown, clear };
}

/** What stands in the public columns of every file; looked up where it was seen before. */
async function profileFiles(
  context: Context,
  source: SourceDefinition,
  catalogue: readonly CoreColumn[],
  files: readonly RawFile[],
): Promise<TextProfile[]> {
  const { store } = context;
  const rule = ruleOf(context, source);
  const known = await store.rows<TextProfile>(sql("profiles"), {
    files: JSON.stringify(files.map(({ file_id }) => file_id)),
  });
  const current = known.filter((each) => each.rule === rule);
  const seen = new Set(current.map(({ file_id }) => file_id));
  const others = files.filter(({ file_id }) => !seen.has(file_id));
  if (others.length === 0) return current;
  const made: TextProfile[] = [];
  for (const mapping of await makeMappings(context, source, catalogue, others)) {
    made.push(...(await profileGroup(context, mapping, rule)));
  }
  if (made.length > 0) {
    await store.run(sql("note-profiles"), { profiles: JSON.stringify(made) });
  }
  return [...current, ...made];
}

/** What decides how a file is read. */
function ruleOf({ pipeline, pseudonymKey }: Context, source: SourceDefinition): string {
  const { title: _title, owner: _owner, connector: _connector, ...definition } = source;
  const parts = [PROFILE_VERSION, pipeline.time_zone, definition];
  return createHash("sha256")
    .update(`${JSON.stringify(parts)}${pseudonymKey}`)
    .digest("hex");
}

/** Mappings of files whose public texts can be looked at, with nothing released. */
async function makeMappings(
  context: Context,
  source: SourceDefinition,
  catalogue: readonly CoreColumn[],
  files: readonly RawFile[],
): Promise<(Mapping & { readonly files: readonly RawFile[] })[]> {
  await noteDelivery(context, source, files);
  const mappings: (Mapping & { readonly files: readonly RawFile[] })[] = [];
  for (const delivered of await groupFiles(context, source, files)) {
    const { group } = await separateTwins(context, delivered.source, delivered);
    if (group.files.length === 0) continue;
    const lookups = new Map();
    const bindings = collectBindings();
    const made = makeMapping(context, group.source, catalogue, lookups, group, bindings);
    if (made.missing.length === 0) mappings.push({ ...made.mapping, files: group.files });
  }
  return mappings;
}

async function profileGroup(
  { store }: Context,
  mapping: Mapping & { readonly files: readonly RawFile[] },
  rule: string,
): Promise<TextProfile[]> {
  const looked = mapping.columns.filter(({ shown }) => shown !== undefined);
  if (looked.length === 0) {
    return mapping.files.map(({ file_id }) => ({
      file_id,
      column_name: NONE,
      rule,
      texts: 0,
      held: 0,
    }));
  }
  const may = await mayBeHeld(store, mapping, looked);
  const columns = withDays(mapping, ({ position }) => may.has(position));
  const asked = looked.filter(({ position }) => may.has(position));
  const counted = asked.map(
    ({ position }) => `, CAST(count(DISTINCT m${position}) AS DOUBLE) AS texts${position},
      CAST(count(DISTINCT m${position}) FILTER (${isHeld(position)}) AS DOUBLE) AS held${position}`,
  );
  const query = `${judgedRows({ ...mapping, columns }, false, "all")}
SELECT file_id${counted.join("")} FROM judged GROUP BY file_id`;
  const rows =
    asked.length > 0
      ? await store.rows<Record<string, number>>(query, boundIn(query, mapping.bindings))
      : [];
  const byFile = new Map(rows.map((row) => [row.file_id, row]));
  return mapping.files.flatMap(({ file_id }) =>
    looked.map(({ core, position }) => ({
      file_id,
      column_name: core,
      rule,
      texts: byFile.get(file_id)?.[`texts${position}`] ?? 0,
      held: byFile.get(file_id)?.[`held${position}`] ?? 0,
    })),
  );
}

function isHeld(position: number): string {
  return `starts_with(v${position}, ${quoteLiteral(HELD_BACK)})`;
}

interface ExaminedColumn {
  readonly runs: readonly NumberRun[];
  /** Numbers that stand in runs. */
  readonly members: number;
  /** Check digits are right by chance: digits that look like cards are none. */
  readonly byChance: boolean;
  readonly chances: number;
}

async function examineColumn(
  context: Context,
  source: SourceDefinition,
  catalogue: readonly CoreColumn[],
  files: readonly RawFile[],
  core: string,
): Promise<ExaminedColumn> {
  const { texts, values } = textsOf(await makeMappings(context, source, catalogue, files), core);
  if (texts === "") return { runs: [], members: 0, byChance: false, chances: 0 };
  const found = await context.store.rows<NumberRun & { members: number }>(
    sql("runs", { texts }),
    values,
  );
  const runs = found.filter(({ members }) => members >= FEWEST_IN_RUN);
  const numbers = found.reduce((total, { members }) => total + members, 0);
  const members = runs.reduce((total, run) => total + run.members, 0);
  const chance = await context.store.row<{ alike: number; right: number }>(
    sql("chances", { texts, cards: quoteLiteral(LIKE_CARDS) }),
    values,
  );
  const { alike = 0, right = 0 } = chance ?? {};
  const byChance = alike >= FEWEST_ALIKE && right * 2 < alike;
  const isRunning = members > 0 && members >= IN_RUNS * numbers && runs.length <= MOST_RUNS;
  return {
    runs: isRunning ? runs.map(roundRun) : [],
    members: isRunning ? members : 0,
    byChance,
    chances: byChance ? right : 0,
  };
}

/** SQL of the texts of a column in all files, each with whether it is held back, and with its digits and letters alone. */
function textsOf(mappings: readonly Mapping[], core: string) {
  const values: Record<string, unknown> = {};
  const parts = mappings.flatMap((mapping, index) => {
    const at = mapping.columns.find((column) => column.core === core && column.shown)?.position;
    if (at === undefined) return [];
    const columns = withDays(mapping, ({ position }) => position === at);
    const query = `${judgedRows({ ...mapping, columns }, false, "all")}
      SELECT ${digitsOnly(`m${at}`)} AS plain, ${isHeld(at)} AS held FROM judged WHERE m${at} IS NOT NULL`;
    // Each group has values of its own under the same names.
    for (const [name, value] of Object.entries(boundIn(query, mapping.bindings))) {
      values[`${name}g${index}`] = value;
    }
    return [`(${query.replace(/\$p\d+\b/g, (name) => `${name}g${index}`)})`];
  });
  return { texts: parts.join(" UNION ALL "), values: values as Record<string, string> };
}

/** The ends of a run, so wide that it seldom changes when numbers follow: a power of ten, of which it fills a part. */
function roundRun({ letters, length, first, last }: NumberRun): NumberRun {
  const block = 10n ** BigInt(String(BigInt(last) - BigInt(first) + 1n).length);
  return {
    letters,
    length,
    first: String((BigInt(first) / block) * block),
    last: String((BigInt(last) / block + 1n) * block - 1n),
  };
}
