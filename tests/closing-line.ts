import type { Reporter, TestModule } from "vitest/node";

/** Ends the output with one plain line of totals, for people and programs that read only the last line. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let passed = 0;
    let failed = 0;
    let skipped = 0;
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "failed") failed += 1;
        else skipped += 1;
      }
    }
    if (skipped > 0) process.stdout.write(`\n${skipped} skipped; the reasons stand above\n`);
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  }
}
