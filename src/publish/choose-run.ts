/** A published run, as far as it matters which one is chosen. */
export interface ChoosableRun {
  readonly period: string;
  readonly run: string;
  readonly asOf: string;
  /** Whether it is the one in force of its period. */
  readonly latest: boolean;
  /** Whether it is the one shown when nobody says which period. */
  readonly newest: boolean;
}

/** Which run is wanted; all of it may be left open. */
export interface RunChoice {
  readonly period?: string | undefined;
  readonly run?: string | undefined;
  /** "2019-01-10" or "2019-01-10 08:00:00"; a day is its first moment. */
  readonly asOf?: string | undefined;
}

/**
 * The one rule by which a published run of a pipeline is chosen, for pages, API and command line. As of a time, it is the
 * newest run of what was known no later than that time: a question put then would have had this answer. Otherwise it is the
 * run in force.
 * @param runs those of one pipeline, in the order of period, then as-of time
 */
export function chooseRun<R extends ChoosableRun>(
  runs: readonly R[],
  { period, run, asOf }: RunChoice = {},
): R | undefined {
  const moment = momentOf(asOf);
  const known = runs.filter(
    (one) => (run === undefined || one.run === run) && (moment === undefined || one.asOf <= moment),
  );
  const leading = known.find(({ newest }) => newest && run === undefined && moment === undefined);
  const wanted = period ?? leading?.period ?? known.at(-1)?.period;
  const fitting = known.filter((one) => one.period === wanted);
  const last = fitting.at(-1);
  const inForce = fitting.find(({ latest }) => latest);
  return moment === undefined || inForce?.asOf === last?.asOf ? (inForce ?? last) : last;
}

/** The moment that an as-of time means: of a day its first. */
export function momentOf(asOf: RunChoice["asOf"]): string | undefined {
  return asOf?.length === "2019-01-10".length ? `${asOf} 00:00:00` : asOf;
}
