import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  compareWithManifest,
  type Difference,
  MANIFEST,
  type Manifest,
  ManifestError,
  readManifest,
  SIGNATURE,
} from "./publish/manifest.ts";
import { findSigner, type PublicKey } from "./signing-key.ts";
import { readBytes } from "./whole-file.ts";

/** Something about a publication that is not as it was published, or cannot be proven. */
export interface Finding {
  readonly kind: "manifest" | "signature" | "file" | "chain" | "journal" | "rebuilt" | "definition";
  /** The file it is about, below the published folder or the jurisdiction's. */
  readonly path: string;
  readonly zh: string;
  readonly en: string;
}

export interface FolderCheck {
  /** None where it cannot be read. */
  readonly manifest: Manifest | undefined;
  readonly findings: readonly Finding[];
  /** Files that are not what the manifest says they are. */
  readonly changed: readonly Difference[];
  /** Name of the key the manifest is signed with. */
  readonly signedWith: string | null;
}

/**
 * Proves a published folder by itself, wherever it lies: its manifest is the one the office signed, and its files are those
 * the manifest names, none missing and none added. Neither the data folder nor a database is needed.
 * @param keys public keys of the office
 */
export async function checkFolder(
  folder: string,
  keys: readonly PublicKey[],
): Promise<FolderCheck> {
  const signature = checkSignature(folder, keys);
  let manifest: Manifest;
  try {
    manifest = readManifest(folder);
    if (!manifest.outputs) throw new ManifestError(folder, "damaged");
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    const finding: Finding = { kind: "manifest", path: MANIFEST, ...error.sentence };
    return { manifest: undefined, findings: [finding], changed: [], signedWith: null };
  }
  const changed = await compareWithManifest(manifest, folder);
  return {
    manifest,
    findings: [...signature.findings, ...changed.map(sayDifference)],
    changed,
    signedWith: signature.signedWith,
  };
}

function checkSignature(
  folder: string,
  keys: readonly PublicKey[],
): Pick<FolderCheck, "findings" | "signedWith"> {
  const [manifest, signature] = [MANIFEST, SIGNATURE].map((name) => join(folder, name));
  if (!existsSync(manifest as string)) return { findings: [], signedWith: null };
  const say = (zh: string, en: string) => ({
    findings: [{ kind: "signature", path: SIGNATURE, zh, en } as const],
    signedWith: null,
  });
  if (!existsSync(signature as string)) {
    return say(
      "清单没有签名：由旧版本发布，或签名被取走；无法证明清单未被改动。确认内容无误后，“zhengxin repair --sign”按现状签名；能以当时的定义和程序再次运行该期的，运行即会签名。",
      "The manifest is not signed: an older program published it, or the signature was taken away; nobody can say that the manifest is as it was. Once somebody has made sure of it, “zhengxin repair --sign” signs it as it lies; running the period again with the definitions and the program of then signs it too.",
    );
  }
  if (keys.length === 0) {
    return say(
      "没有公钥，无法核对签名。请用 --key 给出单位公布的公钥。",
      "There is no public key to check the signature with. Give the one the office publishes with --key.",
    );
  }
  const bytes = readBytes(manifest as string);
  const signer = findSigner(keys, bytes, readBytes(signature as string));
  if (signer) return { findings: [], signedWith: signer.id };
  return say(
    `签名与清单不符：${MANIFEST} 在签名之后被改动，或不是用所给的密钥签名的。`,
    `The signature does not fit: ${MANIFEST} was changed after it was signed, or it was signed with another key than those given.`,
  );
}

const REASONS: Readonly<
  Record<Difference["reason"], { readonly zh: string; readonly en: string }>
> = {
  missing: { zh: "不见了", en: "is missing" },
  size: { zh: "长度不对：被截短或加长", en: "has another length: it was cut off or added to" },
  hash: { zh: "内容已被改动", en: "was changed" },
  content: {
    zh: "所含的表不是发布时的内容，或文件已损坏",
    en: "does not hold the tables that were published, or is damaged",
  },
  unlisted: {
    zh: "不在清单中，是后来放入的",
    en: "is not in the manifest: it was put there later",
  },
  unreadable: {
    zh: "读不了，请检查权限与磁盘",
    en: "cannot be read; look at its permissions and the disk",
  },
  link: {
    zh: "不再是文件，而是链接或别的东西",
    en: "is no file any more but a link or something else",
  },
};

function sayDifference({ path, reason }: Difference): Finding {
  const { zh, en } = REASONS[reason];
  return { kind: "file", path, zh: `${path} ${zh}。`, en: `${path} ${en}.` };
}
