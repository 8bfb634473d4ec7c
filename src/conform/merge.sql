-- name: make-incoming
CREATE OR REPLACE TEMP TABLE incoming AS SELECT * FROM core.{{kind}} LIMIT 0

-- name: find-repeated
-- Keys that come more than once, or are held already; of a key whose reports contradict each other only sightings are held.
CREATE OR REPLACE TEMP TABLE repeated AS
SELECT record_key FROM incoming GROUP BY record_key HAVING count(*) > 1

-- name: find-held
INSERT INTO repeated
SELECT DISTINCT record_key FROM incoming
WHERE record_key IN (
    SELECT record_key FROM core.{{kind}} WHERE source_id = $source
    UNION ALL SELECT record_key FROM core.sighting WHERE source_id = $source)
  AND record_key NOT IN (SELECT record_key FROM repeated)

-- name: count-incoming
SELECT count(*) AS rows, count(DISTINCT record_key) AS keys, (SELECT count(*) FROM repeated) AS repeated FROM incoming

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

-- name: make-reports
CREATE OR REPLACE TEMP TABLE report AS
SELECT rowid AS place, record_key, {{hash}} AS row_hash, known_from, file_id, line FROM incoming

-- name: keep-content
-- One row for every content a version may have; rows with the same hash are the same but for where they came from.
CREATE OR REPLACE TEMP TABLE content AS
SELECT record_key, row_hash, min(place) AS place FROM report GROUP BY record_key, row_hash

-- name: points-to-merge
SELECT record_key, row_hash, known_from, file_id, line FROM report
UNION ALL
SELECT record_key, row_hash, known_from, file_id, line FROM core.sighting
WHERE source_id = $source AND record_key IN (SELECT record_key FROM incoming)

-- name: make-sightings
CREATE OR REPLACE TEMP TABLE sighting (
  record_key VARCHAR, row_hash UHUGEINT, known_from TIMESTAMP, file_id INTEGER, line BIGINT, outcome VARCHAR, known_to TIMESTAMP
)

-- name: order-sightings
-- Every time a key was reported. Reports with one known_from that say the same are one report, credited to the later line
-- of the file with the greatest hash, for the hash of a file's bytes does not depend on when it arrived. Reports that say
-- otherwise contradict each other: none of them holds, and what was known before stays. Where the source says how order
-- is told, the latest holds, and those before it are superseded.
INSERT INTO sighting
WITH file AS (
  SELECT file_id, row_number() OVER (ORDER BY file_hash DESC) AS place FROM raw.file
), point AS (
  SELECT p.*, f.place AS file_place FROM ({{points}}) p JOIN file f ON f.file_id = p.file_id
), placed AS (
  SELECT *, {{latest}} AS is_latest FROM point
), led AS (
  SELECT *, row_number() OVER (reported ORDER BY NOT is_latest, file_place, line DESC, row_hash DESC) = 1 AS leads,
    min({{content}}) FILTER (is_latest) OVER reported IS DISTINCT FROM max({{content}}) FILTER (is_latest) OVER reported AS disagrees,
    max({{content}}) FILTER (is_latest) OVER reported AS said
  FROM placed
  WINDOW reported AS (PARTITION BY record_key, known_from)
), changed AS (
  SELECT *, row_hash IS DISTINCT FROM lag(row_hash) OVER (PARTITION BY record_key ORDER BY known_from) AS is_version
  FROM led WHERE leads AND NOT disagrees
), ended AS (
  SELECT *, lead(known_from) OVER (PARTITION BY record_key ORDER BY known_from) AS known_to
  FROM changed WHERE is_version
)
SELECT record_key, row_hash, known_from, file_id, line, 'version', known_to FROM ended
UNION ALL
SELECT record_key, row_hash, known_from, file_id, line, 'duplicate', NULL FROM changed WHERE NOT is_version
UNION ALL
SELECT record_key, row_hash, known_from, file_id, line,
  CASE WHEN is_latest AND disagrees THEN 'conflict'
    WHEN NOT disagrees AND {{content}} = said THEN 'duplicate' ELSE 'superseded' END, NULL
FROM led WHERE disagrees OR NOT leads

-- name: latest-of-ordered
-- By number where all reports of the moment have one, else by time; where one tells neither, none is the latest.
CASE
  WHEN bool_and(order_number IS NOT NULL) OVER (PARTITION BY record_key, known_from)
    THEN order_number = max(order_number) OVER (PARTITION BY record_key, known_from)
  WHEN bool_and(order_time IS NOT NULL) OVER (PARTITION BY record_key, known_from)
    THEN order_time = max(order_time) OVER (PARTITION BY record_key, known_from)
  ELSE true END

-- name: any-sighting
SELECT 1 AS held FROM sighting LIMIT 1

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

-- name: count-conflicts
SELECT count(*) AS rows FROM sighting WHERE outcome = 'conflict'

-- name: add-conflicts
-- With the places of all that contradict each other, up to eight.
INSERT INTO quarantine.row BY NAME
WITH conflict AS (
  SELECT s.file_id, s.line, s.record_key, min(s.known_from) AS known_from, f.file_hash
  FROM core.sighting s JOIN raw.file f ON f.file_id = s.file_id
  WHERE s.source_id = $source AND s.outcome = 'conflict'
  GROUP BY s.file_id, s.line, s.record_key, f.file_hash
), moment AS (
  SELECT record_key, known_from, count(*) AS rows,
    array_to_string(list(left(file_hash, 12) || ':' || line ORDER BY file_hash, line)[:8], ', ') AS places
  FROM conflict GROUP BY record_key, known_from
)
SELECT $source AS source_id, c.file_id, c.line, $column AS column_name, c.record_key AS value, 'conflict' AS reason,
  '同一记录“' || c.record_key || '”在同一知悉时间有 ' || m.rows || ' 行内容互相矛盾（' || m.places || '），均未采用；请核对后只报送一行，或在数据源定义中用 order 写明以哪一列分先后。' AS message_zh,
  m.rows || ' rows of the record "' || c.record_key || '" with one known-at time contradict each other (' || m.places || '), and none of them was used; check them and send only one, or say with "order" in the source''s definition which column tells the later.' AS message_en
FROM conflict c JOIN moment m ON m.record_key = c.record_key AND m.known_from = c.known_from
ORDER BY c.file_id, c.line

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
SELECT * FROM code
ORDER BY record_key, known_from
