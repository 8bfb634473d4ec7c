-- Public texts that look like somebody's number are held back until a person releases them.
CREATE TABLE raw.release (
  source_id   VARCHAR NOT NULL,
  column_name VARCHAR NOT NULL,       -- core column
  mark        VARCHAR,                -- what stands in its place; NULL: nothing of the column is held back any more
  known_at    TIMESTAMP NOT NULL,     -- from when it is known
  reason      VARCHAR NOT NULL
);

CREATE VIEW known.release AS
SELECT * FROM raw.release WHERE known_at <= getvariable('as_of') AND is_counted(source_id);
