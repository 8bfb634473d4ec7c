-- name: open-draft
ATTACH IF NOT EXISTS ':memory:' AS draft

-- name: close-draft
DETACH DATABASE IF EXISTS draft

-- name: create-period
CREATE OR REPLACE TABLE draft.published_period AS
SELECT $run_id AS run_id, CAST(r.place AS INTEGER) AS place, r.id AS period, CAST(r.start AS DATE) AS starts_on,
  CAST(r.last AS DATE) AS ends_on, r.detailed
FROM (
  SELECT unnest(from_json(CAST($rows AS JSON),
    '[{"place":"BIGINT","id":"VARCHAR","start":"VARCHAR","last":"VARCHAR","detailed":"BOOLEAN"}]')) AS r
)
ORDER BY r.place

-- name: create-run
CREATE OR REPLACE TABLE draft.published_run AS
SELECT run_id, pipeline, jurisdiction, period, as_of, standard_id, $standard_version AS standard_version,
  standard_hash, input_hash, code_version, CAST($synthetic AS BOOLEAN) AS synthetic
FROM scores.run WHERE run_id = $run_id

-- name: create-indicator
CREATE OR REPLACE TABLE draft.published_indicator AS
SELECT $run_id AS run_id, r.*
FROM (
  SELECT unnest(from_json(CAST($rows AS JSON),
    '[{"indicator_id":"VARCHAR","clause":"VARCHAR","title_zh":"VARCHAR","title_en":"VARCHAR","unit_zh":"VARCHAR","unit_en":"VARCHAR","direction":"VARCHAR","aggregate":"VARCHAR","scale":"DOUBLE","numerator_zh":"VARCHAR","numerator_en":"VARCHAR","denominator_zh":"VARCHAR","denominator_en":"VARCHAR","minimum_sample":"INTEGER","levels":"VARCHAR","evidence":"VARCHAR","rollup":"BOOLEAN","source_zh":"VARCHAR","source_en":"VARCHAR","hash":"VARCHAR"}]')) AS r
)
ORDER BY r.indicator_id

-- name: create-standard_node
CREATE OR REPLACE TABLE draft.published_standard_node AS
SELECT $run_id AS run_id, r.*
FROM (
  SELECT unnest(from_json(CAST($rows AS JSON),
    '[{"place":"INTEGER","level":"VARCHAR","node_id":"VARCHAR","node_level":"VARCHAR","parent_node":"VARCHAR","title_zh":"VARCHAR","title_en":"VARCHAR","clause":"VARCHAR","weight":"DOUBLE","normalisation":"VARCHAR","aggregation":"VARCHAR","source_zh":"VARCHAR","source_en":"VARCHAR","assumption":"BOOLEAN"}]')) AS r
)
ORDER BY r.place, r.level

-- name: create-rule
CREATE OR REPLACE TABLE draft.published_rule AS
SELECT $run_id AS run_id, r.*
FROM (
  SELECT unnest(from_json(CAST($rows AS JSON),
    '[{"place":"INTEGER","kind":"VARCHAR","rule_id":"VARCHAR","title_zh":"VARCHAR","title_en":"VARCHAR","indicator_id":"VARCHAR","levels":"VARCHAR","terms":"VARCHAR","source_zh":"VARCHAR","source_en":"VARCHAR","assumption":"BOOLEAN"}]')) AS r
)
ORDER BY r.place

-- name: create-grade
CREATE OR REPLACE TABLE draft.published_grade AS
SELECT $run_id AS run_id, r.*
FROM (
  SELECT unnest(from_json(CAST($rows AS JSON),
    '[{"place":"INTEGER","grade":"VARCHAR","title_zh":"VARCHAR","title_en":"VARCHAR","colour":"VARCHAR","from_score":"DOUBLE","below_score":"DOUBLE","source_zh":"VARCHAR","source_en":"VARCHAR","assumption":"BOOLEAN"}]')) AS r
)
ORDER BY r.place

-- name: create-entity
-- Of several versions of a body, the one in force at the end of the period, or the last one before it.
CREATE OR REPLACE TABLE draft.published_entity AS
SELECT $run_id AS run_id, entity_id, level, kind, peer_class, name_zh, name_en, parent_id, division_code, uscc,
  population, staff, scored, valid_from, valid_to
