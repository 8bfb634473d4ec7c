import { evidenceColumns } from "../standard/evidence-columns.ts";
import type { IndicatorFile } from "../standard/indicator-file.ts";
import type { Store } from "../store/store.ts";
import { heldNumber, type NumberKind } from "./figures.ts";

/** How the numbers of an indicator's evidence are added without losing anything. */
export interface EvidenceNumbers {
  /** SQL of one row's number; NULL where it cannot be held. */
  readonly numerator: string;
  readonly denominator: string;
  /** Counts are added as integers, which is several times faster than as decimals; both are exact in any order. */
  readonly kind: NumberKind;
  /** SQL of the day from which a listed record is disputed; an indicator need not know of it. */
  readonly disputedOn: string;
}

/**
 * Looks at the columns of an indicator's SELECT before it is run.
 * @param describe DESCRIBE of it
 * @throws Error naming the columns that are missing
 */
export async function readEvidenceNumbers(
  store: Store,
  indicator: IndicatorFile,
  describe: string,
): Promise<EvidenceNumbers> {
  const columns = new Map(
    (await store.rows<{ column_name: string; column_type: string }>(describe)).map(
      ({ column_name, column_type }) => [column_name, column_type],
    ),
  );
  const missing = evidenceColumns(indicator).filter((name) => !columns.has(name));
  if (missing.length > 0) {
    throw new Error(`its SELECT lacks the column ${missing.join(", ")}. Add it.`);
  }
  const [top, bottom] = ["numerator", "denominator"].map((name) => columns.get(name)!) as [
    string,
    string,
  ];
  const kind = kindOf([top, bottom]);
  return {
    numerator: heldNumber("numerator", top, kind),
    denominator: heldNumber("denominator", bottom, kind),
    kind,
    disputedOn: columns.has("disputed_on") ? "CAST(e.disputed_on AS DATE)" : "CAST(NULL AS DATE)",
  };
}

/** Figures as soon as one of the two is a double; counts when both are whole numbers. */
function kindOf(types: readonly string[]): NumberKind {
  if (types.some((type) => /^(FLOAT|DOUBLE)$/.test(type))) return "figure";
  const whole = /^(U?(TINY|SMALL)INT|U?INTEGER|BIGINT|BOOLEAN)$/;
  return types.every((type) => whole.test(type)) ? "count" : "amount";
}
