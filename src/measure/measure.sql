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
CREATE OR REPLACE TEMP TABLE measured (number INTEGER, indicator_id VARCHAR, aggregate VARCHAR, level VARCHAR, rollup BOOLEAN,
  minimum_sample BIGINT, when_empty VARCHAR, scale DOUBLE);
CREATE OR REPLACE TEMP TABLE wanted (number INTEGER, period VARCHAR, fingerprint VARCHAR, delivered BOOLEAN);
CREATE OR REPLACE TEMP TABLE portion_count (number INTEGER, entity_id VARCHAR, slot INTEGER, part VARCHAR,
  numerator BIGINT, denominator BIGINT, sample_size BIGINT, excluded BIGINT);
CREATE OR REPLACE TEMP TABLE portion_amount (number INTEGER, entity_id VARCHAR, slot INTEGER, part VARCHAR,
  numerator DECIMAL(38,6), denominator DECIMAL(38,6), sample_size BIGINT, excluded BIGINT);
CREATE OR REPLACE TEMP TABLE portion_middle (number INTEGER, entity_id VARCHAR, slot INTEGER, part DECIMAL(38,6),
  sample_size BIGINT, excluded BIGINT);
CREATE OR REPLACE TEMP TABLE portion_listed (number INTEGER, entity_id VARCHAR, category VARCHAR, record_key VARCHAR,
  occurred_on DATE, ended_on DATE, amount DECIMAL(38,6), file_id INTEGER, line BIGINT, left_out BOOLEAN);
CREATE OR REPLACE TEMP TABLE total (number INTEGER, period VARCHAR, entity_id VARCHAR, part VARCHAR,
  numerator DECIMAL(38,6), denominator DECIMAL(38,6), sample_size BIGINT, excluded BIGINT)

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
INSERT INTO {{portion}}
SELECT CAST($number AS INTEGER), entity_id, slot, part,
  sum(numerator) FILTER (WHERE NOT left_out), sum(denominator) FILTER (WHERE NOT left_out),
  count(*) FILTER (WHERE NOT left_out), count(*) FILTER (WHERE left_out)
FROM (
  SELECT entity_id, {{slot}} AS slot, category AS part,
    {{numerator}} AS numerator, {{denominator}} AS denominator,
    coalesce(excluded, false) OR numerator IS NULL OR denominator IS NULL AS left_out
  FROM ({{evidence}}) AS evidence
  {{within}}
) AS rows_in_reach
GROUP BY entity_id, slot, part

-- name: count-values
-- For a median: how often each number occurs, by body and slot; as exact as the rows themselves, and far fewer.
INSERT INTO portion_middle
SELECT CAST($number AS INTEGER), entity_id, slot, CAST(part AS DECIMAL(38,6)),
  count(*) FILTER (WHERE part IS NOT NULL), count(*) FILTER (WHERE part IS NULL)
FROM (
  SELECT entity_id, {{slot}} AS slot,
    CASE WHEN coalesce(excluded, false) THEN NULL ELSE {{numerator}} END AS part
  FROM ({{evidence}}) AS evidence
  {{within}}
) AS rows_in_reach
GROUP BY entity_id, slot, part

-- name: list-evidence
INSERT INTO portion_listed
SELECT CAST($number AS INTEGER), e.entity_id, e.category, e.record_key,
  CAST(e.occurred_on AS DATE), CAST(e.ended_on AS DATE), CAST(e.numerator AS DECIMAL(38,6)), e.file_id, e.line,
  coalesce(e.excluded, false) OR e.category IS NULL
FROM ({{evidence}}) AS e
WHERE e.occurred_on <= CAST($last AS DATE)

-- name: spread-sums
-- What lower bodies bring is added up first, which leaves few rows of it; only then is all spread over the windows.
INSERT INTO total
WITH rolled AS (
  SELECT p.number, p.entity_id, p.slot, p.part, p.numerator, p.denominator, p.sample_size, p.excluded
  FROM {{portion}} p JOIN rollup r ON r.number = p.number AND r.entity_id = p.entity_id AND r.itself
  UNION ALL
  SELECT p.number, r.ancestor_id, p.slot, p.part, CAST(sum(p.numerator) AS {{type}}), CAST(sum(p.denominator) AS {{type}}),
    CAST(sum(p.sample_size) AS BIGINT), CAST(sum(p.excluded) AS BIGINT)
  FROM {{portion}} p JOIN rollup r ON r.number = p.number AND r.entity_id = p.entity_id AND NOT r.itself
  GROUP BY p.number, r.ancestor_id, p.slot, p.part
)
SELECT r.number, s.period, r.entity_id, r.part,
  CAST(sum(r.numerator) AS DECIMAL(38,6)), CAST(sum(r.denominator) AS DECIMAL(38,6)),
  CAST(sum(r.sample_size) AS BIGINT), CAST(sum(r.excluded) AS BIGINT)
FROM rolled r JOIN period_slot s ON s.slot = r.slot
GROUP BY r.number, s.period, r.entity_id, r.part

