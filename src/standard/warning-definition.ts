import { createHash } from "node:crypto";
import { join } from "node:path";
import { isThere, readText } from "../whole-file.ts";
import { audienceOfWarnings, hiddenSeries } from "./audience.ts";
import {
  LEVELS,
  type Level,
  type WarningBand,
  type WarningFile,
  type WarningRule,
  warningSchema,
} from "./warning-schema.ts";
import { DefinitionError, type Fault, parseYaml, type YamlDocument } from "./yaml-document.ts";

export * from "./warning-schema.ts";

/** Warning rules as data: the series looked at, the lines that mean risk, and what follows from them. */
export interface WarningDefinition extends WarningFile {
  readonly id: string;
  readonly file: string;
  /** sha-256 of the file. */
  readonly hash: string;
}

/**
 * Reads metrics/warnings/<id>.yaml.
 * @throws DefinitionError naming line and column of every fault: an unknown key, a rule on a series that is not there,
 * lines that do not get worse from level to level, a release that is not on the good side of its line
 */
export function readWarnings(workspace: string, id: string): WarningDefinition {
  const file = join(workspace, "metrics", "warnings", `${id}.yaml`);
  if (!isThere(file)) {
    throw new Error(
      `There are no warning rules "${id}": metrics/warnings has no ${id}.yaml. Write it, or name another in the pipeline.`,
    );
  }
  const text = readText(file);
  const held = cache.get(file);
  if (held?.text === text) return held.definition;
  const document = parseYaml(text, file, warningSchema);
  const faults = readFaults(document, id);
  if (faults.length > 0) {
    throw new DefinitionError(faults.toSorted((a, b) => a.line - b.line || a.column - b.column));
  }
  const definition = {
    ...document.value,
    id,
    file,
    hash: createHash("sha256").update(text).digest("hex"),
  };
  cache.set(file, { text, definition });
  return definition;
}

/** A run reads the same files at several of its steps, and they are long. */
const cache = new Map<string, { readonly text: string; readonly definition: WarningDefinition }>();

/** How bad a level is: 0 green to 3 red. */
export function severity(level: Level): number {
  return LEVELS.indexOf(level);
}

/** The line of a band: the number at which its level begins. */
export function lineOf(band: WarningBand): number {
  return (band.from ?? band.above ?? band.below) as number;
}

/** Whether a value stands in a band, or beyond it. */
export function reaches(band: WarningBand, value: number): boolean {
  if (band.from !== undefined) return value >= band.from;
  if (band.above !== undefined) return value > band.above;
  return value < (band.below as number);
}

function readFaults({ value, fault }: YamlDocument<WarningFile>, id: string): Fault[] {
  const faults: Fault[] = [];
  const add = (path: readonly PropertyKey[], message: string) => faults.push(fault(path, message));
  if (value.warnings !== id) {
    add(["warnings"], `the file calls itself "${value.warnings}", but it is ${id}.yaml`);
  }
  const series = new Map(value.series.map((one) => [one.id, one]));
  const rules = new Map(value.rules.map((one) => [one.id, one]));
  findTwice(value.series).forEach((at) => {
    add(["series", at, "id"], `the series "${value.series[at]?.id}" is there twice`);
  });
  const alerting = [...value.rules, ...value.outlooks];
  findTwice(alerting).forEach((at) => {
    const path = at < value.rules.length ? ["rules", at] : ["outlooks", at - value.rules.length];
    add([...path, "id"], `the rule "${alerting[at]?.id}" is there twice`);
  });
  const known = (path: readonly PropertyKey[], what: string, name: string, held: boolean) => {
    if (!held) add(path, `there is no ${what} "${name}" in this file`);
  };
  const onPositions = (from: string) => from === "position" || from === "change";
  value.series.forEach((one, at) => {
    if (onPositions(one.from) !== onPositions(value.series[0]?.from ?? "")) {
      add(
        ["series", at, "from"],
        "series on debt positions and series on counts and scores go into files of their own",
      );
    }
    if (one.from !== "change") return;
    const of = value.series.findIndex(({ id }) => id === one.of);
    if (of >= at || of < 0) {
      add(["series", at, "of"], `there is no series "${one.of}" above this one in the file`);
    }
  });
  value.rules.forEach((rule, at) => {
    const on = series.get(rule.series);
    known(["rules", at, "series"], "series", rule.series, on !== undefined);
    if (on) faults.push(...findBandFaults(rule, on.worse, ["rules", at, "bands"], fault));
  });
  value.outlooks.forEach((outlook, at) => {
    const rule = rules.get(outlook.rule);
    known(["outlooks", at, "rule"], "rule", outlook.rule, rule !== undefined);
    if (!rule) return;
    if (!rule.bands.some(({ level }) => level === outlook.reaches)) {
      add(["outlooks", at, "reaches"], `the rule "${rule.id}" has no level ${outlook.reaches}`);
    }
    const on = series.get(rule.series);
    if (on && !(on.from === "position" && on.forecast)) {
      add(
        ["outlooks", at, "rule"],
        `the series "${on.id}" is not forecast: give it "forecast: true"`,
      );
    }
  });
  const owned: (readonly [readonly PropertyKey[], string | undefined])[] = [
    [["owner"], value.owner],
    [["escalate_to"], value.escalate_to],
    ...value.rules.map((rule, at) => [["rules", at, "owner"], rule.owner] as const),
    ...value.outlooks.map((rule, at) => [["outlooks", at, "owner"], rule.owner] as const),
  ];
  for (const [path, owner] of owned) {
    if (owner !== undefined) known(path, "owner", owner, owner in value.owners);
  }
  value.lists?.warning.rules.forEach((rule, at) => {
    known(["lists", "warning", "rules", at], "rule", rule, rules.has(rule));
  });
  value.emergency?.rules.forEach((rule, at) => {
    known(["emergency", "rules", at], "rule", rule, rules.has(rule));
  });
  for (const [level, cap] of Object.entries(value.rating?.caps ?? {})) {
    known(
      ["rating", "caps", level],
      "grade",
      cap,
      value.rating?.grades.some(({ id }) => id === cap) ?? false,
    );
  }
  return [...faults, ...findAudienceFaults(value, fault)];
}

