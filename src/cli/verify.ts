import { statSync } from "node:fs";
import type { Config } from "../config.ts";
import { findPublished } from "../publish/find-published.ts";
import { MANIFEST, ManifestError } from "../publish/manifest.ts";
import { noteOf, type RenderingNote } from "../redact/rendering-note.ts";
import { jurisdictionFolder } from "../run-context.ts";
import { type PublicKey, type PublicKeys, readPublicKey, readPublicKeys } from "../signing-key.ts";
import { tellApart } from "../standard/bilingual.ts";
import { findPipeline, listPipelines } from "../standard/workspace.ts";
import { storageFaultOf } from "../store/storage-fault.ts";
import { type Verification, verifyPublished } from "../verify.ts";
import type { Cause } from "../verify-causes.ts";
import { verifyChain } from "../verify-chain.ts";
import { checkFolder, type Finding, type FolderCheck } from "../verify-folder.ts";
import { findProgram, type PublishingProgram, sayProgram } from "../verify-program.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import { act, type CommonOptions, configFor, makeCommand, periodOption } from "./command.ts";
import { EXIT, openLog, openProgress, printResult } from "./terminal.ts";

interface VerifyOptions extends CommonOptions {
  readonly run?: string;
  readonly key?: readonly string[];
  readonly rebuild?: boolean;
}

/** What verify found of one published folder. */
interface Verified {
  readonly folder: string;
  readonly run: string | null;
  readonly signed_with: string | null;
  readonly files: number;
  /** The program that published it; null where that is not known. */
  readonly program: PublishingProgram | null;
  /** What the folder leaves out of a publication; null where it is one itself. */
  readonly rendering: RenderingNote | null;
  readonly findings: readonly Finding[];
  readonly changed: FolderCheck["changed"];
  /** Null where it was not rebuilt. */
  readonly rebuilt: Pick<Verification, "rebuiltOtherwise" | "manifestOtherwise"> | null;
  /** Definitions that have changed since; found when it is rebuilt. */
  readonly causes: readonly Cause[];
}

/** `zhengxin verify`: proof that a published period is what the office published, and what its inputs give. */
export function verifyCommand() {
  return makeCommand(
    "verify",
    "Prove a published period: signature, manifest, every file, chain and journal; with --rebuild by building it again.",
    [
      "verify",
      "verify qingdao --period 2018-12 --rebuild",
      "verify qingdao --period 2018-12 --run 0123456789abcdef",
      "verify downloads/2018-12 --key public.pem   a downloaded folder, anywhere",
    ],
  )
    .argument("[what]", "name of a file in pipelines/, or a published folder")
    .addOption(periodOption())
    .option("--run <run>", "a certain run of the period; default: the latest")
    .option("--rebuild", "also build it again from the raw files and compare every byte")
    .option("--key <files...>", "public keys of the office; default: those in DATA_DIR/public-keys")
    .action(
      act(async (what: string | undefined, options: VerifyOptions) => {
        const config = configFor(options);
        const given = options.key?.map((file) => readPublicKey(file));
        const { keys, damaged } = given ? { keys: given, damaged: [] } : readPublicKeys(config);
        const proven = isFolder(config, what)
          ? await verifyFolder(what, keys)
          : await verifyHeld(config, what, options, keys);
        const verified = {
          ...proven,
          findings: [...damaged.map(sayDamagedKey), ...proven.findings],
        };
        const sound = verified.findings.length === 0;
        printResult(options.json, verified, describe(verified));
        return sound ? EXIT.done : EXIT.differs;
      }),
    );
}

function sayDamagedKey({ id, zh, en }: PublicKeys["damaged"][number]): Finding {
  return { kind: "signature", path: `public-keys/${id}.pem`, zh, en };
}

/** Whether a folder is meant: one that is there and has not the name of a pipeline. */
function isFolder({ workspace }: Config, what: string | undefined): what is string {
  if (what === undefined) return false;
  if (/[\\/]/.test(what)) return true;
  const isThere = statSync(what, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isThere && !listPipelines(workspace).includes(what);
}

async function verifyFolder(folder: string, keys: readonly PublicKey[]): Promise<Verified> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`没有文件夹 ${folder}。There is no folder ${folder}.`);
  }
  return summarise(folder, await checkFolder(folder, keys));
}

function summarise(folder: string, check: FolderCheck): Verified {
  return {
    folder,
    run: check.manifest?.run ?? null,
    signed_with: check.signedWith,
    files: check.manifest?.outputs.length ?? 0,
    program: check.manifest?.code ? findProgram(check.manifest) : null,
    rendering: (check.manifest && noteOf(check.manifest)) ?? null,
    findings: check.findings,
    changed: check.changed,
    rebuilt: null,
    causes: [],
  };
}

