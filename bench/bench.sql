-- name: read-orders
SELECT count(*) AS orders, count(DISTINCT column00) AS numbers
FROM read_csv($files, all_varchar = true, header = false, filename = false, union_by_name = false, null_padding = true)

-- name: plain-dedupe
CREATE TABLE letters AS
SELECT "信件编号" AS record_key, "承办单位代码" AS code, "诉求类别" AS category, "来信时间" AS received_at,
  "转办时间" AS forwarded_at, "签收时间" AS signed_at, "办结时限" AS due_at, "办结时间" AS closed_at,
  "是否解决" AS resolved, "满意度" AS satisfaction, "是否退回" AS returned, "关联信件" AS repeat_of
FROM read_parquet($file)
QUALIFY row_number() OVER (PARTITION BY "信件编号" ORDER BY "入库时间" DESC) = 1

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
