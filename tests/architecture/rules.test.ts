import { describe, expect, test } from "vitest";
import {
  findClockInSql,
  findClockInStage,
  findEnvironmentReads,
  findUnportableIndicator,
} from "./determinism-rules.ts";
import { findBadName, findLongFile, findMachineTraces } from "./file-rules.ts";
import {
  findDatabaseImports,
  findForeignImports,
  findImpureEngine,
  findImpureUncertainty,
  findQueueImports,
  findRandomImports,
  findServeImports,
  findServerImports,
  findSolverImports,
  readImports,
} from "./import-rules.ts";
import { readSources, readTracked } from "./source-files.ts";

const code = readSources("src", ".ts");
const statements = [...readSources("src", ".sql"), ...readSources("metrics", ".sql")];
const indicators = readSources("metrics/indicators", ".sql");

/** Each rule is first shown to bite. */
describe("stages meet through tables", () => {
  test("the rule finds what it forbids", () => {
    const imports = (path: string, text: string) => findForeignImports({ path, text });
    expect(imports("src/score/a.ts", 'import { b } from "../measure/b.ts";')).toHaveLength(1);
    expect(imports("src/score/a.ts", 'import {\n  b,\n} from "../measure/b.ts";')).toHaveLength(1);
    expect(imports("src/score/a.ts", 'export { b } from "../measure/b.ts";')).toHaveLength(1);
    expect(imports("src/score/a.ts", 'import "../run.ts";')).toHaveLength(1);
    expect(imports("src/score/a.ts", 'await import("../cli/main.ts");')).toHaveLength(1);
    expect(imports("src/score/deep/a.ts", 'import { b } from "../../pull/b.ts";')).toHaveLength(1);
    expect(imports("src/store/a.ts", 'import { b } from "../pull/b.ts";')).toHaveLength(1);
    expect(imports("src/standard/a.ts", 'import { b } from "../check/b.ts";')).toHaveLength(1);
  });

  test("and lets pass what it allows", () => {
    const text = `
      import { join } from "node:path";
      import type { Context } from "../context.ts";
      import { sqlFile } from "../store/sql-file.ts";
      import { find } from "../standard/workspace.ts";
      import { other } from "./other.ts";`;
    expect(readImports({ path: "src/score/a.ts", text })).toEqual([
      "node:path",
      "src/context.ts",
      "src/store/sql-file.ts",
      "src/standard/workspace.ts",
      "src/score/other.ts",
    ]);
    expect(findForeignImports({ path: "src/score/a.ts", text })).toEqual([]);
    const line = 'import { pull } from "./pull/pull.ts"; import { score } from "./score/score.ts";';
    expect(findForeignImports({ path: "src/run.ts", text: line })).toEqual([]);
  });

  test("it holds", () => {
    expect(code.length).toBeGreaterThan(20);
    expect(code.flatMap(findForeignImports)).toEqual([]);
  });
});

describe("only src/queue imports BullMQ and ioredis", () => {
  test("the rule finds what it forbids", () => {
    for (const name of ["bullmq", "ioredis", "ioredis/built/utils"]) {
      const text = `import { Queue } from "${name}";`;
      expect(findQueueImports({ path: "src/serve/a.ts", text }), name).toHaveLength(1);
      expect(findQueueImports({ path: "src/cli/a.ts", text }), name).toHaveLength(1);
      expect(findQueueImports({ path: "src/queue/a.ts", text }), name).toEqual([]);
    }
  });

  test("it holds", () => {
    expect(code.filter(({ path }) => path.startsWith("src/queue/")).length).toBeGreaterThan(5);
    expect(code.flatMap(findQueueImports)).toEqual([]);
  });
});

describe("src/serve never opens the working database", () => {
  test("the rule finds what it forbids", () => {
    for (const target of ["store/store.ts", "run.ts", "run-context.ts", "verify.ts"]) {
      const text = `import { x } from "../${target}";`;
      expect(findServeImports({ path: "src/serve/a.ts", text }), target).toHaveLength(1);
      expect(findServeImports({ path: "src/cli/a.ts", text }), target).toEqual([]);
    }
    const imports = (target: string) =>
      findForeignImports({ path: "src/serve/a.ts", text: `import { x } from "../${target}";` });
    expect(imports("score/score.ts")).toHaveLength(1);
    expect(imports("publish/find-published.ts")).toEqual([]);
  });

  test("it holds", () => {
    expect(code.filter(({ path }) => path.startsWith("src/serve/")).length).toBeGreaterThan(2);
    expect(code.flatMap(findServeImports)).toEqual([]);
  });
});

