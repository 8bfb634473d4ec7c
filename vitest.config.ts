import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: ["tests/services/install-services.ts"],
    setupFiles: ["tests/seed-properties.ts"],
    // DuckDB uses threads of its own; more workers than cores only make each other wait.
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ["default", "./tests/closing-line.ts"],
  },
});
