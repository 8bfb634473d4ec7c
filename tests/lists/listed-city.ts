import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../src/config.ts";
import {
  copyTinyCity,
  publishedFolder,
  runTiny,
  tinyConfig,
} from "../end-to-end/tiny-workspace.ts";

const said = '{ zh: "合成", en: "synthetic" }';

/** Rules of the tiny city: who has a serious record is black-listed and restricted in procurement. */
const LISTS = `# Synthetic.
lists_id: tiny
version: "1"
title: ${said}
lists:
  - id: black
    kind: black
    title: { zh: 黑名单, en: Black list }
    levels: [district, department, township]
    article: ${said}
    effect: ${said}
    rules:
      - { id: serious, title: { zh: 严重失信, en: Serious record }, when: { records: { severities: [serious] } }, until: { months: 12 }, assumption: true }
restrictions:
  - field: procurement
    title: { zh: 政府采购, en: Procurement }
    levels: [district]
    article: ${said}
    effect: { zh: 不予通过资格审查, en: Does not qualify }
    rules:
      - { id: black-listed, title: { zh: 在黑名单, en: On the black list }, when: { on_list: black }, until: repair, assumption: true }
`;

/** Gives a workspace of the tiny city its lists. */
export function addLists(workspace: string): void {
  mkdirSync(join(workspace, "metrics", "lists"));
  writeFileSync(join(workspace, "metrics", "lists", "tiny.yaml"), LISTS);
  const pipeline = join(workspace, "pipelines", "tiny.yaml");
  writeFileSync(
    pipeline,
    readFileSync(pipeline, "utf8").replace("\nhistory:", "\nlists: tiny\nhistory:"),
  );
}

/** The tiny city's June 2018 with lists, published. */
export async function publishListedCity(): Promise<{ config: Config; folder: string }> {
  const workspace = copyTinyCity();
  addLists(workspace);
  const config = tinyConfig(workspace);
  const done = await runTiny(config);
  done.context.store.close();
  return { config, folder: publishedFolder(done) };
}
