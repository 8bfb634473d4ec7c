-- name: read-orders
SELECT count(*) AS orders, count(DISTINCT column00) AS numbers
FROM read_csv($files, all_varchar = true, header = false, filename = false, union_by_name = false, null_padding = true)

-- name: plain-newest
-- Only the newest report of each letter.
CREATE OR REPLACE TABLE letters AS
SELECT "信件编号" AS record_key, "承办单位代码" AS code, "诉求类别" AS category, "来信时间" AS received_at,
  "转办时间" AS forwarded_at, "签收时间" AS signed_at, "办结时限" AS due_at, "办结时间" AS closed_at,
  "是否解决" AS resolved, "满意度" AS satisfaction, "是否退回" AS returned, "关联信件" AS repeat_of
FROM read_parquet($file)
QUALIFY row_number() OVER (PARTITION BY "信件编号" ORDER BY "入库时间" DESC) = 1

-- name: plain-versions
-- What the program keeps: each version with the times from and until which it was known; a report that says what the
-- one before said is dropped.
CREATE OR REPLACE TABLE version AS
WITH report AS (
  SELECT "信件编号" AS record_key, "承办单位代码" AS code, "诉求类别" AS category, "来信时间" AS received_at,
  "转办时间" AS forwarded_at, "签收时间" AS signed_at, "办结时限" AS due_at, "办结时间" AS closed_at,
  "是否解决" AS resolved, "满意度" AS satisfaction, "是否退回" AS returned, "关联信件" AS repeat_of, "入库时间" AS known_from FROM read_parquet($file)
), told AS (
  SELECT *, hash(code, category, received_at, forwarded_at, signed_at, due_at, closed_at, resolved, satisfaction, returned, repeat_of) AS content
  FROM report
), changed AS (
  SELECT *, content IS DISTINCT FROM lag(content) OVER (PARTITION BY record_key ORDER BY known_from) AS is_version FROM told
)
SELECT * EXCLUDE (content, is_version), lead(known_from) OVER (PARTITION BY record_key ORDER BY known_from) AS known_to
FROM changed WHERE is_version

-- name: look-at-newest
CREATE OR REPLACE VIEW letters AS SELECT * FROM version WHERE known_to IS NULL

-- name: plain-signed
SELECT code, category, count(*) AS n, count(*) FILTER (WHERE signed_at < forwarded_at + INTERVAL '1' DAY) AS met
FROM letters WHERE received_at BETWEEN TIMESTAMP '2018-01-01' AND TIMESTAMP '2018-12-31 23:59:59' GROUP BY code, category

-- name: plain-closed
SELECT code, category, count(*) AS n, count(*) FILTER (WHERE closed_at <= due_at + INTERVAL '1' DAY) AS met
FROM letters WHERE due_at BETWEEN TIMESTAMP '2018-01-01' AND TIMESTAMP '2018-12-31 23:59:59' GROUP BY code, category

-- name: plain-resolved
SELECT code, category, count(*) AS n, count(*) FILTER (WHERE resolved) AS met
FROM letters WHERE closed_at BETWEEN TIMESTAMP '2018-01-01' AND TIMESTAMP '2018-12-31 23:59:59' GROUP BY code, category

-- name: plain-satisfied
SELECT code, category, count(*) AS n, count(*) FILTER (WHERE satisfaction <> '不满意') AS met
FROM letters WHERE closed_at BETWEEN TIMESTAMP '2018-01-01' AND TIMESTAMP '2018-12-31 23:59:59' AND satisfaction <> '未评价' GROUP BY code, category

-- name: plain-repeated
SELECT code, category, count(*) AS n, count(repeat_of) AS met
FROM letters WHERE received_at BETWEEN TIMESTAMP '2018-01-01' AND TIMESTAMP '2018-12-31 23:59:59' GROUP BY code, category

-- name: plain-returned
SELECT code, category, count(*) AS n, count(*) FILTER (WHERE returned) AS met
FROM letters WHERE received_at BETWEEN TIMESTAMP '2018-01-01' AND TIMESTAMP '2018-12-31 23:59:59' GROUP BY code, category

-- name: plain-delay
SELECT code, median(date_diff('day', received_at, closed_at)) AS days
FROM letters WHERE closed_at BETWEEN TIMESTAMP '2018-01-01' AND TIMESTAMP '2018-12-31 23:59:59' GROUP BY code

-- name: plain-backlog
SELECT code, category, count(*) AS n, count(*) FILTER (WHERE due_at < TIMESTAMP '2019-01-01' AND (closed_at IS NULL OR closed_at >= TIMESTAMP '2019-01-01')) AS late
FROM letters WHERE received_at BETWEEN TIMESTAMP '2018-01-01' AND TIMESTAMP '2018-12-31 23:59:59' GROUP BY code, category
