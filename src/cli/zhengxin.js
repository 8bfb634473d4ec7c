#!/usr/bin/env node
// Node 20 cannot run TypeScript by itself: run the compiled program, or, where none can be kept, translate on the way in.
import { compileProgram } from "./compile.js";

const program = await compileProgram();
if (program) {
  process.setSourceMapsEnabled(true);
  await import(program);
} else {
  const { register } = await import("tsx/esm/api");
  register();
  await import("./main.ts");
}
