-- name: make-keys
CREATE OR REPLACE TEMP TABLE repeated_key (h UBIGINT);
CREATE OR REPLACE TEMP TABLE held_key (h UBIGINT);
CREATE OR REPLACE TEMP TABLE repeated_row (file_id INTEGER, line BIGINT, held BOOLEAN)

-- name: find-repeated-keys
-- Keys are compared by a number first: a rare accident only sends a row the longer way.
INSERT INTO repeated_key
SELECT h FROM ({{keys}}) GROUP BY h HAVING count(*) > 1

-- name: find-held-keys
INSERT INTO held_key
SELECT DISTINCT h FROM ({{keys}})
WHERE h IN (
  SELECT {{held}} FROM core.{{kind}} WHERE source_id = {{source}}
  UNION ALL SELECT {{held}} FROM core.sighting WHERE source_id = {{source}})

-- name: count-keys
SELECT (SELECT count(*) FROM repeated_key) AS repeated, (SELECT count(*) FROM held_key) AS held

-- name: find-repeated-rows
INSERT INTO repeated_row
SELECT file_id, line, h IN (SELECT h FROM held_key) FROM ({{keys}})
WHERE h IN (SELECT h FROM repeated_key UNION ALL SELECT h FROM held_key)

-- name: tell-reports
-- Each report beside the one before it and the next one of its key. Mostly every report says something new at a later
-- time, and then the next one ends it.
CREATE OR REPLACE TEMP TABLE told AS
WITH file AS (
  SELECT file_id, row_number() OVER (ORDER BY file_hash DESC) AS place FROM raw.file
)
SELECT p.record_key, p.row_hash, p.known_from, p.file_id, p.line, p.order_number, p.order_time,
  p.known_from IS DISTINCT FROM lag(p.known_from) OVER reported AND p.row_hash IS DISTINCT FROM lag(p.row_hash) OVER reported AS is_new,
  lead(p.known_from) OVER reported AS next_from
FROM ({{reports}}) p JOIN file f ON f.file_id = p.file_id
WINDOW reported AS (PARTITION BY p.record_key ORDER BY p.known_from, f.place, p.line DESC, p.row_hash DESC)

-- name: find-unclear
-- Keys with a report that repeats another or has its time.
CREATE OR REPLACE TEMP TABLE unclear AS SELECT DISTINCT record_key FROM told WHERE NOT is_new

-- name: settle-clear
-- A last version needs no word: it is written as it comes.
INSERT INTO sighting (file_id, line, outcome, known_to)
SELECT file_id, line, 'version', next_from FROM told
WHERE next_from IS NOT NULL AND record_key NOT IN (SELECT record_key FROM unclear)

-- name: points-unclear
SELECT record_key, row_hash, known_from, file_id, line, order_number, order_time FROM told WHERE record_key IN (SELECT record_key FROM unclear)

-- name: forget-told
DROP TABLE IF EXISTS told;
DROP TABLE IF EXISTS unclear;
DROP TABLE IF EXISTS repeated_key;
DROP TABLE IF EXISTS held_key
