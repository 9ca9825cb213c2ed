-- What the journal is: its copy's name, the program it was opened with.
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- The end of the chain, so that a missing end is seen.
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), facts INTEGER NOT NULL, chain BLOB NOT NULL);

-- Copies of the book, by a short number: the one that took a fact in first is its origin. Copy 1 is this file when it was made.
CREATE TABLE copies (no INTEGER PRIMARY KEY, copy TEXT NOT NULL UNIQUE);

-- Facts in the order in which they arrived. `content` is the hash of `fact`; each `chain` seals all before it.
CREATE TABLE kept (
    seq         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL,
    kind        TEXT NOT NULL,
    at          TEXT NOT NULL,
    day         TEXT NOT NULL,
    customer    TEXT,
    recorded_at TEXT NOT NULL,
    origin      INTEGER NOT NULL REFERENCES copies (no),
    origin_seq  INTEGER NOT NULL,
    fact        TEXT,
    content     BLOB NOT NULL,
    chain       BLOB NOT NULL
);

-- Never changed, only added to: where a late fact changes what an earlier one did, the difference is posted.
CREATE TABLE posted (
    no           INTEGER PRIMARY KEY,
    fact         TEXT NOT NULL,
    cause        INTEGER NOT NULL REFERENCES kept (seq),
    customer     TEXT NOT NULL,
    kind         TEXT NOT NULL,
    points       INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL
);
CREATE INDEX posted_by_customer ON posted (customer);

-- Accounts after all of their facts, written anew with each fact that concerns them.
CREATE TABLE standing (
    account    TEXT PRIMARY KEY,
    day        TEXT NOT NULL,
    joined     TEXT,
    tier       TEXT,
    tier_until TEXT,
    balance    INTEGER NOT NULL,
    pending    INTEGER NOT NULL,
    debt       INTEGER NOT NULL,
    lapsed     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE lot (
    account   TEXT NOT NULL,
    no        INTEGER NOT NULL,
    fact      TEXT NOT NULL,
    points    INTEGER NOT NULL,
    first_day TEXT NOT NULL,
    last_day  TEXT,
    PRIMARY KEY (account, no)
) WITHOUT ROWID;
CREATE TABLE member (customer TEXT PRIMARY KEY, account TEXT NOT NULL) WITHOUT ROWID;

-- The book was sealed up to a day when so many facts had arrived.
CREATE TABLE seal (day TEXT PRIMARY KEY, facts INTEGER NOT NULL, recorded_at TEXT NOT NULL);

-- The book as bytes after so many facts and seals.
CREATE TABLE snapshot (no INTEGER PRIMARY KEY, facts INTEGER NOT NULL, seals INTEGER NOT NULL, made_at TEXT NOT NULL);
CREATE TABLE snapshot_part (
    snapshot INTEGER NOT NULL REFERENCES snapshot (no),
    no       INTEGER NOT NULL,
    bytes    BLOB NOT NULL,
    PRIMARY KEY (snapshot, no)
) WITHOUT ROWID;

-- What is promised: docs/journal.md.
CREATE VIEW facts AS
    SELECT seq, id, kind, at, day, customer, recorded_at, copy, origin_seq AS copy_seq, fact
    FROM kept JOIN copies ON copies.no = kept.origin;
CREATE VIEW programs AS
    SELECT 0 AS seq, NULL AS id, value AS program FROM about WHERE key = 'program'
    UNION ALL
    SELECT seq, id, json_extract(fact, '$.adopted.program') FROM kept WHERE kind = 'adopted';
CREATE VIEW customers AS SELECT customer, account FROM member;
CREATE VIEW accounts AS
    SELECT account, day, joined, tier, tier_until, balance, pending, debt, lapsed FROM standing;
CREATE VIEW lots AS SELECT account, fact, points, first_day, last_day FROM lot;
CREATE VIEW postings AS
    SELECT posted.no, posted.fact, posted.cause, posted.customer,
           coalesce(member.account, posted.customer) AS account, posted.kind, posted.points, posted.amount_minor
    FROM posted LEFT JOIN member ON member.customer = posted.customer;
