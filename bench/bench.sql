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

-- name: make-counties
INSERT INTO core.entity BY NAME
SELECT 'C' || i AS record_key, 'C' || i AS entity_id, 'district' AS level, '县' || i AS name_zh, 'County ' || i AS name_en, 'county' AS peer_class,
  true AS scored, 'bench' AS source_id, 1 AS file_id, i AS line, DATE '2000-01-01' AS valid_from, TIMESTAMP '2000-01-01' AS known_from
FROM range(CAST($counties AS BIGINT)) t(i)

-- name: make-positions
-- Synthetic: each county grows at its own pace with its own noise, from hashes, so that every run has the same.
INSERT INTO core.debt_position BY NAME
SELECT 'C' || i || ' ' || m AS record_key, 'C' || i AS entity_id, last_day(DATE '2009-01-01' + to_months(CAST(m AS INTEGER))) AS as_at, 'month' AS frequency,
  CAST(0.58 * debt AS DECIMAL(24,2)) AS general_debt, CAST(0.42 * debt AS DECIMAL(24,2)) AS special_debt, CAST(debt AS DECIMAL(24,2)) AS total_debt,
  CAST(debt * (1.02 + (hash(i) % 100) / 500.0) AS DECIMAL(24,2)) AS debt_limit,
  CAST(debt * greatest(0, (hash(i, 'o') % 100) / 400.0 - 0.2) AS DECIMAL(24,2)) AS overdue_debt,
  CAST(debt * 0.0075 AS DECIMAL(24,2)) AS principal_due, CAST(debt * 0.0075 AS DECIMAL(24,2)) AS principal_paid,
  CAST(debt * 0.003 AS DECIMAL(24,2)) AS interest_due, CAST(debt * 0.003 AS DECIMAL(24,2)) AS interest_paid,
  'bench' AS source_id, 1 AS file_id, i * 1000 + m AS line,
  last_day(DATE '2009-01-01' + to_months(CAST(m AS INTEGER))) AS valid_from, TIMESTAMP '2010-01-01' AS known_from
FROM (
  SELECT i, m, 1e9 * (0.4 + (hash(i, 'd') % 1000) / 800.0) * pow(1 + (hash(i, 'g') % 100) / 6000.0, m) * (1 + ((hash(i, m) % 200) - 100.0) / 5000) AS debt
  FROM range(CAST($counties AS BIGINT)) c(i), range(CAST($months AS BIGINT)) t(m)
)

-- name: make-accounts
INSERT INTO core.debt_position BY NAME
SELECT 'Y' || i || ' ' || y AS record_key, 'C' || i AS entity_id, make_date(CAST(y AS INTEGER), 12, 31) AS as_at, 'year' AS frequency,
  CAST(resources AS DECIMAL(24,2)) AS comprehensive_resources, CAST(0.4 * resources AS DECIMAL(24,2)) AS budget_revenue,
  CAST(0.6 * resources AS DECIMAL(24,2)) AS budget_spending, CAST(0.3 * resources AS DECIMAL(24,2)) AS fund_revenue,
  CAST(0.3 * resources AS DECIMAL(24,2)) AS fund_spending, CAST(5 * resources AS DECIMAL(24,2)) AS gdp,
  CAST(0.03 * resources AS DECIMAL(24,2)) AS general_interest, CAST(0.02 * resources AS DECIMAL(24,2)) AS special_interest,
  'bench-year' AS source_id, 1 AS file_id, i * 100 + y AS line, make_date(CAST(y AS INTEGER), 12, 31) AS valid_from, TIMESTAMP '2010-01-01' AS known_from
FROM (
  SELECT i, y, 1e9 * (1 + (hash(i, 'r') % 100) / 100.0) * pow(1.06, y - 2009) AS resources
  FROM range(CAST($counties AS BIGINT)) c(i), range(2008, 2019) t(y)
)

-- name: read-ratios
SELECT d.entity_id, d.as_at, d.total_debt / a.comprehensive_resources AS ratio
FROM known.debt_position d JOIN known.debt_position a ON a.entity_id = d.entity_id AND a.frequency = 'year' AND year(a.as_at) = year(d.as_at) - 1
WHERE d.frequency = 'month'

-- name: correct-counties
UPDATE core.debt_position SET total_debt = total_debt * 1.1, line = line + 100000000
WHERE frequency = 'month' AND as_at = DATE '2018-11-30' AND hash(entity_id) % 100 = 0

-- name: count-warnings
SELECT (SELECT count(*) FROM warn.value) AS values, (SELECT count(*) FROM warn.episode) AS episodes

-- name: make-wide
CREATE TABLE made.wide AS
SELECT CAST(range AS BIGINT) AS i, CAST(range % 1000 AS INTEGER) AS n, CAST(range AS DOUBLE) / 2 AS x,
  (['市南区', '市北区', '黄岛区', '崂山区', '李沧区', '城阳区', '即墨区', '胶州市', '平度市', '莱西市'])[1 + range % 10] AS word
FROM range({{rows}})

-- name: read-releases
SELECT count(*) AS releases, count(DISTINCT ocid) AS processes, sum(len(contracts)) AS contracts
FROM read_json($pattern, union_by_name = true)
