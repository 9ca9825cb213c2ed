//! How alike two texts are, in whole numbers: the core has no binary fractions.

use smallvec::SmallVec;

/// Jaro and Winkler's likeness in thousandths, rounded down: 1000 for the same text, 0 where no letter is shared. Parts that agree at the start
/// count more, up to four letters (Winkler 1990, scale 0.1, from a Jaro likeness of 0.7 on).
///
/// ```
/// use parure::customer::jaro_winkler;
/// assert_eq!(jaro_winkler("martha", "marhta"), 961);
/// assert_eq!(jaro_winkler("zhangwei", "zhangwei"), 1000);
/// assert_eq!(jaro_winkler("", "wang"), 0);
/// ```
#[must_use]
pub fn jaro_winkler(one: &str, other: &str) -> u32 {
    let (one, other) = (letters(one), letters(other));
    if one.is_empty() || other.is_empty() {
        return if one.is_empty() && other.is_empty() { 1000 } else { 0 };
    }
    let reach = (one.len().max(other.len()) / 2).saturating_sub(1);
    let mut free: SmallVec<[bool; 32]> = SmallVec::from_elem(true, other.len());
    let mut matched: SmallVec<[char; 32]> = SmallVec::new();
    for (at, letter) in one.iter().enumerate() {
        let near = at.saturating_sub(reach)..=at.saturating_add(reach);
        let mut there =
            other.iter().zip(free.iter_mut()).enumerate().filter(|(place, _)| near.contains(place));
        if let Some((_, (_, free))) = there.find(|(_, (each, free))| **free && *each == letter) {
            *free = false;
            matched.push(*letter);
        }
    }
    let taken = other.iter().zip(&free).filter(|(_, free)| !**free).map(|(letter, _)| letter);
    let misplaced = matched.iter().zip(taken).filter(|(a, b)| a != b).count();
    let [matches, misplaced, one_long, other_long] =
        [matched.len(), misplaced / 2, one.len(), other.len()].map(whole);
    if matches == 0 {
        return 0;
    }
    // In millionths, so that nothing is lost that three digits would show.
    let part = |of: u64, by: u64| of.saturating_mul(1_000_000).checked_div(by).unwrap_or(0);
    let parts = [
        part(matches, one_long),
        part(matches, other_long),
        part(matches.saturating_sub(misplaced), matches),
    ];
    let jaro = parts.iter().sum::<u64>() / 3;
    let alike = whole(one.iter().zip(&other).take(4).take_while(|(a, b)| a == b).count());
    let more =
        if jaro >= 700_000 { 1_000_000_u64.saturating_sub(jaro).saturating_mul(alike) / 10 } else { 0 };
    // Thirds of a million are cut above: half a thousandth of a thousandth is given back, so that a whole is a whole.
    u32::try_from(jaro.saturating_add(more).saturating_add(2) / 1000).unwrap_or(1000).min(1000)
}

/// Whether two texts differ by one slip of the hand: one letter another, too much or missing, or two neighbours changed about.
///
/// ```
/// use parure::customer::one_slip;
/// assert!(one_slip("13812345678", "13812354678") && one_slip("wang", "wan") && one_slip("li", "lu"));
/// assert!(!one_slip("wang", "wang") && !one_slip("wang", "zhan"));
/// ```
#[must_use]
pub fn one_slip(one: &str, other: &str) -> bool {
    if one.len().abs_diff(other.len()) > 4 || one == other {
        return false;
    }
    let (one, other) = (letters(one), letters(other));
    let start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (one.get(start..).unwrap_or_default(), other.get(start..).unwrap_or_default());
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let middle = |rest: &[char]| rest.len().saturating_sub(end);
    match (one.get(..middle(one)), other.get(..middle(other))) {
        (Some([first, second]), Some([third, fourth])) => (first, second) == (fourth, third),
        (Some([] | [_]), Some([] | [_])) => true,
        _ => false,
    }
}

