-- Whether each source could be fetched: what a pipeline's policy is judged by, and what a report says of it.
CREATE TABLE raw.pull_attempt (
  source_id    VARCHAR NOT NULL,
  attempted_at TIMESTAMP NOT NULL,    -- time of receipt of the run it was for; the last try of a run is kept
  failed_because VARCHAR,             -- a Chinese sentence, a line end, an English one; NULL when it was fetched
  PRIMARY KEY (source_id, attempted_at)
);

CREATE TABLE checks.failed_pull (     -- sources that could not be fetched when a run was made
  run_id VARCHAR NOT NULL, source_id VARCHAR NOT NULL, attempted_at TIMESTAMP NOT NULL,
  message_zh VARCHAR NOT NULL, message_en VARCHAR NOT NULL
);

-- The newest attempt at each source by the as-of time, where it failed.
CREATE VIEW known.failed_pull AS
SELECT source_id, attempted_at, split_part(failed_because, chr(10), 1) AS message_zh, split_part(failed_because, chr(10), 2) AS message_en
FROM (
  SELECT *, row_number() OVER (PARTITION BY source_id ORDER BY attempted_at DESC) AS newest
  FROM raw.pull_attempt WHERE attempted_at <= getvariable('as_of')
) WHERE newest = 1 AND failed_because IS NOT NULL;
