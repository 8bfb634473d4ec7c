-- How the files of a source were described when they were used: a source that changes its form goes on, and what came before is read as
-- it was described then.
CREATE TABLE raw.description (
  description VARCHAR PRIMARY KEY,    -- sha-256 of the definition
  source_id   VARCHAR NOT NULL,
  definition  VARCHAR NOT NULL        -- JSON: format, columns, key and what else says how rows are read
);
CREATE TABLE raw.file_description (   -- the one by which a file was last used
  file_id INTEGER PRIMARY KEY, description VARCHAR NOT NULL
);
