-- name: gone-records
-- Numbers of records that are shown no more today: their publication is over.
SELECT entity_id, record_key FROM whole.main.dishonesty_record WHERE publication_ends_on <= CAST({{today}} AS DATE)

-- name: gone-items
-- Those that had ended, as repaired ones, when the month was published.
SELECT entity_id, record_key FROM whole.main.item WHERE ended_on <= CAST({{today}} AS DATE)

-- name: dishonesty_record
-- A record whose publication is over by today is shown no more, whatever month it was published in.
SELECT * FROM {{table}} WHERE publication_ends_on IS NULL OR publication_ends_on > CAST({{today}} AS DATE)

-- name: record_event
SELECT e.* FROM {{table}} e
WHERE NOT EXISTS (
  SELECT 1 FROM whole.main.dishonesty_record d
  WHERE d.record_key = e.record_key AND d.entity_id = e.entity_id AND d.publication_ends_on <= CAST({{today}} AS DATE)
)

-- name: item
-- What it counted for stays, which record it was does not; here and below.
SELECT i.* REPLACE (
  CASE WHEN g.record_key IS NULL THEN i.record_key END AS record_key,
  CASE WHEN g.record_key IS NULL THEN i.file_id END AS file_id,
  CASE WHEN g.record_key IS NULL THEN i.line END AS line)
FROM {{table}} i LEFT JOIN ({{gone}}) g ON g.entity_id = i.entity_id AND g.record_key = i.record_key

-- name: contribution_detail
SELECT c.* REPLACE (
  CASE WHEN g.record_key IS NULL THEN c.detail END AS detail,
  CASE WHEN g.record_key IS NULL THEN c.file_id END AS file_id,
  CASE WHEN g.record_key IS NULL THEN c.line END AS line)
FROM {{table}} c
LEFT JOIN ({{gone}}) g ON c.detail_kind = 'record' AND g.entity_id = c.entity_id AND g.record_key = c.detail

-- name: listed
-- An entry of a list, or a restriction.
SELECT l.* REPLACE (
  CASE WHEN g.record_key IS NULL THEN l.reason_zh ELSE replace(l.reason_zh, coalesce(l.document_no, l.record_key), '–') END AS reason_zh,
  CASE WHEN g.record_key IS NULL THEN l.reason_en ELSE replace(l.reason_en, coalesce(l.document_no, l.record_key), '–') END AS reason_en,
  CASE WHEN g.record_key IS NULL THEN l.record_key END AS record_key,
  CASE WHEN g.record_key IS NULL THEN l.document_no END AS document_no,
  CASE WHEN g.record_key IS NULL THEN l.file_id END AS file_id,
  CASE WHEN g.record_key IS NULL THEN l.line END AS line)
FROM {{table}} l LEFT JOIN ({{gone}}) g ON g.entity_id = l.entity_id AND g.record_key = l.record_key