/** Hidden debt goes to the offices alone, and the public form is of a limit. */
function findAudienceFaults(
  value: WarningFile,
  fault: YamlDocument<WarningFile>["fault"],
): Fault[] {
  const faults: Fault[] = [];
  const hidden = hiddenSeries(value);
  if (hidden.length > 0 && audienceOfWarnings(value) !== "internal") {
    const why = `the series "${hidden[0]}" counts hidden debt, which is for the offices alone`;
    faults.push(fault(["audience"], `${why}: write "audience: internal", or leave the key out`));
  }
  const shown = value.public_form?.balance_and_limit;
  if (shown === undefined) return faults;
  const on = value.series.find(({ id }) => id === shown);
  const path = ["public_form", "balance_and_limit"];
  if (on?.from !== "position" || !("stock" in on.numerator) || !isLimit(on.denominator)) {
    faults.push(
      fault(path, `"${shown}" is no series of this file whose denominator is a debt limit`),
    );
  } else if (hidden.includes(shown)) {
    faults.push(fault(path, `the series "${shown}" counts hidden debt, which is not public`));
  }
  return faults;
}

function isLimit(denominator: object | undefined): boolean {
  const stock = (denominator as { readonly stock?: readonly string[] } | undefined)?.stock ?? [];
  return stock.length > 0 && stock.every((name) => name.endsWith("debt_limit"));
}

function findBandFaults(
  rule: WarningRule,
  worse: "higher" | "lower",
  path: readonly PropertyKey[],
  fault: YamlDocument<WarningFile>["fault"],
): Fault[] {
  const faults: Fault[] = [];
  const sign = worse === "higher" ? 1 : -1;
  rule.bands.forEach((band, at) => {
    const here = [...path, at];
    const given = [band.from, band.above, band.below].filter((line) => line !== undefined);
    if (given.length !== 1) {
      faults.push(
        fault(here, `give exactly one of "from" (the line itself counts), "above" and "below"`),
      );
      return;
    }
    if ((band.below !== undefined) !== (worse === "lower")) {
      faults.push(
        fault(
          here,
          `the series is worse when ${worse}, so the band needs "${worse === "lower" ? "below" : "from"}" or its like`,
        ),
      );
      return;
    }
    if (sign * (band.release - lineOf(band)) > 0) {
      faults.push(
        fault(
          [...here, "release"],
          `${band.release} is beyond the line ${lineOf(band)}: the level would be given up where it begins`,
        ),
      );
    }
    const before = rule.bands[at - 1];
    if (!before) return;
    if (
      severity(band.level) <= severity(before.level) ||
      sign * (lineOf(band) - lineOf(before)) <= 0
    ) {
      faults.push(
        fault(
          here,
          "bands go from the mildest to the worst level, each line beyond the one before",
        ),
      );
    }
  });
  return faults;
}

/** Places of the items whose id was there before. */
function findTwice(items: readonly { readonly id: string }[]): number[] {
  return items.flatMap(({ id }, at) => (items.findIndex((one) => one.id === id) < at ? [at] : []));
}
