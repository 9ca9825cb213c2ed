//! What a purchase earns (semantics 4.2 to 4.6), and the same asked again of what is left of it (6.2).

use super::basket::{Basket, Share};
use crate::exact::{Fraction, Whole};
use crate::fact::Line;
use crate::money::Money;
use crate::points::POINTS_LIMIT;
use crate::program::condition::{Condition, Customer, Scene};
use crate::program::{BonusEffect, EarnRule, LadderOver, Program, Ratio, Stacking};
use num_bigint::BigInt;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// What was wanted before caps, and by which rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Wanted {
    pub(crate) points: i64,
    pub(crate) rules: RuleSet,
}

/// Rules by their place in the program: bit n is rule n.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub(crate) struct RuleSet {
    pub(crate) earn: u128,
    pub(crate) bonuses: u128,
}

impl RuleSet {
    pub(crate) fn has_bonus(self, place: usize) -> bool {
        self.bonuses & bit(place) != 0
    }
}

/// Everything an award depends on besides the program.
pub(crate) struct Asking<'a, 'b> {
    pub(crate) basket: &'a Basket<'b>,
    /// The purchase as conditions see it; `line` is filled in for each.
    pub(crate) scene: Scene<'a>,
    /// The multiplier of the tier held just before the purchase.
    pub(crate) tier: Ratio,
    /// Where the ladder of each rule over a window starts, in rule order; rules beyond the list start at zero.
    pub(crate) ladder_starts: &'a [i64],
}

/// How one line came to its points, for `explain`.
#[derive(Debug, Clone)]
pub(crate) struct LineAward {
    pub(crate) line: usize,
    pub(crate) rule: usize,
    /// The exact points of the line, as a fraction in text, and rounded down for the eye.
    pub(crate) exact: String,
    pub(crate) multiplier: String,
    pub(crate) bonuses: u128,
}

/// What is wanted for a basket. `detail`, where given, is told each line.
pub(crate) fn wanted(
    program: &Program,
    asking: &Asking<'_, '_>,
    detail: Option<&mut Vec<LineAward>>,
) -> Wanted {
    let mut lines = detail;
    if lines.is_none()
        && let Some(wanted) = plain(program, asking)
    {
        return wanted;
    }
    // A common basket fits 64 bits, any but an absurd one 128; BigInt can't overflow, so the zero is never met.
    compute::<i64>(program, asking, lines.as_deref_mut())
        .or_else(|| compute::<i128>(program, asking, lines.as_deref_mut()))
        .or_else(|| compute::<BigInt>(program, asking, lines))
        .unwrap_or_default()
}

/// The same for what most baskets are: nothing has come back, the best multiplier counts, no rule is a ladder, and all fits 64 bits
/// over one denominator for the whole program. `None` for others.
fn plain(program: &Program, asking: &Asking<'_, '_>) -> Option<Wanted> {
    if asking.basket.shares.is_empty() {
        return Some(Wanted::default());
    }
    let dens = program.denominators.filter(|_| program.points.stacking == Stacking::Best)?;
    let bonuses = Bonuses::matching(program, &asking.scene);
    let den = dens.rates.checked_mul(dens.multipliers)?;
    let rounding = program.points.rounding;
    let mut rules = RuleSet::default();
    let (mut exact, mut rounded) = (0_i64, 0_i64);
    let mut scene = asking.scene;
    for (share, line) in asking.basket.shares.iter().zip(asking.basket.lines()) {
        scene.line = Some(line);
        let Some((place, rule)) = earning_rule(program, &scene) else { continue };
        let [slice] = rule.slices.as_slice() else { return None };
        let basis = if rule.basis.is_empty() {
            share.counts
        } else {
            let named = components(share.line, &rule.basis).minor().min(share.bought);
            // Less a share of the discount and of tenders, it would be a fraction.
            (share.counts == share.bought).then_some(named)?
        };
        if share.left != share.bought {
            return None;
        }
        let (best, which) = bonuses.best(program, &scene, asking.tier);
        let times = slice.rate.over(dens.rates)?.checked_mul(best.over(dens.multipliers)?)?;
        let points = basis.checked_mul(times)?;
        rules.earn |= bit(place);
        rules.bonuses |= which;
        if program.points.per_line {
            rounded = rounded.saturating_add(Fraction::<i64>::of(points, den).round(rounding)?);
        } else {
            exact = exact.checked_add(points)?;
        }
    }
    if !program.points.per_line {
        rounded = Fraction::<i64>::of(exact, den).round(rounding)?;
    }
    let fixed = bonuses.fixed(program, asking);
    rules.bonuses |= fixed.bonuses;
    Some(Wanted { points: rounded.saturating_add(fixed.points).clamp(0, POINTS_LIMIT), rules })
}

