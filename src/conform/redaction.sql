-- name: files-due
-- A row is kept from the day it became known, or where it does not tell, from the day of receipt: before the first of
-- these days is over, nothing of the file can be.
SELECT f.file_id, f.parquet_path, f.format, coalesce(x.redacted_rows, 0) AS redacted_rows,
  (SELECT h.parquet_hash FROM raw.redaction h WHERE h.file_id = f.file_id) AS parquet_hash,
  CASE WHEN f.conformed AND f.first_known IS NOT NULL
    THEN CAST(CAST(least(f.first_known, f.received_at) + to_months(CAST($months AS INTEGER)) AS DATE) + 1 AS VARCHAR) END AS not_before
FROM raw.file f
LEFT JOIN raw.redaction x ON x.file_id = f.file_id AND x.format = f.format AND x.rule_hash = $rule_hash
WHERE f.source_id = $source AND f.parquet_path <> ''
  AND (x.file_id IS NULL OR x.next_on <= CAST($today AS DATE))
ORDER BY f.file_id

-- name: rows-of-file
-- When each row's retention ends, the pseudonyms of the persons in it and which columns are at fault; rows not of this kind
-- by the day of receipt.
CREATE OR REPLACE TEMP TABLE redaction_row AS
SELECT r._line AS line, j.line IS NOT NULL AS is_read,
  CAST(coalesce(j.known, d.received_at) + to_months({{months}}) AS DATE) AS retained_until{{pseudonyms}}
FROM {{view}} r
JOIN delivery d ON d.file_id = r._file_id
LEFT JOIN ({{judged}}) j ON j.line = r._line
LEFT JOIN (
  -- Faults that any text gives: in place of a value with one of them another that is none is set aside for the same reason.
  SELECT file_id, line, list(column_name) AS columns FROM quarantine.row
  WHERE reason IN ('bad-date', 'bad-number', 'bad-boolean', 'unknown-code', 'unknown-entity')
  GROUP BY file_id, line
) q ON q.file_id = r._file_id AND q.line = r._line

-- name: rows-unread
CREATE OR REPLACE TEMP TABLE redaction_row AS
SELECT r._line AS line, false AS is_read, CAST(d.received_at + to_months({{months}}) AS DATE) AS retained_until
FROM {{view}} r JOIN delivery d ON d.file_id = r._file_id

-- name: forget-quoted
-- What the quarantine quotes of rows whose retention is over, and of lines that are no rows by the day of receipt: that they
-- were set aside, where and why, stays. The numbers of records stay too.
UPDATE quarantine.row AS q
SET value = '***', message_zh = replace(q.message_zh, q.value, '***'), message_en = replace(q.message_en, q.value, '***')
WHERE q.file_id = $file_id AND q.value <> '' AND q.value <> '***' AND q.reason NOT IN ('conflict', 'illegal-event')
  AND coalesce(
    (SELECT r.retained_until FROM redaction_row r WHERE r.line = q.line),
    (SELECT CAST(f.received_at + to_months(CAST($months AS INTEGER)) AS DATE) FROM raw.file f WHERE f.file_id = q.file_id)
  ) < CAST($today AS DATE)

-- name: forget-keys
-- Keys of records that nothing reads; that there are some is still noted.
UPDATE raw.file_key SET path = '#' || position
WHERE file_id = $file_id AND list_contains(CAST(CAST($paths AS JSON) AS VARCHAR[]), path)

-- name: keys-of-file
SELECT path FROM raw.file_key WHERE file_id = $file_id ORDER BY position

-- name: rows-over
-- Of a file no row of which may be kept any longer, or of which nothing could be read and which is as old.
(CASE WHEN f.parquet_path = '' OR coalesce(f.row_count, 0) = 0
  THEN CAST(f.received_at + to_months(CAST($months AS INTEGER)) AS DATE) < CAST($today AS DATE)
  ELSE EXISTS (FROM raw.redaction x WHERE x.file_id = f.file_id AND x.format = f.format AND x.redacted_rows > 0 AND x.next_on IS NULL) END)

-- name: names-due
SELECT f.file_id, f.file_name FROM raw.file f
WHERE f.source_id = $source AND regexp_matches(f.file_name, '[\p{L}\p{N}]') AND {{rows_over}}
ORDER BY f.file_id

-- name: forget-names
UPDATE raw.file AS f SET file_name = n.entry.file_name
FROM (SELECT unnest(from_json(CAST($names AS JSON), '[{"file_id": "INTEGER", "file_name": "VARCHAR"}]')) AS entry) n
WHERE f.file_id = n.entry.file_id

-- name: received-due
SELECT r.received_id, r.address, f.file_name FROM raw.received r
JOIN raw.file f ON f.source_id = r.source_id AND f.file_hash = r.file_hash
WHERE r.source_id = $source AND (r.file_name <> f.file_name OR NOT starts_with(r.address, $begins)) AND {{rows_over}}
ORDER BY r.received_id

-- name: forget-received-twins
-- The same bytes from the same place that came again after it was forgotten.
DELETE FROM raw.received AS r
WHERE list_contains(CAST(CAST($ids AS JSON) AS INTEGER[]), r.received_id) AND EXISTS (
  FROM raw.received t
  WHERE t.source_id = r.source_id AND t.file_hash = r.file_hash AND t.received_id <> r.received_id
    AND t.address = $begins || sha256(r.address))

-- name: forget-received-names
UPDATE raw.received AS r SET file_name = f.file_name,
  address = CASE WHEN starts_with(r.address, $begins) THEN r.address ELSE $begins || sha256(r.address) END
FROM raw.file f
WHERE f.source_id = r.source_id AND f.file_hash = r.file_hash
  AND list_contains(CAST(CAST($ids AS JSON) AS INTEGER[]), r.received_id)

-- name: forget-mark-twins
DELETE FROM raw.fetch_mark
WHERE source_id = $source
  AND list_contains([$begins || sha256(a) FOR a IN CAST(CAST($addresses AS JSON) AS VARCHAR[])], address)

-- name: forget-mark-addresses
UPDATE raw.fetch_mark SET address = $begins || sha256(address)
WHERE source_id = $source AND list_contains(CAST(CAST($addresses AS JSON) AS VARCHAR[]), address)

-- name: count-rows
SELECT count(*) FILTER (WHERE retained_until < CAST($today AS DATE)) AS expired,
  CAST(min(retained_until) FILTER (WHERE retained_until >= CAST($today AS DATE)) + 1 AS VARCHAR) AS next_on
FROM redaction_row

-- name: redact
CREATE OR REPLACE TEMP TABLE redacted AS
SELECT {{line}}{{columns}}
FROM (SELECT *{{found}} FROM {{view}}) r
JOIN redaction_row j ON j.line = r._line
ORDER BY r._line

-- name: copy
COPY redacted TO {{path}} (FORMAT parquet, COMPRESSION zstd)

-- name: drop
DROP TABLE IF EXISTS redacted;
DROP TABLE IF EXISTS redaction_row

-- name: note
INSERT OR REPLACE INTO raw.redaction VALUES ($file_id, $source, $format, $rule_hash, $redacted_rows, CAST($next_on AS DATE), $parquet_hash)
