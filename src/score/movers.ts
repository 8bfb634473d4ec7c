import type { Context } from "../context.ts";
import { MINIMUM_CASES } from "../standard/small-counts.ts";
import { readColumns } from "../store/columns.ts";
import { sqlFile } from "../store/sql-file.ts";
import { compareUnits, findHomes, type Movement, type Mover } from "./compare.ts";
import { create } from "./evidence.ts";
import type { Ranked } from "./rank.ts";
import type { Sheets } from "./sheets.ts";

const sql = sqlFile(import.meta.dirname, "score.sql");

/**
 * Finds what moved each body of the period asked for most since the period before, and within it the record or
 * category. Reads the details from the stage's temporary table.
 * @param withheld indicators and rules that are not to be named
 */
export async function findMovements(
  context: Context,
  ranked: readonly Ranked[],
  sheets: Sheets,
  withheld?: ReadonlySet<string>,
): Promise<(Movement | undefined)[]> {
  const homes = findHomes(sheets);
  const asked = context.periods.length - 1;
  const movements = ranked.map(({ unit: { period }, previous, score }, unit) => {
    if (period !== asked) return undefined;
    if (previous === undefined || Number.isNaN(score)) return undefined;
    if (Number.isNaN((ranked[previous] as Ranked).score)) return undefined;
    return compareUnits(sheets, homes, previous, unit, withheld);
  });
  const details = await readDetails(context, ranked, movements);
  let number = 0;
  const detailed = (mover: Mover): Mover => {
    const detail = details.get(number++);
    return detail ? { ...mover, detail } : mover;
  };
  return movements.map(
    (movement) => movement && { up: movement.up.map(detailed), down: movement.down.map(detailed) },
  );
}

async function readDetails(
  context: Context,
  ranked: readonly Ranked[],
  movements: readonly (Movement | undefined)[],
): Promise<Map<number, NonNullable<Mover["detail"]>>> {
  const rows = movements.flatMap((movement, unit) =>
    movement
      ? [...movement.up, ...movement.down].map((mover) => ({
          ...mover,
          unit,
          previous: ranked[unit]?.previous as number,
        }))
      : [],
  );
  await create(context, "mover", [
    Int32Array.from(rows.keys()),
    Int32Array.from(rows, ({ unit }) => unit),
    Int32Array.from(rows, ({ previous }) => previous),
    Int32Array.from(rows, ({ slot }) => slot),
    Float64Array.from(rows, ({ points }) => Math.sign(points)),
  ]);
  const read = await readColumns<{
    mover: number[];
    detail_kind: ("record" | "category")[];
    detail: string[];
    points: number[];
    came: number[];
    went: number[];
  }>(context.store, sql("read-mover"), { minimum: MINIMUM_CASES });
  return new Map(
    read.mover.map((mover, row) => [
      mover,
      {
        kind: read.detail_kind[row] as "record" | "category",
        name: read.detail[row] as string,
        points: read.points[row] as number,
        came: read.came[row] as number,
        went: read.went[row] as number,
      },
    ]),
  );
}
