-- How far each raw file has been redacted: the personal values of rows whose retention is over are taken out of it.
CREATE TABLE raw.redaction (
  file_id      INTEGER PRIMARY KEY,
  source_id    VARCHAR NOT NULL,
  format       VARCHAR NOT NULL,      -- of raw.file when it was looked at: a file read again is looked at again
  rule_hash    VARCHAR NOT NULL,      -- of the definition's columns and retention: another one means looking again
  redacted_rows BIGINT NOT NULL,      -- rows without personal values
  next_on      DATE,                  -- first day on which the retention of more rows is over; NULL: none is left
  parquet_hash VARCHAR                -- sha-256 of the redacted Parquet file; NULL while nothing was taken out
);
