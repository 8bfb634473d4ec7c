import {
  type City,
  eventDays,
  MARK,
  numbered,
  type SampleFile,
  type SampleSource,
  takeTime,
} from "../city.ts";
import { type Day, writeDay } from "../days.ts";
import { deliver, inOrder, type Version } from "../deliveries.ts";
import { gzip } from "../files/gzip.ts";
import { share } from "../quality.ts";
import { codeOn } from "../register.ts";

export const inspections: SampleSource = {
  id: "inspections",
  title: { zh: "双随机检查与督查考核", en: "Random inspections and assessments" },
  note: {
    zh: "每行一个JSON对象；kind 为“双随机”或“督查考核”。合成标记在字段 dataNature。",
    en: "One JSON object a line; kind is 双随机 (inspection drawn at random) or 督查考核 (assessment). The synthetic mark is the field dataNature.",
  },
  make: makeInspections,
};

interface Inspection {
  readonly number: string;
  readonly code: string;
  readonly kind: "双随机" | "督查考核";
  readonly planned: Day;
  readonly drawn: boolean | null;
  readonly done: Day | null;
  readonly published: Day | null;
  readonly findings: number | null;
  readonly corrected: number | null;
  readonly correctionDue: Day | null;
}

function makeInspections(city: City): SampleFile[] {
  const { districts, departments, townships } = city.register;
  const versions: Version<Inspection>[] = [];
  const plan = [
    { kind: "双随机" as const, perYear: 12, bodies: [...districts, ...departments] },
    { kind: "督查考核" as const, perYear: 5, bodies: [...districts, ...departments] },
    { kind: "督查考核" as const, perYear: 2, bodies: townships },
  ];
  let count = 0;
  for (const { kind, perYear, bodies } of plan) {
    const random = city.random(`inspections/${kind}/${perYear}`);
    for (const { code } of bodies) {
      for (const planned of eventDays(city, random, perYear)) {
        const quality = city.quality(code, "inspection", planned);
        const doneAfter = takeTime(random, {
          onTime: share(quality, 2.4, 0.7),
          limit: 30,
          never: 0.3,
        });
        const done = doneAfter === null ? null : city.calendar.onOrAfter(planned + doneAfter - 1);
        const openAfter = takeTime(random, {
          onTime: share(quality, 1.8, 0.8),
          limit: 20,
          never: 0.15,
        });
        const findings = done === null ? null : random.poisson(kind === "双随机" ? 1.2 : 3);
        let corrected = 0;
        for (let one = 0; one < (findings ?? 0); one++) {
          if (random.chance(share(quality, 1.8, 0.8))) corrected++;
        }
        const record: Inspection = {
          number: numbered(kind === "双随机" ? "SSJ" : "DC", ++count, 5),
          code: codeOn(code, planned),
          kind,
          planned,
          drawn: kind === "双随机" ? random.chance(share(quality, 2, 0.6)) : null,
          done,
          published:
            done === null || openAfter === null ? null : city.calendar.add(done, openAfter),
          findings,
          corrected: findings === null ? null : corrected,
          correctionDue: done === null || !findings ? null : done + 60,
        };
        const moments = [planned, ...(record.correctionDue === null ? [] : [record.correctionDue])];
        versions.push(...deliver(record, moments, ["done", "published"], settle));
      }
    }
  }
  const lines = inOrder(versions).map((version) => JSON.stringify(toObject(version)));
  return [{ name: "inspections.ndjson.gz", bytes: gzip(`${lines.join("\n")}\n`) }];
}

/** Findings are known once the inspection is done, corrections once their day has come. */
function settle(row: Inspection, delivered: Day): Inspection {
  if (row.done === null)
    return { ...row, drawn: null, findings: null, corrected: null, correctionDue: null };
  const due = row.correctionDue;
  return due !== null && due >= delivered ? { ...row, corrected: null } : row;
}

function toObject({ row, delivered }: Version<Inspection>) {
  return {
    inspectionNo: row.number,
    orgCode: row.code,
    kind: row.kind,
    plannedOn: writeDay(row.planned),
    drawnAtRandom: row.drawn,
    doneOn: row.done === null ? null : writeDay(row.done),
    resultPublishedOn: row.published === null ? null : writeDay(row.published),
    findings: row.findings,
    findingsCorrected: row.corrected,
    correctionDueOn: row.correctionDue === null ? null : writeDay(row.correctionDue),
    pushDate: writeDay(delivered),
    dataNature: MARK,
  };
}
