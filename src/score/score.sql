-- name: missing-computation
SELECT n.indicator_id, p.period
FROM score_needed n CROSS JOIN score_period p
WHERE NOT EXISTS (
  SELECT 1 FROM facts.run_computation c
  WHERE c.run_id = $run AND c.indicator_id = n.indicator_id AND c.period = p.period
)
ORDER BY p.place, n.indicator_id
LIMIT 1

-- name: create-needed
CREATE OR REPLACE TEMP TABLE score_needed (indicator_id VARCHAR)

-- name: create-level
CREATE OR REPLACE TEMP TABLE score_level (level VARCHAR)

-- name: create-period
CREATE OR REPLACE TEMP TABLE score_period (place INTEGER, period VARCHAR, "end" VARCHAR)

-- name: create-state
CREATE OR REPLACE TEMP TABLE score_state (place INTEGER, state VARCHAR)

-- name: create-slot
CREATE OR REPLACE TEMP TABLE score_slot (place INTEGER, kind VARCHAR, node_id VARCHAR)

-- name: create-leaf
CREATE OR REPLACE TEMP TABLE score_leaf (place INTEGER, indicator_id VARCHAR)

-- name: create-window
CREATE OR REPLACE TEMP TABLE score_window (rule INTEGER, indicator_id VARCHAR, period INTEGER, start VARCHAR, frozen INTEGER)

-- name: create-node
CREATE OR REPLACE TEMP TABLE score_node (place INTEGER, node_id VARCHAR, parent_node VARCHAR, kind VARCHAR)

-- name: create-node-value
CREATE OR REPLACE TEMP TABLE score_node_value (
  unit INTEGER, node INTEGER, state INTEGER,
  raw_value DOUBLE, score DOUBLE, nominal_weight DOUBLE, effective_weight DOUBLE, coverage DOUBLE
)

-- name: create-contribution
CREATE OR REPLACE TEMP TABLE score_contribution (unit INTEGER, slot INTEGER, points DOUBLE)

-- name: create-split
CREATE OR REPLACE TEMP TABLE score_split (
  unit INTEGER, slot INTEGER, lost DOUBLE, reference DOUBLE, sign DOUBLE
)

-- name: create-detail
CREATE OR REPLACE TEMP TABLE score_detail (
  unit INTEGER, slot INTEGER, detail_kind VARCHAR, detail VARCHAR,
  occurred_on VARCHAR, file_id INTEGER, line DOUBLE, cases DOUBLE, points DOUBLE
)

-- name: create-mover
CREATE OR REPLACE TEMP TABLE score_mover (
  mover INTEGER, unit INTEGER, before INTEGER, slot INTEGER, sign DOUBLE
)

-- name: create-unit
-- Bodies in force on the last day of each period, at the levels the standard has. A later version of the same body wins.
CREATE OR REPLACE TEMP TABLE score_unit AS
SELECT CAST(row_number() OVER (ORDER BY period, level, entity_id) - 1 AS INTEGER) AS unit, *
FROM (
  SELECT p.place AS period, e.entity_id, e.level, e.peer_class,
    row_number() OVER (
      PARTITION BY p.place, e.entity_id ORDER BY e.valid_from DESC, e.known_from DESC, e.source_id, e.line, e.file_id
    ) AS version
  FROM known.entity e
  JOIN score_period p ON e.valid_from <= CAST(p."end" AS DATE)
    AND (e.valid_to IS NULL OR e.valid_to > CAST(p."end" AS DATE))
    JOIN score_level l ON l.level = e.level
  WHERE e.scored
)
WHERE version = 1

-- name: read-unit
SELECT unit, period, entity_id, level, peer_class FROM score_unit ORDER BY unit

-- name: read-value
SELECT u.unit, l.place AS leaf, s.place AS state, v.value
FROM facts.run_computation c
JOIN score_leaf l ON l.indicator_id = c.indicator_id
JOIN score_period p ON p.period = c.period
JOIN facts.value v ON v.fingerprint = c.fingerprint
JOIN score_state s ON s.state = v.state
JOIN score_unit u ON u.period = p.place AND u.entity_id = v.entity_id
WHERE c.run_id = $run

-- name: read-count
-- The counts behind the period's values, and behind those of some indicators in all periods.
SELECT u.unit, l.place AS leaf, CAST(v.numerator AS DOUBLE) AS numerator, CAST(v.denominator AS DOUBLE) AS denominator,
  CAST(v.sample_size AS DOUBLE) AS sample_size
