-- When a run was last begun by the clock, so that what was worked out and never published goes after its time.
CREATE TABLE known.run_begun (
  run_id   VARCHAR PRIMARY KEY,
  begun_at TIMESTAMP NOT NULL        -- civil time in the pipeline's zone
);
-- Of runs begun before it was written down it is told from now on.
INSERT INTO known.run_begun SELECT run_id, make_timestamp(epoch_us(now())) FROM scores.run;
