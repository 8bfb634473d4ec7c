-- name: table-months
-- What a table holds, by month of its facts: equal contents give equal rows in whatever order they were loaded.
-- What a row says follows from its line of a file and from what conform judged the file by.
-- A count, a parity and a sum of hashes: the sum shows the pairs of equal rows that the parity hides.
SELECT CAST(make_date(year(valid_from), month(valid_from), 1) AS VARCHAR) AS month, count(*) AS row_count,
  CAST(bit_xor(content) AS VARCHAR) AS parity, CAST(sum(CAST(content >> 16 AS BIGINT)) AS VARCHAR) AS total
FROM (
  SELECT t.valid_from, {{content}} AS content
  FROM {{table}} t
  LEFT JOIN (SELECT file_id, md5_number_lower(definition_hash) AS definition FROM raw.file) f ON f.file_id = t.file_id
) AS contents
GROUP BY year(valid_from), month(valid_from)
ORDER BY month

-- name: calendar
SELECT count(*) AS row_count, CAST(bit_xor(hash(day, is_working)) AS VARCHAR) AS parity,
  CAST(sum(CAST(hash(is_working, day) >> 16 AS BIGINT)) AS VARCHAR) AS total
FROM known.calendar_day

-- name: row-content
hash(t.file_id, t.line, f.definition)

-- name: record-content
-- What a record is hangs on its events, the dated rules and the day too.
md5_number_lower(concat_ws('|', t.source_id, t.file_id, t.line, f.definition, t.state, coalesce(CAST(t.state_on AS VARCHAR), ''), t.severity,
  t.decided_on, coalesce(CAST(t.published_on AS VARCHAR), ''), coalesce(CAST(t.repaired_on AS VARCHAR), ''),
  coalesce(CAST(t.objection_filed_on AS VARCHAR), ''), coalesce(CAST(t.objection_answered_on AS VARCHAR), ''),
  coalesce(CAST(t.obligation_amount AS VARCHAR), ''), coalesce(CAST(t.act_ended_on AS VARCHAR), ''),
  coalesce(CAST(t.earliest_repair_on AS VARCHAR), ''), coalesce(CAST(t.objection_answer_days AS VARCHAR), '')))
