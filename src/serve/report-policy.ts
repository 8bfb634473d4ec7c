import { createHash } from "node:crypto";

/**
 * The content security policy of a report, which is one file with its styles and scripts inside. It may run those
 * scripts alone, told by their hashes, in a sandbox: it is no part of this site, and reaches neither its cookies nor
 * the network.
 */
export function sandboxPolicy(report: string): string {
  const hashes = [...report.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script = ""]) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
  const scripts = hashes.length > 0 ? hashes.join(" ") : "'none'";
  return `default-src 'none'; script-src ${scripts}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; sandbox allow-scripts allow-popups`;
}