/** Verifies a period where it was published: by itself, in its chain, and on demand by building it again. */
async function verifyHeld(
  config: Config,
  named: string | undefined,
  options: VerifyOptions,
  keys: readonly PublicKey[],
): Promise<Verified> {
  const pipeline = findPipeline(config.workspace, choosePipeline(config.workspace, named));
  const dataDir = jurisdictionFolder(config, pipeline);
  const folder = locate(dataDir, pipeline.pipeline, options);
  const check = await checkFolder(folder, keys);
  const place = { dataDir, jurisdiction: pipeline.jurisdiction, pipeline: pipeline.pipeline };
  const chain = await verifyChain(config, place, keys);
  const quick = summarise(folder, { ...check, findings: [...check.findings, ...chain] });
  if (!options.rebuild || !check.manifest) return quick;
  const progress = openProgress(options.json);
  const watch = { log: openLog(config), progress };
  try {
    const rebuilt = await verifyPublished(config, { dataDir, folder }, watch);
    const { rebuiltOtherwise, manifestOtherwise, causes } = rebuilt;
    const findings = [...quick.findings, ...sayRebuilt(rebuilt)];
    return { ...quick, findings, rebuilt: { rebuiltOtherwise, manifestOtherwise }, causes };
  } catch (error) {
    const said = storageFaultOf(error) ?? tellApart((error as Error).message);
    const zh = said.zh ? `无法重建。${said.zh}` : "无法重建，原因见下一句（英文）。";
    const finding = {
      kind: "rebuilt",
      path: folder,
      zh,
      en: `It cannot be rebuilt. ${said.en}`,
    } as const;
    return { ...quick, findings: [...quick.findings, finding] };
  } finally {
    progress.stop();
  }
}

/** The folder that is meant, also where its manifest is damaged: that is what is to be told of it. */
function locate(dataDir: string, pipeline: string, { period, run }: VerifyOptions): string {
  try {
    return findPublished(dataDir, pipeline, { period, run });
  } catch (error) {
    if (error instanceof ManifestError) return error.folder;
    throw error;
  }
}

function sayRebuilt({ rebuiltOtherwise, manifestOtherwise, causes }: Verification): Finding[] {
  const files = rebuiltOtherwise.map(({ path, reason }): Finding => {
    return {
      kind: "rebuilt",
      path,
      zh: `${path} 重建后与清单不同（${reason}）。`,
      en: `${path} comes out otherwise when rebuilt (${reason}).`,
    };
  });
  const entries = manifestOtherwise.map((entry): Finding => {
    return {
      kind: "rebuilt",
      path: "manifest.json",
      zh: `清单中的 ${entry} 重建后不同。`,
      en: `The entry ${entry} of the manifest comes out otherwise when rebuilt.`,
    };
  });
  if (files.length + entries.length === 0) return [];
  return [
    ...causes.map((cause): Finding => ({ kind: "definition", path: cause.definition, ...cause })),
    ...files,
    ...entries,
  ];
}

/** That a folder is a rendering, and of what. */
function sayRendering(note: RenderingNote | null): string[] {
  if (!note) return [];
  const { run, original, zh, en } = note;
  return [
    `${zh}原件为运行 ${run}，其清单的 sha-256 为 ${original}。`,
    `${en} The original is the run ${run}, whose manifest has the sha-256 ${original}.`,
  ];
}

/** Whether it cannot come out the same: it was published by another program, or by definitions that have changed. */
function isExpected({ program, causes }: Verified): boolean {
  return causes.length > 0 || program?.isThis === false;
}

/** Findings with what came out otherwise counted instead of listed: where the reason is known, the list says nothing more. */
function countRebuilt({ findings, rebuilt }: Verified): Finding[] {
  const others = findings.filter(({ kind }) => !(rebuilt && kind === "rebuilt"));
  const files = rebuilt?.rebuiltOtherwise.length ?? 0;
  const entries = rebuilt?.manifestOtherwise.length ?? 0;
  if (files + entries === 0) return others;
  return [
    ...others,
    {
      kind: "rebuilt",
      path: MANIFEST,
      zh: `重建后有 ${files} 个文件和清单中的 ${entries} 项不同，原因如上；逐项见 --json。`,
      en: `Rebuilt, ${files} file(s) and ${entries} entries of the manifest come out otherwise, for the reason above; --json lists each.`,
    },
  ];
}

function sayFinding({ zh, en }: Finding): string[] {
  return [`! ${zh}`, `  ${en}`];
}

function describe(verified: Verified): string {
  const { folder, findings, files, rebuilt, causes, signed_with } = verified;
  const { rendering, program } = verified;
  const lines = [
    folder,
    ...sayRendering(rendering),
    ...(program ? sayProgram(program) : []),
    ...(isExpected(verified) ? countRebuilt(verified) : findings).flatMap(sayFinding),
  ];
  if (findings.length > 0) {
    const because =
      causes.length > 0
        ? [
            "上列定义在发布之后有变，因此重建的结果不同：换回当时的定义再试。The definitions named above have changed since it was published, so it comes out otherwise: try again with those of then.",
          ]
        : [];
    return [...lines, ...because, `不一致 ${findings.length} difference(s).`].join("\n");
  }
  const proven = `一致 ${files} 个文件与清单相符，清单由密钥 ${signed_with} 签名。The ${files} files are those of the manifest, which is signed with the key ${signed_with}.`;
  const again = rebuilt
    ? "从原始文件重建，每一字节都相同。Rebuilding them from the raw files gives the same bytes."
    : "";
  return [...lines, proven, ...(again ? [again] : [])].join("\n");
}