-- name: mark-seen
-- Periods in which anybody at all has evidence, whatever its level, and whether any of it can be assessed:
-- when none can, the sources came without what the indicator needs.
CREATE OR REPLACE TEMP TABLE seen AS
SELECT p.number, s.period, max(p.sample_size) > 0 AS usable
FROM (
  SELECT number, slot, max(sample_size) AS sample_size FROM portion_count GROUP BY number, slot
  UNION ALL
  SELECT number, slot, max(sample_size) FROM portion_amount GROUP BY number, slot
  UNION ALL
  SELECT number, slot, max(sample_size) FROM portion_middle GROUP BY number, slot
) AS p
JOIN period_slot s ON s.slot = p.slot
GROUP BY p.number, s.period

-- name: insert-ratios
INSERT INTO facts.value
WITH found AS (
  SELECT number, period, entity_id,
    CAST(sum(numerator) AS DECIMAL(38,6)) AS numerator, CAST(sum(denominator) AS DECIMAL(38,6)) AS denominator,
    CAST(sum(sample_size) AS BIGINT) AS sample_size, CAST(sum(excluded) AS BIGINT) AS excluded
  FROM total GROUP BY number, period, entity_id
),
judged AS (
  SELECT e.number, e.period, e.fingerprint, e.entity_id, e.scale, f.numerator, f.denominator,
    coalesce(f.sample_size, 0) AS sample_size, coalesce(f.excluded, 0) AS excluded,
    CASE
      WHEN s.period IS NULL AND NOT e.delivered OR NOT s.usable THEN 'no_data'
      WHEN f.entity_id IS NULL AND e.when_empty = 'zero' THEN 'empty'
      WHEN f.entity_id IS NULL THEN 'not_applicable'
      -- Nothing to divide by is too little to judge on.
      WHEN f.sample_size < e.minimum_sample OR f.denominator = 0 THEN 'too_few'
      ELSE 'assessed'
    END AS state
  FROM scope e
  LEFT JOIN found f ON f.number = e.number AND f.period = e.period AND f.entity_id = e.entity_id
  LEFT JOIN seen s ON s.number = e.number AND s.period = e.period
  WHERE e.aggregate = 'ratio'
)
SELECT fingerprint, entity_id,
  CASE WHEN state = 'empty' THEN 'assessed' ELSE state END,
  CASE WHEN state = 'empty' THEN 0 ELSE numerator END,
  CASE WHEN state = 'empty' THEN 0 ELSE denominator END,
  CASE state WHEN 'empty' THEN 0.0
    WHEN 'assessed' THEN scale * CAST(numerator AS DOUBLE) / CAST(denominator AS DOUBLE) END,
  sample_size, excluded
FROM judged
ORDER BY number, period, entity_id

-- name: insert-categories
INSERT INTO facts.category
SELECT e.fingerprint, t.entity_id, t.part, t.numerator, t.denominator, t.sample_size
FROM total t
JOIN scope e ON e.number = t.number AND e.period = t.period AND e.entity_id = t.entity_id
WHERE t.part IS NOT NULL AND t.sample_size > 0

