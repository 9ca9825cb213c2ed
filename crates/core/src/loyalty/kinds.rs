//! What kinds of lines earn: found once for each setting, then looked up (semantics 4.2 to 4.4).
//!
//! A grocer's basket has ten lines, and millions of lines are of a few hundred kinds (an item in a category). What the rules say of a kind
//! depends on the tier and on what conditions ask of the setting; for each such setting there is one table of what a minor unit of
//! each kind earns. The rules themselves are asked as everywhere else, by [`earning`](super::earning): once for each kind and table.

use super::alike::Alike;
use super::earning::{Bonuses, RuleSet, asks_of_line, bit, earning_rule, holds};
use super::rule_sets::RuleSets;
use crate::Id;
use crate::calendar::Day;
use crate::exact::Fraction;
use crate::fact::{Line, Quantity};
use crate::money::Money;
use crate::points::POINTS_LIMIT;
use crate::program::condition::{Condition, Lasting, Parts, Scene};
use crate::program::{BonusEffect, Program, Ratio};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// Conditions that ask of the setting, in one program.
const MOST_SETTINGS: usize = 128;
/// Tables that are kept; beyond, they are found anew.
const MOST_TABLES: usize = 256;
/// Different answers for kinds in one table.
const MOST_GROUPS: usize = 64;
/// Different sets of these that one table remembers.
const MOST_SETS: usize = 64;

/// A kind of line: an item and a category, as one replay knows them. Those that no rule tells apart may be one kind.
///
/// ```
/// # use parure::{calendar::Day, program::Program, replay::Replay};
/// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
/// # let mut replay = Replay::new(&Program::parse("m.toml", text)?, Day::LAST);
/// assert_eq!(replay.kind("R-2201", "ring/wedding")?, replay.kind("R-2201", "ring/wedding")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kind(u32);

/// The kinds of lines, and what they earn.
#[derive(Debug)]
pub(crate) struct Kinds {
    /// Item and category, of kinds that are alike those that came first.
    all: Vec<(Id, Id)>,
    /// `None` where they are not told apart by conditions alone.
    alike: Option<Alike>,
    by_mark: HashMap<u128, Kind, FixedState>,
    /// What the conditions ask of the setting; `None` where kinds can't tell what a line earns.
    settings: Option<Vec<Parts>>,
    /// How long their answers stay what they are.
    lasting: Lasting,
    tables: Vec<Table>,
    latest: usize,
    /// Where the latest table is known to be the right one.
    known: Option<Known>,
}

/// When, of which tier and where the answers of all conditions are what they were, of one customer of whom nothing new is told.
#[derive(Debug, Clone, Copy)]
struct Known {
    first: Day,
    last: Day,
    tier: u8,
    place: u32,
}

/// The setting of a purchase, as far as it can be told without asking conditions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Where {
    pub(crate) day: Day,
    pub(crate) tier: u8,
    /// Of store, staff and terminal.
    pub(crate) place: u32,
}

impl Known {
    fn holds(&self, at: Where) -> bool {
        self.first <= at.day && at.day <= self.last && self.tier == at.tier && self.place == at.place
    }
}

/// What lines earn in one setting.
#[derive(Debug)]
struct Table {
    tier: u8,
    settings: u128,
    /// All rates have it.
    den: i64,
    /// The highest rate.
    most: i64,
    rates: Vec<Rate>,
    groups: Vec<Group>,
    /// What groups of kinds come to together.
    sets: Vec<Together>,
}

/// The rules of some groups, and the points of their fixed bonuses.
#[derive(Debug, Clone, Copy)]
struct Together {
    groups: u64,
    rules: u32,
    fixed: i64,
}

/// What lines are worth: points before caps, the number of the set of rules, spend that counts for tiers.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Found {
    pub(crate) points: i64,
    pub(crate) rules: u32,
    pub(crate) spend: i64,
}

/// What a minor unit of one kind earns.
#[derive(Debug, Clone, Copy)]
struct Rate {
    num: i64,
    /// All bits where its spend counts for tiers, none where it does not.
    qualifies: i64,
    /// Its group, as a bit.
    group: u64,
}

/// Lines together: what they earn over the table's denominator, their spend that counts for tiers, their groups.
struct AddedUp {
    earned: i64,
    spend: i64,
    groups: u64,
}

/// Rules that apply together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Group {
    rules: RuleSet,
    /// Fixed bonuses.
    fixed: u128,
}

impl Kinds {
    pub(crate) fn new(program: &Program) -> Kinds {
        let stepped = program.earn.iter().any(|rule| rule.slices.len() != 1);
        let settings: Option<Vec<Parts>> = program.conditions().map(Condition::setting).collect();
        let settings = settings.map(|mut settings| {
            settings.retain(|setting| !setting.is_empty());
            settings
        });
        // A line that brings a tier along is told by its fact.
        let sells = program.sells_tiers();
        let settings = settings.filter(|settings| !stepped && !sells && settings.len() <= MOST_SETTINGS);
        let lasting = program.conditions().map(Condition::lasting).min().unwrap_or(Lasting::Always);
        let alike = settings.as_ref().and_then(|_| Alike::of_kinds(program));
        let (all, tables, by_mark) = (Vec::new(), Vec::new(), HashMap::default());
        Kinds { all, alike, by_mark, settings, lasting, tables, latest: 0, known: None }
    }

