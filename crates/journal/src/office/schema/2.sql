-- By which name this office goes is said where its facts end: so whoever writes knows it without asking again.
ALTER TABLE head ADD COLUMN origin bigint REFERENCES copies (no);
UPDATE head SET origin = (SELECT no FROM copies WHERE copy = (SELECT value FROM about WHERE key = 'copy'));
ALTER TABLE head ALTER COLUMN origin SET NOT NULL;
DELETE FROM about WHERE key = 'copy';

-- What each copy gave its numbers to.
CREATE INDEX kept_by_origin ON kept (origin, origin_seq);

-- Facts of copies that lie elsewhere: `seq` is that of a fact that came from another copy too; without it the fact stands here, since a
-- newer library wrote it and this one can't read it (`waits`), or since the book holds another fact of its id.
CREATE TABLE aside (
    origin     bigint NOT NULL REFERENCES copies (no),
    origin_seq bigint NOT NULL,
    content    bytea NOT NULL,
    seq        bigint REFERENCES kept (seq),
    waits      boolean NOT NULL,
    fact       text,
    PRIMARY KEY (origin, origin_seq, content)
);

-- Of a fact that names someone who has been forgotten since it was first written: the hash of `fact` as it is kept now. `content` and the chain
-- stay those of what was written first.
ALTER TABLE kept ADD COLUMN rewritten bytea;
