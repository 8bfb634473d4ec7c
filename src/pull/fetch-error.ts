import type { Sentence } from "./sentences.ts";

/** What went wrong where, before it is known which source asked. Sentences end with what to do. */
export interface FetchFault {
  /** Where the connector was going, without any secret. */
  readonly address: string;
  readonly sentence: Sentence;
  /** Seconds after which the other side wants to be asked again. */
  readonly retryAfter?: number | undefined;
}

/** A source that could not be fetched; the message is a sentence for the person who looks after it. */
export abstract class FetchError extends Error {
  /** Whether trying again may help. */
  abstract readonly transient: boolean;
  readonly source: string;
  readonly address: string;
  readonly sentence: Sentence;

  constructor(source: string, { address, sentence }: FetchFault) {
    super(`${source}: ${sentence.en} (${address})`);
    this.source = source;
    this.address = address;
    this.sentence = sentence;
  }
}

/** Trying again may help: the network, a time-out, a busy or broken server, an answer cut short. */
export class TransientFetchError extends FetchError {
  override readonly name = "TransientFetchError";
  readonly transient = true;
  /** Seconds after which the other side wants to be asked again, when it said so. */
  readonly retryAfter: number | undefined;

  constructor(source: string, fault: FetchFault) {
    super(source, fault);
    this.retryAfter = fault.retryAfter;
  }
}

/** Trying again will not help until somebody changes something: a credential, a definition, a host that is not allowed. */
export class PermanentFetchError extends FetchError {
  override readonly name = "PermanentFetchError";
  readonly transient = false;
}

/** Thrown inside a connector, which does not know its source's name; becomes a FetchError on the way out. */
export class ConnectorFault extends Error {
  constructor(
    readonly transient: boolean,
    readonly fault: FetchFault,
  ) {
    super(fault.sentence.en);
    this.name = "ConnectorFault";
  }
}

/** Stops a connector with a fault that may pass. */
export function failForNow(address: string, zh: string, en: string, retryAfter?: number): never {
  throw new ConnectorFault(true, { address, sentence: { zh, en }, retryAfter });
}

/** Stops a connector with a fault that somebody must mend. */
export function failForGood(address: string, zh: string, en: string): never {
  throw new ConnectorFault(false, { address, sentence: { zh, en } });
}