FROM (
  SELECT *, row_number() OVER (
    PARTITION BY entity_id
    ORDER BY valid_from <= CAST($period_end AS DATE) DESC, valid_from DESC, known_from DESC, source_id, line, file_id
  ) AS version
  FROM known.entity
)
WHERE version = 1
ORDER BY level, entity_id

-- name: create-file
-- file_id counts the files of this publication: the number a file has in a working database depends on when it came.
-- What a file was called when it came is text of a delivery; here it is called by its hash (src/standard/file-label.ts).
CREATE OR REPLACE TABLE draft.published_file AS
SELECT $run_id AS run_id,
  CAST(row_number() OVER (ORDER BY f.source_id, f.file_hash) AS INTEGER) AS file_id,
  f.source_id, left(f.file_hash, 12) AS file_name, f.file_hash, f.bytes, f.format, f.row_count,
  f.refused_because IS NOT NULL AS refused, f.refused_because
FROM known.received_file f
WHERE list_contains(CAST(CAST($sources AS JSON) AS VARCHAR[]), f.source_id)
ORDER BY f.source_id, f.file_hash

-- name: create-file-number
CREATE OR REPLACE TABLE draft.publish_file_number AS
SELECT h.file_id AS held_id, f.file_id
FROM raw.file h
JOIN draft.published_file f ON f.source_id = h.source_id AND f.file_hash = h.file_hash

-- name: create-quarantine
CREATE OR REPLACE TABLE draft.published_quarantine AS
SELECT $run_id AS run_id, q.source_id, q.reason, q.column_name, count(DISTINCT (q.file_id, q.line)) AS row_count,
  q.in_refused_file
FROM known.set_aside q
WHERE list_contains(CAST(CAST($sources AS JSON) AS VARCHAR[]), q.source_id)
GROUP BY q.source_id, q.reason, q.column_name, q.in_refused_file
ORDER BY q.source_id, q.reason, q.column_name, q.in_refused_file

-- name: create-source_state
CREATE OR REPLACE TABLE draft.published_source_state AS
SELECT run_id, source_id, state, message_zh, message_en, files, rows_received, rows_loaded, rows_quarantined,
  rows_duplicate, rows_corrected, rows_flagged, newest_known, newest_valid, rows_refused
FROM checks.source_state WHERE run_id = $run_id
ORDER BY source_id

-- name: create-check_result
CREATE OR REPLACE TABLE draft.published_check_result AS
SELECT run_id, check_id, source_id, severity, passed, failing_rows, observed, expected, message_zh, message_en
FROM checks.result WHERE run_id = $run_id
ORDER BY check_id, source_id, observed, message_en

-- name: create-rank
CREATE OR REPLACE TABLE draft.published_rank AS
SELECT r.run_id, r.period, r.level, r.peer_class, r.entity_id, r.state, r.score, r.rank, r.ranked_of, r.grade,
  r.grade_before_veto, r.vetoed_by, r.coverage, r.score_previous, r.rank_previous, r.score_last_year,
  r.rank_last_year, r.reason_zh, r.reason_en
FROM scores.rank r
JOIN draft.published_period p ON p.period = r.period
WHERE r.run_id = $run_id
ORDER BY p.place, r.level, r.peer_class, r.rank NULLS LAST, r.entity_id

-- name: create-rank_uncertainty
CREATE OR REPLACE TABLE draft.published_rank_uncertainty AS
SELECT u.run_id, u.period, u.level, u.peer_class, u.entity_id, u.error_source, u.replications, u.rank_median, u.rank_low,
  u.rank_high, u.top_three, u.bottom_three, u.above_next
FROM scores.rank_uncertainty u
JOIN draft.published_rank r ON r.period = u.period AND r.entity_id = u.entity_id
WHERE u.run_id = $run_id
ORDER BY u.level, u.peer_class, r.rank, u.entity_id, u.error_source

-- name: create-rank_pair
CREATE OR REPLACE TABLE draft.published_rank_pair AS
SELECT u.run_id, u.period, u.level, u.peer_class, u.entity_id, u.other_id, u.above
FROM scores.rank_pair u
JOIN draft.published_rank r ON r.period = u.period AND r.entity_id = u.entity_id
JOIN draft.published_rank o ON o.period = u.period AND o.entity_id = u.other_id
WHERE u.run_id = $run_id
ORDER BY u.level, u.peer_class, r.rank, u.entity_id, o.rank, u.other_id

