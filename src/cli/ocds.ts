import { Command } from "commander";
import { readReadingBounds } from "../config.ts";
import { compileReleases } from "../ocds/compile-releases.ts";
import { readReleases } from "../ocds/read-releases.ts";
import { describeFaults } from "../ocds/release.ts";
import { writeJson } from "../ocds/write-json.ts";
import { LostMember, readOcdsDocuments } from "../pull/ocds-documents.ts";
import { RefusedFile } from "../pull/sentences.ts";
import type { Bilingual } from "../standard/bilingual.ts";
import { format } from "../standard/source-format.ts";
import { act, type CommonOptions, configFor, makeCommand } from "./command.ts";
import { EXIT } from "./terminal.ts";

/** `zhengxin ocds`: procurement data of the Open Contracting Data Standard, looked at by themselves. */
export function ocdsCommand(): Command {
  return new Command("ocds")
    .description("Work with procurement data of the Open Contracting Data Standard (OCDS).")
    .addCommand(compileCommand());
}

/** `zhengxin ocds compile`: what holds of each contracting process, by the standard's merge. */
function compileCommand(): Command {
  return makeCommand(
    "compile",
    "Merge the releases of a file into compiled releases, as the standard defines it, and print them as JSON.",
    ["ocds compile releases.json", "ocds compile releases.jsonl.gz > compiled.json"],
  )
    .argument(
      "<file>",
      "JSON or JSON Lines, gzipped or not, or a ZIP of these: releases, or release or record packages",
    )
    .action(
      act(async (file: string, options: CommonOptions) => {
        const { documents, lost } = await readDocuments(file, options);
        const read = readReleases(documents);
        const { processes, faults } = compileReleases(read.releases);
        const told = describeFaults([...read.faults, ...faults], file);
        for (const { zh, en } of [...lost, ...told]) process.stderr.write(`${zh}\n${en}\n`);
        const compiled = processes.map(({ states }) => states.at(-1)?.release);
        if (compiled.length === 0) {
          throw new Error(
            `${file}：没有可用的发布，未生成汇编发布。请核对文件。\n${file}: there is no release that can be used, so nothing was compiled. Check the file.`,
          );
        }
        const answer = compiled.length === 1 ? compiled[0] : compiled;
        process.stdout.write(`${writeJson(answer)}\n`);
        return EXIT.done;
      }),
    );
}

/**
 * The documents of a file, and in sentences what could not be read of an archive.
 * @throws Error in a sentence when the file cannot be read
 */
async function readDocuments(
  file: string,
  options: CommonOptions,
): Promise<{ readonly documents: readonly unknown[]; readonly lost: readonly Bilingual[] }> {
  const bounds = configFor(options).reading ?? readReadingBounds();
  const read = format.parse({ type: "ocds" });
  try {
    const found = await readOcdsDocuments({ input: file, format: read, bounds, exact: true });
    const lost = found.filter((each) => each instanceof LostMember);
    return {
      documents: found.filter((each) => !(each instanceof LostMember)),
      lost: lost.map(({ name, why }) => ({
        zh: `${file}：压缩包中的文件“${name}”未读取，其余照常：${why.zh}`,
        en: `${file}: the file "${name}" in the archive was not read, the others were: ${why.en}`,
      })),
    };
  } catch (error) {
    if (!(error instanceof RefusedFile)) throw error;
    const { zh, en } = error.sentence;
    throw new Error(`${file}：${zh}\n${file}: ${en}`);
  }
}