describe("the composite engine is pure", () => {
  test("the rules find what they forbid", () => {
    const text = 'import type { Context } from "../context.ts"; import load from "highs";';
    expect(findImpureEngine({ path: "src/composite/a.ts", text })).toHaveLength(1);
    expect(findImpureEngine({ path: "src/score/a.ts", text })).toEqual([]);
    expect(findSolverImports({ path: "src/composite/a.ts", text })).toHaveLength(1);
    expect(findSolverImports({ path: "src/composite/solver.ts", text })).toEqual([]);
  });

  test("they hold", () => {
    expect(code.filter(({ path }) => path.startsWith("src/composite/")).length).toBeGreaterThan(10);
    expect(code.flatMap(findImpureEngine)).toEqual([]);
    expect(code.flatMap(findSolverImports)).toEqual([]);
    expect(code.flatMap(readImports)).toContain("highs");
  });
});

describe("only src/uncertainty knows chance, and nothing of stores, stages or contexts", () => {
  test("the rules find what they forbid", () => {
    const text =
      'import type { Context } from "../context.ts"; import { randomBeta } from "d3-random";';
    expect(findImpureUncertainty({ path: "src/uncertainty/a.ts", text })).toHaveLength(1);
    expect(findImpureUncertainty({ path: "src/score/a.ts", text })).toEqual([]);
    expect(findRandomImports({ path: "src/score/a.ts", text })).toHaveLength(1);
    expect(findRandomImports({ path: "src/uncertainty/a.ts", text })).toEqual([]);
  });

  test("they hold", () => {
    expect(code.flatMap(findImpureUncertainty)).toEqual([]);
    expect(code.flatMap(findRandomImports)).toEqual([]);
    expect(code.flatMap(readImports)).toContain("d3-random");
  });
});

describe("only src/store imports DuckDB", () => {
  test("the rule finds what it forbids", () => {
    const text = 'import { DuckDBInstance } from "@duckdb/node-api";';
    expect(findDatabaseImports({ path: "src/pull/a.ts", text })).toHaveLength(1);
    expect(findDatabaseImports({ path: "src/run.ts", text })).toHaveLength(1);
    expect(findDatabaseImports({ path: "src/store/a.ts", text })).toEqual([]);
  });

  test("it holds", () => {
    expect(code.flatMap(findDatabaseImports)).toEqual([]);
    // And the store itself does, or the rule looks in the wrong place.
    expect(code.flatMap(readImports).some((name) => name.startsWith("@duckdb/"))).toBe(true);
  });
});

