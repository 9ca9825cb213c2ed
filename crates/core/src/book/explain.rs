//! Why a number is what it is: the facts, rules, multipliers, rounding, caps and lots it came from, and why not others.

use super::judging::Judging;
use super::views::day_as_text;
use super::{AccountView, Book};
use crate::Id;
use crate::calendar::Day;
use crate::fact::Fact;
use crate::loyalty::account::{Account, Linked};
use crate::loyalty::earning::LineAward;
use crate::loyalty::lots::FactNo;
use crate::loyalty::stored_value::Split;
use crate::loyalty::tiers::tier_of;
use crate::money::Money;
use crate::outcome::{CouponMove, DepositMove, Entry, Refusal, Seen, ValueMove};
use crate::program::condition::{Condition, Scene, Why};
use crate::program::{Program, Rounding};
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt;

/// An account and everything that made it what it is, in order.
///
/// Printed, it reads like a statement; as JSON it has the same for tools.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let told = book.explain("wang-fang", on)?;
/// assert_eq!(told.account.points.balance, 4_077);
/// assert!(told.to_string().contains("1975 points by `standard`, times 2 (birthday-month)"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Explanation {
    /// The account as of the day.
    pub account: AccountView,
    /// Fact by fact.
    pub facts: Vec<FactExplanation>,
    /// What the days alone did after the last fact.
    pub since: Vec<Step>,
}

/// What one fact did, and why.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let told = book.explain("wang-fang", on)?;
/// let ring = told.facts.iter().find(|fact| fact.fact == "p-14").unwrap();
/// assert_eq!((ring.kind, ring.day.to_string().as_str(), ring.balance), ("purchased", "2026-05-03", 520));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FactExplanation {
    /// Its id.
    pub fact: Id,
    /// Its kind.
    pub kind: &'static str,
    /// When it happened.
    pub at: String,
    /// The day it counts on.
    #[serde(serialize_with = "day_as_text")]
    pub day: Day,
    /// What the days before it did: what lapsed, terms that ended.
    pub before: Vec<Step>,
    /// What it did, in order.
    pub steps: Vec<Step>,
    /// How a purchase came to its points, line by line.
    pub lines: Vec<LineExplanation>,
    /// Rules that did not apply, and why.
    pub not_applied: Vec<NotApplied>,
    /// The balance after it.
    pub balance: i64,
}

/// One thing that happened to the account.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let told = book.explain("wang-fang", on)?;
/// let ring = told.facts.iter().find(|fact| fact.fact == "p-14").unwrap();
/// let codes: Vec<_> = ring.steps.iter().map(|step| (step.code, step.points)).collect();
/// assert_eq!(codes, [("bought", None), ("spent", Some(500)), ("awarded", Some(1_975))]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Step {
    /// The day.
    #[serde(serialize_with = "day_as_text")]
    pub day: Day,
    /// A stable code: `awarded`, `spent`, `lapsed`, `tier`, …
    pub code: &'static str,
    /// Points that moved, where some did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<i64>,
    /// The same for people.
    pub text: String,
}

/// How one line came to its points.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let told = book.explain("wang-fang", on)?;
/// let necklace = told.facts.iter().find(|fact| fact.fact == "p-31").unwrap();
/// let line = &necklace.lines[0];
/// assert_eq!((line.rule.as_str(), line.multiplier.as_str(), line.points.as_str()), ("standard", "1", "1635/2"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LineExplanation {
    /// The line's id.
    pub line: String,
    /// The earning rule.
    pub rule: Id,
    /// The multiplier.
    pub multiplier: String,
    /// The bonuses that gave it; none: the tier's own.
    pub bonuses: Vec<Id>,
    /// The points, exactly: a whole number or a fraction.
    pub points: String,
}

/// A rule that did not apply.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let told = book.explain("wang-fang", on)?;
/// let necklace = told.facts.iter().find(|fact| fact.fact == "p-31").unwrap();
/// let welcome = necklace.not_applied.iter().find(|rule| rule.rule == "welcome").unwrap();
/// assert_eq!(welcome.because, ["`customer.purchases == 0` does not hold: customer.purchases is 2"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotApplied {
    /// The rule's id.
    pub rule: Id,
    /// The line that was looked at, for a rule about lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The parts of its condition that were not met, with what they found.
    pub because: Vec<String>,
}