fn compute<N: Whole>(
    program: &Program,
    asking: &Asking<'_, '_>,
    mut detail: Option<&mut Vec<LineAward>>,
) -> Option<Wanted> {
    if let Some(lines) = detail.as_deref_mut() {
        lines.clear();
    }
    let mut rules = RuleSet::default();
    if asking.basket.shares.is_empty() {
        return Some(Wanted::default());
    }
    let bonuses = Bonuses::matching(program, &asking.scene);
    let mut exact = Fraction::<N>::zero();
    let mut rounded: i64 = 0;
    let mut ladders = Ladders::<N>::start(program, asking.ladder_starts);
    for (at, (share, line)) in asking.basket.shares.iter().zip(asking.basket.lines()).enumerate() {
        let scene = Scene { line: Some(line), ..asking.scene };
        let Some((place, rule)) = earning_rule(program, &scene) else { continue };
        let basis = basis::<N>(rule, share)?;
        let points = ladders.points(place, rule, &basis)?;
        let multiplier = bonuses.multiplier::<N>(program, &scene, asking.tier)?;
        let points = points.times_fraction(&multiplier.value)?;
        rules.earn |= bit(place);
        rules.bonuses |= multiplier.bonuses;
        if let Some(lines) = detail.as_deref_mut() {
            let multiplied = LineAward {
                line: at,
                rule: place,
                exact: points.to_string(),
                multiplier: multiplier.value.to_string(),
                bonuses: multiplier.bonuses,
            };
            lines.push(multiplied);
        }
        if program.points.per_line {
            rounded = rounded.saturating_add(points.round(program.points.rounding)?);
        } else {
            exact = exact.plus(&points)?;
        }
    }
    if !program.points.per_line {
        rounded = exact.round(program.points.rounding)?;
    }
    let fixed = bonuses.fixed(program, asking);
    rules.bonuses |= fixed.bonuses;
    Some(Wanted { points: rounded.saturating_add(fixed.points).clamp(0, POINTS_LIMIT), rules })
}

pub(super) fn bit(place: usize) -> u128 {
    u32::try_from(place).ok().and_then(|place| 1_u128.checked_shl(place)).unwrap_or(0)
}

/// The bits of all places, one after another.
pub(crate) fn bits() -> impl Iterator<Item = u128> {
    std::iter::successors(Some(1_u128), |bit| Some(bit << 1))
}

pub(crate) fn holds(when: Option<&Condition>, scene: &Scene<'_>) -> bool {
    when.is_none_or(|condition| condition.holds(scene))
}

pub(super) fn earning_rule<'p>(program: &'p Program, scene: &Scene<'_>) -> Option<(usize, &'p EarnRule)> {
    program.earn.iter().enumerate().find(|(_, rule)| holds(rule.when.as_ref(), scene))
}

/// The line's basis (4.2), of what is left: exact.
fn basis<N: Whole>(rule: &EarnRule, share: &Share<'_>) -> Option<Fraction<N>> {
    let whole = Fraction::whole(share.counts).times(share.left, share.bought.max(1))?;
    if rule.basis.is_empty() {
        return Some(whole);
    }
    let named = components(share.line, &rule.basis);
    whole.times(named.minor().min(share.bought), share.bought.max(1))
}

fn components(line: &Line<'_>, names: &[Box<str>]) -> Money {
    line.components
        .iter()
        .filter(|component| names.iter().any(|name| **name == *component.name))
        .fold(Money::ZERO, |sum, component| sum.plus(component.amount))
}

/// How far up its ladder each rule is (4.5).
struct Ladders<N> {
    positions: SmallVec<[(usize, Fraction<N>); 1]>,
}

impl<N: Whole> Ladders<N> {
    fn start(program: &Program, starts: &[i64]) -> Self {
        let ladders = program.earn.iter().enumerate().filter(|(_, rule)| rule.slices.len() > 1);
        let mut windows = starts.iter();
        let positions = ladders
            .map(|(place, rule)| {
                let start = match rule.over {
                    LadderOver::Purchase => 0,
                    LadderOver::Window(_) => windows.next().copied().unwrap_or(0),
                };
                (place, Fraction::whole(start))
            })
            .collect();
        Ladders { positions }
    }

    /// The points of the next `basis` on the rule's ladder: each slice at its own rate.
    fn points(&mut self, place: usize, rule: &EarnRule, basis: &Fraction<N>) -> Option<Fraction<N>> {
        let Some((_, position)) = self.positions.iter_mut().find(|(at, _)| *at == place) else {
            let rate = rule.slices.first()?.rate;
            return basis.times_ratio(rate);
        };
        let from = position.clone();
        let to = from.plus(basis)?;
        let points = climbed(rule, &to)?.minus(&climbed(rule, &from)?)?;
        *position = to;
        Some(points)
    }
}

