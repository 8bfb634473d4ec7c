-- name: profiles
SELECT file_id, column_name, rule, CAST(texts AS DOUBLE) AS texts, CAST(held AS DOUBLE) AS held FROM raw.text_profile
WHERE list_contains(CAST(CAST($files AS JSON) AS INTEGER[]), file_id)

-- name: note-profiles
INSERT OR REPLACE INTO raw.text_profile BY NAME
SELECT unnest(from_json(CAST($profiles AS JSON),
  '[{"file_id": "INTEGER", "column_name": "VARCHAR", "rule": "VARCHAR", "texts": "BIGINT", "held": "BIGINT"}]'), recursive := true)

-- name: examined
SELECT basis, examined FROM raw.text_examination WHERE source_id = $source AND column_name = $column

-- name: note-examined
INSERT OR REPLACE INTO raw.text_examination BY NAME
SELECT $source AS source_id, $column AS column_name, $basis AS basis, $examined AS examined

-- name: runs
-- Numbers that follow one another, each a little or as much more than the one before, as those of documents do and those of persons
-- do not: letters, digits and ends of each run, and how many stand in it.
WITH text AS ({{texts}}), numbered AS (
  SELECT DISTINCT regexp_extract(plain, '^[A-Z]*') AS letters, length(plain) AS length,
    CAST(regexp_extract(plain, '[0-9]+$') AS HUGEINT) AS number
  FROM text WHERE held AND regexp_full_match(plain, '[A-Z]{0,6}[0-9]{7,19}')
), gapped AS (
  SELECT *, number - lag(number) OVER (PARTITION BY letters, length ORDER BY number) AS gap FROM numbered
), parted AS (
  SELECT *, CASE WHEN gap <= 3 OR (gap <= 10000 AND (gap = lag(gap) OVER following OR gap = lead(gap) OVER following))
    THEN 0 ELSE 1 END AS starts
  FROM gapped WINDOW following AS (PARTITION BY letters, length ORDER BY number)
), run AS (
  SELECT letters, length, number, sum(starts) OVER (PARTITION BY letters, length ORDER BY number) AS run FROM parted
)
SELECT letters, CAST(length AS INTEGER) AS length, CAST(min(number) AS VARCHAR) AS first, CAST(max(number) AS VARCHAR) AS last,
  CAST(count(*) AS INTEGER) AS members
FROM run GROUP BY letters, length, run ORDER BY letters, length, min(number)

-- name: chances
-- Texts of digits alone that are as long as cards and begin like them, and those whose check digit is right.
WITH text AS ({{texts}}), digits AS (
  SELECT DISTINCT plain, held FROM text WHERE regexp_full_match(plain, {{cards}})
)
SELECT CAST(count(*) AS INTEGER) AS alike, CAST(count(*) FILTER (held) AS INTEGER) AS right FROM digits
