import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { TEST_SERVICES } from "./debian-services.ts";
import { findBinary } from "./find-binary.ts";

/** Set by .ci/run: a service that is missing fails the run instead of skipping its tests. */
const REQUIRED = "ZHENGXIN_TEST_SERVICES";

/**
 * Before any test: what is missing is installed from Debian's packages where that is possible (Debian, as root);
 * elsewhere one sentence for each missing service says what to install, and its tests are skipped.
 */
export default function setup(): void {
  const missing = findMissing();
  if (missing.length > 0 && isDebianAsRoot()) install(missing.flatMap(({ packages }) => packages));
  const left = findMissing();
  for (const { tests, binaries, packages } of left) {
    process.stderr.write(
      `Without ${binaries.join(", ")}, ${tests} are skipped: install the Debian package ${packages.join(" and ")}, or its like.\n`,
    );
  }
  if (left.length > 0 && process.env[REQUIRED] === "required") {
    throw new Error("Services that the tests need are missing; this run requires all of them.");
  }
}

function findMissing() {
  return TEST_SERVICES.filter(({ binaries }) => binaries.some((name) => !findBinary(name)));
}

function isDebianAsRoot(): boolean {
  return process.getuid?.() === 0 && existsSync("/etc/debian_version");
}

function install(packages: readonly string[]): void {
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  const quietly = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  process.stdout.write(`Installing for the tests: ${packages.join(" ")}\n`);
  for (const parameters of [
    ["update"],
    ["install", "-y", "--no-install-recommends", ...packages],
  ]) {
    const done = spawnSync("apt-get", [...wait, "-qq", ...parameters], {
      ...quietly,
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
    });
    if (done.status !== 0) process.stderr.write(done.stderr ?? String(done.error));
  }
}
