-- name: clear-periods
CREATE OR REPLACE TEMP TABLE period (period VARCHAR, start DATE, "end" DATE, window_start DATE)

-- name: fill-periods
INSERT INTO temp.period
SELECT p.period, p.start, p."end", p.window_start
FROM (SELECT unnest(from_json($periods, '[{"period":"VARCHAR","start":"DATE","end":"DATE","window_start":"DATE"}]'), recursive := true)) p

-- name: make-slots
-- Evidence is first added up by slot. Events: one slot a month, which counts in every period whose window holds it;
-- when there is a single period, all its evidence is one slot (0). States: one slot for each period, below 0.
CREATE OR REPLACE TEMP TABLE period_slot AS
SELECT p.period, CAST(year(m.month) * 12 + month(m.month) AS INTEGER) AS slot
FROM temp.period p, unnest(generate_series(p.window_start, p."end", INTERVAL '1' MONTH)) AS m(month)
WHERE NOT $single
UNION ALL
SELECT p.period, 0 FROM temp.period p WHERE $single
UNION ALL
SELECT p.period, CAST(-row_number() OVER (ORDER BY p.period) AS INTEGER) FROM temp.period p

-- name: make-entities
-- Who is measured when: scored bodies in force on the period's last day.
CREATE OR REPLACE TEMP TABLE measured_entity AS
SELECT p.period, e.entity_id, min(e.level) AS level
FROM temp.period p
JOIN known.entity e
  ON e.scored AND e.valid_from <= p."end" AND (e.valid_to IS NULL OR e.valid_to > p."end")
GROUP BY p.period, e.entity_id

-- name: make-lineage
CREATE OR REPLACE TEMP TABLE measured_lineage AS
SELECT DISTINCT l.entity_id, l.ancestor_id
FROM known.entity_lineage l
WHERE l.ancestor_id IN (SELECT entity_id FROM measured_entity)

-- name: clear-batch
-- What the indicators of a batch, known by number, are gathered in; each is read once, then all are judged together.
-- Several are read at once, on connections that do not see each other's temporary tables.
ATTACH IF NOT EXISTS ':memory:' AS portions;
CREATE OR REPLACE TEMP TABLE measured (number INTEGER, indicator_id VARCHAR, aggregate VARCHAR, level VARCHAR, rollup BOOLEAN,
  minimum_sample BIGINT, when_empty VARCHAR, scale DOUBLE);
CREATE OR REPLACE TEMP TABLE wanted (number INTEGER, period VARCHAR, fingerprint VARCHAR, delivered BOOLEAN);
CREATE OR REPLACE TABLE portions.portion_count (number INTEGER, entity_id VARCHAR, slot INTEGER, part VARCHAR,
  numerator BIGINT, denominator BIGINT, sample_size BIGINT, excluded BIGINT);
CREATE OR REPLACE TABLE portions.portion_amount (number INTEGER, entity_id VARCHAR, slot INTEGER, part VARCHAR,
  numerator DECIMAL(38,6), denominator DECIMAL(38,6), sample_size BIGINT, excluded BIGINT);
CREATE OR REPLACE TABLE portions.portion_figure (number INTEGER, entity_id VARCHAR, slot INTEGER, part VARCHAR,
  numerator DOUBLE, denominator DOUBLE, sample_size BIGINT, excluded BIGINT);
CREATE OR REPLACE TABLE portions.portion_middle (number INTEGER, entity_id VARCHAR, slot INTEGER, part DOUBLE,
  sample_size BIGINT, excluded BIGINT);
CREATE OR REPLACE TABLE portions.portion_listed (number INTEGER, entity_id VARCHAR, category VARCHAR, record_key VARCHAR,
  occurred_on DATE, ended_on DATE, disputed_on DATE, amount DECIMAL(38,6), file_id INTEGER, line BIGINT, left_out BOOLEAN);
CREATE OR REPLACE TABLE portions.portion_left_out (number INTEGER, period VARCHAR, entity_id VARCHAR, source_id VARCHAR, row_count BIGINT);
CREATE OR REPLACE TEMP TABLE total (number INTEGER, period VARCHAR, entity_id VARCHAR, part VARCHAR,
  numerator DECIMAL(38,6), denominator DECIMAL(38,6), sample_size BIGINT, excluded BIGINT);
CREATE OR REPLACE TEMP TABLE figure_total (number INTEGER, period VARCHAR, entity_id VARCHAR, part VARCHAR,
  numerator DOUBLE, denominator DOUBLE, sample_size BIGINT, excluded BIGINT)

-- name: fill-measured
INSERT INTO measured
SELECT m.number, m.indicator_id, m.aggregate, m.level, m.rollup, m.minimum_sample, m.when_empty, m.scale
FROM (SELECT unnest(from_json($measured, '[{"number":"INTEGER","indicator_id":"VARCHAR","aggregate":"VARCHAR","level":"VARCHAR","rollup":"BOOLEAN","minimum_sample":"BIGINT","when_empty":"VARCHAR","scale":"DOUBLE"}]'), recursive := true)) m

-- name: fill-wanted
INSERT INTO wanted
SELECT w.number, w.period, w.fingerprint, w.delivered
FROM (SELECT unnest(from_json($wanted, '[{"number":"INTEGER","period":"VARCHAR","fingerprint":"VARCHAR","delivered":"BOOLEAN"}]'), recursive := true)) w

-- name: make-scope
-- The bodies that each indicator is about, by period.
CREATE OR REPLACE TEMP TABLE scope AS
SELECT w.number, w.period, w.fingerprint, w.delivered, e.entity_id, m.aggregate, m.minimum_sample, m.when_empty, m.scale
FROM wanted w
JOIN measured m ON m.number = w.number
JOIN measured_entity e ON e.period = w.period AND e.level = m.level

