-- name: make-key-table
CREATE OR REPLACE TEMP TABLE repeated_key (h UBIGINT)

-- name: find-repeated-keys
-- Keys are compared by a number first: a rare accident only sends a row the longer way.
INSERT INTO repeated_key
SELECT h FROM ({{keys}}) GROUP BY h HAVING count(*) > 1

-- name: find-held-keys
INSERT INTO repeated_key
SELECT DISTINCT h FROM ({{keys}})
WHERE h IN (SELECT hash(record_key) FROM core.{{kind}} WHERE source_id = {{source}})

-- name: make-row-table
CREATE OR REPLACE TEMP TABLE repeated_row (file_id INTEGER, line BIGINT)

-- name: find-repeated-rows
INSERT INTO repeated_row
SELECT file_id, line FROM ({{keys}}) WHERE h IN (SELECT h FROM repeated_key)

-- name: count-repeated-keys
SELECT count(*) AS keys FROM repeated_key

-- name: make-incoming
CREATE OR REPLACE TEMP TABLE incoming AS SELECT * FROM core.{{kind}} LIMIT 0

-- name: count-incoming
SELECT count(*) AS rows, count(DISTINCT record_key) AS keys FROM incoming

-- name: find-repeated
-- Keys that come more than once, or are held already.
CREATE OR REPLACE TEMP TABLE repeated AS
SELECT record_key FROM incoming GROUP BY record_key HAVING count(*) > 1

-- name: find-held
INSERT INTO repeated
SELECT DISTINCT record_key FROM incoming
WHERE record_key IN (SELECT record_key FROM core.{{kind}} WHERE source_id = $source)
  AND record_key NOT IN (SELECT record_key FROM repeated)

-- name: count-repeated
SELECT count(*) AS keys FROM repeated

-- name: add-all
INSERT INTO core.{{kind}} SELECT * FROM incoming

-- name: add-single
-- A key that comes once has one version, and nothing to put in order.
INSERT INTO core.{{kind}} SELECT * FROM incoming WHERE record_key NOT IN (SELECT record_key FROM repeated)

-- name: keep-repeated
CREATE OR REPLACE TEMP TABLE incoming AS
SELECT * FROM incoming WHERE record_key IN (SELECT record_key FROM repeated)

-- name: add-reports
-- What is held of the keys that come again.
INSERT INTO incoming
SELECT * FROM core.{{kind}} WHERE source_id = $source AND record_key IN (SELECT record_key FROM incoming)

-- name: keep-content
-- One row for every content a version may have; rows with the same hash are the same but for where they came from.
CREATE OR REPLACE TEMP TABLE content AS
SELECT record_key, row_hash, min(rowid) AS place FROM incoming GROUP BY record_key, row_hash

-- name: order-sightings
-- Every time a key was reported. Of several reports with one known_from the later line of the file with the
-- greatest hash counts: the hash of a file's bytes does not depend on when it arrived.
CREATE OR REPLACE TEMP TABLE sighting AS
WITH point AS (
  SELECT record_key, row_hash, known_from, file_id, line FROM incoming
  UNION ALL
  SELECT record_key, row_hash, known_from, file_id, line FROM core.sighting
  WHERE source_id = $source AND record_key IN (SELECT record_key FROM incoming)
), ranked AS (
  SELECT p.*,
    row_number() OVER same_time AS place,
    first_value(p.row_hash) OVER same_time AS winning_hash
  FROM point p JOIN raw.file f ON f.file_id = p.file_id
  WINDOW same_time AS (PARTITION BY p.record_key, p.known_from ORDER BY f.file_hash DESC, p.line DESC, p.row_hash DESC)
), changed AS (
  SELECT *, place = 1 AND row_hash IS DISTINCT FROM lag(row_hash) OVER (PARTITION BY record_key, place ORDER BY known_from) AS is_version
  FROM ranked
)
SELECT record_key, row_hash, known_from, file_id, line,
  CASE WHEN is_version THEN 'version' WHEN row_hash = winning_hash THEN 'duplicate' ELSE 'conflict' END AS outcome,
  CASE WHEN is_version THEN lead(known_from) OVER (PARTITION BY record_key, is_version ORDER BY known_from) END AS known_to
FROM changed

-- name: drop-repeated
DELETE FROM core.{{kind}} WHERE source_id = $source AND record_key IN (SELECT record_key FROM incoming)

-- name: drop-sightings
DELETE FROM core.sighting WHERE source_id = $source AND record_key IN (SELECT record_key FROM incoming)

-- name: add-versions
INSERT INTO core.{{kind}} BY NAME
SELECT i.* REPLACE (s.file_id AS file_id, s.line AS line, s.known_from AS known_from, s.known_to AS known_to)
FROM sighting s
JOIN content c ON c.record_key = s.record_key AND c.row_hash = s.row_hash
JOIN incoming i ON i.rowid = c.place
WHERE s.outcome = 'version'
ORDER BY c.place, s.known_from

-- name: add-sightings
INSERT INTO core.sighting BY NAME
SELECT $source AS source_id, record_key, row_hash, file_id, line, known_from, outcome FROM sighting
WHERE outcome <> 'version'
ORDER BY record_key, known_from, file_id, line

-- name: drop-conflicts
DELETE FROM quarantine.row WHERE source_id = $source AND reason = 'conflict'

-- name: add-conflicts
INSERT INTO quarantine.row BY NAME
SELECT source_id, file_id, line, $column AS column_name, record_key AS value, 'conflict' AS reason,
  '同一记录“' || record_key || '”在同一知悉时间有内容不同的另一行，本行未采用；请核对后只报送一行。' AS message_zh,
  'Another row of the record "' || record_key || '" with the same known-at time says otherwise, and this one was not used; check them and send only one.' AS message_en
FROM core.sighting
WHERE source_id = $source AND outcome = 'conflict'
ORDER BY file_id, line

-- name: forget-derived
DELETE FROM core.entity_code WHERE source_id = $source

-- name: derive-codes
INSERT INTO core.entity_code BY NAME
WITH named AS (
  SELECT *, unnest([
    {'scheme': 'gb2260', 'code': division_code}, {'scheme': 'uscc', 'code': uscc},
    {'scheme': 'name', 'code': name_zh}, {'scheme': 'local', 'code': entity_id}]) AS c
  FROM core.entity WHERE source_id = $source
), code AS (
  SELECT record_key || '|' || c.scheme || '|' || c.code AS record_key, c.code AS code, c.scheme AS scheme, entity_id,
    source_id, file_id, line, valid_from, valid_to, known_from, known_to
  FROM named WHERE c.code IS NOT NULL
)
SELECT *, hex(hash(code, scheme, entity_id, valid_from, valid_to)) AS row_hash FROM code
ORDER BY record_key, known_from
