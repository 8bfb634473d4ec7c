-- Which files a run may know of: what came later must not change a report as of an earlier time.
ALTER TABLE raw.file ADD COLUMN first_known TIMESTAMP;
ALTER TABLE checks.source_state ADD COLUMN rows_refused BIGINT DEFAULT 0;

-- Files conformed before this column was there are conformed again, which fills it.
UPDATE raw.file SET definition_hash = '' WHERE definition_hash IS NOT NULL;

-- Files of which something was known at the as-of time; one that does not say when is known from its receipt on.
CREATE VIEW known.received_file AS SELECT * FROM raw.file
  WHERE coalesce(first_known, received_at) <= getvariable('as_of');

-- Faults in the rows of these files. A conflict is known when the reports are that disagree.
CREATE VIEW known.set_aside AS
SELECT q.*, f.refused_because IS NOT NULL AS in_refused_file
FROM quarantine.row q JOIN known.received_file f ON f.file_id = q.file_id
WHERE q.reason <> 'conflict' OR EXISTS (
  SELECT 1 FROM core.sighting s
  WHERE s.source_id = q.source_id AND s.file_id = q.file_id AND s.line = q.line AND s.record_key = q.value
    AND s.outcome = 'conflict' AND s.known_from <= getvariable('as_of')
);
