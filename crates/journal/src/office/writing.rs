//! Who is concerned locked, and what is pending in a part of the book written as rows.

use super::broken::{Broken, damaged};
use super::connection::Connection;
use super::copies::{Origins, begin_noting, end_noting, name_copy};
use super::erasing::{self, Pair, pairs};
use super::keeping::Office;
use super::part::{Kept, Party};
use crate::chain::{Hash, Link, content};
use crate::journal::ERASED;
use crate::moved::{self, Moved};
use crate::row::{Beside, Standing};
use crate::sync::{Incoming, Noting, Sum};
use parure::book::{Book, Pending, Touched};
use parure::calendar::Moment;
use std::collections::BTreeMap;

/// Locks all who are concerned, in the order of their ids: two calls that concern the same never wait for each other. Who is new
/// is made known first, which waits for others who make them known.
pub(crate) fn lock(connection: &mut Connection, party: &Party) -> Result<(), Broken> {
    let customers = party.customers();
    // Whoever names someone who was forgotten waits for the alias: the name itself is not written down again.
    let new: Vec<&str> = party
        .all
        .iter()
        .filter(|(_, name)| !name.is_known && !name.is_forgotten)
        .map(|(id, _)| id.as_str())
        .collect();
    if !new.is_empty() {
        connection.rows(
            "INSERT INTO customer (id, account) SELECT id, id FROM unnest($1::text[]) AS new (id) ORDER BY id COLLATE \"C\"
             ON CONFLICT DO NOTHING",
            &[&new],
        )?;
    }
    let locked =
        connection.rows("SELECT FROM customer WHERE id = ANY ($1) ORDER BY id FOR UPDATE", &[&customers])?;
    let unwritten = party.all.values().filter(|name| !name.is_known && name.is_forgotten).count();
    if locked.len() == customers.len().saturating_sub(unwritten) { Ok(()) } else { Err(Broken::Moved) }
}

/// Where the facts end.
pub(crate) struct Head {
    facts: i64,
    chain: Hash,
    /// The last number that this copy gave, and the sum over the facts that have them.
    pub(crate) copy_seq: i64,
    pub(crate) sum: Sum,
    adopted: i64,
    erased: i64,
    /// This copy's number.
    pub(crate) origin: i64,
}

impl Head {
    /// The end, which is nobody else's to move until the commit.
    fn lock(connection: &mut Connection) -> Result<Head, Broken> {
        let select = "SELECT facts, chain, copy_seq, sum, adopted, origin, erased FROM head FOR UPDATE";
        let rows = connection.rows(select, &[])?;
        let unreadable = || damaged("its end can't be read");
        let row = rows.first().ok_or_else(unreadable)?;
        Ok(Head {
            facts: row.try_get(0)?,
            chain: row.try_get::<_, &[u8]>(1)?.try_into().map_err(|_| unreadable())?,
            copy_seq: row.try_get(2)?,
            sum: Sum::from_bytes(row.try_get(3)?).ok_or_else(unreadable)?,
            adopted: row.try_get(4)?,
            origin: row.try_get(5)?,
            erased: row.try_get(6)?,
        })
    }
}

/// Where rows are written.
pub(crate) struct Desk<'d> {
    pub(crate) connection: &'d mut Connection,
    pub(crate) office: &'d Office,
    /// Who was locked.
    pub(crate) party: &'d Party,
    /// Where the facts that were read stand.
    pub(crate) kept: BTreeMap<String, Kept>,
}

/// What has come from other copies, and where the facts that it names by their ids came from.
pub(crate) struct Taken<'t> {
    pub(crate) incoming: &'t Incoming,
    pub(crate) known: &'t Origins,
}

