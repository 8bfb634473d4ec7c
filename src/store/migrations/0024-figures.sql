-- Reported figures are doubles: they keep 17 significant digits whatever their size, as their sources reckon them.
-- What older programs cut to fifteen places is conformed again from the files in raw.
ALTER TABLE core.observation ALTER value TYPE DOUBLE;

-- A view keeps the columns it was made with.
CREATE OR REPLACE VIEW known.observation AS SELECT * FROM core.observation
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));

UPDATE raw.file SET definition_hash = '' WHERE definition_hash IS NOT NULL
  AND source_id IN (SELECT source_id FROM core.observation);
