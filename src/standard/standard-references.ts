import { resolveIndicator, unknownIndicator } from "./indicator-family.ts";
import type { IndicatorFile } from "./indicator-file.ts";
import { rangeOf } from "./standard-methods.ts";
import { checkNames } from "./standard-names.ts";
import { findMethodFaults } from "./standard-ranges.ts";
import { pickByLevel, type Schedule, type StandardFile, type Veto } from "./standard-schema.ts";
import type { Fault, YamlDocument } from "./yaml-document.ts";

type Known = ReadonlyMap<string, IndicatorFile>;
type Path = readonly (string | number)[];

/** Faults of what the standard refers to: levels, indicators, normalisations, grades; and of limits that contradict each other. */
export function readReferenceFaults(document: YamlDocument<StandardFile>, known: Known): Fault[] {
  const { value } = document;
  const faults: Fault[] = [];
  const add = (path: Path, message: string) => faults.push(document.fault(path, message));
  checkLevels(value, add);
  checkLeaves(value, known, add);
  checkNormalisations(value, add);
  checkNames(value, known, add);
  for (const { path, message } of findMethodFaults(value)) add(path, message);
  for (const list of ["deductions", "bonuses"] as const) {
    value[list].forEach((schedule, index) => {
      checkRecords([list, index], schedule, value, known, add);
    });
  }
  value.vetoes.forEach((veto, index) => {
    checkVeto(["vetoes", index], veto, value, known, add);
  });
  checkIds(value, add);
  if (value.bounds.maximum !== undefined && value.bounds.maximum <= value.bounds.minimum) {
    add(["bounds", "maximum"], "the maximum of the index is not above its minimum");
  }
  return faults;
}

export type Add = (path: Path, message: string) => void;

function checkLevels(value: StandardFile, add: Add): void {
  for (const list of ["nodes", "indicators"] as const) {
    value[list].forEach(({ weight }, index) => {
      for (const level of Object.keys(weight)) {
        if (!(level in value.levels)) {
          add([list, index, "weight", level], `"${level}" is no level of this standard`);
        }
      }
    });
  }
  value.peer_classes.forEach(({ level }, index) => {
    if (!(level in value.levels)) {
      add(["peer_classes", index, "level"], `"${level}" is no level of this standard`);
    }
  });
}

function checkLeaves(value: StandardFile, known: Known, add: Add): void {
  value.indicators.forEach(({ indicator, weight, normalise }, index) => {
    const path = ["indicators", index];
    const file = resolveIndicator(known, indicator);
    if (!file) {
      add([...path, "indicator"], unknownIndicator(indicator));
      return;
    }
    if (value.indicators[index]?.shrink && file.aggregate !== "ratio") {
      add(
        [...path, "shrink"],
        `"${indicator}" is no ratio, and only counts of cases can be shrunk; take "shrink" away`,
      );
    }
    if (file.aggregate === "list") {
      add(
        [...path, "indicator"],
        `"${indicator}" lists records; it can deduct, give a bonus or a veto, but has no value to weigh`,
      );
    }
    for (const level of Object.keys(weight)) {
      if (!file.levels.includes(level)) {
        add(
          [...path, "weight", level],
          `"${indicator}" does not apply to the level "${level}" (it applies to ${file.levels.join(", ")})`,
        );
      }
      const name = pickByLevel(normalise, level) ?? value.defaults?.normalise;
      if (name === undefined) {
        add([...path, "normalise"], `"${indicator}" has no normalisation at the level "${level}"`);
      } else if (!(name in value.normalisations)) {
        add([...path, "normalise"], `there is no normalisation "${name}"`);
      }
    }
  });
}

function checkNormalisations(value: StandardFile, add: Add): void {
  for (const [name, rule] of Object.entries(value.normalisations)) {
    const path = ["normalisations", name];
    if ((rule.method === "goalposts" || rule.method === "scaled") && rule.low >= rule.high) {
      add(
        [...path, "low"],
        `the goalposts are inverted: low ${rule.low} is not below high ${rule.high}`,
      );
    }
    if (rule.method === "min_max" && rule.winsor && rule.winsor.low >= rule.winsor.high) {
      add([...path, "winsor"], "the winsor limits are inverted: low is not below high");
    }
    const { low, high } = rangeOf(rule);
    if (low >= high) {
      add([...path, "range"], `the range is inverted: low ${low} is not below high ${high}`);
    }
    if (rule.method === "deduction") {
      const perUnit = [rule.beyond, rule.per, rule.points].filter((part) => part !== undefined);
      if (rule.bands ? perUnit.length > 0 : perUnit.length < 3) {
        add(path, "a deduction takes either beyond, per and points together, or bands");
      }
      if (rule.floor > rule.start) add([...path, "floor"], "the floor is above the start");
    }
  }
}

function checkRecords(
  path: Path,
  schedule: Schedule,
  value: StandardFile,
  known: Known,
  add: Add,
): void {
  const file = resolveIndicator(known, schedule.indicator);
  if (!file) {
    add([...path, "indicator"], unknownIndicator(schedule.indicator));
    return;
  }
  if (file.aggregate !== "list") {
    add(
      [...path, "indicator"],
      `"${schedule.indicator}" is no list of records; deductions and bonuses go by record`,
    );
  }
  checkAppliedLevels(path, schedule, file, value, add);
}

function checkVeto(path: Path, veto: Veto, value: StandardFile, known: Known, add: Add): void {
  if (!value.grades.some(({ id }) => id === veto.cap)) {
    add([...path, "cap"], `there is no grade "${veto.cap}"`);
  }
  const file = resolveIndicator(known, veto.indicator);
  if (!file) {
    add([...path, "indicator"], unknownIndicator(veto.indicator));
    return;
  }
  const limits = [veto.above, veto.below].filter((limit) => limit !== undefined).length;
  if (file.aggregate === "list" ? limits > 0 : limits !== 1) {
    add(
      path,
      file.aggregate === "list"
        ? `"${veto.indicator}" lists records, so the veto takes no "above" or "below"`
        : `"${veto.indicator}" has a value, so the veto needs either "above" or "below"`,
    );
  }
  checkAppliedLevels(path, veto, file, value, add);
}

function checkAppliedLevels(
  path: Path,
  { levels, indicator }: { levels?: string[] | undefined; indicator: string },
  file: IndicatorFile,
  value: StandardFile,
  add: Add,
): void {
  levels?.forEach((level, index) => {
    if (!(level in value.levels)) {
      add([...path, "levels", index], `"${level}" is no level of this standard`);
    } else if (!file.levels.includes(level)) {
      add([...path, "levels", index], `"${indicator}" does not apply to the level "${level}"`);
    }
  });
}

function checkIds(value: StandardFile, add: Add): void {
  for (const lists of [
    ["deductions", "bonuses", "vetoes"],
    ["grades"],
    ["peer_classes"],
  ] as const) {
    const seen = new Set<string>();
    for (const list of lists) {
      value[list].forEach(({ id }, index) => {
        if (seen.has(id)) add([list, index, "id"], `the id "${id}" is there twice`);
        seen.add(id);
      });
    }
  }
  for (const list of ["deductions", "bonuses"] as const) {
    const seen = new Set<string>();
    value[list].forEach(({ indicator }, index) => {
      if (seen.has(indicator)) {
        add([list, index, "indicator"], `the indicator "${indicator}" is listed twice`);
      }
      seen.add(indicator);
    });
  }
}
