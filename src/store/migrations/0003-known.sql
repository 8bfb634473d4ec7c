-- What was known at the as-of time of the run: every view reads the session variable as_of (a civil timestamp).
-- Stages after conform read only these, never core itself.
CREATE VIEW known.entity AS SELECT * FROM core.entity
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE VIEW known.entity_code AS SELECT * FROM core.entity_code
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE VIEW known.complaint AS SELECT * FROM core.complaint
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE VIEW known.dishonesty_record AS SELECT * FROM core.dishonesty_record
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE VIEW known.commitment AS SELECT * FROM core.commitment
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE VIEW known.publicity_item AS SELECT * FROM core.publicity_item
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE VIEW known.decision_procedure AS SELECT * FROM core.decision_procedure
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE VIEW known.proposal AS SELECT * FROM core.proposal
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE VIEW known.contract AS SELECT * FROM core.contract
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE VIEW known.debt_position AS SELECT * FROM core.debt_position
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE VIEW known.training AS SELECT * FROM core.training
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE VIEW known.inspection AS SELECT * FROM core.inspection
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE VIEW known.honour AS SELECT * FROM core.honour
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE VIEW known.task AS SELECT * FROM core.task
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE VIEW known.third_party_rating AS SELECT * FROM core.third_party_rating
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE VIEW known.service_commitment AS SELECT * FROM core.service_commitment
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));

-- An entity counts what its children do: itself and every body above it.
CREATE VIEW known.entity_lineage AS
WITH RECURSIVE lineage(entity_id, ancestor_id, depth) AS (
  SELECT entity_id, entity_id, 0 FROM known.entity
  UNION
  SELECT l.entity_id, e.parent_id, l.depth + 1
  FROM lineage l JOIN known.entity e ON e.entity_id = l.ancestor_id
  WHERE e.parent_id IS NOT NULL AND l.depth < 8
)
SELECT entity_id, ancestor_id, depth FROM lineage;

-- Working days after the first day up to and including the second; fails outside the calendar's years.
CREATE MACRO working_day_count(d) AS (
  CASE WHEN d IS NULL THEN NULL ELSE coalesce(
    (SELECT list(c.working_days ORDER BY s.day)
     FROM (SELECT CAST(unnest(generate_series(min(day), max(day), INTERVAL '1' DAY)) AS DATE) AS day FROM core.calendar_day) s
     LEFT JOIN core.calendar_day c ON c.day = s.day
    )[greatest(date_diff('day', (SELECT min(day) FROM core.calendar_day), CAST(d AS DATE)) + 1, 0)],
    error('The working-day calendar does not cover ' || CAST(d AS VARCHAR) || '. Add the State Council notice of that year to metrics/calendar.')) END);
CREATE MACRO working_days_between(a, b) AS (working_day_count(b) - working_day_count(a));
CREATE MACRO month_of(d) AS (CAST(date_trunc('month', d) AS DATE));