impl Book {
    /// Why a customer's account is what it is, as of the end of a day.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// let told = book.explain("wang-fang", on)?;
    /// print!("{told}"); // reads like a statement
    /// assert_eq!(told.facts.len(), 8);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Refused with `unknown_customer` for someone nobody knows, with `sealed` for a day before the seal.
    pub fn explain(&self, customer: &str, on: Day) -> Result<Explanation, Refusal> {
        let root = self.asked(customer, on)?;
        let ground = self.ground();
        let mut account = self.base(root);
        let (mut facts, mut judging) = (Vec::new(), Judging::default());
        for no in self.facts_of(root).iter().copied() {
            let Some(fact) = self.log.fact(no) else { continue };
            let when = ground.when(no, &fact);
            let day = when.day;
            if day > on {
                break;
            }
            let mut seen = Seen::default();
            account.advance(day, &self.versions, &mut seen);
            let before = std::mem::take(&mut seen.entries);
            let mut sides = self.sides(no, &fact, root, &self.versions);
            sides.unfit = self.against_report(&fact, when, (root, &account), &self.versions, &mut judging);
            ground.show(no, &fact, when, sides, |event| account.apply(event, &self.versions, &mut seen));
            let mut explained = FactExplanation {
                fact: fact.id().into(),
                kind: fact.kind(),
                at: fact.at.to_string(),
                day,
                before: self.steps(&before),
                steps: self.steps(&seen.entries),
                lines: Vec::new(),
                not_applied: Vec::new(),
                balance: account.purse.balance(day),
            };
            self.explain_earning(&account, no, &fact, day, &mut explained);
            facts.push(explained);
        }
        let mut seen = Seen::default();
        account.advance(on, &self.versions, &mut seen);
        Ok(Explanation { account: self.view(root, &account, on), facts, since: self.steps(&seen.entries) })
    }

    fn explain_earning(
        &self,
        account: &Account,
        no: FactNo,
        fact: &Fact<'_>,
        day: Day,
        explained: &mut FactExplanation,
    ) {
        let Some(linked) = Linked::of(no, day, fact) else { return };
        // What it depended on is gone: the award is told, and can't be explained any more.
        if self.erasures.carries(fact.customer().unwrap_or_default(), fact.id()) {
            return;
        }
        let program = self.versions.on(day).program;
        let mut awards: Vec<LineAward> = Vec::new();
        account.earned_how(&linked, &self.versions, |asking| {
            let wanted = crate::loyalty::earning::wanted(program, asking, Some(&mut awards));
            let scene = &asking.scene;
            for (at, line) in asking.basket.lines().iter().enumerate() {
                let award = awards.iter().find(|award| award.line == at);
                let matched = award.map_or(program.earn.len(), |award| award.rule);
                for rule in program.earn.iter().take(matched) {
                    let scene = Scene { line: Some(line), ..*scene };
                    let because = why_not(rule.when.as_ref(), &scene);
                    explained.not_applied.push(NotApplied {
                        rule: rule.id.clone(),
                        line: Some(line.id.to_string()),
                        because,
                    });
                }
            }
            for (_, bonus) in
                program.bonuses.iter().enumerate().filter(|(at, _)| !wanted.rules.has_bonus(*at))
            {
                let about_lines = bonus.when.as_ref().is_some_and(|when| when.uses().line);
                if !about_lines {
                    let because = why_not(bonus.when.as_ref(), scene);
                    explained.not_applied.push(NotApplied { rule: bonus.id.clone(), line: None, because });
                    continue;
                }
                for line in asking.basket.lines() {
                    let scene = Scene { line: Some(line), ..*scene };
                    let because = why_not(bonus.when.as_ref(), &scene);
                    explained.not_applied.push(NotApplied {
                        rule: bonus.id.clone(),
                        line: Some(line.id.to_string()),
                        because,
                    });
                }
            }
            explained.lines = awards
                .iter()
                .filter_map(|award| explain_line(program, asking.basket.lines(), award))
                .collect();
        });
    }

    fn steps(&self, entries: &[(Day, Option<FactNo>, Entry)]) -> Vec<Step> {
        entries.iter().filter_map(|(day, _, entry)| self.step(*day, *entry)).collect()
    }

