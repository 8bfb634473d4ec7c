-- A record's content is compared with the other reports of its key only, so its hash need not stand in every row; and it
-- is one that tells any two contents apart, which DuckDB's hash() of texts does not.
-- Kinds that come by the million say how their columns are packed: trying every packing takes longer than reading the file.
-- Core is derived from the files in raw: what the tables made anew held is conformed again.
ALTER TABLE core.entity DROP COLUMN row_hash;
ALTER TABLE core.entity_code DROP COLUMN row_hash;
ALTER TABLE core.dishonesty_record DROP COLUMN row_hash;
ALTER TABLE core.commitment DROP COLUMN row_hash;
ALTER TABLE core.decision_procedure DROP COLUMN row_hash;
ALTER TABLE core.proposal DROP COLUMN row_hash;
ALTER TABLE core.contract DROP COLUMN row_hash;
ALTER TABLE core.debt_position DROP COLUMN row_hash;
ALTER TABLE core.training DROP COLUMN row_hash;
ALTER TABLE core.inspection DROP COLUMN row_hash;
ALTER TABLE core.honour DROP COLUMN row_hash;
ALTER TABLE core.task DROP COLUMN row_hash;
ALTER TABLE core.third_party_rating DROP COLUMN row_hash;
ALTER TABLE core.service_commitment DROP COLUMN row_hash;
ALTER TABLE core.sighting ALTER row_hash TYPE UHUGEINT USING 0;

DROP TABLE core.complaint;
CREATE TABLE core.complaint (
  record_key VARCHAR USING COMPRESSION fsst NOT NULL,  -- order number
  entity_id VARCHAR USING COMPRESSION dictionary NOT NULL,  -- the handling body
  channel VARCHAR USING COMPRESSION dictionary, category VARCHAR USING COMPRESSION dictionary, subcategory VARCHAR USING COMPRESSION dictionary,
  received_at TIMESTAMP NOT NULL, forwarded_at TIMESTAMP, signed_at TIMESTAMP, responded_at TIMESTAMP,
  due_at TIMESTAMP, closed_at TIMESTAMP,
  resolved BOOLEAN, satisfaction VARCHAR USING COMPRESSION dictionary,  -- satisfied, basically_satisfied, dissatisfied
  returned BOOLEAN, reopened BOOLEAN, repeat_of VARCHAR USING COMPRESSION fsst,
  caller_ref VARCHAR USING COMPRESSION fsst,  -- pseudonym
  source_id VARCHAR USING COMPRESSION dictionary NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

DROP TABLE core.publicity_item;
CREATE TABLE core.publicity_item (
  record_key VARCHAR USING COMPRESSION fsst NOT NULL, entity_id VARCHAR USING COMPRESSION dictionary NOT NULL,
  list VARCHAR USING COMPRESSION dictionary NOT NULL,  -- licence, penalty
  document_no VARCHAR USING COMPRESSION fsst NOT NULL, document_name VARCHAR USING COMPRESSION fsst, category VARCHAR USING COMPRESSION dictionary,
  subject_kind VARCHAR USING COMPRESSION dictionary,  -- organisation, person, sole_trader
  subject_uscc VARCHAR USING COMPRESSION fsst, subject_name VARCHAR USING COMPRESSION fsst,  -- organisations only
  person_ref VARCHAR USING COMPRESSION fsst,  -- pseudonym
  decided_on DATE NOT NULL, published_on DATE, valid_until DATE, publicity_ends_on DATE,
  fine_amount DECIMAL(18,2), confiscated_amount DECIMAL(18,2),  -- yuan
  visits INTEGER,  -- times the applicant had to come in person (licences)
  withdrawn_on DATE,
  source_id VARCHAR USING COMPRESSION dictionary NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

UPDATE raw.file SET definition_hash = '' WHERE definition_hash IS NOT NULL;

-- A view keeps the columns it was made with.
CREATE OR REPLACE VIEW known.entity AS SELECT * FROM core.entity
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.entity_code AS SELECT * FROM core.entity_code
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.complaint AS SELECT * FROM core.complaint
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.dishonesty_record AS SELECT * FROM core.dishonesty_record
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.commitment AS SELECT * FROM core.commitment
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.publicity_item AS SELECT * FROM core.publicity_item
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.decision_procedure AS SELECT * FROM core.decision_procedure
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.proposal AS SELECT * FROM core.proposal
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.contract AS SELECT * FROM core.contract
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.debt_position AS SELECT * FROM core.debt_position
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.training AS SELECT * FROM core.training
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.inspection AS SELECT * FROM core.inspection
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.honour AS SELECT * FROM core.honour
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.task AS SELECT * FROM core.task
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.third_party_rating AS SELECT * FROM core.third_party_rating
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.service_commitment AS SELECT * FROM core.service_commitment
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
