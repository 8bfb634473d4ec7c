-- How far a score wanders over the replications: what a drop of it must exceed to mean something.
ALTER TABLE scores.rank_uncertainty ADD COLUMN score_deviation DOUBLE;