    /// Something new was told of the customer, or another customer comes.
    pub(crate) fn forget_customer(&mut self) {
        self.known = None;
    }

    /// Whether conditions need not be asked, because nothing that they ask for is another than before.
    #[inline]
    pub(crate) fn are_known(&self, at: Where) -> bool {
        self.known.is_some_and(|known| known.holds(at))
    }

    /// Through which day conditions need not be asked there.
    pub(crate) fn known_through(&self, at: Where) -> Option<Day> {
        self.known.filter(|known| known.holds(at)).map(|known| known.last)
    }

    /// Asks the conditions. Whether kinds can tell what lines earn there.
    pub(crate) fn ask(&mut self, program: &Program, scene: &Scene<'_>, at: Where, multiplier: Ratio) -> bool {
        self.known = None;
        let found = self.table(program, scene, at.tier, multiplier).is_some();
        // A leap day and a date of the Chinese calendar move within the year.
        let moves = scene.customer.birthday.is_some_and(|birthday| !birthday.is_every_year());
        let days = match self.lasting {
            Lasting::NotAtAll => return found,
            Lasting::Month if !moves => at.day.month_start()..=at.day.month_end(),
            Lasting::Day | Lasting::Month => at.day..=at.day,
            Lasting::Always => Day::FIRST..=Day::LAST,
        };
        if found {
            let (first, last) = days.into_inner();
            self.known = Some(Known { first, last, tier: at.tier, place: at.place });
        }
        found
    }

    /// Whether kinds can tell what a line earns.
    pub(crate) fn can_tell(&self) -> bool {
        self.settings.is_some()
    }

    pub(crate) fn add(&mut self, item: Id, category: Id) -> Kind {
        let kind = Kind(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        if let Some(alike) = &self.alike {
            let known = *self.by_mark.entry(alike.mark(&item, &category)).or_insert(kind);
            if known != kind {
                return known;
            }
        }
        self.all.push((item, category));
        self.tables.clear();
        self.known = None;
        kind
    }

    /// What lines are worth in the setting that was asked about last; `None` where they can't be told so. `counts` are their parts that count, of which none is negative, and which add up to no more than `sum`.
    #[inline]
    pub(crate) fn worth(
        &mut self,
        program: &Program,
        (kinds, counts): (&[Kind], &[i64]),
        sum: i64,
        sets: &mut RuleSets,
    ) -> Option<Found> {
        let table = self.tables.get_mut(self.latest)?;
        let all = table.add_up(kinds, counts, sum)?;
        let rounded = |points: i64| Fraction::<i64>::of(points, table.den).round(program.points.rounding);
        let earned = if program.points.per_line {
            table.line_by_line(kinds, counts, rounded)?
        } else {
            rounded(all.earned)?
        };
        let Together { rules, fixed, .. } = table.together(program, all.groups, sets);
        let points = earned.saturating_add(fixed).clamp(0, POINTS_LIMIT);
        Some(Found { points, rules, spend: all.spend })
    }

    fn table(&mut self, program: &Program, scene: &Scene<'_>, tier: u8, multiplier: Ratio) -> Option<&Table> {
        let asked = self.settings.as_ref()?.iter().enumerate();
        let settings =
            asked.filter(|(_, setting)| setting.holds(scene)).fold(0, |set, (place, _)| set | bit(place));
        let fits = |table: &Table| table.tier == tier && table.settings == settings;
        if !self.tables.get(self.latest).is_some_and(fits) {
            self.latest = match self.tables.iter().position(fits) {
                Some(known) => known,
                None => {
                    if self.tables.len() >= MOST_TABLES {
                        self.tables.clear();
                    }
                    let found = Table::find(&self.all, program, scene, multiplier)?;
                    self.tables.push(Table { tier, settings, ..found });
                    self.tables.len().saturating_sub(1)
                }
            };
        }
        self.tables.get(self.latest)
    }
}

impl Table {
    fn rate(&self, kind: Kind) -> Option<&Rate> {
        self.rates.get(usize::try_from(kind.0).ok()?)
    }

    /// What groups come to together: found once for each of the few that occur.
    #[inline]
    fn together(&mut self, program: &Program, groups: u64, sets: &mut RuleSets) -> Together {
        match self.sets.iter().find(|known| known.groups == groups) {
            Some(known) => *known,
            None => self.put_together(program, groups, sets),
        }
    }

