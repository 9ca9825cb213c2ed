//! Which version of the program counts on which day (semantics 1.7).

use super::Program;
use crate::calendar::{Day, Moment};
use crate::money::Currency;

/// The versions of a program by the day they take effect; never empty.
#[derive(Debug, Clone)]
pub(crate) struct Versions {
    first: Version,
    /// By effective day, later than the first's.
    later: Vec<Version>,
    /// Some condition asks for a customer's spend or points, so returns need them as they were then.
    asks_for_totals: bool,
    /// Some version rewards introductions.
    rewards_introductions: bool,
    /// Some version lets points be pooled.
    pools_points: bool,
    /// Some version pools what counts for tiers.
    pools_spend: bool,
    /// Some version requires fields of pieces.
    requires_of_pieces: bool,
    /// Some version limits how often all customers together use a coupon.
    limits_coupons_in_all: bool,
    /// Under some version a line that is bought brings a tier or a benefit along.
    lines_bring: bool,
}

#[derive(Debug, Clone)]
struct Version {
    from: Day,
    program: Program,
}

/// A version that a fact adopted, and the day from which it counts.
pub(crate) struct Adoption {
    pub(crate) at: Moment,
    pub(crate) id: String,
    pub(crate) from: Day,
    pub(crate) program: Program,
}

/// The version in force on a day. `index` is its place among the versions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InForce<'a> {
    pub(crate) index: u16,
    pub(crate) program: &'a Program,
    /// Before the first version's effective day nothing is earned or counted.
    pub(crate) started: bool,
}

impl Versions {
    /// The program a book was opened with, and those adopted since, in any order. Of versions that take effect on the same day
    /// the one adopted last counts.
    pub(crate) fn new(opened_with: Program, mut adopted: Vec<Adoption>) -> Self {
        adopted.sort_by(|a, b| (a.at.micros(), &a.id).cmp(&(b.at.micros(), &b.id)));
        let mut by_day: std::collections::BTreeMap<Day, Program> = std::collections::BTreeMap::new();
        let spare = opened_with.clone();
        by_day.insert(opened_with.effective, opened_with);
        for adoption in adopted {
            by_day.insert(adoption.from, adoption.program);
        }
        let mut versions = by_day.into_iter().map(|(from, program)| Version { from, program });
        let first = versions.next().unwrap_or(Version { from: spare.effective, program: spare });
        let mut versions = Versions {
            first,
            later: versions.collect(),
            asks_for_totals: false,
            rewards_introductions: false,
            pools_points: false,
            pools_spend: false,
            requires_of_pieces: false,
            limits_coupons_in_all: false,
            lines_bring: false,
        };
        let asks = versions.programs().any(Program::asks_for_totals);
        let rewards = versions.programs().any(|program| program.introduction.is_some());
        let requires =
            versions.programs().any(|program| program.customers.pieces.iter().any(|field| field.required));
        (versions.asks_for_totals, versions.rewards_introductions) = (asks, rewards);
        let households = || versions.programs().filter_map(|program| program.household);
        let pools = (households().next().is_some(), households().any(|household| household.pool_spend));
        (versions.pools_points, versions.pools_spend) = pools;
        versions.requires_of_pieces = requires;
        let limits = |program: &Program| program.coupons.iter().any(|coupon| coupon.in_all.is_some());
        let limits = versions.programs().any(limits);
        versions.limits_coupons_in_all = limits;
        let bring = versions.programs().any(Program::lines_bring);
        versions.lines_bring = bring;
        versions
    }

    pub(crate) fn asks_for_totals(&self) -> bool {
        self.asks_for_totals
    }

    pub(crate) fn rewards_introductions(&self) -> bool {
        self.rewards_introductions
    }

    pub(crate) fn pools_points(&self) -> bool {
        self.pools_points
    }

    pub(crate) fn limits_coupons_in_all(&self) -> bool {
        self.limits_coupons_in_all
    }

    pub(crate) fn lines_bring(&self) -> bool {
        self.lines_bring
    }

    /// The fewest seats that a household has under any version; none where no version knows households.
    pub(crate) fn least_seats(&self) -> usize {
        let seats =
            self.programs().filter_map(|program| program.household).map(|household| household.members);
        seats.min().unwrap_or(0)
    }

    pub(crate) fn pools_spend(&self) -> bool {
        self.pools_spend
    }

    pub(crate) fn requires_of_pieces(&self) -> bool {
        self.requires_of_pieces
    }

    pub(crate) fn on(&self, day: Day) -> InForce<'_> {
        let index = self.later.partition_point(|version| version.from <= day);
        self.get(u16::try_from(index).unwrap_or(u16::MAX), day)
    }

    fn get(&self, index: u16, day: Day) -> InForce<'_> {
        let version =
            usize::from(index).checked_sub(1).and_then(|at| self.later.get(at)).unwrap_or(&self.first);
        InForce { index, program: &version.program, started: day >= self.first.from }
    }

    /// The first day after `day` on which another version takes effect.
    pub(crate) fn next_change(&self, day: Day) -> Option<Day> {
        let at = self.later.partition_point(|version| version.from <= day);
        self.later.get(at).map(|version| version.from)
    }

    pub(crate) fn currency(&self) -> Currency {
        self.first.program.currency
    }

    pub(crate) fn zone(&self) -> chrono_tz::Tz {
        self.first.program.zone
    }

    pub(crate) fn programs(&self) -> impl Iterator<Item = &Program> {
        std::iter::once(&self.first).chain(&self.later).map(|version| &version.program)
    }
}