-- name: create-rank_sensitivity
CREATE OR REPLACE TABLE draft.published_rank_sensitivity AS
SELECT run_id, period, level, peer_class, entity_id, factor, first_order, total
FROM scores.rank_sensitivity WHERE run_id = $run_id
ORDER BY level, peer_class, entity_id NULLS FIRST, factor

-- name: create-replication
CREATE OR REPLACE TABLE draft.published_replication AS
SELECT run_id, period, level, outcome, reason, replications
FROM scores.replication WHERE run_id = $run_id
ORDER BY level, outcome, reason

-- name: create-shrunk_value
CREATE OR REPLACE TABLE draft.published_shrunk_value AS
SELECT v.run_id, v.period, v.entity_id, v.indicator_id, v.raw_value, v.shrunk_value
FROM scores.shrunk_value v
JOIN draft.published_period p ON p.period = v.period
WHERE v.run_id = $run_id
ORDER BY p.place, v.entity_id, v.indicator_id

-- name: create-node
CREATE OR REPLACE TABLE draft.published_node AS
SELECT n.run_id, n.period, n.entity_id, n.node_id, n.node_level, n.parent_node, n.state, n.raw_value, n.score,
  n.nominal_weight, n.effective_weight, n.coverage
FROM scores.node n
JOIN draft.published_period p ON p.period = n.period
WHERE n.run_id = $run_id
ORDER BY p.place, n.entity_id, n.node_id

-- name: create-contribution
CREATE OR REPLACE TABLE draft.published_contribution AS
SELECT c.run_id, c.period, c.entity_id, c.kind, c.node_id, c.points
FROM scores.contribution c
JOIN draft.published_period p ON p.period = c.period
WHERE c.run_id = $run_id
ORDER BY p.place, c.entity_id, c.kind, c.node_id

-- name: create-value
CREATE OR REPLACE TABLE draft.published_value AS
SELECT c.run_id, c.period, v.entity_id, c.indicator_id, v.state, v.numerator, v.denominator, v.value,
  v.sample_size, v.excluded, coalesce(v.undelivered, 0) AS undelivered
FROM facts.run_computation c
JOIN facts.value v ON v.fingerprint = c.fingerprint
JOIN draft.published_period p ON p.period = c.period
WHERE c.run_id = $run_id
ORDER BY p.place, v.entity_id, c.indicator_id