-- name: make-rollup
-- Whose evidence counts for whom.
CREATE OR REPLACE TEMP TABLE rollup AS
SELECT DISTINCT m.number, l.entity_id, l.ancestor_id, l.entity_id = l.ancestor_id AS itself
FROM measured m
JOIN measured_entity e ON e.level = m.level
JOIN measured_lineage l ON l.ancestor_id = e.entity_id AND (m.rollup OR l.entity_id = l.ancestor_id)

-- name: describe
DESCRIBE {{evidence}}

-- name: sum-evidence
-- A number that cannot be held leaves its row out, counted, as one that is missing does.
INSERT INTO {{portion}}
SELECT CAST($number AS INTEGER), entity_id, slot, part, {{sum_numerator}}, {{sum_denominator}},
  count(*) FILTER (WHERE NOT left_out), count(*) FILTER (WHERE left_out)
FROM (
  SELECT entity_id, slot, part, left_out,
    CASE WHEN NOT left_out THEN top END AS numerator, CASE WHEN NOT left_out THEN bottom END AS denominator
  FROM (
    SELECT *, coalesce(unwanted, false) OR top IS NULL OR bottom IS NULL AS left_out
    FROM (
      SELECT entity_id, {{slot}} AS slot, category AS part, excluded AS unwanted,
        {{numerator}} AS top, {{denominator}} AS bottom
      FROM ({{evidence}}) AS evidence
      {{within}}
    ) AS numbers
  ) AS judged
) AS rows_in_reach
GROUP BY entity_id, slot, part

-- name: count-values
-- For a median: how often each number occurs, by body and slot; as exact as the rows themselves, and far fewer.
INSERT INTO portions.portion_middle
SELECT CAST($number AS INTEGER), entity_id, slot, part,
  count(*) FILTER (WHERE part IS NOT NULL), count(*) FILTER (WHERE part IS NULL)
FROM (
  SELECT entity_id, {{slot}} AS slot,
    CASE WHEN coalesce(excluded, false) THEN NULL ELSE CAST({{numerator}} AS DOUBLE) END AS part
  FROM ({{evidence}}) AS evidence
  {{within}}
) AS rows_in_reach
GROUP BY entity_id, slot, part

-- name: list-evidence
INSERT INTO portions.portion_listed
SELECT CAST($number AS INTEGER), e.entity_id, e.category, e.record_key,
  CAST(e.occurred_on AS DATE), CAST(e.ended_on AS DATE), {{disputed_on}}, TRY_CAST(e.numerator AS DECIMAL(38,6)), e.file_id, e.line,
  coalesce(e.excluded, false) OR e.category IS NULL
FROM ({{evidence}}) AS e
WHERE e.occurred_on <= CAST($last AS DATE)

-- name: count-left-out
-- Few indicators have any; so they are counted by period at once.
INSERT INTO portions.portion_left_out
SELECT CAST($number AS INTEGER), p.period, e.entity_id, f.source_id, count(*)
FROM ({{evidence}}) e
JOIN temp.period p ON {{reach}}
JOIN known.received_file f ON f.file_id = e.file_id
GROUP BY p.period, e.entity_id, f.source_id

-- name: in-window
CAST(e.occurred_on AS DATE) BETWEEN p.window_start AND p."end"

-- name: up-to-period
CAST(e.occurred_on AS DATE) <= p."end"

-- name: of-period
e.period = p.period

-- name: spread-sums
-- What lower bodies bring is added up first, which leaves few rows of it; only then is all spread over the windows.
INSERT INTO {{total}}
WITH rolled AS (
  SELECT p.number, p.entity_id, p.slot, p.part, p.numerator, p.denominator, p.sample_size, p.excluded
  FROM {{portion}} p JOIN rollup r ON r.number = p.number AND r.entity_id = p.entity_id AND r.itself
  UNION ALL
  SELECT p.number, r.ancestor_id, p.slot, p.part, CAST({{sum_numerator}} AS {{type}}), CAST({{sum_denominator}} AS {{type}}),
    CAST(sum(p.sample_size) AS BIGINT), CAST(sum(p.excluded) AS BIGINT)
  FROM {{portion}} p JOIN rollup r ON r.number = p.number AND r.entity_id = p.entity_id AND NOT r.itself
  GROUP BY p.number, r.ancestor_id, p.slot, p.part
)
SELECT r.number, s.period, r.entity_id, r.part,
  CAST({{sum_numerator}} AS {{total_type}}), CAST({{sum_denominator}} AS {{total_type}}),
  CAST(sum(r.sample_size) AS BIGINT), CAST(sum(r.excluded) AS BIGINT)
FROM rolled r JOIN period_slot s ON s.slot = r.slot
GROUP BY r.number, s.period, r.entity_id, r.part

-- name: drop-batch
DROP TABLE IF EXISTS temp.measured; DROP TABLE IF EXISTS temp.wanted; DROP TABLE IF EXISTS temp.scope;
DROP TABLE IF EXISTS temp.rollup; DROP TABLE IF EXISTS temp.total; DROP TABLE IF EXISTS temp.figure_total; DROP TABLE IF EXISTS temp.seen; DROP TABLE IF EXISTS temp.left_out;
DETACH DATABASE IF EXISTS portions

-- name: held-computations
SELECT fingerprint FROM facts.computation

-- name: forget-run
DELETE FROM facts.run_computation WHERE run_id = $run

-- name: record-run
INSERT INTO facts.run_computation
SELECT $run, c.indicator, c.period, c.fingerprint
FROM (SELECT unnest(from_json($computations, '[{"indicator":"VARCHAR","period":"VARCHAR","fingerprint":"VARCHAR"}]'), recursive := true)) c
ORDER BY c.indicator, c.period
