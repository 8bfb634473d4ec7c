-- What the releases of a source make of their processes, so that only processes of which something new is known are compiled again.
CREATE TABLE raw.compiled_row (
  source_id VARCHAR NOT NULL,
  ocid      VARCHAR NOT NULL,
  file_id   INTEGER NOT NULL,        -- file of the release that brought the row about
  line      BIGINT NOT NULL,         -- number of that release, and five digits for the row's place among what it brought about
  json      VARCHAR NOT NULL
);

-- The files whose releases are in it.
CREATE TABLE raw.compiled_file (
  source_id VARCHAR NOT NULL,
  file_id   INTEGER NOT NULL,
  rule      VARCHAR NOT NULL         -- how they were compiled
);
