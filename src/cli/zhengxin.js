#!/usr/bin/env node
// Node 20 cannot run TypeScript by itself: register the loader, then hand over to the program.
import { register } from "tsx/esm/api";

register();
await import("./main.ts");