    fn step(&self, day: Day, entry: Entry) -> Option<Step> {
        let id = |no: FactNo| self.log.id(no);
        let program = self.versions.on(day).program;
        let step = |code, points: i64, text: String| Some(Step { day, code, points: Some(points), text });
        match entry {
            Entry::Bought(amount) => {
                let text = format!("{} {} to pay", self.currency().show(amount), self.currency());
                Some(Step { day, code: "bought", points: None, text })
            }
            Entry::Awarded { wanted, points, .. } if wanted == points => {
                step("awarded", points, format!("{points} points, rounded {}", rounding(program)))
            }
            Entry::Awarded { wanted, points, .. } => {
                step("awarded", points, format!("{points} points: caps cut them from {wanted}"))
            }
            Entry::Occasion { points, trigger } => {
                let given = trigger.and_then(|place| program.triggers.get(usize::from(place)));
                let by = given.map_or("an occasion", |trigger| &*trigger.id);
                step("occasion", points, format!("{points} points given by `{by}`"))
            }
            Entry::Introduced { points, welcome: true, .. } => {
                step("introduced", points, format!("{points} points for being introduced"))
            }
            Entry::Introduced { wanted, points: 0, .. } => {
                let text =
                    format!("no points for introducing this customer: the limit cut them from {wanted}");
                step("introduced", 0, text)
            }
            Entry::Introduced { points, .. } => {
                step("introduced", points, format!("{points} points for introducing this customer"))
            }
            Entry::DebtPaid(points) => step("debt_paid", points, format!("{points} of them pay debt")),
            Entry::Spent(points) => step("spent", points, format!("{points} points spent")),
            Entry::Given(points) => step("given", points, format!("{points} points given away")),
            Entry::Received(points) => step("received", points, format!("{points} points received")),
            Entry::Adjusted(points) => step("adjusted", points, format!("{points} points by hand")),
            Entry::Restored(points) => {
                step("restored", points, format!("{points} points that had paid come back"))
            }
            Entry::TakenBack(points) => step("taken_back", points, format!("{points} points taken back")),
            Entry::Shared(spend) => {
                let text = format!(
                    "{} {} of the household's spend count for the tier",
                    self.currency().show(spend),
                    self.currency()
                );
                Some(Step { day, code: "shared", points: None, text })
            }
            Entry::LapsedCounted(points) => {
                step("lapsed_counted", points, format!("{points} points had lapsed and count as taken back"))
            }
            Entry::Forgiven(points) => step("forgiven", points, format!("{points} missing points forgiven")),
            Entry::Owed(points) => step("owed", points, format!("{points} points were missing and are owed")),
            Entry::Lapsed { points, lot } => {
                step("lapsed", points, format!("{points} points of `{}` lapsed", id(lot.fact)))
            }
            Entry::Tier { from, to, why } => {
                // The day before tells what the old place meant, where the program changed on this one.
                let old = self.versions.on(day.add_days(-1)).program;
                let name = |program, place| tier_of(program, place).map_or("", |tier| &*tier.id);
                let old = if matches!(why, crate::loyalty::tiers::Why::Adopted) { old } else { program };
                let text =
                    format!("tier `{}` to `{}` ({})", name(old, from), name(program, to), self.why(why));
                Some(Step { day, code: "tier", points: None, text })
            }
            Entry::Coupon { coupon, what, .. } => {
                let text = match what {
                    CouponMove::Issued => "issued",
                    CouponMove::Used => "used",
                    CouponMove::GivenBack => "given back",
                    CouponMove::Voided => "taken back",
                    CouponMove::Transferred => "passed on",
                    CouponMove::Received => "received",
                    CouponMove::Held => "held",
                    CouponMove::Released => "let go",
                };
                let text = format!("coupon `{}` {text}", id(coupon));
                Some(Step { day, code: "coupon", points: None, text })
            }
            Entry::Value(what, split) => {
                let text = self.value_moved(what, split);
                Some(Step { day, code: "value", points: None, text })
            }
            Entry::TierBought { tier, first, last } => {
                let tier = tier_of(program, tier).map_or("", |tier| &*tier.id);
                let text = format!("tier `{tier}` bought, from {first} through {last}");
                Some(Step { day, code: "tier_bought", points: None, text })
            }
            Entry::PaidBeside(amount) => {
                let text = format!("{} paid beside them", self.currency().show(amount));
                Some(Step { day, code: "paid_beside", points: None, text })
            }
            Entry::Deposit { order, what, amount } => {
                let amount = self.currency().show(amount);
                let text = match what {
                    DepositMove::Paid => format!("{amount} paid beforehand for order `{}`", id(order)),
                    DepositMove::Used => format!("{amount} of the deposit of order `{}` used", id(order)),
                    DepositMove::GivenBack => {
                        format!("{amount} of the deposit of order `{}` go back", id(order))
                    }
                    DepositMove::Kept => format!("{amount} of the deposit of order `{}` are kept", id(order)),
                };
                Some(Step { day, code: "deposit", points: None, text })
            }
            Entry::RefundedTo { top_up, amount } => {
                let amount = self.currency().show(Money::from_minor(amount));
                let text = format!("{amount} go back to where `{}` came from", id(top_up));
                Some(Step { day, code: "refunded_to", points: None, text })
            }
            Entry::Flagged(flag) => {
                let other = flag.other.map_or_else(String::new, |other| format!(" with `{}`", id(other)));
                Some(Step {
                    day,
                    code: "flagged",
                    points: None,
                    text: format!("flagged {}{other}", flag.code.flag()),
                })
            }
        }
    }
}

