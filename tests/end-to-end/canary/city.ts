import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { quoteLiteral } from "../../../src/store/sql-file.ts";
import { Store } from "../../../src/store/store.ts";
import { addLists } from "../../lists/listed-city.ts";
import {
  makeWorkspace,
  readDeliveries,
  type Sheet,
  SOURCES,
  type SourceName,
} from "../loud-or-equal/city.ts";
import { type Form, writeSheet } from "../loud-or-equal/forms.ts";
import { Markers } from "./markers.ts";
import { writeBook, writeRecords, writeRegister } from "./registers.ts";

/** A city in whose deliveries every text that may be anybody's is a marker. */
export interface MarkedCity {
  readonly workspace: string;
  readonly markers: Markers;
  /** Takes a file out of its folder that was delivered before. */
  removeOne(): void;
}

/** What the definitions make of each column. */
const CORE: Record<SourceName, Record<string, string | undefined>> = {
  divisions: {
    名称: "name_zh",
    英文名: "name_en",
    "人口（万人）": "population",
    参评: "scored",
  },
  orders: {
    工单编号: "record_key",
    承办单位代码: "entity_id",
    类别: "category",
    受理时间: "received_at",
    办结时限: "due_at",
    办结时间: "closed_at",
    重复工单号: "repeat_of",
    来电人: "caller_ref",
    是否解决: "resolved",
  },
  licences: {
    XK_XKJGDM: "entity_id",
    XK_WSH: "document_no",
    XK_XKLB: "category",
    XK_XDR_MC: "subject_name",
    XK_XDR_SHXYM: "subject_uscc",
    XK_JDRQ: "decided_on",
    GSRQ: "published_on",
  },
  honours: {
    编号: "record_key",
    单位: "entity_id",
    荣誉名称: "title",
    级别: "rank",
    授予日期: "awarded_on",
  },
  debt: {
    code: "entity_id",
    as_at: "as_at",
    total: "total_debt",
    resources: "comprehensive_resources",
  },
};

/** What tells the records of a source apart. */
const KEY: Record<SourceName, string> = {
  divisions: "代码",
  orders: "工单编号",
  licences: "XK_WSH",
  honours: "编号",
  debt: "as_at",
};

/** Columns of which every good row has a marker: persons, and what nothing reads or may be anything. */
const FREE = new Set(["来电人", "诉求内容", "BZ", "备注", "XK_XDR_MC", "荣誉名称", "类别"]);

/** A name that a column has besides, and a column that is read where another is empty. */
const [OTHER, LAST] = ["类别二", "另定时限"];
/** What is read of a free text. */
const PART = { from: "诉求内容", extract: "《(.*)》" };
/** Something in a row with a text of which only a part is read. */
const wrap = (marker: string, header: string) =>
  header === PART.from ? `${marker}《施工》${marker}` : marker;

/** Orders with columns that stand in for others. */
function widen(markers: Markers, source: SourceName, { headers, rows }: Sheet): Sheet {
  if (source !== "orders") return { headers, rows };
  const cell = () => markers.make({ source, what: "cell" });
  return {
    headers: [...headers, OTHER, LAST] as string[],
    rows: rows.map((row) => [...row, cell(), cell()]),
  };
}

/** Makes the city with files of one form, faults of every kind among them. */
export async function plantCity(workspace: string, form: Form): Promise<MarkedCity> {
  const markers = new Markers();
  makeWorkspace(workspace, form);
  addLists(workspace);
  prepare(workspace, form);
  const store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
  const writer = { workspace, markers, form, store };
  try {
    for (const source of SOURCES) {
      rmSync(join(workspace, "data-samples", source), { recursive: true, force: true });
      mkdirSync(join(workspace, "data-samples", source));
      const [main, ...others] = Object.values(readDeliveries()[source]) as [Sheet, ...Sheet[]];
      const good = { ...main, rows: [main, ...others].flatMap(({ rows }) => rows) };
      await write(writer, source, mark(markers, source, widen(markers, source, good)));
      for (const bad of refused(markers, source, widen(markers, source, main))) {
        await write(writer, source, bad);
      }
      writeBroken(writer, source);
    }
    await writeGone(writer);
    await writeRegister(writer);
    writeRecords(writer);
  } finally {
    store.close();
  }
  return {
    workspace,
    markers,
    removeOne: () => rmSync(join(workspace, "data-samples", "orders", GONE(form))),
  };
}

