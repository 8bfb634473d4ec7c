-- name: create-list
CREATE OR REPLACE TABLE draft.published_list AS
SELECT $run_id AS run_id, r.*
FROM (
  SELECT unnest(from_json(CAST($rows AS JSON),
    '[{"place":"INTEGER","list_id":"VARCHAR","kind":"VARCHAR","field":"VARCHAR","title_zh":"VARCHAR","title_en":"VARCHAR","levels":"VARCHAR","article_zh":"VARCHAR","article_en":"VARCHAR","effect_zh":"VARCHAR","effect_en":"VARCHAR"}]')) AS r
)
ORDER BY r.place

-- name: create-list_rule
CREATE OR REPLACE TABLE draft.published_list_rule AS
SELECT $run_id AS run_id, r.*
FROM (
  SELECT unnest(from_json(CAST($rows AS JSON),
    '[{"place":"INTEGER","list_id":"VARCHAR","rule_id":"VARCHAR","title_zh":"VARCHAR","title_en":"VARCHAR","terms":"VARCHAR","until":"VARCHAR","source_zh":"VARCHAR","source_en":"VARCHAR","assumption":"BOOLEAN"}]')) AS r
)
ORDER BY r.place

-- name: create-list_entry
CREATE OR REPLACE TABLE draft.published_list_entry AS
SELECT e.run_id, e.period, e.list_id, e.kind, e.entity_id, e.rule_id, e.article_zh, e.article_en, e.reason_zh, e.reason_en,
  e.since, e.until, e.ends, e.disputed, e.record_key, e.document_no, e.record_type, e.severity, e.decided_on, f.file_id, e.line
FROM scores.list_entry e
LEFT JOIN draft.publish_file_number f ON f.held_id = e.file_id
WHERE e.run_id = $run_id AND e.kind <> 'restriction'
ORDER BY e.place

-- name: create-restriction
CREATE OR REPLACE TABLE draft.published_restriction AS
SELECT e.run_id, e.period, e.field, e.entity_id, e.rule_id, l.effect_zh AS measure_zh, l.effect_en AS measure_en,
  e.article_zh, e.article_en, e.reason_zh, e.reason_en, e.since, e.until, e.ends, e.disputed,
  e.record_key, e.document_no, e.record_type, e.severity, e.decided_on, f.file_id, e.line
FROM scores.list_entry e
JOIN draft.published_list l ON l.list_id = e.list_id
LEFT JOIN draft.publish_file_number f ON f.held_id = e.file_id
WHERE e.run_id = $run_id AND e.kind = 'restriction'
ORDER BY e.place

-- name: create-body_code
-- Every code and name a body answers to, or has answered to; names are those of public bodies.
CREATE OR REPLACE TABLE draft.published_body_code AS
SELECT DISTINCT $run_id AS run_id, code, scheme, entity_id, valid_from, valid_to
FROM known.entity_code
ORDER BY scheme, code, entity_id, valid_from

-- name: create-commitment_summary
-- As the period's end saw it: commitments due in the window up to it, and those made and not yet due.
CREATE OR REPLACE TABLE draft.published_commitment_summary AS
WITH own AS (
  SELECT entity_id, kind, state, due_on, CASE WHEN fulfilled_on <= CAST($ends_on AS DATE) THEN fulfilled_on END AS fulfilled_on,
    due_on <= CAST($ends_on AS DATE) AS is_due
  FROM known.commitment
  WHERE made_on <= CAST($ends_on AS DATE) AND due_on > CAST($ends_on AS DATE) - to_months($months)
)
SELECT $run_id AS run_id, $period AS period, entity_id, kind,
  CAST(count(*) FILTER (WHERE is_due) AS INTEGER) AS due,
  CAST(count(*) FILTER (WHERE is_due AND state NOT IN ('broken', 'withdrawn') AND fulfilled_on <= due_on) AS INTEGER) AS on_time,
  CAST(count(*) FILTER (WHERE is_due AND state NOT IN ('broken', 'withdrawn') AND fulfilled_on > due_on) AS INTEGER) AS late,
  CAST(count(*) FILTER (WHERE is_due AND state = 'broken') AS INTEGER) AS broken,
  CAST(count(*) FILTER (WHERE is_due AND state = 'withdrawn') AS INTEGER) AS withdrawn,
  CAST(count(*) FILTER (WHERE is_due AND state NOT IN ('broken', 'withdrawn') AND fulfilled_on IS NULL) AS INTEGER) AS overdue,
  CAST(count(*) FILTER (WHERE NOT is_due) AS INTEGER) AS not_yet_due
FROM own GROUP BY entity_id, kind
ORDER BY entity_id, kind

-- name: create-third_party_rating
CREATE OR REPLACE TABLE draft.published_third_party_rating AS
SELECT $run_id AS run_id, r.record_key, r.entity_id, r.rater, r.score, r.score_max, r.grade, r.rated_on, r.published_on, f.file_id, r.line
FROM known.third_party_rating r
LEFT JOIN draft.publish_file_number f ON f.held_id = r.file_id
WHERE r.rated_on <= CAST($ends_on AS DATE)
ORDER BY r.entity_id, r.rated_on, r.rater, r.record_key

-- name: read-entries
-- Entries and restrictions as the reports show them, in the order of the lists.
SELECT l.place, l.list_id, l.kind, l.field, e.entity_id, b.name_zh, b.name_en, b.level, e.rule_id, e.article_zh, e.article_en,
  e.reason_zh, e.reason_en, l.effect_zh, l.effect_en, CAST(e.since AS VARCHAR) AS since, CAST(e.until AS VARCHAR) AS until,
  e.ends, e.disputed, e.record_key, e.document_no,
  CASE WHEN f.file_id IS NOT NULL THEN f.source_id || '/' || f.file_name || ':' || e.line END AS found_at
FROM (
  SELECT list_id, entity_id, rule_id, article_zh, article_en, reason_zh, reason_en, since, until, ends, disputed,
    record_key, document_no, file_id, line
  FROM draft.published_list_entry
  UNION ALL
  SELECT 'restriction-' || replace(field, '_', '-'), entity_id, rule_id, article_zh, article_en, reason_zh, reason_en, since,
    until, ends, disputed, record_key, document_no, file_id, line
  FROM draft.published_restriction
) e
JOIN draft.published_list l ON l.list_id = e.list_id
JOIN draft.published_entity b ON b.entity_id = e.entity_id
LEFT JOIN draft.published_file f ON f.file_id = e.file_id
ORDER BY l.place, b.level, e.entity_id, e.since, e.record_key, e.rule_id
