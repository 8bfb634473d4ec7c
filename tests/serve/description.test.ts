import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { submittedEvent } from "../../src/record/submit-event.ts";
import { makeApp } from "../../src/serve/app.ts";

// The program loads its schemas before the library that describes them.

test("events are described with the very fields that validate them, whichever is loaded first", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "zhengxin-description-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const app = makeApp({ config: readConfig({ DATA_DIR: dataDir }), isStopping: () => false });
  // biome-ignore lint/suspicious/noExplicitAny: checked field by field
  const document = (await (await app.request("/api/openapi.json")).json()) as any;
  const { properties } = document.components.schemas.RecordEvent;
  expect(Object.keys(properties)).toEqual(Object.keys(submittedEvent.shape));
});
