-- name: open
ATTACH ':memory:' AS draft

-- name: lapsed
-- What is left out of the month at hand; a record without a source is one of every source.
CREATE OR REPLACE TEMP TABLE lapsed AS
SELECT r.source_id, r.entity_id, r.record_key
FROM (SELECT unnest(from_json(CAST($records AS JSON), '[{"source_id":"VARCHAR","entity_id":"VARCHAR","record_key":"VARCHAR"}]')) AS r)

-- name: tables
SELECT table_name AS name FROM information_schema.tables WHERE table_catalog = 'whole' AND table_schema = 'main'

-- name: named
-- Which lapsed records a table names by {{key}}; {{where}} says in which of its rows.
SELECT DISTINCT l.source_id, l.entity_id, l.record_key
FROM {{table}} t
LEFT JOIN {{file}} f ON f.file_id = t.file_id
JOIN lapsed l ON l.entity_id = t.entity_id AND l.record_key = t.{{key}}
  AND (l.source_id = f.source_id OR l.source_id IS NULL OR f.source_id IS NULL)
WHERE {{where}}

-- name: events-named
SELECT DISTINCT l.source_id, l.entity_id, l.record_key
FROM {{table}} t JOIN lapsed l ON l.entity_id = t.entity_id AND l.record_key = t.record_key

-- name: whole
SELECT t.* FROM whole.main.{{table}} t ORDER BY t.rowid

-- name: reasons-named
SELECT DISTINCT l.source_id, l.entity_id, l.record_key
FROM {{table}} t JOIN lapsed l ON l.entity_id = t.entity_id
WHERE regexp_matches(t.reason_zh, '(^|[^0-9A-Za-z])' || regexp_escape(l.record_key) || '($|[^0-9A-Za-z])')

-- name: create
CREATE TABLE draft.published_{{table}} AS {{query}}

-- name: notice
CREATE TABLE draft.published_redaction AS
SELECT CAST($records AS BIGINT) AS records, CAST($since AS DATE) AS since, $original AS original_manifest, $zh AS notice_zh, $en AS notice_en
