import type { Context } from "./context.ts";
import { overEvidence } from "./measure/read-evidence.ts";
import { spanOf } from "./measure/span.ts";
import type { CaseKind, CasePart, LevelCases } from "./method/case-kind.ts";
import { appliesTo, listRules } from "./score/rules.ts";
import type { WorkedOut } from "./score/work-out.ts";
import type { IndicatorFile } from "./standard/indicator-file.ts";
import { appendColumns, readColumns } from "./store/columns.ts";
import { sqlFile } from "./store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "method-cases.sql");

/**
 * The records behind the values of the context's own period, by level: how they count in the indicators they stand in, which
 * indicators rest on the same ones, and which count twice. Needs the temporary tables that scoring made.
 */
export async function readCases(
  context: Context,
  { evidence }: Pick<WorkedOut, "evidence">,
): Promise<ReadonlyMap<string, LevelCases>> {
  const { store, standard, indicators } = context;
  const weighted = new Set(standard.indicators.map(({ indicator }) => indicator));
  const leaves = evidence.leaves.flatMap((id, leaf) => {
    const indicator = indicators.get(id);
    return indicator && weighted.has(id) && indicator.aggregate !== "list"
      ? [{ indicator, leaf }]
      : [];
  });
  try {
    await gatherCases(context, leaves);
    await layOutItems(context, evidence);
    const counting = leaves.filter(({ indicator }) => indicator.aggregate === "ratio");
    const kinds = await readKinds(context, evidence.leaves, counting);
    const shared = await readShared(context, evidence.leaves);
    const twice = await readTwice(context, evidence.leaves);
    return new Map(
      Object.keys(standard.levels).map((level) => [
        level,
        {
          kinds: kinds.get(level) ?? [],
          shared: shared.get(level) ?? [],
          twice: twice.get(level) ?? [],
        },
      ]),
    );
  } finally {
    await store.script(sql("drop"));
  }
}

interface Leaf {
  readonly indicator: IndicatorFile;
  readonly leaf: number;
}

async function gatherCases(context: Context, leaves: readonly Leaf[]): Promise<void> {
  const { store, periods, period } = context;
  await store.run(sql("create-case"));
  const span = spanOf(period, context);
  const place = periods.findIndex(({ id }) => id === period.id);
  const leafOf = new Map(leaves.map(({ indicator, leaf }) => [indicator.id, leaf]));
  const written = leaves.map(({ indicator }) => indicator);
  await overEvidence(context, written, span, {
    whole: async ({ id, evidence: kind, rollup, levels }, evidence) => {
      const state = kind === "state";
      const statement = sql("gather-cases", {
        evidence,
        within: sql(state ? "within-state" : "within-event"),
      });
      const values = { leaf: leafOf.get(id) ?? -1, rollup, place, levels: JSON.stringify(levels) };
      await store.run(
        statement,
        state
          ? { ...values, period: span.period }
          : { ...values, first: span.window_start, last: span.end },
      );
    },
    leftOut: async () => {},
  });
}

/** Records of the period that take or give points, or limit a grade; those that cost nothing are no second count. */
async function layOutItems(context: Context, evidence: WorkedOut["evidence"]): Promise<void> {
  const { store, standard, periods, period } = context;
  const place = periods.findIndex(({ id }) => id === period.id);
  const rows = listRules(standard).flatMap((rule, number) =>
    [...(evidence.items[number] ?? [])].flatMap(([unit, items]) => {
      const of = evidence.units[unit];
      if (of?.period !== place || !appliesTo(rule, of.level)) return [];
      return items
        .filter(({ category }) =>
          "cap" in rule
            ? (rule.categories?.includes(category) ?? true)
            : (rule.points[category] ?? 0) !== 0,
        )
        .map(({ fileId, recordKey }) => ({ unit, rule: number, fileId, recordKey }));
    }),
  );
  await store.run(sql("create-item"));
  await appendColumns(store, { catalog: "temp", schema: "main", table: "method_item" }, [
    Int32Array.from(rows, ({ unit }) => unit),
    Int32Array.from(rows, ({ rule }) => rule),
    Int32Array.from(rows, ({ fileId }) => fileId),
    rows.map(({ recordKey }) => recordKey),
  ]);
}

async function readKinds(
  { store }: Context,
  ids: readonly string[],
  counting: readonly Leaf[],
): Promise<Map<string, CaseKind[]>> {
  const read = await readColumns<{
    level: string[];
    parts: string[];
    unit: number[];
    cases: number[];
  }>(store, sql("read-kinds"), { leaves: JSON.stringify(counting.map(({ leaf }) => leaf)) });
  const levels = new Map<string, Map<string, Map<number, number>>>();
  read.level.forEach((level, row) => {
    const kinds = levels.get(level) ?? new Map<string, Map<number, number>>();
    levels.set(level, kinds);
    const parts = read.parts[row] as string;
    const cases = kinds.get(parts) ?? new Map<number, number>();
    kinds.set(parts, cases);
    cases.set(read.unit[row] as number, read.cases[row] as number);
  });
  return new Map(
    [...levels].map(([level, kinds]) => [
      level,
      [...kinds].map(([parts, cases]) => ({ parts: readParts(parts, ids), cases })),
    ]),
  );
}

/** Parts as the statement writes them: leaf:numerator:denominator:rows, with blanks between. */
function readParts(text: string, ids: readonly string[]): CasePart[] {
  return text.split(" ").map((part) => {
    const [leaf = 0, numerator = 0, denominator = 0, rows = 0] = part.split(":").map(Number);
    return { indicator: ids[leaf] ?? "", numerator, denominator, rows };
  });
}

async function readShared({ store }: Context, ids: readonly string[]) {
  const totals = await readColumns<{ level: string[]; leaf: number[]; records: number[] }>(
    store,
    sql("read-totals"),
  );
  const records = new Map(
    totals.level.map((level, row) => [`${level}\n${totals.leaf[row]}`, totals.records[row] ?? 0]),
  );
  const read = await readColumns<{
    level: string[];
    one: number[];
    other: number[];
    records: number[];
  }>(store, sql("read-shared"));
  const pairs = read.level.map((level, row) => {
    const [one = 0, other = 0, shared = 0] = [read.one[row], read.other[row], read.records[row]];
    const least = Math.min(
      records.get(`${level}\n${one}`) ?? 0,
      records.get(`${level}\n${other}`) ?? 0,
    );
    const pair = { one: ids[one] ?? "", other: ids[other] ?? "", records: shared };
    return { level, value: { ...pair, overlap: shared / least } };
  });
  return byLevel(pairs);
}

async function readTwice({ store, standard }: Context, ids: readonly string[]) {
  const read = await readColumns<{
    level: string[];
    rule: number[];
    other_rule: (number | null)[];
    leaf: (number | null)[];
    records: number[];
  }>(store, sql("read-twice"));
  const rules = listRules(standard);
  const found = read.level.map((level, row) => {
    const other = read.other_rule[row] ?? null;
    const value = {
      rule: rules[read.rule[row] as number]?.id ?? "",
      other: (other === null ? ids[read.leaf[row] ?? -1] : rules[other]?.id) ?? "",
      records: read.records[row] as number,
    };
    return { level, value };
  });
  return byLevel(found);
}

function byLevel<T>(rows: readonly { readonly level: string; readonly value: T }[]) {
  const found = new Map<string, T[]>();
  for (const { level, value } of rows) found.set(level, [...(found.get(level) ?? []), value]);
  return found;
}