fn letters(text: &str) -> SmallVec<[char; 32]> {
    text.chars().collect()
}

fn whole(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Ten times the binary logarithm, rounded down; 0 for 0.
pub(super) fn tenths_of_bits(number: u64) -> i32 {
    /// 2^(n/10) in 2^-30ths, rounded up.
    const STEPS: [u64; 10] = [
        1_073_741_824,
        1_150_807_993,
        1_233_405_467,
        1_321_931_248,
        1_416_810_831,
        1_518_500_250,
        1_627_488_271,
        1_744_298_740,
        1_869_493_100,
        2_003_673_093,
    ];
    let Some(whole) = number.checked_ilog2() else { return 0 };
    // The number between 1 and 2, in the same parts.
    let part = u128::from(number) << 30 >> whole;
    let tenths = STEPS.iter().skip(1).filter(|step| u128::from(**step) <= part).count();
    i32::try_from(whole).unwrap_or(0).saturating_mul(10).saturating_add(i32::try_from(tenths).unwrap_or(0))
}

/// The probability, in thousandths, of what has odds of 2^(tenths/10) to one.
pub(super) fn thousandths(tenths: i32) -> u16 {
    const STEPS: [u64; 10] = [1000, 1072, 1149, 1231, 1320, 1414, 1516, 1625, 1741, 1866];
    let bits = tenths.div_euclid(10).clamp(-20, 20);
    let step =
        usize::try_from(tenths.rem_euclid(10)).ok().and_then(|at| STEPS.get(at)).copied().unwrap_or(1000);
    let shifted = u32::try_from(bits.saturating_add(20)).unwrap_or(0);
    let odds = step << shifted;
    let one = 1000_u64 << 20;
    u16::try_from(odds.saturating_mul(1000).checked_div(odds.saturating_add(one)).unwrap_or(0))
        .unwrap_or(1000)
}

#[cfg(test)]
mod tests {
    use super::{jaro_winkler, one_slip, tenths_of_bits, thousandths};
    use proptest::prelude::*;

    proptest! {
        /// strsim computes the same in binary fractions.
        #[test]
        fn it_is_what_strsim_says(one in "[a-d小伟]{0,12}", other in "[a-d小伟]{0,12}") {
            let ours = f64::from(jaro_winkler(&one, &other));
            let theirs = strsim::jaro_winkler(&one, &other) * 1000.0;
            // Where a start begins to count, binary fractions fall to either side.
            let on_the_edge = (strsim::jaro(&one, &other) - 0.7).abs() < 1e-9;
            prop_assert!(on_the_edge || (ours - theirs).abs() <= 1.0, "{one} {other}: {ours} {theirs}");
        }

        /// The distance of optimal string alignment is 1 for exactly these.
        #[test]
        fn one_slip_is_a_distance_of_one(one in "[ab小伟]{0,6}", other in "[ab小伟]{0,6}") {
            prop_assert_eq!(one_slip(&one, &other), strsim::osa_distance(&one, &other) == 1, "{} {}", one, other);
        }

        #[test]
        fn logarithms_are_rounded_down(number in 1_u64..) {
            let exact = (number as f64).log2() * 10.0;
            let ours = f64::from(tenths_of_bits(number));
            prop_assert!(ours <= exact + 1e-6 && exact < ours + 1.0 + 1e-6, "{number}: {ours} {exact}");
        }
    }

    /// 185.99996, 185.9999999 and 186.00003.
    #[test]
    fn what_is_just_below_a_step_is_below_it() {
        assert_eq!([397_335, 397_336, 397_337].map(tenths_of_bits), [185, 185, 186]);
    }

    #[test]
    fn odds_are_probabilities() {
        assert_eq!(
            [-300, -100, -10, 0, 10, 33, 100, 300].map(thousandths),
            [0, 0, 333, 500, 666, 907, 999, 999]
        );
    }
}
