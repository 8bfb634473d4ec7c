-- name: held-computations
SELECT fingerprint FROM warn.computation WHERE warnings_id = $warnings

-- name: note-computations
INSERT OR IGNORE INTO warn.computation
SELECT unnest(CAST(CAST($fingerprints AS JSON) AS VARCHAR[])), $warnings, unnest(CAST(CAST($bodies AS JSON) AS VARCHAR[])), $period

-- name: forget-run
DELETE FROM warn.run_computation WHERE run_id = $run

-- name: forget-levels
DELETE FROM warn.level WHERE run_id = $run

-- name: forget-rows
DELETE FROM warn.{{table}} WHERE fingerprint IN (SELECT fingerprint FROM warn_remade)

-- name: create-remade
CREATE OR REPLACE TEMP TABLE warn_remade AS
SELECT unnest(CAST(CAST($fingerprints AS JSON) AS VARCHAR[])) AS fingerprint

-- name: create-value
CREATE OR REPLACE TEMP TABLE warn_value (body INTEGER, series INTEGER, part INTEGER, period INTEGER, value DOUBLE, numerator DOUBLE, denominator DOUBLE)

-- name: create-judgement
CREATE OR REPLACE TEMP TABLE warn_judgement (body INTEGER, rule INTEGER, part INTEGER, period INTEGER, level INTEGER, value DOUBLE)

-- name: create-forecast
CREATE OR REPLACE TEMP TABLE warn_forecast (body INTEGER, series INTEGER, step INTEGER, period INTEGER, central DOUBLE, spread DOUBLE)

-- name: create-name
CREATE OR REPLACE TEMP TABLE warn_name (kind VARCHAR, place INTEGER, name VARCHAR)

-- name: insert-value
INSERT INTO warn.value
SELECT b.name, s.name, p.name, t.name, v.value, v.numerator, v.denominator
FROM warn_value v
JOIN warn_name b ON b.kind = 'body' AND b.place = v.body
JOIN warn_name s ON s.kind = 'series' AND s.place = v.series
JOIN warn_name p ON p.kind = 'part' AND p.place = v.part
JOIN warn_name t ON t.kind = 'period' AND t.place = v.period

-- name: insert-judgement
INSERT INTO warn.judgement
SELECT b.name, r.name, p.name, t.name, ['green', 'yellow', 'orange', 'red'][j.level + 1], j.value
FROM warn_judgement j
JOIN warn_name b ON b.kind = 'body' AND b.place = j.body
JOIN warn_name r ON r.kind = 'rule' AND r.place = j.rule
JOIN warn_name p ON p.kind = 'part' AND p.place = j.part
JOIN warn_name t ON t.kind = 'period' AND t.place = j.period

-- name: insert-forecast
INSERT INTO warn.forecast
SELECT b.name, s.name, f.step, t.name, f.central, f.central - $z80 * f.spread, f.central + $z80 * f.spread,
  f.central - $z95 * f.spread, f.central + $z95 * f.spread
FROM warn_forecast f
JOIN warn_name b ON b.kind = 'body' AND b.place = f.body
JOIN warn_name s ON s.kind = 'series' AND s.place = f.series
JOIN warn_name t ON t.kind = 'ahead' AND t.place = f.period

-- name: read-composite
SELECT c.entity_id, o.period, o.level
FROM warn.run_computation c JOIN warn.composite o ON o.fingerprint = c.fingerprint
WHERE c.run_id = $run AND c.warnings_id = $warnings
ORDER BY c.entity_id, o.period

-- name: create-rating
CREATE OR REPLACE TEMP TABLE warn_rating (entity_id VARCHAR, period VARCHAR, rating VARCHAR, rating_uncapped VARCHAR, rating_score DOUBLE)

-- name: insert-level
INSERT INTO warn.level
SELECT c.run_id, c.warnings_id, o.period, c.entity_id, o.level, o.list, o.emergency, r.rating, r.rating_uncapped, r.rating_score,
  o.reason_zh, o.reason_en
FROM warn.run_computation c
JOIN warn.composite o ON o.fingerprint = c.fingerprint
LEFT JOIN warn_rating r ON r.entity_id = c.entity_id AND r.period = o.period
WHERE c.run_id = $run AND c.warnings_id = $warnings

-- name: count-above-green
SELECT count(*) AS count FROM warn.level
WHERE run_id = $run AND warnings_id = $warnings AND period = $period AND level NOT IN ('green', 'no_data')

-- name: read-node-scores
SELECT entity_id, period, node_id, score FROM scores.node
WHERE run_id = $run AND score IS NOT NULL AND list_contains(CAST(CAST($nodes AS JSON) AS VARCHAR[]), node_id)

-- name: drop-temporary
DROP TABLE IF EXISTS temp.{{table}}
