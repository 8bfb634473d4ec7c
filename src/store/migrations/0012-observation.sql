-- A reported figure of a body that no other record kind holds: one measure at one date.
CREATE TABLE core.observation (
  record_key VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  measure VARCHAR NOT NULL,           -- what was measured, in the words of the source file's definition
  as_at DATE NOT NULL, value DECIMAL(38,15) NOT NULL,
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);
CREATE VIEW known.observation AS SELECT * FROM core.observation
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