impl Desk<'_> {
    /// Writes what is pending: what this copy takes in first, or what comes from other copies.
    pub(crate) fn write(
        mut self,
        pending: &Pending<'_>,
        now: Moment,
        taken: Option<Taken<'_>>,
    ) -> Result<(), Broken> {
        let (book, touched) = (pending.book(), pending.touched());
        self.forget_strangers(book)?;
        if pending.forgets() {
            erasing::rewrite(self.connection, pending, &mut self.kept)?;
        }
        self.write_standings(book, &touched)?;
        let posted = match touched.iter().all(|account| account.appended) {
            true => BTreeMap::new(),
            false => posted(self.connection, &self.kept)?,
        };
        // Everybody waits for whoever has this: it is asked for last.
        let mut head = Head::lock(self.connection)?;
        let name = self.office.copy_name(self.connection, head.origin)?;
        let noting = taken.as_ref().map(|Taken { incoming, .. }| {
            if incoming.is_forked(&name) {
                name_copy(self.connection, &mut head)?;
            }
            begin_noting(self.connection, incoming)
        });
        let mut noting = noting.transpose()?;
        let new = NewFacts::of(pending, head, &name, noting.as_mut(), &now.to_string())?;
        let corrected = Corrections::of(book, &touched, &self.kept, &new, posted);
        self.write_facts(&new, &corrected)?;
        if pending.forgets() {
            erasing::note(self.connection, &new.erasures)?;
        }
        if let Some((noting, taken)) = noting.zip(taken) {
            let new: BTreeMap<&str, i64> =
                new.facts.iter().map(|fact| (fact.id.as_str(), fact.seq)).collect();
            let seq_of = |id: &str| new.get(id).or(taken.known.get(id).map(|(seq, _)| seq)).copied();
            end_noting(self.connection, noting, seq_of)?;
        }
        Ok(())
    }

    /// Who was made known to be locked, and of whom nothing was accepted.
    fn forget_strangers(&mut self, book: &Book) -> Result<(), Broken> {
        let strangers =
            self.party.all.iter().filter(|(id, name)| !name.is_known && book.standing(id).is_none());
        let strangers: Vec<&str> = strangers.map(|(id, _)| id.as_str()).collect();
        if !strangers.is_empty() {
            self.connection.rows("DELETE FROM customer WHERE id = ANY ($1)", &[&strangers])?;
        }
        Ok(())
    }

    fn write_standings(&mut self, book: &Book, touched: &[Touched]) -> Result<(), Broken> {
        let standings: Vec<Standing> =
            touched.iter().filter_map(|account| Standing::of(book, &account.account)).collect();
        let aliases: Vec<&str> =
            standings.iter().flat_map(|stands| &stands.aliases).map(String::as_str).collect();
        let (mut customers, mut accounts) = (Vec::new(), Vec::new());
        for stands in &standings {
            for customer in stands.aliases.iter().chain([&stands.account]) {
                customers.push(customer.as_str());
                accounts.push(stands.account.as_str());
            }
        }
        fn column<'s, T>(of: &'s [Standing], part: impl Fn(&'s Standing) -> T) -> Vec<T> {
            of.iter().map(part).collect()
        }
        let of = &standings[..];
        self.connection.rows(
            "WITH gone AS (DELETE FROM standing WHERE account = ANY ($1)),
                 named AS (
                     INSERT INTO customer AS c (id, account) SELECT * FROM unnest($2::text[], $3::text[])
                     ON CONFLICT (id) DO UPDATE SET account = excluded.account WHERE c.account <> excluded.account)
             INSERT INTO standing (account, day, joined, tier, tier_until, balance, pending, debt, lapsed, lots)
             SELECT * FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                                  $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::text[])
             ON CONFLICT (account) DO UPDATE SET (day, joined, tier, tier_until, balance, pending, debt, lapsed, lots) =
                 (excluded.day, excluded.joined, excluded.tier, excluded.tier_until, excluded.balance, excluded.pending,
                  excluded.debt, excluded.lapsed, excluded.lots)",
            &[
                &aliases,
                &customers,
                &accounts,
                &column(of, |stands| stands.account.as_str()),
                &column(of, |stands| stands.day.as_str()),
                &column(of, |stands| stands.joined.as_deref()),
                &column(of, |stands| stands.tier.as_deref()),
                &column(of, |stands| stands.tier_until.as_deref()),
                &column(of, |stands| stands.balance),
                &column(of, |stands| stands.pending),
                &column(of, |stands| stands.debt),
                &column(of, |stands| stands.lapsed),
                &column(of, |stands| stands.lots.as_str()),
            ],
        )?;
        Ok(())
    }

    fn write_facts(&mut self, new: &NewFacts, corrected: &Corrections) -> Result<(), Broken> {
        let NewFacts { head, facts, .. } = new;
        fn column<'s, T>(of: &'s [NewFact], part: impl Fn(&'s NewFact) -> T) -> Vec<T> {
            of.iter().map(part).collect()
        }
        let of = &facts[..];
        self.connection.rows(
            "WITH arrived AS (
                     INSERT INTO kept (seq, id, kind, at, day, customer, other, recorded_at, origin, origin_seq,
                                       amount_minor, moved, fact, content, chain, rewritten)
                     SELECT seq, id, kind, at, day, customer, other, $1, origin, origin_seq,
                            amount_minor, moved, fact, content, chain, rewritten
                     FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[],
                                 $10::bigint[], $11::bigint[], $12::text[], $13::text[], $14::bytea[], $15::bytea[], $16::bytea[])
                          AS new (seq, id, kind, at, day, customer, other, origin,
                                  origin_seq, amount_minor, moved, fact, content, chain, rewritten)),
                 told AS (
                     INSERT INTO corrected (fact, cause, customer, kind, points)
                     SELECT fact, $17, customer, kind, points
                     FROM unnest($18::bigint[], $19::text[], $20::text[], $21::bigint[])
                          AS differs (fact, customer, kind, points))
             UPDATE head SET facts = $17, chain = $22, copy_seq = $23, sum = $24, adopted = $25, origin = $26, erased = $27",
            &[
                &new.recorded_at,
                &column(of, |fact| fact.seq),
                &column(of, |fact| fact.id.as_str()),
                &column(of, |fact| fact.beside.kind.as_str()),
                &column(of, |fact| fact.beside.at.as_str()),
                &column(of, |fact| fact.beside.day.as_str()),
                &column(of, |fact| fact.beside.customer.as_deref()),
                &column(of, |fact| fact.other.as_deref()),
                &column(of, |fact| fact.origin),
                &column(of, |fact| fact.copy_seq),
                &column(of, |fact| fact.beside.amount_minor),
                &column(of, |fact| fact.moved.as_deref()),
                &column(of, |fact| fact.json.as_str()),
                &column(of, |fact| &fact.content[..]),
                &column(of, |fact| &fact.chain[..]),
                &column(of, |fact| fact.rewritten.as_ref().map(|hash| &hash[..])),
                &head.facts,
                &corrected.facts,
                &corrected.customers,
                &corrected.kinds,
                &corrected.points,
                &&head.chain[..],
                &head.copy_seq,
                &&head.sum.bytes()[..],
                &head.adopted,
                &head.origin,
                &head.erased,
            ],
        )?;
        Ok(())
    }
}

