-- The published tables as this program writes them, without rows: what a month of an older layout lacks is taken from here, empty.

-- name: body_code
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "code" VARCHAR, "scheme" VARCHAR, "entity_id" VARCHAR, "valid_from" DATE, "valid_to" DATE
)

-- name: category
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "entity_id" VARCHAR, "indicator_id" VARCHAR, "category" VARCHAR,
  "numerator" DECIMAL(38,6), "denominator" DECIMAL(38,6), "sample_size" BIGINT, "categories" BIGINT
)

-- name: check_result
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "check_id" VARCHAR, "source_id" VARCHAR, "severity" VARCHAR, "passed" BOOLEAN,
  "failing_rows" BIGINT, "observed" VARCHAR, "expected" VARCHAR, "message_zh" VARCHAR, "message_en" VARCHAR
)

-- name: commitment_summary
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "entity_id" VARCHAR, "kind" VARCHAR, "due" INTEGER, "on_time" INTEGER,
  "late" INTEGER, "broken" INTEGER, "withdrawn" INTEGER, "overdue" INTEGER, "not_yet_due" INTEGER
)

-- name: contribution
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "entity_id" VARCHAR, "kind" VARCHAR, "node_id" VARCHAR, "points" DOUBLE
)

-- name: contribution_detail
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "entity_id" VARCHAR, "kind" VARCHAR, "node_id" VARCHAR, "detail_kind" VARCHAR,
  "detail" VARCHAR, "occurred_on" DATE, "file_id" INTEGER, "line" BIGINT, "points" DOUBLE, "disputed" BOOLEAN
)

-- name: debt_limit
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "warnings_id" VARCHAR, "entity_id" VARCHAR, "balance" DOUBLE,
  "debt_limit" DOUBLE
)

-- name: dishonesty_record
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "record_key" VARCHAR, "entity_id" VARCHAR, "record_type" VARCHAR, "severity" VARCHAR,
  "severity_basis" VARCHAR, "field" VARCHAR, "document_no" VARCHAR, "issuing_body" VARCHAR, "decided_on" DATE,
  "published_on" DATE, "state" VARCHAR, "state_on" DATE, "disputed" BOOLEAN, "objection_filed_on" DATE,
  "objection_answered_on" DATE, "repair_state" VARCHAR, "earliest_repair_on" DATE, "publication_ends_on" DATE,
  "publication_ends_by" VARCHAR, "publication_basis_zh" VARCHAR, "publication_basis_en" VARCHAR, "file_id" INTEGER,
  "line" BIGINT
)

-- name: entity
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "entity_id" VARCHAR, "level" VARCHAR, "kind" VARCHAR, "peer_class" VARCHAR, "name_zh" VARCHAR,
  "name_en" VARCHAR, "parent_id" VARCHAR, "division_code" VARCHAR, "uscc" VARCHAR, "population" BIGINT,
  "staff" BIGINT, "scored" BOOLEAN, "valid_from" DATE, "valid_to" DATE
)

-- name: file
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "file_id" INTEGER, "source_id" VARCHAR, "file_name" VARCHAR, "file_hash" VARCHAR, "bytes" BIGINT,
  "format" VARCHAR, "row_count" BIGINT, "refused" BOOLEAN, "refused_because" VARCHAR
)

-- name: grade
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "place" INTEGER, "grade" VARCHAR, "title_zh" VARCHAR, "title_en" VARCHAR, "colour" VARCHAR,
  "from_score" DOUBLE, "below_score" DOUBLE, "source_zh" VARCHAR, "source_en" VARCHAR, "assumption" BOOLEAN
)

-- name: indicator
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "indicator_id" VARCHAR, "clause" VARCHAR, "title_zh" VARCHAR, "title_en" VARCHAR,
  "unit_zh" VARCHAR, "unit_en" VARCHAR, "direction" VARCHAR, "aggregate" VARCHAR, "scale" DOUBLE,
  "numerator_zh" VARCHAR, "numerator_en" VARCHAR, "denominator_zh" VARCHAR, "denominator_en" VARCHAR,
  "minimum_sample" INTEGER, "levels" VARCHAR, "evidence" VARCHAR, "rollup" BOOLEAN, "source_zh" VARCHAR, "source_en" VARCHAR, "hash" VARCHAR
)

-- name: item
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "entity_id" VARCHAR, "indicator_id" VARCHAR, "category" VARCHAR,
  "record_key" VARCHAR, "occurred_on" DATE, "ended_on" DATE, "disputed_on" DATE, "amount" DECIMAL(38,6),
  "file_id" INTEGER, "line" BIGINT
)

-- name: list
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "place" INTEGER, "list_id" VARCHAR, "kind" VARCHAR, "field" VARCHAR, "title_zh" VARCHAR,
  "title_en" VARCHAR, "levels" VARCHAR, "article_zh" VARCHAR, "article_en" VARCHAR, "effect_zh" VARCHAR,
  "effect_en" VARCHAR
)

