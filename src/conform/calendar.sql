-- name: read-calendar
CREATE OR REPLACE TEMP TABLE calendar_read AS
SELECT CAST(x ->> 'day' AS DATE) AS day, CAST(x ->> 'is_working' AS BOOLEAN) AS is_working, nullif(x ->> 'note', '') AS note
FROM (SELECT unnest(CAST(CAST($days AS JSON) AS JSON[])) AS x)

-- name: calendar-differs
SELECT count(*) AS days FROM (
  (SELECT day, is_working, note FROM calendar_read EXCEPT ALL SELECT day, is_working, note FROM core.calendar_day)
  UNION ALL
  (SELECT day, is_working, note FROM core.calendar_day EXCEPT ALL SELECT day, is_working, note FROM calendar_read))

-- name: drop-days
DELETE FROM core.calendar_day WHERE day NOT IN (SELECT day FROM calendar_read)

-- name: put-days
INSERT OR REPLACE INTO core.calendar_day
SELECT day, is_working, CAST(count(*) FILTER (is_working) OVER (ORDER BY day) AS INTEGER), note
FROM calendar_read ORDER BY day
