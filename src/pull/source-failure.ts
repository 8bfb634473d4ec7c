import { joinSentence, type Sentence } from "./sentences.ts";

/**
 * A source that could not be fetched this time, though nothing is wrong with the machine or the definitions.
 * The run goes on with the source's last good data when the pipeline's policy allows it.
 */
export class SourceFailure extends Error {
  /** False when another try cannot help, as after a refused password. */
  readonly retriable: boolean;

  constructor(
    readonly sentence: Sentence,
    { cause, retriable = true }: { readonly cause?: unknown; readonly retriable?: boolean } = {},
  ) {
    super(joinSentence(sentence), { cause });
    this.name = "SourceFailure";
    this.retriable = retriable;
  }
}
