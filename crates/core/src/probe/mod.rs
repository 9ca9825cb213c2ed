//! Whether a program can be cheated: small histories, drawn and played with the engine itself (semantics 20).

mod drawn;
mod play;

use crate::program::Program;
use drawn::{Draw, Words};
use play::{Act, Played, play, play_back};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

/// How to look for cheats.
///
/// ```
/// use parure::probe::Probe;
/// use rust_decimal::Decimal;
/// let thorough = Probe { histories: 5_000, floor: Decimal::new(60, 2), ..Probe::default() }; // at least 60% of each price
/// assert_eq!(Probe::default().floor, Decimal::ZERO);
/// # let _ = thorough;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// What the histories are drawn from: the same seed draws the same.
    pub seed: u64,
    /// How many are played of each kind.
    pub histories: u32,
    /// The least share of a price that must stay with the shop, what is given in return counted: 0 to 1.
    pub floor: Decimal,
}

impl Default for Probe {
    fn default() -> Self {
        Probe { seed: 2026, histories: 1_000, floor: Decimal::ZERO }
    }
}

/// A way of getting something for nothing.
///
/// ```
/// # let cheat: Option<parure::probe::Cheat> = None;
/// let how = cheat.map(|cheat| cheat.facts.join("\n")); // what to record to see it
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cheat {
    /// Stable: `points_left`, `coupon_left`, `tier_kept`, `value_left`, `below_floor`.
    pub code: &'static str,
    /// What is gained.
    pub message: String,
    /// The facts that do it, as JSON, in their order: the fewest of those that were looked at.
    pub facts: Vec<String>,
}

impl Program {
    /// Ways of cheating that small histories find: everything bought is given back, and something is left; or a price falls below a floor. At most one of each
    /// code. None found is no proof that there is none.
    ///
    /// ```
    /// use parure::{probe::Probe, program::Program};
    /// let generous = Program::parse("house.toml", r#"
    ///     edition = 2026
    ///     name = "Maison"
    ///     effective = 2026-01-01
    ///     currency = "CNY"
    ///     time_zone = "Asia/Shanghai"
    ///     [[earn]]
    ///     id = "standard"
    ///     points = 1
    ///     per = "1.00"
    ///     [points.returns]
    ///     missing = "forgive"
    /// "#)?;
    /// let cheats = generous.cheats(Probe::default());
    /// assert_eq!(cheats[0].code, "points_left"); // buy, redeem, give back: the points are forgiven
    /// assert_eq!(cheats[0].facts.len(), 4); // joined, purchased, redeemed, returned
    /// # Ok::<(), parure::program::Faults>(())
    /// ```
    #[must_use]
    pub fn cheats(&self, probe: Probe) -> Vec<Cheat> {
        let words = Words::of(self);
        let mut draw = Draw::of(probe.seed);
        let mut found: Vec<Cheat> = Vec::new();
        for _ in 0..probe.histories {
            let acts = drawn::history(&words, &mut draw);
            for code in gained(self, &acts) {
                if found.iter().all(|cheat| cheat.code != code) {
                    let fewest = fewest(&acts, |acts| gained(self, acts).contains(&code));
                    let played = play_back(self, &fewest);
                    found.push(Cheat { code, message: told(code, self, &played), facts: played.facts });
                }
            }
        }
        let below = |acts: &[Act]| play(self, acts).kept_share().is_some_and(|share| share < probe.floor);
        for _ in 0..probe.histories {
            let acts = drawn::bargain(self, &words, &mut draw);
            if below(&acts) {
                let played = play(self, &fewest(&acts, below));
                let share = played.kept_share().unwrap_or_default().round_dp(3);
                let message = format!("{share} of the price stay with the shop, less than {}", probe.floor);
                found.push(Cheat { code: "below_floor", message, facts: played.facts });
                break;
            }
        }
        found.sort_by_key(|cheat| cheat.code);
        found
    }
}

/// What is left of a history in which everything bought was given back, that would not be there without.
fn gained(program: &Program, acts: &[Act]) -> Vec<&'static str> {
    let with = play_back(program, acts);
    let idle: Vec<Act> = acts.iter().filter(|act| !act.moves_money()).cloned().collect();
    let without = play_back(program, &idle);
    let mut codes = Vec::new();
    if with.points > without.points.saturating_add(without.lapsed) {
        codes.push("points_left");
    }
    if with.coupons.iter().any(|(kind, held)| held > without.issued.get(kind).unwrap_or(&0)) {
        codes.push("coupon_left");
    }
    if with.tiers.iter().zip(&without.tiers).any(|(with, without)| with > without) {
        codes.push("tier_kept");
    }
    if with.is_paid_more_than_it_paid_in() {
        codes.push("value_left");
    }
    codes
}

fn told(code: &str, program: &Program, played: &Played) -> String {
    let amount = |minor| program.currency.show(crate::money::Money::from_minor(minor));
    match code {
        "points_left" => {
            format!("{} points are left or were redeemed, though everything was given back", played.points)
        }
        "coupon_left" => "a coupon is left, though everything was given back".to_owned(),
        "tier_kept" => {
            "a tier that was reached by purchases is kept, though all of them were given back".to_owned()
        }
        _ => format!(
            "{} {} of stored value are left or were paid out, over what was paid in",
            amount(played.gained()),
            program.currency
        ),
    }
}

/// The acts that it takes: one after another is left out, as long as it goes on to hold.
fn fewest(acts: &[Act], holds: impl Fn(&[Act]) -> bool) -> Vec<Act> {
    let mut left = acts.to_vec();
    let mut at = left.len();
    while let Some(before) = at.checked_sub(1) {
        at = before;
        let mut fewer = left.clone();
        if at < fewer.len() {
            fewer.remove(at);
            if holds(&fewer) {
                left = fewer;
            }
        }
    }
    left
}
