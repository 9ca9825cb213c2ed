-- What the office is: its copy's name, the program it was opened with, the layout.
CREATE TABLE about (key text PRIMARY KEY, value text NOT NULL);

-- The end of the chain. Whoever writes facts locks this row last of all, and until the commit: so numbers have no gaps, and whoever reads
-- never sees a fact before one with a smaller number. `adopted` is the number of the last fact that adopted a program.
CREATE TABLE head (
    one      integer PRIMARY KEY CHECK (one = 1),
    facts    bigint NOT NULL,
    chain    bytea NOT NULL,
    copy_seq bigint NOT NULL,
    sum      bytea NOT NULL,
    adopted  bigint NOT NULL
);

-- Copies of the book, by a short number: the one that took a fact in first is its origin. Copy 1 is this office when it was made.
CREATE TABLE copies (no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, copy text NOT NULL UNIQUE, numbers text NOT NULL, sum bytea NOT NULL);

-- Facts in the order in which they arrived. `other` is whom else a fact names: who receives a gift, into whom a customer is merged.
-- `content` is the hash of `fact`; each `chain` seals all before it. `moved` is what the fact moved when it arrived: a list of
-- [kind, points], or [kind, points, customer] where it is not the fact's own; none where it moved nothing.
CREATE TABLE kept (
    seq          bigint PRIMARY KEY,
    id           text COLLATE "C" NOT NULL UNIQUE,
    kind         text NOT NULL,
    at           text NOT NULL,
    day          text NOT NULL,
    customer     text COLLATE "C",
    other        text COLLATE "C",
    recorded_at  text NOT NULL,
    origin       bigint NOT NULL REFERENCES copies (no),
    origin_seq   bigint NOT NULL,
    amount_minor bigint NOT NULL,
    moved        text,
    fact         text NOT NULL,
    content      bytea NOT NULL,
    chain        bytea NOT NULL
);
CREATE INDEX kept_by_customer ON kept (customer, seq);
CREATE INDEX kept_by_other ON kept (other, seq) WHERE other IS NOT NULL;
CREATE INDEX merged_from ON kept (customer) WHERE kind = 'merged';
CREATE INDEX merged_into ON kept (other) WHERE kind = 'merged';
CREATE INDEX adopted ON kept (seq) WHERE kind = 'adopted';

-- What facts moved otherwise than when they arrived, because a later one (`cause`) came before them. Never changed, only added to.
CREATE TABLE corrected (
    fact     bigint NOT NULL REFERENCES kept (seq),
    cause    bigint NOT NULL REFERENCES kept (seq),
    customer text NOT NULL,
    kind     text NOT NULL,
    points   bigint NOT NULL
);
CREATE INDEX corrected_by_fact ON corrected (fact);

-- All customers whom facts name. Whoever writes facts locks the rows of all who are concerned, in the order of their ids.
CREATE TABLE customer (id text COLLATE "C" PRIMARY KEY, account text COLLATE "C" NOT NULL);
CREATE INDEX customer_by_account ON customer (account);

-- Accounts after all of their facts, written anew with each fact that concerns them. `lots` is a list of [fact, points, first day, last day].
CREATE TABLE standing (
    account    text COLLATE "C" PRIMARY KEY,
    day        text NOT NULL,
    joined     text,
    tier       text,
    tier_until text,
    balance    bigint NOT NULL,
    pending    bigint NOT NULL,
    debt       bigint NOT NULL,
    lapsed     bigint NOT NULL,
    lots       text NOT NULL
);

-- What is promised: docs/journal.md.
CREATE VIEW facts AS
    SELECT seq, id, kind, at, day, customer, recorded_at, copy, origin_seq AS copy_seq, fact
    FROM kept JOIN copies ON copies.no = kept.origin;
CREATE VIEW programs AS
    SELECT 0::bigint AS seq, NULL::text AS id, value AS program FROM about WHERE key = 'program'
    UNION ALL
    SELECT seq, id, fact::jsonb -> 'adopted' ->> 'program' FROM kept WHERE kind = 'adopted';
CREATE VIEW customers AS SELECT id AS customer, account FROM customer;
CREATE VIEW accounts AS
    SELECT account, day, joined, tier, tier_until, balance, pending, debt, lapsed FROM standing;
CREATE VIEW lots AS
    SELECT account, lot ->> 0 AS fact, (lot ->> 1)::bigint AS points, lot ->> 2 AS first_day, lot ->> 3 AS last_day
    FROM standing, jsonb_array_elements(lots::jsonb) AS lot;
CREATE VIEW postings AS
    WITH all_moved (fact, cause, customer, kind, points, amount_minor) AS (
        SELECT id, seq, customer, CASE kind WHEN 'purchased' THEN 'bought' ELSE 'returned' END, 0::bigint, amount_minor
        FROM kept WHERE amount_minor <> 0
        UNION ALL
        SELECT kept.id, seq, coalesce(one ->> 2, customer), one ->> 0, (one ->> 1)::bigint, 0
        FROM kept, jsonb_array_elements(moved::jsonb) AS one
        UNION ALL
        SELECT kept.id, corrected.cause, corrected.customer, corrected.kind, corrected.points, 0
        FROM corrected JOIN kept ON kept.seq = corrected.fact
    )
    SELECT fact, cause, all_moved.customer, coalesce(customer.account, all_moved.customer) AS account, kind, points, amount_minor
    FROM all_moved LEFT JOIN customer ON customer.id = all_moved.customer;
