-- Names and addresses in this table are changed when their retention is over. DuckDB changes a row of a table with keys by deleting it
-- and inserting it under the same key, which ends the process if the disk is full at the commit; so what is noted once is guarded by whoever
-- notes it (src/pull/connect/received.sql).
CREATE TABLE raw.received_without_keys AS SELECT * FROM raw.received ORDER BY received_id;
DROP TABLE raw.received;
ALTER TABLE raw.received_without_keys RENAME TO received;
ALTER TABLE raw.received ALTER COLUMN received_id SET NOT NULL;
ALTER TABLE raw.received ALTER COLUMN source_id SET NOT NULL;
ALTER TABLE raw.received ALTER COLUMN file_hash SET NOT NULL;