/// The points from the foot of the ladder up to a position.
fn climbed<N: Whole>(rule: &EarnRule, position: &Fraction<N>) -> Option<Fraction<N>> {
    let mut points = Fraction::zero();
    for (at, slice) in rule.slices.iter().enumerate() {
        let foot = Fraction::whole(slice.from.minor());
        if position.less_than(&foot)? {
            break;
        }
        let head = rule.slices.get(at.saturating_add(1)).map(|next| Fraction::whole(next.from.minor()));
        let up_to = match head {
            Some(head) if head.less_than(position)? => head,
            _ => position.clone(),
        };
        points = points.plus(&up_to.minus(&foot)?.times_ratio(slice.rate)?)?;
    }
    Some(points)
}

/// The bonuses that don't ask of a line, looked at once.
pub(super) struct Bonuses {
    matching: u128,
}

pub(super) struct Multiplier<N> {
    pub(super) value: Fraction<N>,
    pub(super) bonuses: u128,
}

struct Fixed {
    points: i64,
    bonuses: u128,
}

impl Bonuses {
    pub(super) fn matching(program: &Program, scene: &Scene<'_>) -> Self {
        let all = program.bonuses.iter().zip(bits());
        let matching = all
            .filter(|(bonus, _)| !asks_of_line(bonus.when.as_ref()) && holds(bonus.when.as_ref(), scene))
            .fold(0, |set, (_, bit)| set | bit);
        Bonuses { matching }
    }

    fn matches(&self, bit: u128, when: Option<&Condition>, scene: &Scene<'_>) -> bool {
        self.matching & bit != 0 || (asks_of_line(when) && holds(when, scene))
    }

    /// The multipliers that match a line, by their places.
    fn multipliers(&self, program: &Program, scene: &Scene<'_>) -> impl Iterator<Item = (u128, Ratio)> {
        let all = program.bonuses.iter().zip(bits());
        all.filter_map(|(bonus, bit)| match bonus.effect {
            BonusEffect::Multiply(times) if self.matches(bit, bonus.when.as_ref(), scene) => {
                Some((bit, times))
            }
            BonusEffect::Multiply(_) | BonusEffect::Add(_) => None,
        })
    }

    /// The largest multiplier of a line, and the bonus that it is of; none where it is the tier's.
    fn best(&self, program: &Program, scene: &Scene<'_>, tier: Ratio) -> (Ratio, u128) {
        self.multipliers(program, scene).fold((tier, 0), |best, (which, times)| {
            if best.0.less_than(times) { (times, which) } else { best }
        })
    }

    /// The multiplier of a line: the tier's and those of the matching bonuses, combined as the program says (4.3).
    pub(super) fn multiplier<N: Whole>(
        &self,
        program: &Program,
        scene: &Scene<'_>,
        tier: Ratio,
    ) -> Option<Multiplier<N>> {
        let stacking = program.points.stacking;
        if stacking == Stacking::Best {
            let (best, bonuses) = self.best(program, scene, tier);
            return Some(Multiplier { value: Fraction::of(best.num, best.den), bonuses });
        }
        let mut value = Fraction::of(tier.num, tier.den);
        let mut bonuses = 0;
        for (which, times) in self.multipliers(program, scene) {
            bonuses |= which;
            value = if stacking == Stacking::Sum {
                value.plus(&Fraction::of(times.num.saturating_sub(times.den), times.den))?
            } else {
                value.times_ratio(times)?
            };
        }
        // Bonuses below 1 can take more than all away: nothing is the least.
        Some(Multiplier { value: value.or_nothing(), bonuses })
    }

    /// The fixed bonuses among them.
    pub(super) fn fixed_of_all(&self, program: &Program) -> u128 {
        let fixed = program
            .bonuses
            .iter()
            .enumerate()
            .filter(|(_, bonus)| matches!(bonus.effect, BonusEffect::Add(_)));
        fixed.fold(0, |set, (place, _)| set | (self.matching & bit(place)))
    }

