-- name: make-lookup
-- For every code and every stretch of days in which nothing changes: whom it names by the first scheme that knows it.
-- Codes and names stand in their normal form; spellings are those of the register. A division has a code of six digits
-- (GB/T 2260), of nine (subdistrict or town) or of twelve (village), and one of a higher level is written with noughts behind it:
-- what one of the lengths does not name itself, it names by the others.
CREATE OR REPLACE TEMP TABLE {{table}} AS
WITH written AS (
  SELECT DISTINCT {{normal}} AS code, code AS spelling, scheme, list_position(CAST(CAST($schemes AS JSON) AS VARCHAR[]), scheme) AS place, entity_id,
    valid_from, coalesce(valid_to, DATE '9999-12-31') AS valid_to
  FROM core.entity_code
  WHERE known_to IS NULL
    AND list_contains(CAST(CAST($schemes AS JSON) AS VARCHAR[]), scheme)
    AND list_contains(CAST(CAST($earlier AS JSON) AS VARCHAR[]), source_id)
), code AS (
  SELECT code, spelling, place, entity_id, valid_from, valid_to FROM written
  UNION ALL
  SELECT other, NULL, place + len(CAST(CAST($schemes AS JSON) AS VARCHAR[])), entity_id, valid_from, valid_to
  FROM (SELECT *, unnest({{others}}) AS other FROM written WHERE scheme IN ('gb2260', 'local'))
), edge AS (
  SELECT code, valid_from AS day FROM code UNION SELECT code, valid_to FROM code
), stretch AS (
  SELECT code, day AS valid_from, lead(day) OVER (PARTITION BY code ORDER BY day) AS valid_to FROM edge
), claim AS (
  SELECT s.code, s.valid_from, s.valid_to, c.place, min(c.entity_id) AS entity_id, count(DISTINCT c.entity_id) AS claimants,
    coalesce(list(DISTINCT c.spelling ORDER BY c.spelling) FILTER (c.spelling IS NOT NULL), []) AS spellings,
    row_number() OVER (PARTITION BY s.code, s.valid_from ORDER BY c.place) AS choice
  FROM stretch s JOIN code c ON c.code = s.code AND c.valid_from <= s.valid_from AND c.valid_to >= s.valid_to
  WHERE s.valid_to IS NOT NULL
  GROUP BY s.code, s.valid_from, s.valid_to, c.place
)
SELECT code, valid_from, valid_to, entity_id, claimants > 1 AS ambiguous, spellings
FROM claim WHERE choice = 1
ORDER BY code, valid_from

-- name: make-validity
-- Every code with the days it was in force, for the sentence of an expired one.
CREATE OR REPLACE TEMP TABLE {{table}} AS
SELECT code,
  string_agg(CAST(valid_from AS VARCHAR) || CASE valid_to WHEN DATE '9999-12-31' THEN ' –' ELSE ' – ' || CAST(valid_to - 1 AS VARCHAR) END, ', ' ORDER BY valid_from) AS days,
  string_agg(DISTINCT entity_id, ', ' ORDER BY entity_id) AS entities
FROM {{lookup}}
GROUP BY code
