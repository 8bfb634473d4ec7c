-- What files do not deliver: not delivered is not empty, and neither is 0.
CREATE TABLE core.undelivered (       -- columns of core tables that a file does not have, written when it is conformed
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL,
  column_name VARCHAR NOT NULL        -- of the core table; one that core requires, or that has a default there, is always delivered
);
-- A file does not change, so what it lacks is the same at every as-of time; which files count is what changes.
CREATE VIEW known.undelivered AS
SELECT u.source_id, u.file_id, u.column_name
FROM core.undelivered u JOIN known.received_file f ON f.file_id = u.file_id;

-- Said again unchanged by another file, which may deliver what the first did not.
CREATE VIEW known.repeated AS
SELECT s.source_id, s.record_key, s.file_id, s.line, s.known_from
FROM core.sighting s JOIN known.received_file f ON f.file_id = s.file_id
WHERE s.outcome = 'duplicate' AND s.known_from <= getvariable('as_of');

-- Files conformed before are conformed again, which fills it.
UPDATE raw.file SET definition_hash = '' WHERE definition_hash IS NOT NULL;

ALTER TABLE facts.value ADD COLUMN undelivered BIGINT DEFAULT 0;  -- rows left out because their file lacks a column that the indicator needs
CREATE TABLE facts.undelivered (      -- whose rows those are
  fingerprint VARCHAR NOT NULL, source_id VARCHAR NOT NULL, column_name VARCHAR NOT NULL,
  reason VARCHAR NOT NULL,            -- unmapped: the source's definition names no column; absent: files lack it; empty: no record has it
  files INTEGER NOT NULL, row_count BIGINT NOT NULL
);
CREATE TABLE facts.run_undelivered (  -- the same in a run's period, over all indicators, as people are told
  run_id VARCHAR NOT NULL, source_id VARCHAR NOT NULL, column_name VARCHAR NOT NULL,
  reason VARCHAR NOT NULL,            -- as above; blank: delivered, but empty in all records of files
  files INTEGER NOT NULL, row_count BIGINT NOT NULL,
  indicators VARCHAR NOT NULL,        -- by id, with commas between
  message_zh VARCHAR NOT NULL, message_en VARCHAR NOT NULL
);
