//! What is shown of facts and accounts to people with SQL, whichever database holds them.

use parure::book::Book;
use parure::calendar::Day;
use parure::fact::Fact;

/// What stands beside a fact.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Beside {
    pub(crate) kind: String,
    pub(crate) at: String,
    pub(crate) day: String,
    pub(crate) customer: Option<String>,
    pub(crate) amount_minor: i64,
}

impl Beside {
    pub(crate) fn of(book: &Book, fact: &Fact<'_>) -> Beside {
        Beside {
            kind: fact.kind().to_owned(),
            at: fact.at().to_string(),
            day: book.day_of(fact.at()).to_string(),
            customer: fact.customer().map(str::to_owned),
            amount_minor: fact.turnover_minor(),
        }
    }
}

/// An account after all of its facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) account: String,
    /// Customers whose account goes by this one's id.
    pub(crate) aliases: Vec<String>,
    pub(crate) day: String,
    pub(crate) joined: Option<String>,
    pub(crate) tier: Option<String>,
    pub(crate) tier_until: Option<String>,
    pub(crate) balance: i64,
    pub(crate) pending: i64,
    pub(crate) debt: i64,
    pub(crate) lapsed: i64,
    /// A list of [fact, points, first day, last day].
    pub(crate) lots: String,
}

impl Standing {
    pub(crate) fn of(book: &Book, account: &str) -> Option<Standing> {
        let stands = book.standing(account)?;
        let text = |day: Option<Day>| day.map(|day| day.to_string());
        let tier = stands.tier.as_ref();
        let mut lots = Vec::new();
        for lot in &stands.points.lots {
            lots.push(if lots.is_empty() { b'[' } else { b',' });
            let [first, last] = [Some(lot.first_day), lot.last_day].map(text);
            // A list of bytes takes whatever is written.
            let _ = serde_json::to_writer(&mut lots, &(&*lot.fact, lot.points, first, last));
        }
        lots.extend_from_slice(if lots.is_empty() { b"[]" } else { b"]" });
        Some(Standing {
            account: account.to_owned(),
            aliases: stands.aliases.iter().map(ToString::to_string).collect(),
            day: stands.on.to_string(),
            joined: text(stands.joined),
            tier: tier.map(|tier| tier.id.to_string()),
            tier_until: text(tier.and_then(|tier| tier.until)),
            balance: stands.points.balance,
            pending: stands.points.pending,
            debt: stands.points.debt,
            lapsed: stands.points.totals.lapsed,
            lots: String::from_utf8(lots).unwrap_or_default(),
        })
    }
}