const GONE = (form: Form) => `orders-gone-2018-07-04.${form}`;

/** Definitions that know the new faults. */
function prepare(workspace: string, form: Form): void {
  const expected: Record<SourceName, Record<string, unknown>> = {
    divisions: {},
    orders: {},
    licences: { rows: { max: 3 } },
    honours: { rows: { min: 2 } },
    debt: {},
  };
  for (const source of SOURCES) {
    const file = join(workspace, "pipelines", "sources", `${source}.yaml`);
    const document = parseDocument(readFileSync(file, "utf8"));
    if (form === "csv") document.setIn(["format", "skip"], 1);
    if (source === "orders") {
      document.setIn(["columns", "subcategory"], document.createNode(PART));
      document.setIn(["columns", "category", "from"], document.createNode(["类别", OTHER]));
      document.setIn(["columns", "due_at"], document.createNode({ first_of: ["办结时限", LAST] }));
    }
    document.setIn(
      ["expectations"],
      document.createNode({ ...expected[source], quarantine_share: 1 }),
    );
    writeFileSync(file, document.toString());
  }
  const file = join(workspace, "pipelines", "sources", "records.yaml");
  const document = parseDocument(readFileSync(file, "utf8"));
  document.setIn(["expectations"], document.createNode({ quarantine_share: 1 }));
  document.setIn(["known_at", "column"], document.createNode(["known", "known_again"]));
  document.setIn(["columns", "published_on", "from"], "publication.on");
  document.setIn(["columns", "repaired_on", "from"], "acts[kind=repair].on");
  writeFileSync(file, document.toString());
}

interface MarkedSheet extends Sheet {
  /** A file's name without its ending. */
  readonly name: string;
}

/** Good rows with markers in what may be anything, and one bad row for every column that is read. */
function mark(markers: Markers, source: SourceName, { headers, rows }: Sheet): MarkedSheet {
  const core = CORE[source];
  const marked = rows.map((row) =>
    row.map((cell, at) => {
      const header = headers[at] as string;
      if (!FREE.has(header) || cell === "") return cell;
      return wrap(markers.make({ source, what: "cell", core: core[header] }), header);
    }),
  );
  const sample = rows[0] as string[];
  const key = headers.indexOf(KEY[source]);
  const bad = Object.entries(core).map(([header, column], index) =>
    sample.map((cell, at) => {
      if (headers[at] === header) return markers.make({ source, what: "cell", core: column });
      if (at === key && source !== "debt") return `BAD${index}`;
      return cell;
    }),
  );
  const twice = ["A", "B"].map(() =>
    sample.map((cell, at) => {
      if (at === key && source !== "debt") return "TWICE";
      const header = headers[at] as string;
      return FREE.has(header) ? markers.make({ source, what: "cell", core: core[header] }) : cell;
    }),
  );
  const header = markers.make({ source, what: "header" });
  const unread = [...marked, ...bad, ...(source === "divisions" ? [] : twice)].map((row) => [
    ...row,
    markers.make({ source, what: "cell" }),
  ]);
  const name = `${source}-${markers.make({ source, what: "file name" })}-2018-07-02`;
  return { name, headers: [...headers, header], rows: unread };
}

