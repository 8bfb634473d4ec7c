-- Measured facts. A computation is found again by its fingerprint, so that runs share it.
CREATE SCHEMA facts;

CREATE TABLE facts.computation (      -- one indicator measured for one period; found again by its fingerprint
  fingerprint VARCHAR PRIMARY KEY, indicator_id VARCHAR NOT NULL, period VARCHAR NOT NULL
);
CREATE TABLE facts.run_computation (
  run_id VARCHAR NOT NULL, indicator_id VARCHAR NOT NULL, period VARCHAR NOT NULL, fingerprint VARCHAR NOT NULL
);
CREATE TABLE facts.value (            -- one row per entity × period × indicator, for the entities of the indicator's levels
  fingerprint VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  state VARCHAR NOT NULL,             -- assessed, not_applicable, too_few, no_data
  numerator DECIMAL(38,6), denominator DECIMAL(38,6),    -- of a median: the median and 1; of a list: the items standing at the period's end and 1
  value DOUBLE, sample_size BIGINT NOT NULL, excluded BIGINT NOT NULL
);
CREATE TABLE facts.category (         -- the same numerators and denominators, by category of the evidence; not for medians, which have no parts that add up
  fingerprint VARCHAR NOT NULL, entity_id VARCHAR NOT NULL, category VARCHAR NOT NULL,
  numerator DECIMAL(38,6), denominator DECIMAL(38,6), sample_size BIGINT NOT NULL
);
CREATE TABLE facts.item (            -- single records, for indicators that list rather than count; not cut to a window: the standard says how far back
  fingerprint VARCHAR NOT NULL, entity_id VARCHAR NOT NULL, category VARCHAR NOT NULL,   -- category: the severity or rank the standard's schedule names
  record_key VARCHAR NOT NULL, occurred_on DATE NOT NULL, ended_on DATE,                 -- counts in a period that ends on a day in [occurred_on, ended_on)
  amount DECIMAL(38,6), file_id INTEGER NOT NULL, line BIGINT NOT NULL
);

-- The working days of the jurisdiction; the same at every as-of time.
CREATE VIEW known.calendar_day AS SELECT * FROM core.calendar_day;

-- The day on which a limit of n working days that starts after d runs out; fails outside the calendar's years.
CREATE MACRO working_day_after(d, n) AS (
  CASE WHEN d IS NULL THEN NULL ELSE coalesce(
    (SELECT list(day ORDER BY day) FROM core.calendar_day WHERE is_working)[working_day_count(d) + n],
    error('The working-day calendar ends before a limit of ' || CAST(n AS VARCHAR) || ' working days after ' || CAST(d AS VARCHAR) || ' runs out. Add the State Council notice of the next year to metrics/calendar.')) END);