    /// Fixed bonuses, added after rounding (4.4); one that asks of a line counts once if any line meets it.
    fn fixed(&self, program: &Program, asking: &Asking<'_, '_>) -> Fixed {
        let mut all = Fixed { points: 0, bonuses: 0 };
        for (bonus, bit) in program.bonuses.iter().zip(bits()) {
            let BonusEffect::Add(points) = bonus.effect else { continue };
            let when = bonus.when.as_ref();
            let by_line = || {
                asking
                    .basket
                    .lines()
                    .iter()
                    .any(|line| holds(when, &Scene { line: Some(line), ..asking.scene }))
            };
            if self.matching & bit != 0 || (asks_of_line(when) && by_line()) {
                all.points = all.points.saturating_add(points);
                all.bonuses |= bit;
            }
        }
        all
    }
}

pub(super) fn asks_of_line(when: Option<&Condition>) -> bool {
    when.is_some_and(|condition| condition.uses().line)
}

/// The scene of a purchase, for a customer as they were just before it: what is to be paid, and the lines as conditions see them.
pub(crate) fn scene<'a>(
    setting: Setting<'a>,
    customer: Customer<'a>,
    amount: Money,
    lines: &'a [Line<'a>],
) -> Scene<'a> {
    Scene {
        day: setting.day,
        dates: setting.dates,
        store: setting.store,
        staff: setting.staff,
        terminal: setting.terminal,
        customer,
        amount,
        lines,
        line: None,
    }
}

/// Where and when, for conditions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) day: crate::calendar::Day,
    pub(crate) dates: crate::calendar::DatePolicy,
    pub(crate) store: &'a str,
    pub(crate) staff: &'a str,
    pub(crate) terminal: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Day;
    use crate::fact::{Quantity, Tender};
    use crate::loyalty::basket::{BasketView, LineReturns};

    /// What most baskets are is computed in whole numbers over one denominator: never otherwise than by exact fractions.
    #[test]
    fn the_short_way_and_the_long_way_agree() {
        const HEAD: &str = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'\n";
        const RULES: &str = "
            [[earn]]\nid = 'gold'\nwhen = 'line.category == \"gold\"'\nbasis = ['labour']\npoints = 2\nper = '0.30'
            [[earn]]\nid = 'rest'\npoints = 1\nper = '7.00'
            [[bonus]]\nid = 'ring'\nwhen = 'line.category == \"ring\"'\nmultiply = '1.75'
            [[bonus]]\nid = 'large'\nwhen = 'purchase.amount > money(\"50\")'\nmultiply = '1.3'
            [[bonus]]\nid = 'welcome'\nadd = 200";
        let mut short_ways = 0;
        for points in [
            "",
            "[points]\nrounding = 'half_up'",
            "[points]\nrounding = 'up'\nround = 'line'",
            "[points]\nstacking = 'product'",
        ] {
            let program = Program::parse("m.toml", &format!("{HEAD}{points}\n{RULES}")).unwrap();
            for drawn in 0..2_000_i64 {
                let line = |no: i64| {
                    let amount = (drawn.wrapping_mul(7_919) + no * 104_729).rem_euclid(9_973);
                    let category = ["gold", "ring", "watch"][(drawn + no).rem_euclid(3) as usize];
                    let line =
                        Line::new(no.to_string(), "", category, Quantity::ONE, Money::from_minor(amount));
                    line.with_component("labour", Money::from_minor(amount / 3))
                };
                let lines: Vec<Line<'_>> = (0..1 + drawn % 3).map(line).collect();
                let sum = lines.iter().fold(0, |sum, line| sum + line.amount.minor());
                let discount = Money::from_minor(if drawn % 5 == 0 { sum / 7 } else { 0 });
                let tenders = [Tender::points(100, Money::from_minor(sum.min(31)))];
                let view = BasketView {
                    lines: &lines,
                    discount,
                    tenders: if drawn % 7 == 0 { &tenders } else { &[] },
                };
                // Now and then something came back, or all.
                let came_back = |line: &Line<'_>| LineReturns {
                    amount: line.amount.minor() / (1 + drawn % 2),
                    quantity: Quantity::ONE.micros() / (1 + drawn % 2),
                };
                let returns: Vec<LineReturns> = lines.iter().map(came_back).collect();
                let basket = Basket::left(view, &program, if drawn % 11 == 0 { &returns } else { &[] });
                let scene = Scene::on(Day::FIRST).with_purchase(basket.amount, basket.lines());
                let tier = Ratio { num: 1 + drawn % 3, den: 2 };
                let asking = Asking { basket: &basket, scene, tier, ladder_starts: &[] };
                let long = compute::<BigInt>(&program, &asking, None).unwrap();
                if let Some(short) = plain(&program, &asking) {
                    assert_eq!(short, long, "{points} {drawn}");
                    short_ways += 1;
                }
                assert_eq!(wanted(&program, &asking, None), long);
            }
        }
        assert!(short_ways > 4_000, "{short_ways} of 8,000 went the short way");
    }
}