/// A fact on its way into the database.
struct NewFact {
    seq: i64,
    id: String,
    beside: Beside,
    other: Option<String>,
    origin: i64,
    copy_seq: i64,
    moved: Option<String>,
    json: String,
    content: Hash,
    chain: Hash,
    rewritten: Option<Hash>,
}

/// All that are pending, and where the facts end with them.
struct NewFacts {
    head: Head,
    recorded_at: String,
    facts: Vec<NewFact>,
    /// Which names they say are of one person, by their numbers.
    erasures: Vec<(i64, Pair)>,
}

impl NewFacts {
    /// `name`: of this copy. `noting`: of facts that come from other copies.
    fn of(
        pending: &Pending<'_>,
        mut head: Head,
        name: &str,
        mut noting: Option<&mut Noting<'_>>,
        now: &str,
    ) -> Result<NewFacts, Broken> {
        let book = pending.book();
        let (mut facts, mut erasures) = (Vec::new(), Vec::new());
        let mut postings = pending.postings().into_iter().peekable();
        for fact in pending.facts() {
            let json = fact.to_json(book.currency());
            let kept_as = content(&json);
            head.facts = head.facts.saturating_add(1);
            let (origin, copy, copy_seq, content) = match &mut noting {
                Some(noting) => {
                    noting.take(fact.id()).ok_or_else(|| damaged("it lost where a fact came from"))?
                }
                None => {
                    head.copy_seq = head.copy_seq.saturating_add(1);
                    head.sum.add(&kept_as);
                    (head.origin, name, head.copy_seq, kept_as)
                }
            };
            let seq = head.facts;
            let link = Link { seq, id: fact.id(), recorded_at: now, copy, copy_seq, content: &content };
            head.chain = link.after(&head.chain);
            if fact.kind() == "adopted" {
                head.adopted = seq;
            }
            if fact.kind() == ERASED {
                head.erased = seq;
                erasures.extend(pairs(&fact).map(|pair| (seq, pair)));
            }
            facts.push(NewFact {
                seq,
                id: fact.id().to_owned(),
                beside: Beside::of(book, &fact),
                other: fact.other_customer().map(str::to_owned),
                origin,
                copy_seq,
                moved: moved::column(
                    std::iter::from_fn(|| postings.next_if(|posting| posting.fact == fact.id())),
                    fact.customer(),
                ),
                json,
                content,
                chain: head.chain,
                rewritten: Some(kept_as).filter(|kept_as| *kept_as != content),
            });
        }
        Ok(NewFacts { head, recorded_at: now.to_owned(), facts, erasures })
    }
}

