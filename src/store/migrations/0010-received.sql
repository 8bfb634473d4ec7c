-- What connectors have fetched, and how far they are. A file's row and the mark that moves with it are written in one
-- transaction, after the file's bytes are safely on disk: a crash between loses nothing and doubles nothing.
CREATE TABLE raw.received (
  received_id INTEGER PRIMARY KEY,
  source_id   VARCHAR NOT NULL,
  file_name   VARCHAR NOT NULL,       -- what it is called where it comes from
  file_hash   VARCHAR NOT NULL,       -- sha-256 of the bytes as received, lower-case hex
  bytes       BIGINT NOT NULL,
  path        VARCHAR NOT NULL,       -- where the bytes are kept, relative to the jurisdiction's data folder
  address     VARCHAR NOT NULL,       -- where it was fetched from, without any secret
  version     VARCHAR,                -- what the other side calls this version: an ETag, or size and time of change
  received_at TIMESTAMP NOT NULL,     -- local civil time of the jurisdiction
  UNIQUE (source_id, address, file_hash)
);

CREATE TABLE raw.fetch_mark (         -- how far each address of a source has been fetched
  source_id VARCHAR NOT NULL,
  address   VARCHAR NOT NULL,
  mark      VARCHAR NOT NULL,         -- JSON: ETag, high-water mark, cursor, or size and time of change
  PRIMARY KEY (source_id, address)
);
