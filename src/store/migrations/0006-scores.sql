-- Scores, ranks and their exact contributions, by run.
CREATE TABLE scores.node (            -- one row per entity × period × node of the standard's tree (index, dimension, indicator)
  run_id VARCHAR NOT NULL, period VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  node_id VARCHAR NOT NULL, node_level VARCHAR NOT NULL, parent_node VARCHAR,
  state VARCHAR NOT NULL, raw_value DOUBLE, score DOUBLE, nominal_weight DOUBLE, effective_weight DOUBLE, coverage DOUBLE
);
CREATE TABLE scores.contribution (    -- points; for one entity and period they sum to its index exactly
  run_id VARCHAR NOT NULL, period VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,              -- indicator, deduction, bonus, limit
  node_id VARCHAR NOT NULL,           -- indicator id, or the id of the deduction, bonus or limit in the standard
  points DOUBLE NOT NULL              -- a multiple of 2^-40, so that sums and differences of doubles are exact
);
CREATE TABLE scores.contribution_detail (  -- the same points split by record or category; sums to its contribution exactly
  run_id VARCHAR NOT NULL, period VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL, node_id VARCHAR NOT NULL,
  detail_kind VARCHAR NOT NULL,       -- record, category, rest
  detail VARCHAR NOT NULL,            -- record key, category, or '' for what no category explains
  occurred_on DATE, file_id INTEGER, line BIGINT,
  points DOUBLE NOT NULL
);
CREATE TABLE scores.rank (
  run_id VARCHAR NOT NULL, period VARCHAR NOT NULL, entity_id VARCHAR NOT NULL, level VARCHAR NOT NULL, peer_class VARCHAR NOT NULL,
  state VARCHAR NOT NULL,             -- ranked, not_ranked
  score DOUBLE, rank INTEGER, ranked_of INTEGER, grade VARCHAR, grade_before_veto VARCHAR, vetoed_by VARCHAR,
  coverage DOUBLE NOT NULL,
  score_previous DOUBLE, rank_previous INTEGER, score_last_year DOUBLE, rank_last_year INTEGER,
  reason_zh VARCHAR, reason_en VARCHAR
);
