-- name: open
ATTACH ':memory:' AS draft

-- name: lapsed
-- What is left out of the month at hand; a record without a source is one of every source.
CREATE OR REPLACE TEMP TABLE lapsed AS
SELECT r.source_id, r.entity_id, r.record_key
FROM (SELECT unnest(from_json(CAST($records AS JSON), '[{"source_id":"VARCHAR","entity_id":"VARCHAR","record_key":"VARCHAR"}]')) AS r)

-- name: tables
SELECT table_name AS name FROM information_schema.tables WHERE table_catalog = 'whole' AND table_schema = 'main'

-- name: whole
SELECT t.* FROM whole.main.{{table}} t ORDER BY t.rowid

-- name: create
CREATE TABLE draft.published_{{table}} AS {{query}}

-- name: notice
CREATE TABLE draft.published_redaction AS
SELECT CAST($records AS BIGINT) AS records, CAST($since AS DATE) AS since, $original AS original_manifest, $zh AS notice_zh, $en AS notice_en
