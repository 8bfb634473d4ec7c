-- A day outside the working-day calendar has no number: what hangs on it is unknown, for that row alone.
-- Working days from the calendar's first day up to and including d.
CREATE OR REPLACE MACRO working_day_count(d) AS (
  (SELECT list(c.working_days ORDER BY s.day)
   FROM (SELECT CAST(unnest(generate_series(min(day), max(day), INTERVAL '1' DAY)) AS DATE) AS day FROM core.calendar_day) s
   LEFT JOIN core.calendar_day c ON c.day = s.day
  )[greatest(date_diff('day', (SELECT min(day) FROM core.calendar_day), CAST(d AS DATE)) + 1, 0)]);

-- Working days after the first day up to and including the second.
CREATE OR REPLACE MACRO working_days_between(a, b) AS (working_day_count(b) - working_day_count(a));

-- The day on which a limit of n working days that starts after d runs out.
CREATE OR REPLACE MACRO working_day_after(d, n) AS (
  (SELECT list(day ORDER BY day) FROM core.calendar_day WHERE is_working)[greatest(working_day_count(d) + n, 0)]);

-- The same with something in place of what is unknown: evidence is read with the least and with the most that it might be,
-- and rows that differ hang on days outside the calendar, whatever an indicator makes of the numbers.
CREATE OR REPLACE MACRO working_day_count_or(unknown, d) AS (
  CASE WHEN d IS NOT NULL THEN coalesce(working_day_count(d), unknown) END);
CREATE OR REPLACE MACRO working_days_between_or(unknown, a, b) AS (
  CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN coalesce(working_days_between(a, b), unknown) END);
CREATE OR REPLACE MACRO working_day_after_or(soon, d, n) AS (
  CASE WHEN d IS NOT NULL AND n IS NOT NULL
    THEN coalesce(working_day_after(d, n), CASE WHEN soon THEN CAST(d AS DATE) + CAST(n AS INTEGER) ELSE DATE '9999-12-31' END) END);