FROM facts.run_computation c
JOIN score_leaf l ON l.indicator_id = c.indicator_id
JOIN score_period p ON p.period = c.period
JOIN facts.value v ON v.fingerprint = c.fingerprint
JOIN score_unit u ON u.period = p.place AND u.entity_id = v.entity_id
WHERE c.run_id = $run AND v.state = 'assessed'
  AND (p.period = $period OR list_contains(CAST(CAST($leaves AS JSON) AS VARCHAR[]), l.indicator_id))
ORDER BY u.unit, l.place

-- name: delete-rank-uncertainty
DELETE FROM scores.rank_uncertainty WHERE run_id = $run

-- name: delete-rank-pair
DELETE FROM scores.rank_pair WHERE run_id = $run

-- name: delete-rank-sensitivity
DELETE FROM scores.rank_sensitivity WHERE run_id = $run

-- name: delete-shrunk-value
DELETE FROM scores.shrunk_value WHERE run_id = $run

-- name: delete-replication
DELETE FROM scores.replication WHERE run_id = $run

-- name: read-item
SELECT u.unit, w.rule, i.category, i.record_key, CAST(i.occurred_on AS VARCHAR) AS occurred_on, i.file_id,
  CAST(i.line AS DOUBLE) AS line, CAST(datediff('month', i.occurred_on, CAST(p."end" AS DATE)) AS INTEGER) AS age
FROM facts.run_computation c
JOIN score_period p ON p.period = c.period
JOIN score_window w ON w.indicator_id = c.indicator_id AND w.period = p.place
JOIN facts.item i ON i.fingerprint = c.fingerprint
JOIN score_unit u ON u.period = p.place AND u.entity_id = i.entity_id
WHERE c.run_id = $run
  AND i.occurred_on <= CAST(p."end" AS DATE) AND (i.ended_on IS NULL OR i.ended_on > CAST(p."end" AS DATE))
  AND i.occurred_on >= CAST(w.start AS DATE)
  -- Frozen: not counted in periods that end while it is disputed.
  AND NOT (w.frozen = 1 AND i.disputed_on IS NOT NULL AND i.disputed_on <= CAST(p."end" AS DATE))
ORDER BY u.unit, w.rule, i.occurred_on, i.record_key, i.file_id, i.line

-- name: create-total
-- Each loss with its evidence's whole distance to the reference value. A table of its own, so that the many categories
-- are joined with it alone.
CREATE OR REPLACE TEMP TABLE score_total AS
SELECT s.unit, s.slot, s.lost, s.reference, s.sign, v.fingerprint, v.entity_id,
  s.sign * (s.reference * CAST(v.denominator AS DOUBLE) - CAST(v.numerator AS DOUBLE)) AS distance
FROM score_split s
JOIN score_slot n ON n.place = s.slot
JOIN score_unit u ON u.unit = s.unit
JOIN score_period p ON p.place = u.period
JOIN facts.run_computation c ON c.run_id = $run AND c.indicator_id = n.node_id AND c.period = p.period
JOIN facts.value v ON v.fingerprint = c.fingerprint AND v.entity_id = u.entity_id
WHERE s.sign * (s.reference * CAST(v.denominator AS DOUBLE) - CAST(v.numerator AS DOUBLE)) > 0

-- name: insert-category
-- What a body lost to each category of its evidence: the category's share of the distance to the reference value.
-- 1099511627776 = 2^40, the grid of points.
INSERT INTO score_detail
SELECT unit, slot, 'category', category, NULL, NULL, NULL, sample_size, points
FROM (
  SELECT t.unit, t.slot, g.category, g.sample_size,
    floor(-t.lost * t.sign * (t.reference * CAST(g.denominator AS DOUBLE) - CAST(g.numerator AS DOUBLE))
      / t.distance * 1099511627776 + 0.5) / 1099511627776 AS points
  FROM score_total t
  JOIN facts.category g ON g.fingerprint = t.fingerprint AND g.entity_id = t.entity_id
)
WHERE points <> 0
ORDER BY unit, slot, category

-- name: insert-rest
-- Whatever the records or categories leave unexplained; sums on the grid are exact in any order.
INSERT INTO score_detail
SELECT c.unit, c.slot, 'rest', '', NULL, NULL, NULL, NULL, c.points - coalesce(d.points, 0)
FROM score_contribution c
JOIN score_unit u ON u.unit = c.unit
LEFT JOIN (
  SELECT unit, slot, sum(points) AS points FROM score_detail GROUP BY unit, slot
) d ON d.unit = c.unit AND d.slot = c.slot
WHERE c.points <> coalesce(d.points, 0)
  AND list_contains(CAST(CAST($detailed AS JSON) AS INTEGER[]), u.period)
ORDER BY c.unit, c.slot

