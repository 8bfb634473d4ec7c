-- What early warning on debt needs besides: the parts of comprehensive resources, what was refinanced or called,
-- and the events that alone make an emergency of grade IV (国办函〔2016〕88号).
ALTER TABLE core.debt_position ADD COLUMN land_revenue DECIMAL(24,2);
ALTER TABLE core.debt_position ADD COLUMN fund_transfer_revenue DECIMAL(24,2);
ALTER TABLE core.debt_position ADD COLUMN capital_revenue DECIMAL(24,2);
ALTER TABLE core.debt_position ADD COLUMN remitted_revenue DECIMAL(24,2);
ALTER TABLE core.debt_position ADD COLUMN refinanced_principal DECIMAL(24,2);
ALTER TABLE core.debt_position ADD COLUMN guarantees_called DECIMAL(24,2);
ALTER TABLE core.debt_position ADD COLUMN guarantees_paid DECIMAL(24,2);
ALTER TABLE core.debt_position ADD COLUMN livelihood_arrears DECIMAL(24,2);
ALTER TABLE core.debt_position ADD COLUMN mass_incidents INTEGER;

-- A view keeps the columns it was made with.
CREATE OR REPLACE VIEW known.debt_position AS SELECT * FROM core.debt_position
  WHERE known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
