/** What a replication varies, in the order of their columns. */
export const FACTORS = [
  "weights",
  "normalisation",
  "aggregation",
  "treatment",
  "imputation",
  "data",
] as const;

export type Factor = (typeof FACTORS)[number];

/** Factors of which a draw picks one of a list. */
export const CHOICES = ["normalisation", "aggregation", "treatment", "imputation"] as const;

export type Choice = (typeof CHOICES)[number];

/** One evaluation: what is done with every factor. 0 of a choice, and -1 of weights and data, are as the standard and the evidence say. */
export interface Draw {
  /**
   * Which part of the design it belongs to: A and B are the two independent halves, a factor's name is A with that factor
   * taken from B, `data` only and `choices` only vary one kind of error.
   */
  readonly part: string;
  /** Number within its part. */
  readonly number: number;
  readonly choices: Readonly<Record<Choice, number>>;
  /** Number of the drawn set of multipliers in `Design.multipliers`, or -1. */
  readonly weights: number;
  /** Number of the world of counts it is evaluated in, or -1. */
  readonly data: number;
}

/** All draws of one level, row by row, and the weights drawn for them. */
export interface Design {
  readonly draws: readonly Draw[];
  /** Sets of multipliers of the weights, one for each item of the tree. */
  readonly multipliers: readonly Float64Array[];
  /** Factors that vary at all. */
  readonly factors: readonly Factor[];
}

/** Parts of a design besides those named after a factor. */
export const FIRST = "A";
export const SECOND = "B";
export const DATA_ONLY = "data only";
export const CHOICES_ONLY = "choices only";
