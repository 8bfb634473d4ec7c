import { layOutBodies } from "../find-bodies.ts";
import { PartLacked } from "../publish/lacked-parts.ts";
import { readManifest } from "../publish/manifest.ts";
import { holdsTable, openPublished } from "../publish/open-published.ts";
import type { Reading } from "../publish/reading.ts";
import { normaliseIdentifier } from "../standard/identifiers.ts";
import { RESTRICTED_FIELDS, type RestrictedField } from "../standard/list-schema.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { StoreOptions } from "../store/store.ts";

const sql = sqlFile(import.meta.dirname, "subjects.sql");

/** So many subjects go to the database at once. */
const AT_ONCE = 25_000;

/** What subjects are checked for: the four fields of clause A6. */
export const PURPOSES = RESTRICTED_FIELDS;

/** Somebody asked about, by code, name or both. */
export interface Subject {
  readonly code?: string | undefined;
  readonly name?: string | undefined;
}

/** Why a body is restricted. `until` is the first day on which it no longer holds, null while it hangs on the record. */
export interface Ground {
  readonly rule_id: string;
  readonly measure_zh: string;
  readonly measure_en: string;
  readonly article_zh: string;
  readonly article_en: string;
  readonly reason_zh: string;
  readonly reason_en: string;
  readonly since: string;
  readonly until: string | null;
  readonly ends: string;
  readonly disputed: boolean;
  readonly record_key: string | null;
  readonly document_no: string | null;
}

/**
 * The answer to one subject. `unknown`: not a government body on file; only governments are scored, so nothing is said of
 * companies and persons. `ambiguous`: several bodies answer to it; `contradictory`: code and name are those of two bodies.
 */
export interface SubjectAnswer {
  readonly code: string | null;
  readonly name: string | null;
  readonly state: "restricted" | "clear" | "unknown" | "ambiguous" | "contradictory";
  readonly entity_id: string | null;
  readonly name_zh: string | null;
  readonly name_en: string | null;
  readonly grounds: readonly Ground[];
}

export interface SubjectCheck {
  readonly purpose: RestrictedField;
  readonly period: string;
  readonly run: string;
  /** Civil time; nothing known later counts. */
  readonly as_of: string;
  readonly synthetic: boolean;
  /** Subjects by state. */
  readonly counts: Readonly<Record<SubjectAnswer["state"], number>>;
  /** In the order of the subjects. */
  readonly answers: readonly SubjectAnswer[];
}

interface Body {
  readonly entity_id: string;
  readonly name_zh: string;
  readonly name_en: string;
}

interface Found {
  readonly entity_id: string;
  readonly problem: "unknown" | "ambiguous" | "contradictory" | null;
}

const NO_RESTRICTIONS = {
  zh: "该期由较早版本的程序发布，其中没有限制名单，不能据以核查。请指定由新版本程序发布的一期。",
  en: "An older program published this period, without restrictions: nobody can be looked up in it. Name a period that a newer program published.",
};

/**
 * Says of each subject whether it is restricted in a field, why and until when, as published in a folder.
 * All subjects are looked up together, in the database.
 */
export async function checkSubjects(
  folder: string,
  subjects: readonly Subject[],
  purpose: RestrictedField,
  { left, ...options }: StoreOptions & { readonly left?: Reading } = {
    memory: "400MB",
    threads: 2,
  },
): Promise<SubjectCheck> {
  const { period, run, as_of, synthetic } = readManifest(folder);
  if (!holdsTable(left?.folder ?? folder, "restriction")) throw new PartLacked(NO_RESTRICTIONS);
  const store = await openPublished(options, left?.folder ?? folder, left);
  try {
    await store.run(sql("make-subjects"));
    for (let first = 0; first < subjects.length; first += AT_ONCE) {
      const part = subjects.slice(first, first + AT_ONCE);
      await store.run(sql("add-subjects"), {
        first,
        subjects: JSON.stringify(
          part.map(({ code = "", name = "" }) => ({
            code: normaliseIdentifier(code),
            name: normaliseIdentifier(name),
          })),
        ),
      });
    }
    await layOutBodies(store);
    const found = await store.rows<Found>(sql("find"));
    const bodies = new Map(
      (await store.rows<Body>(sql("bodies"))).map((body) => [body.entity_id, body]),
    );
    const grounds = new Map<string, Ground[]>();
    for (const { entity_id, ...ground } of await store.rows<Ground & { entity_id: string }>(
      sql("grounds"),
      { purpose },
    )) {
      grounds.set(entity_id, [...(grounds.get(entity_id) ?? []), ground]);
    }
    const counts = { restricted: 0, clear: 0, unknown: 0, ambiguous: 0, contradictory: 0 };
    const answers = found.map(({ entity_id, problem }, at): SubjectAnswer => {
      const own = problem === null ? (grounds.get(entity_id) ?? []) : [];
      const body = problem === null ? bodies.get(entity_id) : undefined;
      const state = problem ?? (own.length > 0 ? "restricted" : "clear");
      counts[state] += 1;
      return {
        code: subjects[at]?.code || null,
        name: subjects[at]?.name || null,
        state,
        entity_id: body?.entity_id ?? null,
        name_zh: body?.name_zh ?? null,
        name_en: body?.name_en ?? null,
        grounds: own,
      };
    });
    return { purpose, period: period.id, run, as_of, synthetic, counts, answers };
  } finally {
    store.close();
  }
}
