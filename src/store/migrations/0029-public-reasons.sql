-- The sentence of a body as everybody may read it, where something in the score is not public; else empty.
ALTER TABLE scores.rank ADD COLUMN reason_public_zh VARCHAR;
ALTER TABLE scores.rank ADD COLUMN reason_public_en VARCHAR;
