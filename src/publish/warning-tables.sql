-- name: create-warning_level
CREATE OR REPLACE TABLE draft.published_warning_level AS
SELECT l.run_id, l.period, l.entity_id, l.warnings_id, l.level, l.list, l.emergency, l.rating, l.rating_uncapped, l.rating_score,
  l.reason_zh, l.reason_en
FROM warn.level l JOIN draft.published_period p ON p.period = l.period
WHERE l.run_id = $run_id
ORDER BY p.place, l.warnings_id, l.entity_id

-- name: create-warning_rule
CREATE OR REPLACE TABLE draft.published_warning_rule AS
SELECT $run_id AS run_id, r.*
FROM (
  SELECT unnest(from_json(CAST($rows AS JSON),
    '[{"warnings_id":"VARCHAR","place":"INTEGER","rule_id":"VARCHAR","kind":"VARCHAR","series_id":"VARCHAR","title_zh":"VARCHAR","title_en":"VARCHAR","series_zh":"VARCHAR","series_en":"VARCHAR","unit_zh":"VARCHAR","unit_en":"VARCHAR","terms":"VARCHAR","source_zh":"VARCHAR","source_en":"VARCHAR","assumption":"BOOLEAN"}]')) AS r
)
ORDER BY r.warnings_id, r.place

-- name: create-warning_episode
CREATE OR REPLACE TABLE draft.published_warning_episode AS
SELECT c.run_id, c.warnings_id, c.entity_id, e.rule_id, e.kind, e.part, e.began, e.ended, e.level, e.peak, e.value, e.line, e.expected,
  e.message_zh, e.message_en
FROM warn.run_computation c JOIN warn.episode e ON e.fingerprint = c.fingerprint
WHERE c.run_id = $run_id
ORDER BY c.warnings_id, c.entity_id, e.rule_id, e.part, e.began

-- name: create-warning_value
-- Small counts of a category are left out, as everywhere.
CREATE OR REPLACE TABLE draft.published_warning_value AS
SELECT c.run_id, v.period, c.warnings_id, c.entity_id, v.series_id, v.part, v.value, v.numerator, v.denominator
FROM warn.run_computation c
JOIN warn.value v ON v.fingerprint = c.fingerprint
JOIN draft.published_period p ON p.period = v.period
WHERE c.run_id = $run_id AND (v.part = '' OR v.numerator >= $minimum)
ORDER BY p.place, c.warnings_id, c.entity_id, v.series_id, v.part

-- name: create-warning_forecast
CREATE OR REPLACE TABLE draft.published_warning_forecast AS
SELECT c.run_id, c.warnings_id, c.entity_id, f.series_id, f.step, f.period, f.central,
  f.low_80 AS low, f.high_80 AS high, f.low_95 AS low_wide, f.high_95 AS high_wide
FROM warn.run_computation c JOIN warn.forecast f ON f.fingerprint = c.fingerprint
WHERE c.run_id = $run_id
ORDER BY c.warnings_id, c.entity_id, f.series_id, f.step

-- name: create-warning_method
CREATE OR REPLACE TABLE draft.published_warning_method AS
SELECT c.run_id, c.warnings_id, c.entity_id, m.* EXCLUDE (fingerprint)
FROM warn.run_computation c JOIN warn.forecast_choice m ON m.fingerprint = c.fingerprint
WHERE c.run_id = $run_id
ORDER BY c.warnings_id, c.entity_id, m.series_id

-- name: create-warning_stress
CREATE OR REPLACE TABLE draft.published_warning_stress AS
SELECT c.run_id, c.warnings_id, c.entity_id, s.scenario_id, s.series_id, s.value, s.baseline, s.level, s.baseline_level
FROM warn.run_computation c JOIN warn.stress s ON s.fingerprint = c.fingerprint
WHERE c.run_id = $run_id
ORDER BY c.warnings_id, c.entity_id, s.scenario_id, s.series_id

-- name: create-debt_limit
-- What everybody may see of warnings on debt: balance and limit.
CREATE OR REPLACE TABLE draft.published_debt_limit AS
SELECT c.run_id, v.period, c.warnings_id, c.entity_id, v.numerator AS balance, v.denominator AS debt_limit
FROM (SELECT unnest(from_json(CAST($rows AS JSON), '[{"warnings_id":"VARCHAR","series_id":"VARCHAR"}]')) AS f)
JOIN warn.run_computation c ON c.run_id = $run_id AND c.warnings_id = f.warnings_id
JOIN warn.value v ON v.fingerprint = c.fingerprint AND v.series_id = f.series_id AND v.part = ''
JOIN draft.published_period p ON p.period = v.period
ORDER BY p.place, c.warnings_id, c.entity_id

-- name: read-debt-limits
SELECT warnings_id, entity_id, balance, debt_limit FROM draft.published_debt_limit WHERE period = $period
ORDER BY warnings_id, entity_id

-- name: read-levels
SELECT l.period, l.entity_id, l.warnings_id, l.level, l.list, l.emergency, l.rating, l.rating_uncapped, l.rating_score, l.reason_zh, l.reason_en
FROM draft.published_warning_level l JOIN draft.published_period p ON p.period = l.period
ORDER BY l.warnings_id, l.entity_id, p.place

-- name: read-standing
SELECT warnings_id, entity_id, rule_id, kind, part, began, level, value, line, expected, message_zh, message_en
FROM draft.published_warning_episode WHERE ended IS NULL
ORDER BY warnings_id, CASE level WHEN 'red' THEN 0 WHEN 'orange' THEN 1 ELSE 2 END, began, entity_id, rule_id, part

-- name: read-crossings
SELECT m.warnings_id, m.entity_id, m.series_id, m.method, m.error, m.naive_error, m.crossing_level, m.crossing_line, m.crossing_period,
  m.crossing_earliest, f.period AS end_period, f.central, f.low, f.high,
  (SELECT v.value FROM draft.published_warning_value v WHERE v.period = $period AND v.entity_id = m.entity_id AND v.warnings_id = m.warnings_id
     AND v.series_id = m.series_id AND v.part = '') AS value
FROM draft.published_warning_method m
JOIN draft.published_warning_forecast f ON f.warnings_id = m.warnings_id AND f.entity_id = m.entity_id AND f.series_id = m.series_id
WHERE m.crossing_earliest IS NOT NULL
  AND f.step = (SELECT max(step) FROM draft.published_warning_forecast x WHERE x.warnings_id = m.warnings_id AND x.entity_id = m.entity_id AND x.series_id = m.series_id)
ORDER BY m.warnings_id, m.crossing_period NULLS LAST, m.crossing_earliest, m.entity_id, m.series_id

-- name: read-stress
SELECT warnings_id, entity_id, scenario_id, series_id, value, baseline, level, baseline_level
FROM draft.published_warning_stress
WHERE ['green', 'yellow', 'orange', 'red'].list_position(level) > ['green', 'yellow', 'orange', 'red'].list_position(baseline_level)
ORDER BY warnings_id, scenario_id, entity_id, series_id