describe("only connectors talk to servers", () => {
  test("the rule finds what it forbids", () => {
    const file = (path: string, name: string) => ({ path, text: `import x from "${name}";` });
    expect(findServerImports(file("src/conform/a.ts", "pg"))).toHaveLength(1);
    expect(findServerImports(file("src/pull/a.ts", "mysql2/promise"))).toHaveLength(1);
    expect(findServerImports(file("src/pull/connect/a.ts", "pg"))).toEqual([]);
    expect(findServerImports(file("src/conform/a.ts", "pgx"))).toEqual([]);
  });

  test("it holds", () => {
    expect(code.flatMap(findServerImports)).toEqual([]);
    expect(code.flatMap(readImports)).toEqual(expect.arrayContaining(["undici", "pg", "mysql2"]));
  });

  // What a start loads is what can be reached without import().
  test("and their libraries are loaded only when a source uses them", () => {
    const files = new Map(code.map((file) => [file.path, file]));
    const reached = new Set<string>();
    const visit = (path: string) => {
      if (reached.has(path)) return;
      reached.add(path);
      const text = files.get(path)?.text.replace(/\bimport\(/g, "lazily(");
      if (text) for (const target of readImports({ path, text })) visit(target);
    };
    visit("src/cli/main.ts");
    expect(reached).toContain("src/pull/connect/connector.ts");
    for (const name of ["undici", "pg", "mysql2", "aws4fetch", "ssh2-sftp-client"]) {
      expect(reached).not.toContain(name);
    }
  });
});

describe("SQL knows no clock and no chance", () => {
  test("the rule finds what it forbids", () => {
    const sql = (text: string) => findClockInSql({ path: "a.sql", text });
    for (const bad of [
      "SELECT now()",
      "SELECT\n  Current_Date",
      "ORDER BY random ()",
      "SELECT uuid()",
      "SELECT current_timestamp",
      "WHERE day < today()",
    ]) {
      expect(sql(bad), bad).toHaveLength(1);
    }
    expect(sql("SELECT 1\n,now()")).toEqual(["a.sql:2: now("]);
  });

  test("and lets pass what it allows", () => {
    const text =
      "-- not now()\n/* current_date\n is random() */ SELECT known_now, nowhere(1) FROM t";
    expect(findClockInSql({ path: "a.sql", text })).toEqual([]);
  });

  test("it holds", () => {
    expect(statements.length).toBeGreaterThan(20);
    expect(statements.flatMap(findClockInSql)).toEqual([]);
  });
});

describe("a stage takes time and seed from its context", () => {
  test("the rule finds what it forbids", () => {
    const stage = (text: string) => findClockInStage({ path: "src/publish/a.ts", text });
    for (const bad of [
      "const t = Date.now();",
      "x = Math.random()",
      "const d = new Date();",
      "new Date( )",
      "performance.now()",
      "crypto.randomUUID()",
      "`SELECT current_date`",
    ]) {
      expect(stage(bad), bad).toHaveLength(1);
    }
    expect(stage("const d = new Date(text); // not Date.now()")).toEqual([]);
  });

  test("it holds", () => {
    expect(code.flatMap(findClockInStage)).toEqual([]);
  });
});

describe("indicators keep to common SQL on what was known", () => {
  test("the rule finds what it forbids", () => {
    const indicator = (text: string) => findUnportableIndicator({ path: "a.sql", text });
    for (const bad of [
      "SELECT approx_quantile(x, 0.5)",
      "SELECT x QUALIFY row_number() OVER () = 1",
      "GROUP BY  ALL",
      "FROM core.complaint",
      'FROM restricted."person"',
    ]) {
      expect(indicator(bad), bad).toHaveLength(1);
    }
    expect(indicator("SELECT score FROM known.complaint c -- not core.complaint")).toEqual([]);
  });

  test("it holds", () => {
    expect(indicators.length).toBeGreaterThan(0);
    expect(indicators.flatMap(findUnportableIndicator)).toEqual([]);
  });
});

describe("one reader of the environment", () => {
  test("the rule finds what it forbids", () => {
    expect(
      findEnvironmentReads({ path: "src/pull/a.ts", text: "const x = process.env.X;" }),
    ).toHaveLength(1);
  });

  test("it holds", () => {
    expect(code.flatMap(findEnvironmentReads)).toEqual([]);
  });
});

describe("files", () => {
  test("the rules find what they forbid", () => {
    expect(findLongFile({ path: "a.ts", text: "x\n".repeat(301) })).toHaveLength(1);
    expect(findLongFile({ path: "a.ts", text: "x\n".repeat(300) })).toEqual([]);
    for (const bad of ["src/readFile.ts", "src/utils.ts", "src/a_b.sql", "src/score/helper.ts"]) {
      expect(findBadName({ path: bad }), bad).toHaveLength(1);
    }
    expect(findBadName({ path: "src/store/migrations/0001-raw.sql" })).toEqual([]);
  });

  test("are of a size to be read, and named for what is inside", () => {
    const files = [...code, ...readSources("src", ".sql", ".js")];
    const tests = readSources("tests", ".ts");
    expect(files.flatMap(findLongFile)).toEqual([]);
    expect([...files, ...tests].flatMap(findBadName)).toEqual([]);
  });
});

describe("no trace of a machine", () => {
  test("the rule finds what it forbids", () => {
    const traces = (text: string) => findMachineTraces({ path: "a.md", text });
    for (const parts of [
      ["see /wo", "rk/main/src"],
      ["in /ro", "ot/x"],
      ["cd /ho", "me/somebody"],
      ["under /t", "mp/zhengxin"],
      ["https://registry.npm", "js.org/x"],
      ["https://npm", "mirror.com"],
    ]) {
      expect(traces(parts.join("")), parts.join("")).toHaveLength(1);
    }
    expect(traces("src/work/item and https://example.org/home/page, tmp/x")).toEqual([]);
  });

  test("it holds for everything a commit would hold", () => {
    const tracked = readTracked();
    expect(tracked.map(({ path }) => path)).toContain("package.json");
    expect(tracked.flatMap(findMachineTraces)).toEqual([]);
  });
});
