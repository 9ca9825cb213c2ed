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

-- What an erasure leaves of an id (`parure::fact::trace_of`): whom one concerns is found by it.
CREATE FUNCTION trace(id text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT sha256('parure erased '::bytea || decode(replace(id, E'\\', E'\\\\'), 'escape')) $$;
CREATE INDEX customer_by_trace ON customer (trace(id));

-- Which traces are of one person, by the erasures that say so, each pair both ways: one of the two is that of `alias`. `head.erased` is the
-- number of the last erasure.
CREATE TABLE forgotten (
    trace bytea NOT NULL,
    other bytea NOT NULL,
    alias text COLLATE "C" NOT NULL,
    fact  bigint NOT NULL REFERENCES kept (seq),
    PRIMARY KEY (trace, other, alias, fact)
);
CREATE INDEX forgotten_by_fact ON forgotten (fact);
CREATE INDEX erased ON kept (seq) WHERE kind = 'erased';
ALTER TABLE head ADD COLUMN erased bigint NOT NULL DEFAULT 0;

-- The server takes samples of what columns hold, to plan by, and keeps them where an erasure does not reach: of these it takes none.
ALTER TABLE kept ALTER COLUMN customer SET STATISTICS 0, ALTER COLUMN other SET STATISTICS 0,
                 ALTER COLUMN moved SET STATISTICS 0, ALTER COLUMN fact SET STATISTICS 0;
ALTER TABLE corrected ALTER COLUMN customer SET STATISTICS 0;
ALTER TABLE customer ALTER COLUMN id SET STATISTICS 0, ALTER COLUMN account SET STATISTICS 0;
ALTER TABLE standing ALTER COLUMN account SET STATISTICS 0;
ALTER TABLE aside ALTER COLUMN fact SET STATISTICS 0;
ALTER INDEX customer_by_trace ALTER COLUMN 1 SET STATISTICS 0;