fn rounding(program: &Program) -> String {
    let how = match program.points.rounding {
        Rounding::Down => "down",
        Rounding::HalfUp => "half up",
        Rounding::Up => "up",
    };
    let once = if program.points.per_line { "for each line" } else { "once for the purchase" };
    format!("{how} {once}")
}

fn explain_line(
    program: &Program,
    lines: &[crate::fact::Line<'_>],
    award: &LineAward,
) -> Option<LineExplanation> {
    let bonuses = program.bonuses.iter().enumerate().filter(|(at, _)| {
        crate::loyalty::earning::RuleSet { earn: 0, bonuses: award.bonuses }.has_bonus(*at)
    });
    Some(LineExplanation {
        line: lines.get(award.line)?.id.to_string(),
        rule: program.earn.get(award.rule)?.id.clone(),
        multiplier: award.multiplier.clone(),
        bonuses: bonuses.map(|(_, bonus)| bonus.id.clone()).collect(),
        points: award.exact.clone(),
    })
}

fn why_not(when: Option<&Condition>, scene: &Scene<'_>) -> Vec<String> {
    let reasons = when.map_or_else(Vec::new, |condition| unmet(condition, scene));
    if reasons.is_empty() {
        return vec![
            "its condition holds, but another multiplier is larger or nothing was earned".to_owned(),
        ];
    }
    reasons
}

/// The parts of a condition that speak against it, with what they found.
pub(super) fn unmet(when: &Condition, scene: &Scene<'_>) -> Vec<String> {
    when.why_not(scene).iter().map(reason).collect()
}

fn reason(why: &Why) -> String {
    let found: Vec<String> =
        why.found.iter().map(|found| format!("{} is {}", found.name, found.value)).collect();
    let held = if why.held { "holds" } else { "does not hold" };
    if found.is_empty() {
        format!("`{}` {held}", why.part)
    } else {
        format!("`{}` {held}: {}", why.part, found.join(", "))
    }
}

impl Book {
    /// What moved of stored value, in words.
    fn value_moved(&self, what: ValueMove, split: Split) -> String {
        let money = |minor| self.currency().show(Money::from_minor(minor));
        let (principal, bonus) = (money(split.principal), money(split.bonus));
        let both = match (split.principal, split.bonus) {
            (_, 0) => principal.to_string(),
            (0, _) => format!("{bonus} of bonus"),
            _ => format!("{principal} and {bonus} of bonus"),
        };
        match what {
            ValueMove::ToppedUp => format!("{both} topped up"),
            ValueMove::Spent => format!("{both} of stored value spent"),
            ValueMove::Restored => format!("{both} of stored value that had paid come back"),
            ValueMove::Refunded => format!("{principal} of stored value refunded"),
            ValueMove::TakenBack if split.principal == 0 => {
                format!("{bonus} of bonus taken back: what is left no longer brings it")
            }
            ValueMove::TakenBack => {
                format!("{both} taken back for bonus: what is left no longer brings it, and it was spent")
            }
            ValueMove::Transferred => format!("{both} of stored value transferred"),
            ValueMove::Received => format!("{both} of stored value received"),
            ValueMove::Lapsed => format!("{bonus} of bonus lapsed"),
            ValueMove::Owed => format!("{principal} of stored value were missing and are owed"),
            ValueMove::Frozen => "stored value frozen".to_owned(),
            ValueMove::Released => "stored value released".to_owned(),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fact in &self.facts {
            fact.fmt(f)?;
        }
        for step in &self.since {
            writeln!(f, "{}  {}", step.day, step.text)?;
        }
        let (account, points) = (&self.account, &self.account.points);
        writeln!(f, "\n`{}` on {}", account.account, account.on)?;
        write!(f, "  balance {}", points.balance)?;
        writeln!(f, " = usable {} - debt {}; pending {}", points.usable, points.debt, points.pending)?;
        for lot in &points.lots {
            let last = lot
                .last_day
                .map_or_else(|| "without a last day".to_owned(), |last| format!("through {last}"));
            writeln!(f, "  {:>8} of `{}`, usable from {} {last}", lot.points, lot.fact, lot.first_day)?;
        }
        if let Some(tier) = &account.tier {
            let until = tier.until.map_or_else(|| "no end".to_owned(), |until| format!("until {until}"));
            writeln!(f, "  tier `{}` since {}, {until} ({})", tier.id, tier.since, tier.by)?;
            if let Some(keep) = &tier.keep {
                write_missing(f, &format!("to keep it, by {}", keep.by), &keep.missing)?;
            }
            if let Some(next) = &tier.next {
                write_missing(f, &format!("to reach `{}`", next.id), &next.missing)?;
            }
        }
        if let Some(household) = &account.household {
            let members: Vec<&str> = household.members.iter().map(|id| &**id).collect();
            writeln!(
                f,
                "  household `{}` of {}: {} points",
                household.id,
                members.join(", "),
                household.points
            )?;
        }
        for coupon in &account.coupons {
            let last = coupon
                .last_day
                .map_or_else(|| "without a last day".to_owned(), |last| format!("through {last}"));
            writeln!(
                f,
                "  coupon `{}` ({}), usable from {} {last}",
                coupon.coupon, coupon.name, coupon.first_day
            )?;
        }
        for benefit in &account.benefits {
            let left =
                benefit.left.map_or_else(|| "as often as wished".to_owned(), |left| format!("{left} left"));
            let of = benefit.line.as_ref().zip(benefit.fact.as_ref());
            let of = of.map_or_else(String::new, |(line, fact)| format!(" of line `{line}` of `{fact}`"));
            writeln!(f, "  benefit `{}` ({}) by {}{of}: {left}", benefit.benefit, benefit.name, benefit.by)?;
        }
        if let Some(value) = &account.stored_value {
            writeln!(
                f,
                "  stored value {} = principal {} + bonus {} - owed {}; refundable {}",
                value.balance, value.principal, value.bonus, value.owed, value.refundable
            )?;
            for bonus in &value.lapsing {
                writeln!(f, "  {:>8} of the bonus through {}", bonus.amount, bonus.last_day)?;
            }
            for id in &value.frozen {
                writeln!(f, "  stored value of `{id}` is frozen")?;
            }
        }
        for flag in &account.flags {
            writeln!(f, "  flagged {}: {}", flag.code, flag.facts.join(", "))?;
        }
        Ok(())
    }
}

fn write_missing(f: &mut fmt::Formatter<'_>, what: &str, missing: &[super::GoalView]) -> fmt::Result {
    let ways: Vec<String> = missing.iter().map(ToString::to_string).collect();
    if ways.is_empty() {
        return writeln!(f, "  {what}: nothing is missing");
    }
    writeln!(f, "  {what}: {}", ways.join(", or "))
}

impl fmt::Display for super::GoalView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(spend) = self.spend {
            write!(f, "{spend} more spend")?;
        } else if let Some(visits) = self.visits {
            write!(f, "{visits} more visits")?;
        } else if let Some(points) = self.points {
            write!(f, "{points} more points earned")?;
        } else if let Some(growth) = self.growth {
            write!(f, "{growth} more growth value")?;
        }
        if self.within.is_empty() { Ok(()) } else { write!(f, " within {}", self.within) }
    }
}

impl fmt::Display for FactExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.before {
            writeln!(f, "{}  {}", step.day, step.text)?;
        }
        writeln!(f, "{}  {} `{}`  balance {}", self.day, self.kind, self.fact, self.balance)?;
        for line in &self.lines {
            let by = if line.bonuses.is_empty() { "tier".to_owned() } else { line.bonuses.join(", ") };
            writeln!(
                f,
                "            line `{}`: {} points by `{}`, times {} ({by})",
                line.line, line.points, line.rule, line.multiplier
            )?;
        }
        for step in &self.steps {
            writeln!(f, "            {}", step.text)?;
        }
        for rule in &self.not_applied {
            let line = rule.line.as_ref().map_or_else(String::new, |line| format!(" to line `{line}`"));
            writeln!(f, "            `{}` did not apply{line}: {}", rule.rule, rule.because.join("; "))?;
        }
        Ok(())
    }
}
