-- name: give-lists
-- Small tables become lists, looked up by place: the letters then stream through without a join or a sort.
SET VARIABLE letter_lists = CAST(CAST($lists AS JSON) AS STRUCT(
  codes VARCHAR[], old_codes VARCHAR[], names VARCHAR[], handler_at INTEGER[],
  category_names VARCHAR[], category_limits INTEGER[], category_at INTEGER[], minute_at INTEGER[], workdays DATE[],
  signed INTEGER[], closed INTEGER[], resolved INTEGER[], satisfied INTEGER[], returned INTEGER[], repeated INTEGER[], pace INTEGER[]))

-- name: give-list
SET VARIABLE {{name}} = (SELECT getvariable('letter_lists').{{name}})

-- name: make-days
-- For each day: the numbers of its letters [low, high), how many working days there are up to it, and the next delivery.
CREATE OR REPLACE TEMP TABLE letter_day AS
SELECT d.* FROM (SELECT unnest(CAST(CAST($days AS JSON) AS STRUCT(
  day DATE, month INTEGER, low BIGINT, high BIGINT, working_days INTEGER, delivery DATE, before_jimo BOOLEAN,
  week_ago DATE, week_ago_count BIGINT)[])) AS d)

-- name: letters
-- Every draw comes from the letter's number and the seed by MD5, so that any part can be made again by itself.
-- Chances are in 1,024ths. A letter is delivered again when it was closed after its first delivery; one in 256 comes twice.
-- A day's numbers are unfolded in two steps, so that no long list of them stands in memory at once.
WITH stretch AS (
  SELECT *, unnest(range(low, high, 2048)) AS start FROM letter_day
), letter AS (
  SELECT * EXCLUDE (start), unnest(range(start, least(start + 2048, high))) AS i FROM stretch
), drawn AS (
  SELECT *, md5_number_lower($seed || '/' || i) AS a, md5_number_upper($seed || '/' || i) AS b FROM letter
), handled AS (
  SELECT *,
    getvariable('handler_at')[CAST(a & 4095 AS INTEGER) + 1] AS handler,
    getvariable('category_at')[CAST((a >> 12) & 255 AS INTEGER) + 1] AS category,
    getvariable('minute_at')[CAST((a >> 20) & 1023 AS INTEGER) + 1] AS minute
  FROM drawn
), judged AS (
  SELECT *,
    handler * 36 + month + 1 AS chance,
    getvariable('category_limits')[category + 1] AS day_limit,
    CAST((a >> 30) & 63 AS INTEGER) AS wait, CAST((a >> 36) & 127 AS INTEGER) AS hesitation,
    CAST((a >> 43) & 1023 AS INTEGER) AS u_signed, CAST((a >> 53) & 1023 AS INTEGER) AS u_closed,
    CAST(b & 1023 AS INTEGER) AS u_resolved, CAST((b >> 10) & 1023 AS INTEGER) AS u_satisfied,
    CAST((b >> 20) & 1023 AS INTEGER) AS u_returned, CAST((b >> 30) & 1023 AS INTEGER) AS u_repeated,
    CAST((b >> 40) & 255 AS INTEGER) AS u_pace, CAST((b >> 48) & 255 AS INTEGER) AS u_copy, CAST((b >> 56) & 255 AS INTEGER) AS u_rated
  FROM handled
), timed AS (
  SELECT *,
    day + INTERVAL '1' MINUTE * minute AS received_at,
    u_signed < getvariable('signed')[chance] AS is_signed,
    CASE WHEN u_closed < getvariable('closed')[chance]
      THEN greatest(1, (day_limit * getvariable('pace')[chance] * (u_pace + 1) + 262143) // 262144)
      ELSE day_limit + 1 + u_pace % 12 END AS closing_days
  FROM judged
), closed AS (
  SELECT *,
    received_at + INTERVAL '1' MINUTE * (5 + wait) AS forwarded_at,
    CASE WHEN is_signed THEN received_at + INTERVAL '1' MINUTE * (20 + wait + hesitation)
      ELSE getvariable('workdays')[working_days + 2 + u_pace % 3] + INTERVAL '1' MINUTE * (560 + hesitation) END AS signed_at,
    getvariable('workdays')[working_days + day_limit] AS due_on,
    getvariable('workdays')[working_days + closing_days] + INTERVAL '1' MINUTE * (840 + hesitation + wait) AS closed_at
  FROM timed
), versions AS (
  SELECT *,
    closed_at >= delivery AS is_open,
    unnest(CASE WHEN closed_at >= delivery THEN [1, 2] WHEN u_copy = 0 THEN [1, 1] ELSE [1] END) AS version
  FROM closed
), row_of_letter AS (
  SELECT *,
    is_open AND version = 1 AS unfinished,
    CASE WHEN version = 1 THEN delivery ELSE CAST(date_trunc('month', closed_at + INTERVAL '24' DAY) AS DATE) + 7 END AS delivered
  FROM versions
)
SELECT
  'XX' || strftime(day, '%Y%m%d') || printf('%07d', i - low + 1) AS "信件编号",
  CASE WHEN before_jimo THEN getvariable('old_codes')[handler + 1] ELSE getvariable('codes')[handler + 1] END AS "承办单位代码",
  getvariable('names')[handler + 1] AS "承办单位",
  getvariable('category_names')[category + 1] AS "诉求类别",
  received_at AS "来信时间",
  forwarded_at AS "转办时间",
  CASE WHEN signed_at < delivered THEN signed_at END AS "签收时间",
  CAST(due_on AS TIMESTAMP) AS "办结时限",
  CASE WHEN NOT unfinished THEN closed_at END AS "办结时间",
  CASE WHEN NOT unfinished AND u_rated < 248 THEN u_resolved < getvariable('resolved')[chance] END AS "是否解决",
  CASE WHEN unfinished OR u_rated >= 160 THEN '未评价'
    WHEN u_satisfied >= getvariable('satisfied')[chance] THEN '不满意'
    WHEN u_rated % 3 = 0 THEN '基本满意' ELSE '满意' END AS "满意度",
  u_returned < getvariable('returned')[chance] AS "是否退回",
  CASE WHEN week_ago_count > 0 AND u_repeated < getvariable('repeated')[chance]
    THEN 'XX' || strftime(week_ago, '%Y%m%d') || printf('%07d', 1 + (i - low) % week_ago_count) END AS "关联信件",
  CAST(delivered AS TIMESTAMP) AS "入库时间",
  $mark AS "数据性质"
FROM row_of_letter
WHERE delivered <= CAST($last_delivery AS DATE)
