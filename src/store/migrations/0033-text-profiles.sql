-- What was seen in the public texts of each file, so that a column can be judged as a whole without reading all files again.
CREATE TABLE raw.text_profile (
  file_id     INTEGER NOT NULL,
  column_name VARCHAR NOT NULL,       -- core column
  rule        VARCHAR NOT NULL,       -- sha-256 of how the file was read
  texts       BIGINT NOT NULL,        -- different texts
  held        BIGINT NOT NULL,        -- of them, those that look like somebody's number or address
  PRIMARY KEY (file_id, column_name)
);
