// Writes the generated pages of docs/: npx tsx docs/generate.ts
import { writeFileSync } from "node:fs";
import { CLAUSES_PAGE, describeClauses } from "./clauses.ts";
import { DICTIONARY, describeRecords, describeTables, RECORDS_PAGE } from "./data-dictionary.ts";

async function generate(): Promise<void> {
  const { markdown, faults } = await describeTables();
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
  else writeFileSync(DICTIONARY, markdown);
  writeFileSync(RECORDS_PAGE, await describeRecords());
  writeFileSync(CLAUSES_PAGE, describeClauses());
}

await generate();
