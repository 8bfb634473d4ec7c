-- name: entity
SELECT entity_id AS id, level, peer_class, kind, name_zh, name_en, parent_id, population
FROM draft.published_entity ORDER BY level, entity_id

-- name: rank
SELECT entity_id, level, peer_class, state, score, rank, ranked_of, grade, grade_before_veto, vetoed_by, coverage,
  score_previous, rank_previous, score_last_year, rank_last_year, reason_zh, reason_en
FROM draft.published_rank WHERE period = $period
ORDER BY level, peer_class, rank NULLS LAST, entity_id

-- name: range
SELECT a.entity_id, a.rank_median AS median, a.rank_low AS low, a.rank_high AS high, a.top_three, a.bottom_three,
  a.above_next, d.rank_low AS data_low, d.rank_high AS data_high, c.rank_low AS choices_low, c.rank_high AS choices_high
FROM draft.published_rank_uncertainty a
LEFT JOIN draft.published_rank_uncertainty d ON d.entity_id = a.entity_id AND d.error_source = 'data'
LEFT JOIN draft.published_rank_uncertainty c ON c.entity_id = a.entity_id AND c.error_source = 'choices'
WHERE a.error_source = 'all'
ORDER BY a.entity_id

-- name: sensitivity
SELECT level, peer_class AS "peerClass", factor, first_order AS "firstOrder", total
FROM draft.published_rank_sensitivity WHERE entity_id IS NULL
ORDER BY level, peer_class, total DESC NULLS LAST, factor

-- name: replication
SELECT level, outcome, reason, replications FROM draft.published_replication
ORDER BY level, outcome, reason

-- name: pair
-- Of classes small enough for a table on the page.
SELECT level, peer_class AS "peerClass", entity_id AS body, other_id AS other, above
FROM draft.published_rank_pair
WHERE (level, peer_class) IN (
  SELECT (level, peer_class) FROM draft.published_rank_uncertainty WHERE error_source = 'all'
  GROUP BY level, peer_class HAVING count(*) <= 25)
ORDER BY level, peer_class, body, other

-- name: history
SELECT r.entity_id, p.place, r.score
FROM draft.published_rank r JOIN draft.published_period p ON p.period = r.period
WHERE r.score IS NOT NULL
ORDER BY r.entity_id, p.place

-- name: node
SELECT entity_id, node_id, node_level, parent_node, state, raw_value, score, nominal_weight, effective_weight, coverage
FROM draft.published_node WHERE period = $period
ORDER BY entity_id, node_id

-- name: contribution
SELECT c.entity_id, c.kind, c.node_id, c.points, b.points AS before
FROM draft.published_contribution c
LEFT JOIN draft.published_contribution b ON b.period = $previous AND b.entity_id = c.entity_id
  AND b.kind = c.kind AND b.node_id = c.node_id
WHERE c.period = $period
ORDER BY c.entity_id, c.kind, c.node_id

-- name: detail
SELECT d.entity_id, d.kind, d.node_id, d.detail_kind, d.detail, d.occurred_on, d.points, d.disputed, f.source_id, f.file_name, d.line
FROM draft.published_contribution_detail d
LEFT JOIN draft.published_file f ON f.file_id = d.file_id
WHERE d.period = $period AND d.kind IN ('deduction', 'bonus') AND d.detail_kind = 'record'
ORDER BY d.entity_id, d.kind DESC, d.node_id, d.points, d.detail, d.line

-- name: category
SELECT entity_id, node_id, detail AS category, points
FROM draft.published_contribution_detail
WHERE period = $period AND kind = 'indicator' AND detail_kind = 'category' AND points < 0
ORDER BY entity_id, node_id, points, detail

-- name: veto-item
SELECT i.entity_id, r.rule_id, i.category, i.record_key, i.occurred_on, i.disputed_on IS NOT NULL AS disputed, f.source_id, f.file_name, i.line
FROM draft.published_rule r
JOIN draft.published_item i ON i.indicator_id = r.indicator_id AND i.period = $period
  AND (i.ended_on IS NULL OR i.ended_on > CAST($ends_on AS DATE))
LEFT JOIN draft.published_file f ON f.file_id = i.file_id
WHERE r.kind = 'veto'
ORDER BY i.entity_id, r.place, i.occurred_on, i.record_key

-- name: value
SELECT v.entity_id, v.indicator_id, v.state, CAST(v.numerator AS DOUBLE) AS numerator,
  CAST(v.denominator AS DOUBLE) AS denominator, v.value, v.sample_size, v.excluded, v.undelivered, s.shrunk_value AS shrunk
FROM draft.published_value v
LEFT JOIN draft.published_shrunk_value s
  ON s.period = v.period AND s.entity_id = v.entity_id AND s.indicator_id = v.indicator_id
WHERE v.period = $period
ORDER BY v.entity_id, v.indicator_id

-- name: coverage
SELECT v.indicator_id, e.level, count(*) AS bodies,
  count(*) FILTER (WHERE v.state = 'assessed') AS assessed,
  count(*) FILTER (WHERE v.state = 'not_applicable') AS not_applicable,
  count(*) FILTER (WHERE v.state = 'too_few') AS too_few,
  count(*) FILTER (WHERE v.state = 'no_data') AS no_data,
  CAST(coalesce(sum(v.sample_size), 0) AS BIGINT) AS sample_size,
  CAST(coalesce(sum(v.excluded), 0) AS BIGINT) AS excluded,
  CAST(coalesce(sum(v.undelivered), 0) AS BIGINT) AS undelivered
FROM draft.published_value v
JOIN draft.published_rank e ON e.entity_id = v.entity_id AND e.period = v.period
WHERE v.period = $period
GROUP BY v.indicator_id, e.level
ORDER BY v.indicator_id, e.level

-- name: source
SELECT source_id, state, message_zh, message_en, files, rows_received, rows_loaded, rows_quarantined, rows_duplicate,
  rows_corrected, rows_flagged, newest_known, newest_valid, rows_refused
FROM draft.published_source_state ORDER BY source_id

-- name: failed-pull
SELECT source_id, CAST(attempted_at AS VARCHAR) AS attempted_at, message_zh, message_en
FROM checks.failed_pull WHERE run_id = $run_id ORDER BY source_id

-- name: quarantine
SELECT source_id, reason, column_name, row_count, in_refused_file FROM draft.published_quarantine
ORDER BY source_id, in_refused_file, row_count DESC, reason, column_name

-- name: check
SELECT check_id, source_id, severity, passed, failing_rows, observed, expected, message_zh, message_en
FROM draft.published_check_result ORDER BY passed, severity, check_id, source_id, message_en

-- name: file
SELECT source_id, file_name, file_hash, bytes, format, row_count, refused, refused_because
FROM draft.published_file ORDER BY source_id, file_name, file_hash

-- name: node-of-standard
SELECT place, level, node_id, node_level, parent_node, title_zh, title_en, clause, weight, normalisation, aggregation,
  source_zh, source_en, assumption
FROM draft.published_standard_node ORDER BY place, level

-- name: rule
SELECT place, kind, rule_id, title_zh, title_en, indicator_id, levels, terms, source_zh, source_en, assumption
FROM draft.published_rule ORDER BY place
