CREATE TABLE scores.shrunk_value (    -- values that were drawn towards their peers' before they were scored, with the raw one beside
  run_id VARCHAR NOT NULL, period VARCHAR NOT NULL, entity_id VARCHAR NOT NULL, indicator_id VARCHAR NOT NULL,
  raw_value DOUBLE NOT NULL, shrunk_value DOUBLE NOT NULL
);
