import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import { digitsOnly, LIKE_CARDS } from "../standard/personal-text.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { boundIn } from "./bindings.ts";
import type { CoreColumn } from "./catalogue.ts";
import type { NumberRun, ShownText } from "./held-back.ts";
import { judgedRows, type Mapping, withDays } from "./judged-rows.ts";
import {
  countTexts,
  isHeld,
  makeMappings,
  NO_COLUMN,
  profiledAs,
  profileFiles,
  type TextProfile,
} from "./profile-texts.ts";
import type { RawFile } from "./raw-files.ts";
import { type Released, readReleases } from "./releases.ts";

const sql = sqlFile(import.meta.dirname, "judge-texts.sql");

/** Fewer numbers tell nothing of a column. */
const FEWEST_IN_RUN = 5;
const FEWEST_HELD = 3;
const FEWEST_ALIKE = 10;
/** Share of the numbers held back that must stand in runs before these are taken for running numbers. */
const IN_RUNS = 0.9;
/** More runs than that are no running numbers. */
const MOST_RUNS = 100;

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
  const as = profiledAs(source, files);
  const shown = new Map<string, ShownText>(released);
  const clear = new Map<string, ReadonlySet<number>>();
  const named = profiles.map(({ column_name }) => column_name).filter((core) => core !== NO_COLUMN);
  const columns = [...new Set(named)].sort();
  for (const core of columns) {
    const own = profiles.filter(({ column_name }) => column_name === core);
    const without = new Set(own.flatMap(({ held, file_id }) => (held === 0 ? [file_id] : [])));
    const inClear = files.filter((file) => without.has(as(file)));
    clear.set(core, new Set(inClear.map(({ file_id }) => file_id)));
    const held = own.reduce((total, each) => total + each.held, 0);
    if (held < FEWEST_HELD || released.get(core)?.all) continue;
    const place = { context, source, catalogue, files };
    const { runs, members, byChance, chances } = await lookUpOrExamine(place, core, own);
    const left = held - members - chances;
    const { all = false, marks = [] } = released.get(core) ?? {};
    const whole =
      left >= FEWEST_HELD && left * 2 >= (await countTexts(context, source, catalogue, files, own));
    if (whole || byChance || runs.length > 0) {
      shown.set(core, { all, marks, whole, runs, byChance });
    }
  }
  return { shown, clear };
}

interface ExaminedColumn {
  readonly runs: readonly NumberRun[];
  /** Numbers that stand in runs. */
  readonly members: number;
  /** Check digits are right by chance: digits that look like cards are none. */
  readonly byChance: boolean;
  readonly chances: number;
}

interface Place {
  readonly context: Context;
  readonly source: SourceDefinition;
  readonly catalogue: readonly CoreColumn[];
  readonly files: readonly RawFile[];
}

/** What is told by the texts of a column; examined once for the same files read in the same way. */
async function lookUpOrExamine(
  { context, source, catalogue, files }: Place,
  core: string,
  profiles: readonly TextProfile[],
): Promise<ExaminedColumn> {
  const ids = profiles.flatMap(({ held, file_id, rule }) => (held > 0 ? [[file_id, rule]] : []));
  const column = { source: source.source, column: core };
  const basis = createHash("sha256").update(JSON.stringify(ids.sort())).digest("hex");
  const known = await context.store.row<{ basis: string; examined: string }>(
    sql("examined"),
    column,
  );
  if (known?.basis === basis) return JSON.parse(known.examined) as ExaminedColumn;
  const wanted = new Set(ids.map(([id]) => id));
  const as = profiledAs(source, files);
  const some = files.filter((file) => wanted.has(as(file)));
  const examined = await examineColumn({ context, source, catalogue, files: some }, core);
  await context.store.run(sql("note-examined"), {
    source: source.source,
    column: core,
    basis,
    examined: JSON.stringify(examined),
  });
  return examined;
}

async function examineColumn(
  { context, source, catalogue, files }: Place,
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
