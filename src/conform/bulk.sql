-- name: make-keys
CREATE OR REPLACE TEMP TABLE repeated_key (h UBIGINT);
CREATE OR REPLACE TEMP TABLE held_key (h UBIGINT);
CREATE OR REPLACE TEMP TABLE repeated_row (file_id INTEGER, line BIGINT, held BOOLEAN)

-- name: make-arrival
CREATE OR REPLACE TEMP TABLE arrival (record_key VARCHAR, row_hash UHUGEINT, known_from TIMESTAMP, file_id INTEGER, line BIGINT)

-- name: find-repeated-keys
-- Keys are compared by a number first: a rare accident only sends a row the longer way.
INSERT INTO repeated_key
SELECT h FROM ({{keys}}) GROUP BY h HAVING count(*) > 1

-- name: find-held-keys
INSERT INTO held_key
SELECT DISTINCT h FROM ({{keys}})
WHERE h IN (SELECT {{held}} FROM core.{{kind}} WHERE source_id = {{source}})

-- name: count-keys
SELECT (SELECT count(*) FROM repeated_key) AS repeated, (SELECT count(*) FROM held_key) AS held

-- name: find-repeated-rows
INSERT INTO repeated_row
SELECT file_id, line, h IN (SELECT h FROM held_key) FROM ({{keys}})
WHERE h IN (SELECT h FROM repeated_key UNION ALL SELECT h FROM held_key)

-- name: add-arrivals
INSERT INTO arrival {{reports}}
