-- What the journal is: its copy's name, the program it was opened with.
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- The end of the chain, so that a missing end is seen.
-- `copy_seq` is the last number that this copy gave, `sum` that of the contents of the facts that have them.
CREATE TABLE head (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    facts    INTEGER NOT NULL,
    chain    BLOB NOT NULL,
    copy_seq INTEGER NOT NULL,
    sum      BLOB NOT NULL
);

-- Copies of the book, by a short number: the one that took a fact in first is its origin. Copy 1 is this file when it was made. Of all but
-- this one: the ranges of numbers that are held, and the sum of the contents of those facts.
CREATE TABLE copies (no INTEGER PRIMARY KEY, copy TEXT NOT NULL UNIQUE, numbers TEXT NOT NULL, sum BLOB NOT NULL);

-- Facts in the order in which they arrived. `content` is the hash of `fact`; each `chain` seals all before it. `moved` is what the fact
-- moved when it arrived: a list of [kind, points], or [kind, points, customer] where it is not the fact's own; none where it moved nothing.
-- Without `fact` once compacted.
CREATE TABLE kept (
    seq          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL,
    kind         TEXT NOT NULL,
    at           TEXT NOT NULL,
    day          TEXT NOT NULL,
    customer     TEXT,
    recorded_at  TEXT NOT NULL,
    origin       INTEGER NOT NULL REFERENCES copies (no),
    origin_seq   INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    moved        TEXT,
    fact         TEXT,
    content      BLOB NOT NULL,
    chain        BLOB NOT NULL
);

-- Facts of copies that lie elsewhere: `seq` is that of a fact that came from another copy too; without it the fact stands here, since a
-- newer library wrote it and this one can't read it (`waits`), or since the book holds another fact of its id.
CREATE TABLE aside (
    origin     INTEGER NOT NULL REFERENCES copies (no),
    origin_seq INTEGER NOT NULL,
    content    BLOB NOT NULL,
    seq        INTEGER REFERENCES kept (seq),
    waits      INTEGER NOT NULL,
    fact       TEXT,
    PRIMARY KEY (origin, origin_seq, content)
) WITHOUT ROWID;

-- What facts moved otherwise than when they arrived, because a later one (`cause`) came before them. Never changed, only added to.
CREATE TABLE corrected (
    fact     INTEGER NOT NULL REFERENCES kept (seq),
    cause    INTEGER NOT NULL REFERENCES kept (seq),
    customer TEXT NOT NULL,
    kind     TEXT NOT NULL,
    points   INTEGER NOT NULL
);
CREATE INDEX corrected_by_fact ON corrected (fact);

-- Accounts after all of their facts, written anew with each fact that concerns them: one row each, so that a sale touches one page.
-- `lots` is a list of [fact, points, first day, last day].
CREATE TABLE standing (
    account    TEXT PRIMARY KEY,
    day        TEXT NOT NULL,
    joined     TEXT,
    tier       TEXT,
    tier_until TEXT,
    balance    INTEGER NOT NULL,
    pending    INTEGER NOT NULL,
    debt       INTEGER NOT NULL,
    lapsed     INTEGER NOT NULL,
    lots       TEXT NOT NULL
) WITHOUT ROWID;

-- Customers whose account goes by another's id.
CREATE TABLE member (customer TEXT PRIMARY KEY, account TEXT NOT NULL) WITHOUT ROWID;

-- The book was sealed up to a day when so many facts had arrived.
CREATE TABLE seal (day TEXT PRIMARY KEY, facts INTEGER NOT NULL, recorded_at TEXT NOT NULL);

-- The book as bytes after so many facts and seals. Parts have rows by number: in a tree by key SQLite would read a whole part wherever it compares one.
CREATE TABLE snapshot (no INTEGER PRIMARY KEY, facts INTEGER NOT NULL, seals INTEGER NOT NULL, made_at TEXT NOT NULL);
CREATE TABLE snapshot_part (
    snapshot INTEGER NOT NULL REFERENCES snapshot (no),
    no       INTEGER NOT NULL,
    bytes    BLOB NOT NULL,
    PRIMARY KEY (snapshot, no)
);

-- What is promised: docs/journal.md.
CREATE VIEW facts AS
    SELECT seq, id, kind, at, day, customer, recorded_at, copy, origin_seq AS copy_seq, fact
    FROM kept JOIN copies ON copies.no = kept.origin;
CREATE VIEW programs AS
    SELECT 0 AS seq, NULL AS id, value AS program FROM about WHERE key = 'program'
    UNION ALL
    SELECT seq, id, json_extract(fact, '$.adopted.program') FROM kept WHERE kind = 'adopted';
CREATE VIEW customers AS
    SELECT account AS customer, account FROM standing UNION ALL SELECT customer, account FROM member;
CREATE VIEW accounts AS
    SELECT account, day, joined, tier, tier_until, balance, pending, debt, lapsed FROM standing;
CREATE VIEW lots AS
    SELECT account, value ->> 0 AS fact, value ->> 1 AS points, value ->> 2 AS first_day, value ->> 3 AS last_day
    FROM standing, json_each(lots);
CREATE VIEW postings AS
    WITH all_moved (fact, cause, customer, kind, points, amount_minor) AS (
        SELECT id, seq, customer, iif(kind = 'purchased', 'bought', 'returned'), 0, amount_minor
        FROM kept WHERE amount_minor <> 0
        UNION ALL
        SELECT kept.id, seq, coalesce(value ->> 2, customer), value ->> 0, value ->> 1, 0
        FROM kept, json_each(moved)
        UNION ALL
        SELECT kept.id, corrected.cause, corrected.customer, corrected.kind, corrected.points, 0
        FROM corrected JOIN kept ON kept.seq = corrected.fact
    )
    SELECT fact, cause, customer, coalesce(member.account, customer) AS account, kind, points, amount_minor
    FROM all_moved LEFT JOIN member USING (customer);
