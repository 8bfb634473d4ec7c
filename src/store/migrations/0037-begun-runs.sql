-- When a run was last begun by the clock, so that what was worked out and never published goes after its time.
CREATE TABLE scores.run_begun (
  run_id   VARCHAR PRIMARY KEY,
  begun_at TIMESTAMP NOT NULL        -- civil time in the pipeline's zone
);
