//! What introducing someone is worth (semantics 14), looked up among all facts.

use super::calendar::{Day, membership_year_start, same_year};
use super::fold::{accounts, customer, text};
use super::program::{Exact, Introduction, Window, whole};
use super::purchase::Purchase;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A first purchase of someone who was introduced.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) purchase: String,
    /// Who introduced them, and the fact that tells so.
    pub(crate) introducer: String,
    pub(crate) by: String,
    pub(crate) welcome: i64,
    /// The return after which too little of it was left.
    pub(crate) lost: Option<String>,
}

/// What was given for someone else's first purchase.
#[derive(Clone, Debug)]
pub(crate) struct Reward {
    pub(crate) purchase: String,
    pub(crate) day: Day,
    pub(crate) points: i64,
    pub(crate) lost: bool,
}

/// 14.1: whether enough is left of what was to be paid.
pub(crate) fn is_enough(rules: &Introduction, purchase: &Purchase, minor: &Exact) -> bool {
    let to_pay = &purchase.to_pay;
    let bought: Exact = purchase.lines.iter().map(|line| line.amount.clone()).sum();
    let back: Exact = purchase.lines.iter().map(|line| line.returned.clone()).sum();
    let off = if bought == whole(0) { whole(0) } else { (to_pay * back / bought / minor).floor() * minor };
    !purchase.wholly_returned() && to_pay - off >= rules.least
}

/// 2.3: whether something was given within the window that ends today.
pub(crate) fn is_within(rules: &Introduction, reward: &Reward, today: Day, joined: Day) -> bool {
    match rules.within {
        Window::Rolling(span) => span.window_holds(reward.day, today),
        Window::CalendarYear => same_year(reward.day, today),
        Window::MembershipYear => membership_year_start(joined, today) <= reward.day,
        Window::Term | Window::Ever => true,
    }
}

/// The fact before a place, the latest, that tells who introduced an account, and whom it names.
fn told<'a>(
    all: &[&'a Value],
    members: &BTreeSet<String>,
    before: usize,
) -> Option<(usize, Option<&'a str>)> {
    let found = all[..before].iter().enumerate().rev().filter(|(_, fact)| members.contains(customer(fact)));
    let mut found = found.filter(|(_, fact)| fact["nameless"].is_null());
    found.find_map(|(at, fact)| {
        let profile = fact.get("joined").or(fact.get("profile_changed"))?;
        let forgets =
            profile["forget"].as_array().is_some_and(|keys| keys.iter().any(|key| key == "introduced_by"));
        if forgets { Some((at, None)) } else { Some((at, Some(profile["introduced_by"].as_str()?))) }
    })
}

/// 14.2: who introduced the customer of a purchase, and the fact that tells so, where that is worth anything.
pub(crate) fn introducer(all: &[&Value], purchase: &Value) -> Option<(String, String)> {
    let roots = accounts(all);
    let root = |of: &str| roots.get(of).cloned().unwrap_or_else(|| of.to_owned());
    let members = |account: &str| -> BTreeSet<String> {
        let aliases = roots.iter().filter(|(_, root)| *root == account).map(|(of, _)| of.clone());
        aliases.chain([account.to_owned()]).collect()
    };
    let own = root(customer(purchase));
    let at = all.iter().position(|fact| fact["id"] == purchase["id"])?;
    let is_forgotten = |who: &BTreeSet<String>| {
        all[..at].iter().any(|fact| fact.get("erased").is_some() && who.contains(customer(fact)))
    };
    let (place, named) = told(all, &members(&own), at)?;
    let named = named?;
    if !purchase["nameless"].is_null() || root(named) == own || is_forgotten(&members(&own)) {
        return None;
    }
    Some((named.to_owned(), text(all[place], "id").to_owned()))
}

/// The facts of others that an account is told of: first purchases of those whom it introduced, and the returns that took these
/// away; each with the purchase.
pub(crate) fn of_others(members: &BTreeSet<String>, claims: &[Claim]) -> BTreeMap<String, String> {
    let mine = claims.iter().filter(|claim| members.contains(&claim.introducer));
    mine.flat_map(|claim| {
        let facts = [Some(&claim.purchase), claim.lost.as_ref()].into_iter().flatten();
        facts.map(|fact| (fact.clone(), claim.purchase.clone()))
    })
    .collect()
}