/** Files that are refused as a whole. */
function refused(markers: Markers, source: SourceName, { headers, rows }: Sheet): MarkedSheet[] {
  const sample = rows[0] as string[];
  const cell = () => markers.make({ source, what: "broken file" });
  const key = (core: string | undefined) => markers.make({ source, what: "cell", core });
  const named = (day: string) => `${source}-${markers.make({ source, what: "file name" })}-${day}`;
  const cells = () => headers.map(cell);
  const files: MarkedSheet[] = [
    // Without its header: the first line is somebody's.
    { name: named("2018-07-03"), headers: cells(), rows: [cells(), cells()] },
    // One header renamed.
    {
      name: named("2018-07-03"),
      headers: headers.map((header, at) => (at === 1 ? `${header}${cell()}` : header)),
      // JSON takes the row: other files have the key. What of it is public may stay.
      rows: [headers.map((header) => key(CORE[source][header]))],
    },
  ];
  if (source === "orders") {
    const at = (header: string) => headers.indexOf(header);
    const stopped = sample
      .with(at("工单编号"), key("record_key"))
      .with(at("办结时间"), "2017-01-01 09:00:00");
    files.push({ name: named("2018-07-05"), headers, rows: [stopped] });
    const strange = `orders-${markers.make({ source, what: "file name" })}`;
    files.push({ name: strange, headers, rows: [sample.with(at("工单编号"), key("record_key"))] });
  }
  if (source === "honours") {
    const few = sample.with(headers.indexOf("编号"), key("record_key"));
    files.push({ name: named("2018-07-03"), headers, rows: [few] });
  }
  return files;
}

interface Writer {
  readonly workspace: string;
  readonly markers: Markers;
  readonly form: Form;
  readonly store: Store;
}

/** Writes a sheet as a file with markers in what its form has beside cells: note lines, sheet names, comments, metadata. */
async function write(writer: Writer, source: SourceName, sheet: MarkedSheet): Promise<void> {
  const { workspace, markers, form, store } = writer;
  const path = join(workspace, "data-samples", source, `${sheet.name}.${form}`);
  if (form === "xlsx") return writeBook(path, sheet, { markers, source });
  await writeSheet(path, sheet, form);
  if (form === "csv") {
    const note = markers.make({ source, what: "note line" });
    writeFileSync(path, `${note}\n${readFileSync(path, "utf8")}`);
  }
  if (form === "parquet") {
    const note = markers.make({ source, what: "metadata" });
    const plain = `${path}.plain`;
    writeFileSync(plain, readFileSync(path));
    await store.run(
      `COPY (FROM read_parquet(${quoteLiteral(plain)})) TO ${quoteLiteral(path)} (FORMAT parquet, KV_METADATA {note: ${quoteLiteral(note)}})`,
    );
    rmSync(plain);
  }
}

/** A file that cannot be read at all. */
function writeBroken({ workspace, markers, form }: Writer, source: SourceName): void {
  const text = () => markers.make({ source, what: "broken file" });
  const name = `${source}-${markers.make({ source, what: "file name" })}-2018-07-06.${form}`;
  const contents: Record<Form, string> = {
    csv: `${text()}\n"${text()},${text()}\n${text()}`,
    json: `[{"${text()}": ${text()}}]`,
    xlsx: `PK\x03\x04${text()}`,
    parquet: `PAR1${text()}PAR1`,
  };
  writeFileSync(join(workspace, "data-samples", source, name), contents[form]);
}

/** A delivery of one order, whose file is taken away later. */
async function writeGone({ workspace, markers, form }: Writer): Promise<void> {
  const [plain] = Object.values(readDeliveries().orders) as [Sheet];
  const { headers, rows } = widen(markers, "orders", plain);
  const caller = markers.make({ source: "orders", what: "cell", core: "caller_ref" });
  const row = (rows[0] as string[]).with(headers.indexOf("工单编号"), "GONE");
  const sheet = { headers, rows: [row.with(headers.indexOf("来电人"), caller)] };
  const path = join(workspace, "data-samples", "orders", GONE(form));
  await writeSheet(path, sheet, form);
  if (form === "csv") writeFileSync(path, `note\n${readFileSync(path, "utf8")}`);
}
