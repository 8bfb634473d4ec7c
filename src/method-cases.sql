-- name: create-case
-- What each record adds to an indicator of a body: its rows of evidence, lower bodies' records included where figures roll up.
CREATE OR REPLACE TEMP TABLE method_case (
  unit INTEGER, leaf INTEGER, file_id BIGINT, record_key VARCHAR, numerator DOUBLE, denominator DOUBLE, row_count INTEGER
)

-- name: create-item
-- Records that take or give points by a rule, or limit a grade.
CREATE OR REPLACE TEMP TABLE method_item (unit INTEGER, rule INTEGER, file_id INTEGER, record_key VARCHAR)

-- name: gather-cases
INSERT INTO method_case
SELECT u.unit, CAST($leaf AS INTEGER), e.file_id, e.record_key, sum(e.numerator), sum(e.denominator), count(*)
FROM (
  SELECT e.entity_id, e.file_id, e.record_key,
    TRY_CAST(e.numerator AS DOUBLE) AS numerator, TRY_CAST(e.denominator AS DOUBLE) AS denominator
  FROM ({{evidence}}) AS e
  WHERE NOT coalesce(e.excluded, false) AND e.numerator IS NOT NULL AND e.denominator IS NOT NULL
    AND e.record_key IS NOT NULL AND {{within}}
) AS e
JOIN known.entity_lineage l ON l.entity_id = e.entity_id AND (l.entity_id = l.ancestor_id OR $rollup)
JOIN score_unit u ON u.entity_id = l.ancestor_id AND u.period = $place
  AND list_contains(CAST(CAST($levels AS JSON) AS VARCHAR[]), u.level)
GROUP BY u.unit, e.file_id, e.record_key

-- name: within-state
e.period = $period

-- name: within-event
CAST(e.occurred_on AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)

-- name: read-kinds
-- Records that count the same way in all the indicators they stand in, by body. Only what counts cases, not amounts.
WITH record AS (
  SELECT unit, file_id, record_key,
    string_agg(concat_ws(':', leaf, CAST(numerator AS INTEGER), CAST(denominator AS INTEGER), row_count), ' ' ORDER BY leaf)
      AS parts
  FROM method_case
  WHERE list_contains(CAST(CAST($leaves AS JSON) AS INTEGER[]), leaf)
    AND numerator BETWEEN 0 AND row_count AND denominator BETWEEN 0 AND row_count
    AND numerator = floor(numerator) AND denominator = floor(denominator)
  GROUP BY unit, file_id, record_key
)
SELECT u.level, r.parts, r.unit, CAST(count(*) AS DOUBLE) AS cases
FROM record r JOIN score_unit u ON u.unit = r.unit
GROUP BY u.level, r.parts, r.unit
ORDER BY u.level, r.parts, r.unit

-- name: read-totals
SELECT u.level, m.leaf, CAST(count(*) AS DOUBLE) AS records
FROM method_case m JOIN score_unit u ON u.unit = m.unit
GROUP BY u.level, m.leaf ORDER BY u.level, m.leaf

-- name: read-shared
SELECT u.level, a.leaf AS one, b.leaf AS other, CAST(count(*) AS DOUBLE) AS records
FROM method_case a
JOIN method_case b ON b.unit = a.unit AND b.file_id = a.file_id AND b.record_key = a.record_key AND b.leaf > a.leaf
JOIN score_unit u ON u.unit = a.unit
GROUP BY u.level, a.leaf, b.leaf ORDER BY u.level, a.leaf, b.leaf

-- name: read-twice
-- Records that count by two rules, or by a rule and in an indicator.
SELECT u.level, a.rule, b.rule AS other_rule, NULL AS leaf, CAST(count(*) AS DOUBLE) AS records
FROM method_item a
JOIN method_item b ON b.unit = a.unit AND b.file_id = a.file_id AND b.record_key = a.record_key AND b.rule > a.rule
JOIN score_unit u ON u.unit = a.unit
GROUP BY u.level, a.rule, b.rule
UNION ALL
SELECT u.level, a.rule, NULL, m.leaf, CAST(count(*) AS DOUBLE)
FROM method_item a
JOIN method_case m ON m.unit = a.unit AND m.file_id = a.file_id AND m.record_key = a.record_key
JOIN score_unit u ON u.unit = a.unit
GROUP BY u.level, a.rule, m.leaf
ORDER BY ALL

-- name: drop
DROP TABLE IF EXISTS temp.method_case; DROP TABLE IF EXISTS temp.method_item