    #[cold]
    fn put_together(&mut self, program: &Program, groups: u64, sets: &mut RuleSets) -> Together {
        let (mut rules, mut fixed) = (RuleSet::default(), 0);
        for (place, group) in self.groups.iter().enumerate() {
            if groups & group_bit(place) != 0 {
                rules.earn |= group.rules.earn;
                rules.bonuses |= group.rules.bonuses;
                fixed |= group.fixed;
            }
        }
        rules.bonuses |= fixed;
        let together = Together { groups, rules: sets.number(rules), fixed: fixed_points(program, fixed) };
        if self.sets.len() >= MOST_SETS {
            self.sets.clear();
        }
        self.sets.push(together);
        together
    }

    /// What lines earn, each rounded for itself.
    #[inline(never)]
    fn line_by_line(
        &self,
        kinds: &[Kind],
        counts: &[i64],
        rounded: impl Fn(i64) -> Option<i64>,
    ) -> Option<i64> {
        let points = |(kind, counts): (&Kind, &i64)| rounded(counts.wrapping_mul(self.rate(*kind)?.num));
        kinds.iter().zip(counts).map(points).try_fold(0_i64, |sum, points| sum.checked_add(points?))
    }

    /// Adds up lines. `None` where it might not fit.
    #[inline]
    fn add_up(&self, kinds: &[Kind], counts: &[i64], sum: i64) -> Option<AddedUp> {
        sum.checked_mul(self.most)?;
        let mut all = AddedUp { earned: 0, spend: 0, groups: 0 };
        for (kind, counts) in kinds.iter().zip(counts) {
            let rate = self.rate(*kind)?;
            all.earned = all.earned.wrapping_add(counts.wrapping_mul(rate.num));
            all.spend = all.spend.wrapping_add(counts & rate.qualifies);
            all.groups |= rate.group;
        }
        Some(all)
    }

    fn find(kinds: &[(Id, Id)], program: &Program, scene: &Scene<'_>, tier: Ratio) -> Option<Table> {
        let bonuses = Bonuses::matching(program, scene);
        let always = bonuses.fixed_of_all(program);
        let mut groups: Vec<Group> = Vec::new();
        let mut rates = Vec::with_capacity(kinds.len());
        let mut found = Vec::with_capacity(kinds.len());
        let mut den = 1_i64;
        for (item, category) in kinds {
            let line = Line::new("", item.as_str(), category.as_str(), Quantity::ONE, Money::ZERO);
            let scene = Scene { line: Some(&line), ..*scene };
            let mut group =
                Group { rules: RuleSet::default(), fixed: always | fixed_of_line(program, &scene) };
            let mut rate = Fraction::zero();
            if let Some((place, rule)) = earning_rule(program, &scene) {
                let multiplier = bonuses.multiplier::<i64>(program, &scene, tier)?;
                group.rules = RuleSet { earn: bit(place), bonuses: multiplier.bonuses };
                // Columns tell no components: a rule that earns for some of them earns nothing.
                if rule.basis.is_empty() {
                    rate = multiplier.value.times_ratio(rule.slices.first()?.rate)?.reduced();
                }
            }
            den = rate.common(&den)?;
            let place = groups.iter().position(|known| *known == group).unwrap_or_else(|| {
                groups.push(group);
                groups.len().saturating_sub(1)
            });
            let qualifies = if holds(program.qualifying.when.as_ref(), &scene) { -1 } else { 0 };
            found.push((rate, qualifies, group_bit(place)));
        }
        for (rate, qualifies, group) in found {
            rates.push(Rate { num: rate.over(&den)?, qualifies, group });
        }
        let most = rates.iter().map(|rate| rate.num).max().unwrap_or(0);
        let table = Table { tier: 0, settings: 0, den, most, rates, groups, sets: Vec::new() };
        (table.groups.len() <= MOST_GROUPS).then_some(table)
    }
}

fn group_bit(place: usize) -> u64 {
    u32::try_from(place).ok().and_then(|place| 1_u64.checked_shl(place)).unwrap_or(0)
}

/// Fixed bonuses that ask of a line and that this one meets.
fn fixed_of_line(program: &Program, scene: &Scene<'_>) -> u128 {
    let fixed = program.bonuses.iter().enumerate().filter(|(_, bonus)| {
        let when = bonus.when.as_ref();
        matches!(bonus.effect, BonusEffect::Add(_)) && asks_of_line(when) && holds(when, scene)
    });
    fixed.fold(0, |set, (place, _)| set | bit(place))
}

fn fixed_points(program: &Program, fixed: u128) -> i64 {
    if fixed == 0 {
        return 0;
    }
    let of = |(place, bonus): (usize, &crate::program::Bonus)| match bonus.effect {
        BonusEffect::Add(points) if fixed & bit(place) != 0 => points,
        BonusEffect::Add(_) | BonusEffect::Multiply(_) => 0,
    };
    program.bonuses.iter().enumerate().map(of).fold(0, i64::saturating_add)
}
