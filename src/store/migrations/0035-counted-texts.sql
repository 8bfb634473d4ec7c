-- How many different texts a column of a file has is only counted where a column may be held back whole.
ALTER TABLE raw.text_profile ALTER COLUMN texts DROP NOT NULL;

-- What was told by the texts of a column over several files; a count of them and the ends of running numbers.
CREATE TABLE raw.text_examination (
  source_id   VARCHAR NOT NULL,
  column_name VARCHAR NOT NULL,       -- core column
  basis       VARCHAR NOT NULL,       -- sha-256 of the files it rests on and how they were read
  examined    VARCHAR NOT NULL,       -- JSON
  PRIMARY KEY (source_id, column_name)
);
