-- name: table-months
-- What a table holds, by month of its facts: equal contents give equal rows in whatever order they were loaded.
-- Two sums and a parity of independent hashes, so that neither a swap nor a pair of equal rows goes unseen.
SELECT CAST(month_of(valid_from) AS VARCHAR) AS month, count(*) AS row_count,
  CAST(bit_xor(content) AS VARCHAR) AS parity, CAST(sum(CAST(content >> 16 AS BIGINT)) AS VARCHAR) AS total
FROM (SELECT valid_from, hash(row_hash, file_id, line) AS content FROM {{table}}) AS contents
GROUP BY month_of(valid_from)
ORDER BY month

-- name: calendar
SELECT count(*) AS row_count, CAST(bit_xor(hash(day, is_working)) AS VARCHAR) AS parity,
  CAST(sum(CAST(hash(is_working, day) >> 16 AS BIGINT)) AS VARCHAR) AS total
FROM known.calendar_day
