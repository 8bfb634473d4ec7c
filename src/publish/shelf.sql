-- name: nodes
SELECT level, node_id AS id, node_level, parent_node AS parent, title_zh, title_en, clause, weight,
       normalisation, aggregation, source_zh, source_en, assumption
FROM {{month}}.standard_node ORDER BY level, place

-- name: indicators
SELECT indicator_id AS id, clause, title_zh, title_en, unit_zh, unit_en, direction, aggregate, scale,
       numerator_zh, numerator_en, denominator_zh, denominator_en, minimum_sample, levels, evidence, rollup, source_zh, source_en, hash
FROM {{month}}.indicator ORDER BY indicator_id

-- name: rules
SELECT kind, rule_id AS id, title_zh, title_en, indicator_id, levels, terms, source_zh, source_en, assumption
FROM {{month}}.rule ORDER BY place

-- name: history
SELECT r.period, r.score, r.rank, r.ranked_of, r.grade
FROM {{month}}.rank r JOIN {{month}}.period p USING (period)
WHERE r.entity_id = $entity ORDER BY p.place

-- name: contributions
SELECT period, kind, node_id AS id, points
FROM {{month}}.contribution
WHERE entity_id = $entity AND period IN ($from, $to) ORDER BY kind, node_id

-- name: entity-nodes
SELECT node_id AS id, node_level, state, score, raw_value, nominal_weight, effective_weight, coverage
FROM {{month}}.node WHERE entity_id = $entity AND period = $period

-- name: details
SELECT d.node_id AS id, d.kind, d.detail_kind, d.detail, CAST(d.occurred_on AS VARCHAR) AS occurred_on, d.points,
       f.source_id, f.file_name, d.line
FROM {{month}}.contribution_detail d LEFT JOIN {{month}}.file f USING (file_id)
WHERE d.entity_id = $entity AND d.period = $period AND d.detail_kind = 'category'
ORDER BY d.points, d.node_id, d.detail

-- name: indicator-values
SELECT v.entity_id, v.state, CAST(v.numerator AS DOUBLE) AS numerator, CAST(v.denominator AS DOUBLE) AS denominator,
       v.value, v.sample_size, v.excluded, v.undelivered, n.score
FROM {{month}}.value v
LEFT JOIN {{month}}.node n ON n.period = v.period AND n.entity_id = v.entity_id AND n.node_id = v.indicator_id
WHERE v.indicator_id = $indicator AND v.period = $period ORDER BY v.entity_id

-- name: indicator-course
SELECT v.period, e.level, count(*) FILTER (v.state = 'assessed') AS assessed, count(*) AS bodies,
       quantile_cont(v.value, 0.25) AS low, median(v.value) AS median, quantile_cont(v.value, 0.75) AS high
FROM {{month}}.value v JOIN {{month}}.period p USING (period) JOIN {{month}}.entity e USING (entity_id)
WHERE v.indicator_id = $indicator GROUP BY v.period, p.place, e.level ORDER BY p.place, e.level

-- name: files
SELECT source_id, file_name, file_hash, bytes, format, row_count, refused, refused_because
FROM {{month}}.file ORDER BY source_id, file_name

-- name: warning-rules
SELECT warnings_id, rule_id AS id, kind, series_id, title_zh, title_en, series_zh, series_en, unit_zh, unit_en
FROM {{month}}.warning_rule ORDER BY warnings_id, place

-- name: episodes
SELECT warnings_id, rule_id, kind, part, began, ended, level, peak, value, line, message_zh, message_en
FROM {{month}}.warning_episode WHERE entity_id = $entity ORDER BY began DESC, warnings_id, rule_id

-- name: dishonesty-records
SELECT * EXCLUDE (run_id) FROM {{month}}.dishonesty_record WHERE entity_id = $entity

-- name: records-of-numbers
-- Published records of some numbers, as the life of a record tells them.
SELECT d.record_key, coalesce(f.source_id, '') AS source_id, d.entity_id, d.record_type, d.severity,
  CAST(NULL AS VARCHAR) AS severity_basis, CAST(NULL AS VARCHAR) AS notified_on, CAST(NULL AS VARCHAR) AS heard_on,
  CAST(NULL AS VARCHAR) AS delivered_on, CAST(NULL AS VARCHAR) AS measure,
  d.document_no, d.issuing_body, CAST(d.decided_on AS VARCHAR) AS decided_on, CAST(NULL AS VARCHAR) AS act_ended_on, d.state,
  CAST(d.state_on AS VARCHAR) AS state_on, CAST(d.published_on AS VARCHAR) AS published_on, CAST(NULL AS VARCHAR) AS repaired_on,
  CAST(d.objection_filed_on AS VARCHAR) AS objection_filed_on, CAST(d.objection_answered_on AS VARCHAR) AS objection_answered_on,
  CAST(NULL AS VARCHAR) AS obligation_amount, d.repair_state
FROM {{month}}.dishonesty_record d LEFT JOIN {{month}}.file f USING (file_id)
WHERE list_contains(CAST(CAST($records AS JSON) AS VARCHAR[]), d.record_key)

-- name: codes-of-bodies
SELECT code, scheme, entity_id, CAST(valid_from AS VARCHAR) AS valid_from, CAST(valid_to AS VARCHAR) AS valid_to
FROM (
  SELECT code, scheme, entity_id, valid_from, valid_to FROM {{month}}.body_code
  UNION SELECT uscc, 'uscc', entity_id, valid_from, valid_to FROM {{month}}.entity WHERE uscc IS NOT NULL
)
ORDER BY code, scheme, entity_id, valid_from
