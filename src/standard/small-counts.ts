/**
 * Fewest cases with which a category of a body's evidence may be named in anything published, reasons included;
 * smaller ones could point at single persons. Ours: the policy asks for care but names no number.
 */
export const MINIMUM_CASES = 3;