-- name: insert-medians
-- The middle number, or the mean of the two middle ones, found by counting up through the distinct numbers.
INSERT INTO facts.value
WITH middle AS (
  SELECT p.number, s.period, r.ancestor_id AS entity_id, p.part,
    CAST(sum(p.sample_size) AS BIGINT) AS sample_size, CAST(sum(p.excluded) AS BIGINT) AS excluded
  FROM portion_middle p
  JOIN rollup r ON r.number = p.number AND r.entity_id = p.entity_id
  JOIN period_slot s ON s.slot = p.slot
  GROUP BY p.number, s.period, r.ancestor_id, p.part
),
counted AS (
  SELECT number, period, entity_id, part,
    sum(sample_size) OVER (PARTITION BY number, period, entity_id ORDER BY part ROWS UNBOUNDED PRECEDING) AS up_to
  FROM middle WHERE part IS NOT NULL
),
size AS (
  SELECT number, period, entity_id,
    CAST(sum(sample_size) AS BIGINT) AS sample_size, CAST(sum(excluded) AS BIGINT) AS excluded
  FROM middle GROUP BY number, period, entity_id
),
found AS (
  SELECT z.number, z.period, z.entity_id, z.sample_size, z.excluded,
    min(c.part) FILTER (WHERE c.up_to >= (z.sample_size + 1) // 2) AS lower_middle,
    min(c.part) FILTER (WHERE c.up_to >= z.sample_size // 2 + 1) AS upper_middle
  FROM size z
  LEFT JOIN counted c ON c.number = z.number AND c.period = z.period AND c.entity_id = z.entity_id
  GROUP BY z.number, z.period, z.entity_id, z.sample_size, z.excluded
),
judged AS (
  SELECT e.number, e.period, e.fingerprint, e.entity_id,
    coalesce(f.sample_size, 0) AS sample_size, coalesce(f.excluded, 0) AS excluded,
    (CAST(f.lower_middle AS DOUBLE) + CAST(f.upper_middle AS DOUBLE)) / 2 AS middle,
    CASE
      WHEN s.period IS NULL AND NOT e.delivered OR NOT s.usable THEN 'no_data'
      WHEN f.entity_id IS NULL AND e.when_empty = 'zero' THEN 'empty'
      WHEN f.entity_id IS NULL THEN 'not_applicable'
      WHEN f.sample_size < e.minimum_sample THEN 'too_few'
      ELSE 'assessed'
    END AS state
  FROM scope e
  LEFT JOIN found f ON f.number = e.number AND f.period = e.period AND f.entity_id = e.entity_id
  LEFT JOIN seen s ON s.number = e.number AND s.period = e.period
  WHERE e.aggregate = 'median'
)
SELECT fingerprint, entity_id,
  CASE WHEN state = 'empty' THEN 'assessed' ELSE state END,
  CASE WHEN state = 'empty' THEN 0 ELSE CAST(middle AS DECIMAL(38,6)) END,
  CASE WHEN state = 'empty' THEN 0 WHEN sample_size > 0 THEN 1 END,
  CASE state WHEN 'empty' THEN 0.0 WHEN 'assessed' THEN middle END,
  sample_size, excluded
FROM judged
ORDER BY number, period, entity_id

-- name: insert-items
INSERT INTO facts.item
SELECT e.fingerprint, e.entity_id, l.category, l.record_key, l.occurred_on, l.ended_on, l.amount, l.file_id, l.line
FROM portion_listed l
JOIN rollup r ON r.number = l.number AND r.entity_id = l.entity_id
JOIN scope e ON e.number = l.number AND e.entity_id = r.ancestor_id
JOIN temp.period p ON p.period = e.period AND l.occurred_on <= p."end"
WHERE NOT l.left_out
ORDER BY e.number, e.period, e.entity_id, l.occurred_on, l.record_key, l.category, l.file_id, l.line

-- name: insert-lists
INSERT INTO facts.value
WITH found AS (
  SELECT l.number, p.period, r.ancestor_id AS entity_id,
    count(*) FILTER (WHERE NOT l.left_out AND (l.ended_on IS NULL OR l.ended_on > p."end")) AS standing,
    count(*) FILTER (WHERE NOT l.left_out) AS sample_size,
    count(*) FILTER (WHERE l.left_out) AS excluded
  FROM portion_listed l
  JOIN rollup r ON r.number = l.number AND r.entity_id = l.entity_id
  JOIN temp.period p ON l.occurred_on <= p."end"
  GROUP BY l.number, p.period, r.ancestor_id
),
judged AS (
  SELECT e.number, e.period, e.fingerprint, e.entity_id, coalesce(f.standing, 0) AS standing,
    coalesce(f.sample_size, 0) AS sample_size, coalesce(f.excluded, 0) AS excluded,
    CASE
      WHEN f.entity_id IS NULL AND NOT e.delivered THEN 'no_data'
      WHEN f.entity_id IS NULL AND e.when_empty <> 'zero' THEN 'not_applicable'
      WHEN f.entity_id IS NOT NULL AND f.sample_size < e.minimum_sample THEN 'too_few'
      ELSE 'assessed'
    END AS state
  FROM scope e
  LEFT JOIN found f ON f.number = e.number AND f.period = e.period AND f.entity_id = e.entity_id
  WHERE e.aggregate = 'list'
)
SELECT fingerprint, entity_id, state,
  CASE WHEN state IN ('assessed', 'too_few') THEN standing END,
  CASE WHEN state IN ('assessed', 'too_few') THEN 1 END,
  CASE WHEN state = 'assessed' THEN CAST(standing AS DOUBLE) END,
  sample_size, excluded
FROM judged
ORDER BY number, period, entity_id

-- name: insert-computations
INSERT INTO facts.computation
SELECT DISTINCT w.fingerprint, m.indicator_id, w.period
FROM wanted w JOIN measured m ON m.number = w.number
ORDER BY m.indicator_id, w.period

-- name: drop-batch
DROP TABLE IF EXISTS temp.measured; DROP TABLE IF EXISTS temp.wanted; DROP TABLE IF EXISTS temp.scope;
DROP TABLE IF EXISTS temp.rollup; DROP TABLE IF EXISTS temp.portion_count; DROP TABLE IF EXISTS temp.portion_amount;
DROP TABLE IF EXISTS temp.portion_middle; DROP TABLE IF EXISTS temp.portion_listed; DROP TABLE IF EXISTS temp.total;
DROP TABLE IF EXISTS temp.seen

-- name: held-computations
SELECT fingerprint FROM facts.computation

-- name: forget-run
DELETE FROM facts.run_computation WHERE run_id = $run

-- name: record-run
INSERT INTO facts.run_computation
SELECT $run, c.indicator, c.period, c.fingerprint
FROM (SELECT unnest(from_json($computations, '[{"indicator":"VARCHAR","period":"VARCHAR","fingerprint":"VARCHAR"}]'), recursive := true)) c
ORDER BY c.indicator, c.period