/// What is posted of the facts that were read, by their `seq`.
pub(crate) fn posted(
    connection: &mut Connection,
    kept: &BTreeMap<String, Kept>,
) -> Result<BTreeMap<i64, Vec<Moved>>, Broken> {
    let mut posted = BTreeMap::new();
    for Kept { seq, customer, moved, .. } in kept.values() {
        let Some(moved) = moved else { continue };
        let unreadable =
            || damaged(&format!("what fact {seq} moved can't be read")).at(format!("facts[{seq}]"));
        posted.insert(*seq, moved::of_column(moved, customer.as_deref()).ok_or_else(unreadable)?);
    }
    let all: Vec<i64> = kept.values().map(|kept| kept.seq).collect();
    let corrected = "SELECT fact, customer, kind, points FROM corrected WHERE fact = ANY ($1)";
    for row in connection.rows(corrected, &[&all])? {
        let one = (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
        posted.entry(row.try_get(0)?).or_default().push(one);
    }
    Ok(posted)
}

/// What accounts' facts moved otherwise than is posted, as columns.
#[derive(Default)]
struct Corrections {
    facts: Vec<i64>,
    customers: Vec<String>,
    kinds: Vec<String>,
    points: Vec<i64>,
}

impl Corrections {
    fn of(
        book: &Book,
        touched: &[Touched],
        kept: &BTreeMap<String, Kept>,
        new: &NewFacts,
        mut posted: BTreeMap<i64, Vec<Moved>>,
    ) -> Corrections {
        let mut corrections = Corrections::default();
        if touched.iter().all(|account| account.appended) {
            return corrections;
        }
        let mut seqs: BTreeMap<&str, i64> = kept.iter().map(|(id, kept)| (id.as_str(), kept.seq)).collect();
        for fact in &new.facts {
            seqs.insert(&fact.id, fact.seq);
            let moved = fact.moved.as_deref();
            let moved = moved.and_then(|moved| moved::of_column(moved, fact.beside.customer.as_deref()));
            posted.insert(fact.seq, moved.unwrap_or_default());
        }
        for account in touched.iter().filter(|account| !account.appended) {
            let of = |seq| Ok::<_, std::convert::Infallible>(posted.get(&seq).cloned().unwrap_or_default());
            let seq_of = |id: &str| seqs.get(id).copied().unwrap_or(0);
            let Ok(missing) = moved::missing(book, &account.account, seq_of, of);
            for ((fact, customer, kind), points) in missing {
                // The other side of a gift is corrected twice over where both sides are concerned.
                posted.entry(fact).or_default().push((customer.clone(), kind.clone(), points));
                corrections.facts.push(fact);
                corrections.customers.push(customer);
                corrections.kinds.push(kind);
                corrections.points.push(points);
            }
        }
        corrections
    }
}
