import { z } from "zod";

/** A half-open band: from ≤ value < below. A side that is absent is open. */
export interface Band {
  readonly from?: number | undefined;
  readonly below?: number | undefined;
}

/** Bands of a value with the points each gives or takes, from the lowest up. */
export const bands = z
  .array(
    z.strictObject({
      from: z.number().optional(),
      below: z.number().optional(),
      points: z.number().min(0).max(100),
    }),
  )
  .min(1)
  .superRefine((list, context) => {
    for (const { index, message } of bandFaults(list)) {
      context.addIssue({ code: "custom", path: [index], message });
    }
  });

/** Bands that part bodies into groups, from the lowest up. */
export const groupBands = z
  .array(z.strictObject({ from: z.number().optional(), below: z.number().optional() }))
  .min(2)
  .superRefine((list, context) => {
    for (const { index, message } of bandFaults(list)) {
      context.addIssue({ code: "custom", path: [index], message });
    }
  });

/** Grades from the best down; their bands are checked as those of any table. */
export function gradeBands<T extends z.ZodType<Band>>(grade: T) {
  return z
    .array(grade)
    .min(1)
    .superRefine((list, context) => {
      const upward = list.map((band, index) => ({ ...(band as Band), index })).reverse();
      for (const { index, message } of bandFaults(upward)) {
        context.addIssue({ code: "custom", path: [upward[index]?.index ?? 0], message });
      }
    });
}

/** Faults of a list of bands that runs from the lowest up: overlaps, gaps, closed ends. */
export function bandFaults(list: readonly Band[]): { index: number; message: string }[] {
  const faults: { index: number; message: string }[] = [];
  const add = (index: number, message: string) => faults.push({ index, message });
  list.forEach((band, index) => {
    if (band.from !== undefined && band.below !== undefined && band.from >= band.below) {
      add(index, `the band is empty: from ${band.from} is not less than below ${band.below}`);
    }
    const next = list[index + 1];
    if (!next) {
      if (band.below !== undefined) {
        add(
          index,
          `the highest band must have no "below", else values of ${band.below} and more fall in no band`,
        );
      }
      return;
    }
    if (index === 0 && band.from !== undefined) {
      add(
        index,
        `the lowest band must have no "from", else values below ${band.from} fall in no band`,
      );
    }
    if (band.below === undefined || next.from === undefined) {
      add(
        index + 1,
        `this band and the one below it overlap: give the lower one "below" and this one "from"`,
      );
    } else if (next.from < band.below) {
      add(
        index + 1,
        `the bands overlap: values from ${next.from} to ${band.below} fall in two bands`,
      );
    } else if (next.from > band.below) {
      add(
        index + 1,
        `the bands leave a gap: values from ${band.below} to ${next.from} fall in no band`,
      );
    }
  });
  if (list.length === 1 && list[0]?.from !== undefined) {
    add(
      0,
      `the lowest band must have no "from", else values below ${list[0].from} fall in no band`,
    );
  }
  return faults;
}

/** The band a value falls in; bands that passed the checks leave none without. */
export function findBand<T extends Band>(list: readonly T[], value: number): T {
  const found = list.find(
    ({ from, below }) =>
      (from === undefined || value >= from) && (below === undefined || value < below),
  );
  if (!found) throw new Error(`The value ${value} falls in no band.`);
  return found;
}