-- name: read-mover
-- Of each mover, the record or category that moved furthest in the same direction; and how many records came and went.
-- A category of too few cases, then or now, is not named.
WITH now_or_before AS (
  SELECT m.mover, m.sign, d.detail_kind, d.detail, d.cases, d.points AS now, CAST(NULL AS DOUBLE) AS before
  FROM score_mover m
  JOIN score_detail d ON d.unit = m.unit AND d.slot = m.slot
  WHERE d.detail_kind <> 'rest'
  UNION ALL
  SELECT m.mover, m.sign, d.detail_kind, d.detail, d.cases, NULL, d.points
  FROM score_mover m
  JOIN score_detail d ON d.unit = m.before AND d.slot = m.slot
  WHERE d.detail_kind <> 'rest'
), moved AS (
  SELECT mover, sign, detail_kind, detail, sum(now) AS now, sum(before) AS before,
    coalesce(sum(now), 0) - coalesce(sum(before), 0) AS points
  FROM now_or_before GROUP BY mover, sign, detail_kind, detail
  HAVING detail_kind = 'record' OR min(cases) >= $minimum
), ordered AS (
  SELECT *, row_number() OVER (PARTITION BY mover ORDER BY sign * points DESC, detail) AS place,
    count(*) FILTER (WHERE before IS NULL) OVER (PARTITION BY mover) AS came,
    count(*) FILTER (WHERE now IS NULL) OVER (PARTITION BY mover) AS went
  FROM moved
)
SELECT mover, detail_kind, detail, points, CAST(came AS INTEGER) AS came, CAST(went AS INTEGER) AS went
FROM ordered WHERE place = 1 ORDER BY mover

-- name: create-rank
CREATE OR REPLACE TEMP TABLE score_rank (
  unit INTEGER, state VARCHAR, score DOUBLE, rank DOUBLE, ranked_of DOUBLE,
  grade VARCHAR, grade_before_veto VARCHAR, vetoed_by VARCHAR, coverage DOUBLE,
  score_previous DOUBLE, rank_previous DOUBLE, score_last_year DOUBLE, rank_last_year DOUBLE,
  reason_zh VARCHAR, reason_en VARCHAR, reason_public_zh VARCHAR, reason_public_en VARCHAR
)

-- name: delete-node
DELETE FROM scores.node WHERE run_id = $run

-- name: delete-contribution
DELETE FROM scores.contribution WHERE run_id = $run

-- name: delete-contribution-detail
DELETE FROM scores.contribution_detail WHERE run_id = $run

-- name: delete-rank
DELETE FROM scores.rank WHERE run_id = $run

-- name: insert-node
INSERT INTO scores.node
SELECT $run, p.period, u.entity_id, n.node_id, n.kind, n.parent_node, s.state, v.raw_value, v.score,
  v.nominal_weight, v.effective_weight, v.coverage
FROM score_node_value v
JOIN score_unit u ON u.unit = v.unit
JOIN score_period p ON p.place = u.period
JOIN score_node n ON n.place = v.node
JOIN score_state s ON s.place = v.state
ORDER BY v.unit, v.node

-- name: insert-contribution
INSERT INTO scores.contribution
SELECT $run, p.period, u.entity_id, s.kind, s.node_id, c.points
FROM score_contribution c
JOIN score_slot s ON s.place = c.slot
JOIN score_unit u ON u.unit = c.unit
JOIN score_period p ON p.place = u.period
ORDER BY c.unit, c.slot

-- name: insert-contribution-detail
INSERT INTO scores.contribution_detail
SELECT $run, p.period, u.entity_id, s.kind, s.node_id, d.detail_kind, d.detail, CAST(d.occurred_on AS DATE),
  d.file_id, CAST(d.line AS BIGINT), d.points
FROM score_detail d
JOIN score_slot s ON s.place = d.slot
JOIN score_unit u ON u.unit = d.unit
JOIN score_period p ON p.place = u.period
ORDER BY d.unit, d.slot, d.detail_kind, d.detail, d.file_id, d.line

-- name: insert-rank
INSERT INTO scores.rank
SELECT $run, p.period, u.entity_id, u.level, u.peer_class, r.state, r.score, r.rank, r.ranked_of,
  r.grade, r.grade_before_veto, r.vetoed_by, r.coverage,
  r.score_previous, r.rank_previous, r.score_last_year, r.rank_last_year, r.reason_zh, r.reason_en,
  r.reason_public_zh, r.reason_public_en
FROM score_rank r
JOIN score_unit u ON u.unit = r.unit
JOIN score_period p ON p.place = u.period
ORDER BY r.unit

-- name: list-temporary
SELECT table_name AS name FROM duckdb_tables() WHERE temporary AND starts_with(table_name, 'score_') ORDER BY table_name