-- name: list_entry
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "list_id" VARCHAR, "kind" VARCHAR, "entity_id" VARCHAR, "rule_id" VARCHAR,
  "article_zh" VARCHAR, "article_en" VARCHAR, "reason_zh" VARCHAR, "reason_en" VARCHAR, "since" DATE, "until" DATE,
  "ends" VARCHAR, "disputed" BOOLEAN, "record_key" VARCHAR, "document_no" VARCHAR, "record_type" VARCHAR,
  "severity" VARCHAR, "decided_on" DATE, "file_id" INTEGER, "line" BIGINT
)

-- name: list_rule
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "place" INTEGER, "list_id" VARCHAR, "rule_id" VARCHAR, "title_zh" VARCHAR, "title_en" VARCHAR,
  "terms" VARCHAR, "until" VARCHAR, "source_zh" VARCHAR, "source_en" VARCHAR, "assumption" BOOLEAN
)

-- name: node
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "entity_id" VARCHAR, "node_id" VARCHAR, "node_level" VARCHAR,
  "parent_node" VARCHAR, "state" VARCHAR, "raw_value" DOUBLE, "score" DOUBLE, "nominal_weight" DOUBLE,
  "effective_weight" DOUBLE, "coverage" DOUBLE
)

-- name: output_audience
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "kind" VARCHAR, "output_id" VARCHAR, "audience" VARCHAR
)

-- name: period
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "place" INTEGER, "period" VARCHAR, "starts_on" DATE, "ends_on" DATE, "detailed" BOOLEAN
)

-- name: quarantine
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "source_id" VARCHAR, "reason" VARCHAR, "column_name" VARCHAR, "row_count" BIGINT,
  "in_refused_file" BOOLEAN
)

-- name: rank
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "level" VARCHAR, "peer_class" VARCHAR, "entity_id" VARCHAR, "state" VARCHAR,
  "score" DOUBLE, "rank" INTEGER, "ranked_of" INTEGER, "grade" VARCHAR, "grade_before_veto" VARCHAR,
  "vetoed_by" VARCHAR, "coverage" DOUBLE, "score_previous" DOUBLE, "rank_previous" INTEGER, "score_last_year" DOUBLE,
  "rank_last_year" INTEGER, "reason_zh" VARCHAR, "reason_en" VARCHAR
)

-- name: rank_pair
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "level" VARCHAR, "peer_class" VARCHAR, "entity_id" VARCHAR, "other_id" VARCHAR,
  "above" DOUBLE
)

-- name: rank_sensitivity
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "level" VARCHAR, "peer_class" VARCHAR, "entity_id" VARCHAR, "factor" VARCHAR,
  "first_order" DOUBLE, "total" DOUBLE
)

-- name: rank_uncertainty
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "level" VARCHAR, "peer_class" VARCHAR, "entity_id" VARCHAR,
  "error_source" VARCHAR, "replications" INTEGER, "rank_median" DOUBLE, "rank_low" DOUBLE, "rank_high" DOUBLE,
  "top_three" DOUBLE, "bottom_three" DOUBLE, "above_next" DOUBLE
)

-- name: record_event
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "event_id" VARCHAR, "record_key" VARCHAR, "entity_id" VARCHAR, "event" VARCHAR,
  "state_before" VARCHAR, "state_after" VARCHAR, "occurred_at" TIMESTAMP, "known_at" TIMESTAMP,
  "document_no" VARCHAR, "actor_body" VARCHAR, "responsible_id" VARCHAR, "file_id" INTEGER, "line" BIGINT
)

-- name: replication
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "level" VARCHAR, "outcome" VARCHAR, "reason" VARCHAR, "replications" INTEGER
)

-- name: restriction
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "field" VARCHAR, "entity_id" VARCHAR, "rule_id" VARCHAR, "measure_zh" VARCHAR,
  "measure_en" VARCHAR, "article_zh" VARCHAR, "article_en" VARCHAR, "reason_zh" VARCHAR, "reason_en" VARCHAR,
  "since" DATE, "until" DATE, "ends" VARCHAR, "disputed" BOOLEAN, "record_key" VARCHAR, "document_no" VARCHAR,
  "record_type" VARCHAR, "severity" VARCHAR, "decided_on" DATE, "file_id" INTEGER, "line" BIGINT
)

-- name: rule
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "place" INTEGER, "kind" VARCHAR, "rule_id" VARCHAR, "title_zh" VARCHAR, "title_en" VARCHAR,
  "indicator_id" VARCHAR, "levels" VARCHAR, "terms" VARCHAR, "source_zh" VARCHAR, "source_en" VARCHAR,
  "assumption" BOOLEAN
)

