-- name: low-days
-- Records of each day against the same weekday of the weeks before, in as far as the source was there already. Days on
-- which the calendar departs from the week (holidays, made-up working days) are neither judged nor compared with.
WITH counted AS (
  SELECT CAST({{day}} AS DATE) AS day, count(*) AS records
  FROM known.{{kind}}
  WHERE source_id = $source AND CAST({{day}} AS DATE) BETWEEN
    CAST($start AS DATE) - CAST(7 * $weeks AS INTEGER) AND CAST($last AS DATE)
  GROUP BY 1
), began AS (
  SELECT min(CAST({{day}} AS DATE)) AS day FROM known.{{kind}} WHERE source_id = $source
), usual AS (
  SELECT CAST(d.day AS DATE) AS day, coalesce(c.records, 0) AS records
  FROM (
    SELECT unnest(generate_series(CAST($start AS DATE) - CAST(7 * $weeks AS INTEGER), CAST($last AS DATE), INTERVAL 1 DAY)) AS day
  ) d
  LEFT JOIN counted c ON c.day = d.day
  LEFT JOIN core.calendar_day k ON k.day = d.day
  WHERE d.day >= (SELECT day FROM began)
    AND coalesce(k.is_working = (isodow(d.day) <= 5), true)
), compared AS (
  SELECT u.day, u.records, count(*) AS weeks, median(h.records) AS middle, mad(h.records) AS spread
  FROM usual u
  JOIN usual h ON h.day < u.day AND h.day >= u.day - CAST(7 * $weeks AS INTEGER) AND isodow(h.day) = isodow(u.day)
  WHERE u.day >= CAST($start AS DATE)
  GROUP BY u.day, u.records
  HAVING count(*) >= $least_weeks
), judged AS (
  SELECT day, records, middle, middle - $deviations * greatest(1.4826 * spread, sqrt(middle)) AS least FROM compared
)
SELECT CAST(day AS VARCHAR) AS day, records, middle, least, records < least AS low
FROM judged ORDER BY day
