-- JSON names its columns record by record: every path of keys in a file, by order of first appearance ("contracts.value.amount").
CREATE TABLE raw.file_key (
  file_id  INTEGER NOT NULL,
  position INTEGER NOT NULL,
  path     VARCHAR NOT NULL
);

-- What is to be told of a file's columns, by position and never by name: the first line of a file without a header is data.
CREATE TABLE raw.column_note (
  file_id INTEGER NOT NULL,
  kind    VARCHAR NOT NULL,   -- unread: the definition reads nothing from them; repeated: one name, one content; unfound: of JSON, core columns whose key no record has
  amount  INTEGER NOT NULL,   -- how many columns
  places  VARCHAR NOT NULL    -- their positions from 1, as "3, 7-9"; of unfound, the core columns
);
