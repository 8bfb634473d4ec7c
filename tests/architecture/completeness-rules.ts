import type { SourceFile } from "./source-files.ts";

/**
 * Indicators without a pair of input and expected result among the files of tests/.
 * @param ids as "A1/decision-published"; a pair is two files that end in <id>.input.* and <id>.expected.csv
 */
export function findUntestedIndicators(ids: readonly string[], paths: readonly string[]): string[] {
  return ids.filter((id) => {
    const input = paths.some((path) => path.includes(`/${id}.input.`));
    const expected = paths.some((path) => path.endsWith(`/${id}.expected.csv`));
    return !input || !expected;
  });
}

/** Words that a text does not show as code, alone or as the first word of a command line. */
export function findUndocumented(words: readonly string[], text: string, prefix = ""): string[] {
  return words.filter((word) => {
    const exact = `${prefix}${word}`.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return !new RegExp(`\`${exact}(?:\`|[ \\[<])`).test(text);
  });
}

/** The verbs in the help text of a command line. */
export function readVerbs(help: string): string[] {
  const commands = help.split(/^命令 Commands:$/m)[1]?.split(/^\S/m)[0] ?? "";
  return [...commands.matchAll(/^ {2}([a-z][a-z-]*)\b/gm)]
    .map((match) => match[1] as string)
    .filter((verb) => verb !== "help");
}

/** Numbers of migrations must run from 1 without a gap, each once: one that came later below the newest would be left out. */
export function findMigrationFaults(names: readonly string[]): string[] {
  return names.flatMap((name, index) =>
    name.startsWith(`${String(index + 1).padStart(4, "0")}-`)
      ? []
      : [`${name} should be number ${index + 1}`],
  );
}

/** Samples that do not say that they are synthetic, by their text. */
export function findUnmarked(files: readonly SourceFile[]): string[] {
  return files.filter(({ text }) => !/synthetic|合成/i.test(text)).map(({ path }) => path);
}
