-- What replications with other weights, choices and counts make of the ranks of a run's own period.
CREATE TABLE scores.rank_uncertainty ( -- one row per ranked entity × source of error
  run_id VARCHAR NOT NULL, period VARCHAR NOT NULL, level VARCHAR NOT NULL, peer_class VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  error_source VARCHAR NOT NULL,      -- all, data (sampling error of counts only), choices (weights and methods only)
  replications INTEGER NOT NULL,      -- those in which the entity has a rank
  rank_median DOUBLE, rank_low DOUBLE, rank_high DOUBLE,   -- low and high: 5 % and 95 % quantiles
  top_three DOUBLE, bottom_three DOUBLE,                   -- probabilities
  above_next DOUBLE                   -- probability of being above the next in the ranking; all only
);
CREATE TABLE scores.rank_pair (       -- probability that one entity is above another, which the ranking has below it
  run_id VARCHAR NOT NULL, period VARCHAR NOT NULL, level VARCHAR NOT NULL, peer_class VARCHAR NOT NULL,
  entity_id VARCHAR NOT NULL, other_id VARCHAR NOT NULL, above DOUBLE
);
CREATE TABLE scores.rank_sensitivity ( -- Sobol indices of the rank, by what is varied
  run_id VARCHAR NOT NULL, period VARCHAR NOT NULL, level VARCHAR NOT NULL, peer_class VARCHAR NOT NULL,
  entity_id VARCHAR,                  -- NULL: of the mean shift of all ranks of the peer class
  factor VARCHAR NOT NULL,            -- weights, normalisation, aggregation, treatment, imputation, data
  first_order DOUBLE, total DOUBLE
);
CREATE TABLE scores.replication (     -- how many replications could be evaluated, and why not the others
  run_id VARCHAR NOT NULL, period VARCHAR NOT NULL, level VARCHAR NOT NULL,
  outcome VARCHAR NOT NULL,           -- evaluated, failed
  reason VARCHAR, replications INTEGER NOT NULL
);
