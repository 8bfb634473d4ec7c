import fc from "fast-check";

/**
 * Laws are tried on the same cases each time, so that a change alone can make them fail, never the day.
 * `PROPERTY_SEED=random npm test` looks for new cases; a number as the seed tries those of that seed again.
 */
const seed = process.env.PROPERTY_SEED;
if (seed !== "random") fc.configureGlobal({ seed: Number(seed ?? 20180630) });