-- name: run
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "pipeline" VARCHAR, "jurisdiction" VARCHAR, "period" VARCHAR, "as_of" TIMESTAMP,
  "standard_id" VARCHAR, "standard_version" VARCHAR, "standard_hash" VARCHAR, "input_hash" VARCHAR,
  "code_version" VARCHAR, "synthetic" BOOLEAN
)

-- name: shrunk_value
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "entity_id" VARCHAR, "indicator_id" VARCHAR, "raw_value" DOUBLE,
  "shrunk_value" DOUBLE
)

-- name: source_state
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "source_id" VARCHAR, "state" VARCHAR, "message_zh" VARCHAR, "message_en" VARCHAR, "files" BIGINT,
  "rows_received" BIGINT, "rows_loaded" BIGINT, "rows_quarantined" BIGINT, "rows_duplicate" BIGINT,
  "rows_corrected" BIGINT, "rows_flagged" BIGINT, "newest_known" TIMESTAMP, "newest_valid" DATE, "rows_refused" BIGINT
)

-- name: standard_node
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "place" INTEGER, "level" VARCHAR, "node_id" VARCHAR, "node_level" VARCHAR, "parent_node" VARCHAR,
  "title_zh" VARCHAR, "title_en" VARCHAR, "clause" VARCHAR, "weight" DOUBLE, "normalisation" VARCHAR,
  "aggregation" VARCHAR, "source_zh" VARCHAR, "source_en" VARCHAR, "assumption" BOOLEAN
)

-- name: third_party_rating
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "record_key" VARCHAR, "entity_id" VARCHAR, "rater" VARCHAR, "score" DECIMAL(9,4),
  "score_max" DECIMAL(9,4), "grade" VARCHAR, "rated_on" DATE, "published_on" DATE, "file_id" INTEGER, "line" BIGINT
)

-- name: value
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "entity_id" VARCHAR, "indicator_id" VARCHAR, "state" VARCHAR,
  "numerator" DECIMAL(38,6), "denominator" DECIMAL(38,6), "value" DOUBLE, "sample_size" BIGINT, "excluded" BIGINT,
  "undelivered" BIGINT
)

-- name: warning_episode
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "warnings_id" VARCHAR, "entity_id" VARCHAR, "rule_id" VARCHAR, "kind" VARCHAR, "part" VARCHAR,
  "began" VARCHAR, "ended" VARCHAR, "level" VARCHAR, "peak" VARCHAR, "value" DOUBLE, "line" DOUBLE,
  "expected" VARCHAR, "message_zh" VARCHAR, "message_en" VARCHAR
)

-- name: warning_forecast
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "warnings_id" VARCHAR, "entity_id" VARCHAR, "series_id" VARCHAR, "step" INTEGER,
  "period" VARCHAR, "central" DOUBLE, "low" DOUBLE, "high" DOUBLE, "low_wide" DOUBLE, "high_wide" DOUBLE
)

-- name: warning_level
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "entity_id" VARCHAR, "warnings_id" VARCHAR, "level" VARCHAR, "list" VARCHAR,
  "emergency" VARCHAR, "rating" VARCHAR, "rating_uncapped" VARCHAR, "rating_score" DOUBLE, "reason_zh" VARCHAR,
  "reason_en" VARCHAR
)

-- name: warning_method
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "warnings_id" VARCHAR, "entity_id" VARCHAR, "series_id" VARCHAR, "method" VARCHAR,
  "points" INTEGER, "origins" INTEGER, "error" DOUBLE, "naive_error" DOUBLE, "seasonal_error" DOUBLE,
  "trend_error" DOUBLE, "holt_error" DOUBLE, "damped_error" DOUBLE, "crossing_level" VARCHAR, "crossing_line" DOUBLE,
  "crossing_period" VARCHAR, "crossing_earliest" VARCHAR
)

-- name: warning_rule
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "warnings_id" VARCHAR, "place" INTEGER, "rule_id" VARCHAR, "kind" VARCHAR, "series_id" VARCHAR,
  "title_zh" VARCHAR, "title_en" VARCHAR, "series_zh" VARCHAR, "series_en" VARCHAR, "unit_zh" VARCHAR,
  "unit_en" VARCHAR, "terms" VARCHAR, "source_zh" VARCHAR, "source_en" VARCHAR, "assumption" BOOLEAN
)

-- name: warning_stress
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "warnings_id" VARCHAR, "entity_id" VARCHAR, "scenario_id" VARCHAR, "series_id" VARCHAR,
  "value" DOUBLE, "baseline" DOUBLE, "level" VARCHAR, "baseline_level" VARCHAR
)

-- name: warning_value
CREATE TABLE {{table}} (
  "run_id" VARCHAR, "period" VARCHAR, "warnings_id" VARCHAR, "entity_id" VARCHAR, "series_id" VARCHAR,
  "part" VARCHAR, "value" DOUBLE, "numerator" DOUBLE, "denominator" DOUBLE
)
