-- name: run
SELECT r.period, CAST(r.as_of AS VARCHAR) AS as_of, r.run_id, r.pipeline, r.jurisdiction, r.synthetic, r.standard_id, r.standard_version,
  CAST(p.starts_on AS VARCHAR) AS starts_on, CAST(p.ends_on AS VARCHAR) AS ends_on
FROM published.run r JOIN published.period p ON p.period = r.period

-- name: entity
SELECT e.entity_id, e.level, e.kind, e.name_zh, e.name_en, e.parent_id, u.name_zh AS parent_zh, u.name_en AS parent_en,
  e.division_code, e.uscc, CAST(e.valid_from AS VARCHAR) AS valid_from, CAST(e.valid_to AS VARCHAR) AS valid_to
FROM published.entity e
LEFT JOIN published.entity u ON u.entity_id = e.parent_id
WHERE list_contains(CAST(CAST($entities AS JSON) AS VARCHAR[]), e.entity_id)
ORDER BY e.entity_id

-- name: codes
SELECT code, scheme, CAST(valid_from AS VARCHAR) AS valid_from, CAST(valid_to AS VARCHAR) AS valid_to
FROM published.body_code
WHERE entity_id = $entity AND scheme <> 'local' AND code <> $entity
ORDER BY scheme, valid_from, code

-- name: history
SELECT r.period, r.peer_class, r.state, r.score, r.rank, r.ranked_of, r.grade, r.grade_before_veto, r.vetoed_by, r.coverage,
  r.reason_zh, r.reason_en, g.title_zh AS grade_zh, g.title_en AS grade_en, g.colour
FROM published.rank r
JOIN published.period p ON p.period = r.period
LEFT JOIN published.grade g ON g.grade = r.grade
WHERE r.entity_id = $entity
ORDER BY p.place

-- name: range
SELECT rank_low AS low, rank_high AS high FROM published.rank_uncertainty
WHERE entity_id = $entity AND period = $period AND error_source = 'all'

-- name: contributions
WITH title AS (
  SELECT node_id AS id, min(title_zh) AS zh, min(title_en) AS en FROM published.standard_node GROUP BY node_id
  UNION ALL
  SELECT rule_id, min(title_zh), min(title_en) FROM published.rule GROUP BY rule_id
)
SELECT c.kind, c.node_id AS id, coalesce(t.zh, c.node_id) AS title_zh, coalesce(t.en, c.node_id) AS title_en, c.points,
  b.points AS points_previous, v.state, v.value, i.unit_zh, i.unit_en
FROM published.contribution c
LEFT JOIN published.contribution b ON b.period = $previous AND b.entity_id = c.entity_id AND b.kind = c.kind AND b.node_id = c.node_id
LEFT JOIN title t ON t.id = c.node_id
LEFT JOIN published.value v ON v.period = c.period AND v.entity_id = c.entity_id AND v.indicator_id = c.node_id
LEFT JOIN published.indicator i ON i.indicator_id = c.node_id
WHERE c.period = $period AND c.entity_id = $entity
ORDER BY c.kind = 'indicator' DESC, abs(c.points) DESC, c.kind, c.node_id

-- name: records
SELECT d.record_key, d.record_type, d.severity, d.field, d.document_no, d.issuing_body, CAST(d.decided_on AS VARCHAR) AS decided_on,
  CAST(d.published_on AS VARCHAR) AS published_on, d.state, CAST(d.state_on AS VARCHAR) AS state_on, d.disputed,
  CAST(d.objection_filed_on AS VARCHAR) AS objection_filed_on, CAST(d.objection_answered_on AS VARCHAR) AS objection_answered_on,
  d.repair_state, CAST(d.publication_ends_on AS VARCHAR) AS publication_ends_on,
  d.publication_basis_zh, d.publication_basis_en,
  CASE WHEN f.file_id IS NOT NULL THEN f.source_id || '/' || f.file_name || ':' || d.line END AS found_at
FROM published.dishonesty_record d
LEFT JOIN published.file f ON f.file_id = d.file_id
WHERE d.entity_id = $entity AND (d.publication_ends_on IS NULL OR d.publication_ends_on > CAST($today AS DATE))
ORDER BY d.decided_on DESC, d.record_key

-- name: names
SELECT entity_id AS id, name_zh AS zh, name_en AS en FROM published.entity

-- name: events
SELECT record_key, event, state_before, state_after, CAST(occurred_at AS VARCHAR) AS occurred_at, document_no, actor_body
FROM published.record_event e
WHERE entity_id = $entity AND NOT EXISTS (
  SELECT 1 FROM published.dishonesty_record d
  WHERE d.record_key = e.record_key AND d.entity_id = e.entity_id AND d.publication_ends_on <= CAST($today AS DATE)
)
ORDER BY occurred_at, event_id

-- name: lists
SELECT l.list_id, l.kind, l.field, l.title_zh, l.title_en, l.effect_zh, l.effect_en, e.article_zh, e.article_en, e.reason_zh, e.reason_en,
  CAST(e.since AS VARCHAR) AS since, CAST(e.until AS VARCHAR) AS until, e.ends, e.disputed, e.record_key, e.document_no
FROM (
  SELECT list_id, entity_id, article_zh, article_en, reason_zh, reason_en, since, until, ends, disputed, record_key, document_no
  FROM published.list_entry
  UNION ALL
  SELECT 'restriction-' || replace(field, '_', '-'), entity_id, article_zh, article_en, reason_zh, reason_en, since, until, ends,
    disputed, record_key, document_no
  FROM published.restriction
) e
JOIN published.list l ON l.list_id = e.list_id
WHERE e.entity_id = $entity
ORDER BY l.place, e.since, e.record_key

-- name: commitments
SELECT kind, due, on_time, late, broken, withdrawn, overdue, not_yet_due FROM published.commitment_summary
WHERE entity_id = $entity ORDER BY kind

-- name: warnings
SELECT w.warnings_id, w.rule_id, r.title_zh, r.title_en, w.level, w.began, w.message_zh, w.message_en
FROM published.warning_episode w
LEFT JOIN published.warning_rule r ON r.warnings_id = w.warnings_id AND r.rule_id = w.rule_id
WHERE w.entity_id = $entity AND w.ended IS NULL
ORDER BY w.level, w.warnings_id, w.rule_id, w.part

-- name: ratings
SELECT rater, CAST(score AS DOUBLE) AS score, CAST(score_max AS DOUBLE) AS score_max, grade, CAST(rated_on AS VARCHAR) AS rated_on,
  CAST(published_on AS VARCHAR) AS published_on
FROM published.third_party_rating
WHERE entity_id = $entity
ORDER BY rated_on DESC, rater, record_key

-- name: rated-beside-ours
-- Every ranked body of the level beside its newest rating by each rater, as a share of the most there is.
SELECT rater, ours, theirs
FROM (
  SELECT t.rater, r.score AS ours, CAST(t.score AS DOUBLE) / coalesce(nullif(CAST(t.score_max AS DOUBLE), 0), 100) AS theirs,
    row_number() OVER (PARTITION BY t.rater, t.entity_id ORDER BY t.rated_on DESC, t.record_key DESC) AS place
  FROM published.third_party_rating t
  JOIN published.rank r ON r.entity_id = t.entity_id AND r.period = $period AND r.level = $level AND r.score IS NOT NULL
  WHERE t.score IS NOT NULL
)
WHERE place = 1
ORDER BY rater, ours, theirs
