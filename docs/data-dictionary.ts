import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { RECORD_TABLES, recordColumns } from "../src/publish/records.ts";
import { PUBLIC_TEXTS } from "../src/standard/public-texts.ts";
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
        const shown = schema === "core" && PUBLIC_TEXTS[table]?.includes(column_name);
        const mark = shown ? "（公开的文字 · public text）" : "";
        lines.push(`| \`${column_name}\` | ${data_type} | ${said ?? ""}${mark} |`);
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

export const RECORDS_PAGE = join(import.meta.dirname, "single-records.md");

const RECORDS_HEAD = `<!-- Written by \`npx tsx docs/generate.ts\` from docs/data-dictionary.yaml and src/publish/records.sql; do not edit. -->
# 单条记录 · Single records

每期发布的 \`records.duckdb\`：截至时间已知的各类记录，一表一类，供分析人员用 SQL 查询（\`zhengxin sql\`、\`POST /api/sql\`），不对外提供。
不含自然人、化名、自由文本，也不含相对人的名称与代码；自然人与个体工商户的公示项连编号也不给。表名、列名是稳定的。

\`records.duckdb\` of each published period: the records known at its as-of time, a table for each kind, for analysts' SQL
(\`zhengxin sql\`, \`POST /api/sql\`); it is not handed out. Without natural persons, pseudonyms and free text, and without names
and codes of subjects; items about persons and sole traders have not even a number. Names of tables and columns are stable.
The tables of [published-data.md](published-data.md) can be asked beside them: \`entity\` has the names of bodies, \`file\` the
files that \`file_id\` counts.
`;

/** The page on the records that analysts may ask, with the meanings the core tables have. */
export async function describeRecords(
  meanings = readFileSync(join(import.meta.dirname, "data-dictionary.yaml"), "utf8"),
): Promise<string> {
  const { common, schemas }: Meanings = parse(meanings);
  const lines = [RECORDS_HEAD];
  for (const table of RECORD_TABLES) {
    const meaning = schemas.core?.tables[table];
    lines.push(`## ${table}`, "", meaning?.text ?? "", "");
    lines.push("| 列 column | 类型 type | 含义 meaning |", "|---|---|---|");
    for (const { name, type } of await recordColumns(table)) {
      const said = OWN[name] ?? meaning?.columns?.[name] ?? common[name] ?? "";
      lines.push(`| \`${name}\` | ${type} | ${said} |`);
    }
    lines.push("");
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

const OWN: Record<string, string> = {
  file_id: "来源文件在本次发布内的编号，见表 file · number of the file within this publication, see the table file",
};

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
