import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { Store } from "../src/store/store.ts";

interface Meanings {
  readonly common: Record<string, string>;
  readonly schemas: Record<
    string,
    {
      readonly text: string;
      readonly tables: Record<string, { text: string; columns?: Record<string, string> }>;
    }
  >;
}

interface Column {
  readonly schema_name: string;
  readonly table_name: string;
  readonly column_name: string;
  readonly data_type: string;
}

export const DICTIONARY = join(import.meta.dirname, "data-dictionary.md");

const HEAD = `<!-- Written by \`npx tsx docs/generate.ts\` from docs/data-dictionary.yaml and the migrations; do not edit. -->
# 数据字典 · Data dictionary

工作数据库 \`DATA_DIR/<辖区>/working.duckdb\` 的全部表。后一步只读前一层：\`raw\` → \`core\` → \`facts\` → \`scores\`。
\`known.<表>\` 与同名的 \`core\` 表列相同，只含截至时间已知的版本；\`known.entity_lineage\` 列出每个主体及其各级上级。
发布文件的结构另见 [published-data.md](published-data.md)。

Every table of the working database. A layer is made from the one before it: \`raw\` → \`core\` → \`facts\` → \`scores\`.
\`known.<table>\` has the columns of the \`core\` table of that name and only the versions known at the as-of time;
\`known.entity_lineage\` lists each body with every body above it. The published files are described in
[published-data.md](published-data.md).
`;

/**
 * The dictionary as Markdown, and what is wrong with it.
 * @param meanings text of data-dictionary.yaml
 * @returns \`faults\`: a table or column without a meaning, or a meaning without its table or column
 */
export async function describeTables(
  meanings = readFileSync(join(import.meta.dirname, "data-dictionary.yaml"), "utf8"),
): Promise<{ readonly markdown: string; readonly faults: readonly string[] }> {
  const { common, schemas }: Meanings = parse(meanings);
  const columns = await readTables();
  const faults: string[] = [];
  const used = new Set<string>();
  const lines = [HEAD];
  for (const [schema, { text, tables }] of Object.entries(schemas)) {
    lines.push(`## ${schema}`, "", text, "");
    for (const [table, meaning] of Object.entries(tables)) {
      const name = `${schema}.${table}`;
      const held = columns.filter((c) => c.schema_name === schema && c.table_name === table);
      if (held.length === 0) faults.push(`There is no table ${name}.`);
      lines.push(
        `### ${name}`,
        "",
        meaning.text,
        "",
        "| 列 column | 类型 type | 含义 meaning |",
        "|---|---|---|",
      );
      for (const { column_name, data_type } of held) {
        const own = meaning.columns?.[column_name];
        if (!own) used.add(column_name);
        const said = own ?? common[column_name];
        if (!said) faults.push(`The column ${name}.${column_name} has no meaning.`);
        lines.push(`| \`${column_name}\` | ${data_type} | ${said ?? ""} |`);
      }
      lines.push("");
      for (const column of Object.keys(meaning.columns ?? {})) {
        if (!held.some(({ column_name }) => column_name === column)) {
          faults.push(`There is no column ${name}.${column}.`);
        }
      }
    }
  }
  for (const { schema_name, table_name } of columns) {
    const fault = `The table ${schema_name}.${table_name} has no meaning.`;
    if (!schemas[schema_name]?.tables[table_name] && !faults.includes(fault)) faults.push(fault);
  }
  for (const column of Object.keys(common)) {
    if (!used.has(column)) faults.push(`No table uses the common column ${column}.`);
  }
  return { markdown: `${lines.join("\n").trimEnd()}\n`, faults };
}

async function readTables(): Promise<Column[]> {
  const store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
  try {
    return await store.rows<Column>(`
      SELECT c.schema_name, c.table_name, c.column_name, c.data_type
      FROM duckdb_columns() c
      JOIN duckdb_tables() t USING (schema_name, table_name)
      WHERE NOT c.internal AND c.schema_name <> 'main'
      ORDER BY c.schema_name, c.table_name, c.column_index`);
  } finally {
    store.close();
  }
}
