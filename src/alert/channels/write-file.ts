import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../write-whole.ts";
import { type Delivery, writePayload } from "../message.ts";

/** Lays a delivery down as <folder>/<key>.json. The same delivery again is the same file. */
export function writeDeliveryFile(folder: string, delivery: Delivery): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${delivery.key}.json`);
  writeWhole(`${file}.part`, `${JSON.stringify(writePayload(delivery), null, 2)}\n`);
  renameSync(`${file}.part`, file);
}