-- name: create-category-shown
-- Small counts: a category of fewer than 3 cases goes to "other"; so does the next smallest while "other" itself
-- holds fewer than 3, because the total is published and the missing category could be told from it.
CREATE OR REPLACE TABLE draft.publish_category_shown AS
WITH held AS (
  SELECT c.period, c.indicator_id, g.entity_id, g.category, g.numerator, g.denominator, g.sample_size
  FROM facts.run_computation c
  JOIN facts.category g ON g.fingerprint = c.fingerprint
  JOIN draft.published_period p ON p.period = c.period AND p.detailed
  WHERE c.run_id = $run_id
), ordered AS (
  SELECT *,
    coalesce(sum(sample_size) OVER (
      PARTITION BY period, indicator_id, entity_id ORDER BY sample_size, category
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0) AS smaller
  FROM held
)
SELECT period, indicator_id, entity_id, category, numerator, denominator, sample_size,
  CASE WHEN sample_size < $minimum OR (smaller > 0 AND smaller < $minimum) THEN $other ELSE category END AS shown
FROM ordered

-- name: create-category
CREATE OR REPLACE TABLE draft.published_category AS
SELECT $run_id AS run_id, s.period, s.entity_id, s.indicator_id, s.shown AS category,
  CAST(sum(s.numerator) AS DECIMAL(38,6)) AS numerator, CAST(sum(s.denominator) AS DECIMAL(38,6)) AS denominator,
  CAST(sum(s.sample_size) AS BIGINT) AS sample_size, CAST(count(*) AS BIGINT) AS categories
FROM draft.publish_category_shown s
JOIN draft.published_period p ON p.period = s.period
GROUP BY p.place, s.period, s.entity_id, s.indicator_id, s.shown
ORDER BY p.place, s.entity_id, s.indicator_id, s.shown

-- name: create-item
CREATE OR REPLACE TABLE draft.published_item AS
SELECT c.run_id, c.period, i.entity_id, c.indicator_id, i.category, i.record_key, i.occurred_on, i.ended_on,
  i.disputed_on, i.amount, f.file_id, i.line
FROM facts.run_computation c
JOIN facts.item i ON i.fingerprint = c.fingerprint
JOIN draft.published_period p ON p.period = c.period AND p.detailed
LEFT JOIN draft.publish_file_number f ON f.held_id = i.file_id
WHERE c.run_id = $run_id
ORDER BY p.place, i.entity_id, c.indicator_id, i.record_key, f.file_id, i.line

-- name: create-contribution_detail
-- Points are multiples of 2^-40: their sums are exact in any order. Categories are joined apart from the rest:
-- a condition on the left side of a LEFT JOIN would compare every pair of rows.
CREATE OR REPLACE TABLE draft.published_contribution_detail AS
WITH detail AS (
  SELECT d.*, p.place
  FROM scores.contribution_detail d
  JOIN draft.published_period p ON p.period = d.period AND p.detailed
  WHERE d.run_id = $run_id
), shown AS (
  SELECT d.place, d.period, d.entity_id, d.kind, d.node_id, d.detail_kind, d.detail, d.occurred_on, f.file_id, d.line,
    d.points
  FROM detail d
  LEFT JOIN draft.publish_file_number f ON f.held_id = d.file_id
  WHERE d.detail_kind <> 'category'
  UNION ALL
  SELECT d.place, d.period, d.entity_id, d.kind, d.node_id, d.detail_kind, coalesce(s.shown, $other), NULL, NULL, NULL,
    sum(d.points)
  FROM detail d
  LEFT JOIN draft.publish_category_shown s ON s.period = d.period AND s.indicator_id = d.node_id
    AND s.entity_id = d.entity_id AND s.category = d.detail
  WHERE d.detail_kind = 'category'
  GROUP BY d.place, d.period, d.entity_id, d.kind, d.node_id, d.detail_kind, coalesce(s.shown, $other)
)
SELECT $run_id AS run_id, period, entity_id, kind, node_id, detail_kind, detail, occurred_on, file_id, line, points,
  detail_kind = 'record' AND detail IN (SELECT record_key FROM draft.publish_disputed) AS disputed
FROM shown
ORDER BY place, entity_id, kind, node_id, detail_kind, detail, occurred_on, file_id, line

-- name: create-output_audience
CREATE OR REPLACE TABLE draft.published_output_audience AS
SELECT $run_id AS run_id, r.kind, r.id AS output_id, r.audience
FROM (SELECT unnest(from_json(CAST($rows AS JSON), '[{"kind":"VARCHAR","id":"VARCHAR","audience":"VARCHAR"}]')) AS r)
ORDER BY r.kind, r.id

-- name: reduce-reasons
-- Sentences that say nothing of what is not public; one that names what is kept back besides is not told.
CREATE OR REPLACE TABLE draft.published_rank AS
SELECT r.* REPLACE (
  CASE WHEN s.names_withheld THEN $zh ELSE coalesce(s.reason_public_zh, r.reason_zh) END AS reason_zh,
  CASE WHEN s.names_withheld THEN $en ELSE coalesce(s.reason_public_en, r.reason_en) END AS reason_en)
FROM draft.published_rank r
JOIN draft.published_period p ON p.period = r.period
LEFT JOIN (
  SELECT period, entity_id, reason_public_zh, reason_public_en,
    list_bool_or([contains(reason_public_zh, t.zh) OR contains(reason_public_en, t.en)
      FOR t IN from_json(CAST($titles AS JSON), '[{"zh":"VARCHAR","en":"VARCHAR"}]')]) AS names_withheld
  FROM scores.rank WHERE run_id = $run_id
) s ON s.period = r.period AND s.entity_id = r.entity_id
ORDER BY p.place, r.level, r.peer_class, r.rank NULLS LAST, r.entity_id
