//! What is shown of facts and accounts to people with SQL, whichever database holds them.

use parure::book::Book;
use parure::calendar::Day;
use parure::fact::Fact;
use serde_json::json;
use std::fmt::Write;

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
        let mut lots = String::from("[");
        for lot in &stands.points.lots {
            let next = if lots.len() > 1 { "," } else { "" };
            let last = lot.last_day.map_or_else(|| "null".to_owned(), |day| format!("\"{day}\""));
            // A string takes whatever is written.
            let _ =
                write!(lots, r#"{next}[{},{},"{}",{last}]"#, json!(&*lot.fact), lot.points, lot.first_day);
        }
        lots.push(']');
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
            lots,
        })
    }
}
