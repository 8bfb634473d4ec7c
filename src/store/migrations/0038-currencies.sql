-- What a contract's amount was before it was converted: amounts are in the pipeline's currency, or empty for want of a rate.
ALTER TABLE core.contract ADD COLUMN currency VARCHAR;
ALTER TABLE core.contract ADD COLUMN stated_amount DECIMAL(20,2);

-- A view keeps the columns it was made with.
CREATE OR REPLACE VIEW known.contract AS SELECT * FROM core.contract
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));

UPDATE raw.file SET definition_hash = '' WHERE definition_hash IS NOT NULL
  AND source_id IN (SELECT source_id FROM core.contract);
