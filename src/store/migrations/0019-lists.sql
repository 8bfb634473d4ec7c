-- The lists of a run's period and the restrictions that follow: who is on which, by which rule and record, until when.
CREATE TABLE scores.list_entry (
  run_id VARCHAR NOT NULL, period VARCHAR NOT NULL,
  place INTEGER NOT NULL,             -- order of the entries
  list_id VARCHAR NOT NULL,           -- a list's id; of restrictions "restriction-" and the field
  kind VARCHAR NOT NULL,              -- red, black, honours, incentive, demonstration, restriction
  field VARCHAR,                      -- of restrictions: approval, procurement, tender, special_funds
  entity_id VARCHAR NOT NULL, rule_id VARCHAR NOT NULL,
  article_zh VARCHAR NOT NULL, article_en VARCHAR NOT NULL,
  reason_zh VARCHAR NOT NULL, reason_en VARCHAR NOT NULL,
  since DATE NOT NULL,                -- the record's document, or the period's first day
  until DATE,                         -- first day on which it no longer holds; NULL: it hangs on the record
  ends VARCHAR NOT NULL,              -- repair, months, next_list
  disputed BOOLEAN NOT NULL,          -- an objection against the record is open
  record_key VARCHAR, document_no VARCHAR, record_type VARCHAR, severity VARCHAR, decided_on DATE,
  file_id INTEGER, line BIGINT
);
