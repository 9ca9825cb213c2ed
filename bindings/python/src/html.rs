//! What notebooks show.

use crate::answers::{Account, Goal};
use crate::shown::{Many, grouped};
use parure::program::Program;
use std::fmt::Write;

/// Text in HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn row(told: &mut String, what: &str, value: &str) {
    // Writing to a text can't fail.
    let _ = write!(
        told,
        "<tr><th style=\"text-align:left\">{}</th><td style=\"text-align:right\">{}</td></tr>",
        escaped(what),
        escaped(value)
    );
}

pub(crate) fn program(program: &Program) -> String {
    let mut told = format!("<div><strong>{}</strong><table>", escaped(program.name()));
    row(&mut told, "from", &program.effective().to_string());
    row(&mut told, "currency", program.currency().code());
    row(&mut told, "time zone", program.time_zone().name());
    let _ = write!(
        told,
        "</table><details><summary>rules</summary><pre>{}</pre></details></div>",
        escaped(program.source())
    );
    told
}

fn goals(missing: &Many<Goal>) -> String {
    let goal = |goal: &Goal| {
        let mut parts = Vec::new();
        parts.extend(goal.spend.map(|spend| format!("{} spent", spend.0)));
        parts.extend(goal.visits.map(|visits| format!("{visits} visits")));
        parts.extend(goal.points.map(|points| format!("{} points", grouped(points))));
        parts.extend(goal.growth.map(|growth| format!("{} of growth value", grouped(growth))));
        if !goal.within.is_empty() {
            parts.push(format!("within {}", goal.within));
        }
        parts.join(" ")
    };
    missing.0.iter().map(goal).collect::<Vec<_>>().join(" or ")
}

pub(crate) fn account(account: &Account) -> String {
    let points = &account.points;
    let mut told =
        format!("<div><strong>{}</strong> on {}<table>", escaped(&account.account.0), account.on.0);
    if !account.aliases.0.is_empty() {
        let aliases: Vec<&str> = account.aliases.0.iter().map(|id| id.0.as_str()).collect();
        row(&mut told, "also", &aliases.join(", "));
    }
    row(&mut told, "joined", &account.joined.map_or_else(|| "no".to_owned(), |day| day.0.to_string()));
    row(&mut told, "balance", &grouped(points.balance));
    if points.pending != 0 {
        row(&mut told, "pending", &grouped(points.pending));
    }
    if points.debt != 0 {
        row(&mut told, "debt", &grouped(points.debt));
    }
    if let Some(tier) = &account.tier {
        let until = tier.until.map_or_else(String::new, |day| format!(" until {}", day.0));
        row(&mut told, "tier", &format!("{} since {}{until}", tier.name, tier.since.0));
        if let Some(next) = &tier.next {
            row(&mut told, &format!("missing for {}", next.id.0), &goals(&next.missing));
        }
        if let Some(keep) = tier.keep.as_ref().filter(|keep| !keep.missing.0.is_empty()) {
            row(&mut told, &format!("missing to keep it by {}", keep.by.0), &goals(&keep.missing));
        }
    }
    if let Some(growth) = account.growth {
        row(&mut told, "growth value", &grouped(growth));
    }
    if let Some(household) = &account.household {
        let members: Vec<&str> = household.members.0.iter().map(|id| id.0.as_str()).collect();
        let points = grouped(household.points);
        row(
            &mut told,
            &format!("household {}", household.id.0),
            &format!("{points} with {}", members.join(", ")),
        );
    }
    for coupon in &account.coupons.0 {
        let until =
            coupon.last_day.map_or_else(|| "without end".to_owned(), |day| format!("until {}", day.0));
        row(&mut told, &format!("coupon {}", coupon.coupon.0), &format!("{} {until}", coupon.name));
    }
    for benefit in &account.benefits.0 {
        let left =
            benefit.left.map_or_else(|| "as often as wished".to_owned(), |left| format!("{left} left"));
        row(&mut told, &format!("benefit {}", benefit.benefit.0), &format!("{}, {left}", benefit.name));
    }
    if let Some(value) = &account.stored_value {
        let held = format!("{} ({} principal, {} bonus)", value.balance.0, value.principal.0, value.bonus.0);
        row(&mut told, "stored value", &held);
    }
    for order in &account.orders.0 {
        row(
            &mut told,
            &format!("order {}", order.order.0),
            &format!("{} of {}", order.left.0, order.amount.0),
        );
    }
    for claimed in &account.claimed.0 {
        row(&mut told, &format!("to hand over, {}", claimed.redemption.0), &claimed.name);
    }
    for flag in &account.flags.0 {
        let facts: Vec<&str> = flag.facts.0.iter().map(|id| id.0.as_str()).collect();
        row(&mut told, &format!("flag {}", flag.code.0), &facts.join(", "));
    }
    told.push_str("</table>");
    if !points.lots.0.is_empty() {
        told.push_str("<table><tr><th>points</th><th>from</th><th>usable</th><th>until</th></tr>");
        for lot in &points.lots.0 {
            let until = lot.last_day.map_or_else(String::new, |day| day.0.to_string());
            let _ = write!(
                told,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{until}</td></tr>",
                grouped(lot.points),
                escaped(&lot.fact.0),
                lot.first_day.0
            );
        }
        told.push_str("</table>");
    }
    told.push_str("</div>");
    told
}
