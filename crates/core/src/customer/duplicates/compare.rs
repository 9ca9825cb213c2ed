//! What two customers share, weighed in tenths of bits.

use super::Reason;
use super::traits::{Born, Called, Counts, Tag, Traits, hash};
use crate::customer::likeness::{jaro_winkler, one_slip};
use smallvec::SmallVec;
use smol_str::SmolStr;

/// What was found of two customers.
pub(super) struct Weighed {
    pub(super) tenths: i32,
    pub(super) reasons: SmallVec<[(Reason, i16); 4]>,
}

/// No single thing that is shared says more than this: also a card may be lent.
const MOST: i32 = 160;
/// A name says more, where a surname that few have and a given name that few have come together.
const MOST_OF_NAMES: i32 = 230;
/// What a household shares says this much of two of its members being one.
const HOUSEHOLD: i32 = 20;

pub(super) fn weigh(a: &Traits, b: &Traits, counts: &Counts) -> Weighed {
    let fields = [
        phones(a, b, counts),
        emails(a, b, counts),
        shared(&a.wechats, &b.wechats, counts, (Reason::SameWeChat, -3), Some((Reason::OtherWeChat, -15))),
        shared(&a.cards, &b.cards, counts, (Reason::SameCard, -10), None),
        shared(&a.serials, &b.serials, counts, (Reason::SameSerial, -100), None),
        births(a.born, b.born, counts),
        addresses(a, b, counts),
    ];
    let mut reasons: SmallVec<[(Reason, i32); 10]> = fields.into_iter().flatten().collect();
    if let Some(name) = names(a, b, counts) {
        let explained = household(name, &reasons, counts);
        reasons.push((name.reason, name.tenths));
        if explained > 0 {
            reasons.push((Reason::Household, 0_i32.saturating_sub(explained)));
        }
    }
    let sum: i32 = reasons.iter().map(|(_, tenths)| tenths).sum();
    reasons.sort_by_key(|(reason, tenths)| (std::cmp::Reverse(tenths.abs()), *reason));
    Weighed {
        tenths: counts.prior().saturating_add(sum),
        reasons: reasons
            .into_iter()
            .map(|(reason, tenths)| (reason, i16::try_from(tenths).unwrap_or(0)))
            .collect(),
    }
}

/// How much of what two share their living together explains.
///
/// Another given name makes that likelier than one person with two names: phone, address and e-mail are shared in families, and twins share the
/// birthday. Where names are alike as those of brothers and sisters may be, surname, phone and address together don't make it likelier than not.
fn household(name: Alikeness, reasons: &[(Reason, i32)], counts: &Counts) -> i32 {
    let lives_together = |reason: Reason| {
        matches!(
            reason,
            Reason::SamePhone
                | Reason::PhoneSlip
                | Reason::SameAddress
                | Reason::LikeAddress
                | Reason::SameCard
        )
    };
    let online = |reason: Reason| matches!(reason, Reason::SameEmail | Reason::EmailSlip);
    let born =
        |reason: Reason| matches!(reason, Reason::SameBirthday | Reason::SameDay | Reason::BirthdaySlip);
    let sum = |is_shared: &dyn Fn(Reason) -> bool| -> i32 {
        reasons
            .iter()
            .filter(|(reason, tenths)| *tenths > 0 && is_shared(*reason))
            .map(|(_, tenths)| tenths)
            .sum()
    };
    let (shared, most) = match name.kin {
        Kin::Not => return 0,
        Kin::Maybe(more) => {
            let together = sum(&lives_together);
            if together == 0 {
                return 0;
            }
            let even = 0_i32.saturating_sub(counts.prior());
            (together.saturating_add(name.tenths), even.saturating_add(more))
        }
        // With names that can't be compared, more of what is shared counts.
        Kin::Unclear => {
            (sum(&|reason| lives_together(reason) || online(reason)), HOUSEHOLD.saturating_mul(4))
        }
        Kin::Other => (sum(&|reason| lives_together(reason) || online(reason)), HOUSEHOLD),
        Kin::Sibling => (sum(&|reason| lives_together(reason) || online(reason) || born(reason)), HOUSEHOLD),
    };
    shared.saturating_sub(most).max(0)
}

// ── Names ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// What two names say.
#[derive(Debug, Clone, Copy)]
struct Alikeness {
    reason: Reason,
    tenths: i32,
    kin: Kin,
}

/// Whether they may be the names of two of one household.
#[derive(Debug, Clone, Copy)]
enum Kin {
    /// They are one name.
    Not,
    /// As likely as not, and so many tenths of bits more.
    Maybe(i32),
    Unclear,
    Other,
    /// Twins, if they have one birthday.
    Sibling,
}

/// The names that are most alike.
fn names(a: &Traits, b: &Traits, counts: &Counts) -> Option<Alikeness> {
    let pairs = a.names.iter().flat_map(|one| b.names.iter().map(move |other| (one, other)));
    pairs
        .map(|(one, other)| called(one, other, counts))
        .max_by_key(|name| (name.tenths, std::cmp::Reverse(name.reason)))
}

fn called(a: &Called, b: &Called, counts: &Counts) -> Alikeness {
    let says = |reason, tenths, kin| Alikeness { reason, tenths, kin };
    let rarity = || counts.name_rarity(a).min(counts.name_rarity(b)).min(MOST_OF_NAMES);
    if a.spelt == b.spelt {
        let (reason, less) = match (a.written == b.written, a.chinese, b.chinese) {
            (true, _, _) => (Reason::SameName, 4),
            (false, true, true) => (Reason::SameSound, 30),
            (false, false, false) => (Reason::SameSound, 4),
            (false, _, _) => (Reason::SameSound, 12),
        };
        return says(reason, rarity().saturating_sub(less), Kin::Not);
    }
    if a.sorted == b.sorted {
        return says(Reason::SwappedName, rarity().saturating_sub(20), Kin::Not);
    }
    let family = || counts.family_rarity(a).min(counts.family_rarity(b));
    // A slip is less by chance the longer the name is, and never less than the name itself.
    let slip = |chance: i32| chance.saturating_sub(43).min(rarity().saturating_sub(43)).max(5);
    let part = |chance: i32| chance.saturating_sub(39).max(-10);
    let letters = i32::try_from(a.spelt.len().min(b.spelt.len())).unwrap_or(0);
    match alike(a, b) {
        Alike::Syllable(syllables) => {
            let chance = family().saturating_add(if syllables > 2 { 100 } else { 50 });
            says(Reason::NameSlip, slip(chance), Kin::Maybe(if syllables > 2 { 20 } else { 0 }))
        }
        Alike::Slip => says(Reason::NameSlip, slip(letters.saturating_mul(17)), Kin::Not),
        Alike::Missing => says(Reason::NamePart, part(family().saturating_add(56)), Kin::Maybe(-5)),
        Alike::Initial => says(Reason::NamePart, part(family().saturating_add(42)), Kin::Maybe(0)),
        Alike::Family => says(Reason::NamePart, part(family()), Kin::Maybe(-10)),
        Alike::Given => says(Reason::OtherGiven, -60, Kin::Sibling),
        Alike::Script if a.family == b.family => says(Reason::OtherScript, -10, Kin::Unclear),
        Alike::Script => says(Reason::OtherScript, -35, Kin::Unclear),
        Alike::Nothing => says(Reason::OtherName, -80, Kin::Other),
    }
}

enum Alike {
    /// One of so many syllables is another that sounds like it.
    Syllable(usize),
    /// A letter off.
    Slip,
    /// A part of the given name is missing, or all but the given name.
    Missing,
    /// The first letter of the given name.
    Initial,
    /// One is the surname alone.
    Family,
    /// The surname, with another given name.
    Given,
    /// A Chinese name and one that is not of Chinese syllables.
    Script,
    Nothing,
}

fn alike(a: &Called, b: &Called) -> Alike {
    if let (Some(one), Some(other)) = (&a.syllables, &b.syllables)
        && (one.len() == other.len() || a.chinese && b.chinese || !one_slip(&a.spelt, &b.spelt))
    {
        return both_chinese(a, b, one, other);
    }
    // A slip may have turned the surname into a word that is none, so that it is not known which part it is.
    let turned = |one: &Called, other: &Called| {
        !one.chinese
            && !one.family.is_empty()
            && one_slip(&[&*one.given, &*one.family].concat(), &other.spelt)
    };
    if turned(a, b) || turned(b, a) {
        return Alike::Slip;
    }
    let near = jaro_winkler(&a.spelt, &b.spelt) >= 930 && a.spelt.len().min(b.spelt.len()) >= 8;
    if one_slip(&a.spelt, &b.spelt) || near {
        return Alike::Slip;
    }
    if a.family.is_empty() || b.family.is_empty() {
        let (short, long) = if a.family.is_empty() { (a, b) } else { (b, a) };
        return match () {
            () if short.spelt == long.family => Alike::Family,
            () if short.spelt == long.given => Alike::Missing,
            () => Alike::Script,
        };
    }
    let same_family = a.family == b.family;
    let initial =
        |one: &Called, other: &Called| one.given.len() == 1 && other.given.starts_with(one.given.as_str());
    if same_family && (initial(a, b) || initial(b, a)) {
        return Alike::Initial;
    }
    if same_family && (a.given.starts_with(b.given.as_str()) || b.given.starts_with(a.given.as_str())) {
        return Alike::Missing;
    }
    if same_family && one_slip(&a.given, &b.given) {
        return Alike::Slip;
    }
    match (same_family, a.syllables.is_some() == b.syllables.is_some()) {
        (_, false) => Alike::Script,
        (true, true) => Alike::Given,
        (false, true) => Alike::Nothing,
    }
}

/// Syllable by syllable: most names differ in one letter from some other name.
fn both_chinese(a: &Called, b: &Called, one: &[SmolStr], other: &[SmolStr]) -> Alike {
    let same_family = a.family == b.family && !a.family.is_empty();
    if one.len() != other.len() {
        let (short, long) = if one.len() < other.len() { (a, b) } else { (b, a) };
        let alone = short.family.is_empty() && short.spelt == long.family;
        let missing = same_family
            && (long.given.ends_with(short.given.as_str()) || long.given.starts_with(short.given.as_str()));
        return match () {
            () if alone => Alike::Family,
            () if missing => Alike::Missing,
            () if same_family => Alike::Given,
            () => Alike::Nothing,
        };
    }
    let mut others = one.iter().zip(other).filter(|(one, other)| one != other);
    match (others.next(), others.next()) {
        (Some((first, second)), None) if sounds_like(first, second) => Alike::Syllable(one.len()),
        // Pinyin is mistyped where characters are not.
        (Some((first, second)), None) if !(a.chinese && b.chinese) && one_slip(first, second) => {
            Alike::Syllable(one.len())
        }
        _ if same_family => Alike::Given,
        _ => Alike::Nothing,
    }
}

/// Syllables that are heard or typed for one another: ling and lin, zhang and zang, nan and lan.
fn sounds_like(one: &str, other: &str) -> bool {
    let plain = |syllable: &str| -> String {
        let syllable = syllable.strip_suffix('g').filter(|rest| rest.ends_with('n')).unwrap_or(syllable);
        syllable.replace("zh", "z").replace("ch", "c").replace("sh", "s").replace('v', "u")
    };
    let (one, other) = (plain(one), plain(other));
    let swapped = |from: char, to: char| {
        one.strip_prefix(from).is_some_and(|rest| other.strip_prefix(to) == Some(rest))
    };
    one == other
        || [('n', 'l'), ('l', 'n'), ('h', 'f'), ('f', 'h')].into_iter().any(|(from, to)| swapped(from, to))
}

// ── Other fields ─────────────────────────────────────────────────────────────────────────────────────────────────────────

fn phones(a: &Traits, b: &Traits, counts: &Counts) -> Option<(Reason, i32)> {
    let pairs = || a.phones.iter().flat_map(|one| b.phones.iter().map(move |other| (one, other)));
    pairs().next()?;
    let same = pairs()
        .filter(|(one, other)| one == other)
        .map(|(one, _)| counts.rarity(hash((Tag::Phone, one))))
        .max();
    Some(match same {
        Some(rarity) => (Reason::SamePhone, rarity.min(MOST).saturating_sub(6)),
        None if pairs().any(|(one, other)| one_slip(one, other)) => (Reason::PhoneSlip, 90),
        None => (Reason::OtherPhone, -17),
    })
}

fn emails(a: &Traits, b: &Traits, counts: &Counts) -> Option<(Reason, i32)> {
    let pairs = || a.emails.iter().flat_map(|one| b.emails.iter().map(move |other| (one, other)));
    pairs().next()?;
    let same = pairs()
        .filter(|(one, other)| one == other)
        .map(|(one, _)| counts.rarity(hash((Tag::Email, one))))
        .max();
    Some(match same {
        Some(rarity) => (Reason::SameEmail, rarity.min(MOST).saturating_sub(6)),
        None if pairs().any(|(one, other)| one_slip(one, other)) => (Reason::EmailSlip, 90),
        None => (Reason::OtherEmail, -15),
    })
}

fn shared(
    a: &[u64],
    b: &[u64],
    counts: &Counts,
    same: (Reason, i32),
    other: Option<(Reason, i32)>,
) -> Option<(Reason, i32)> {
    let most = a.iter().filter(|value| b.contains(value)).map(|value| counts.rarity(*value)).max();
    match most {
        Some(rarity) => Some((same.0, rarity.min(MOST).saturating_add(same.1))),
        None => other.filter(|_| !a.is_empty() && !b.is_empty()),
    }
}

fn births(a: Option<Born>, b: Option<Born>, counts: &Counts) -> Option<(Reason, i32)> {
    let (a, b) = (a?, b?);
    if let (Some(one), Some(other)) = (a.day, b.day)
        && one == other
    {
        return Some((
            Reason::SameBirthday,
            counts.rarity(hash((Tag::Birth, one))).min(MOST).saturating_sub(3),
        ));
    }
    let day = |born: Born| born.solar.map(|(_, month, day)| (month, day));
    let same_day = day(a).is_some() && day(a) == day(b) || a.lunar.is_some() && a.lunar == b.lunar;
    let years = (a.written.parts().0, b.written.parts().0);
    let (one, other) = (a.written.parts(), b.written.parts());
    // One in 365, and one of a person's two entries lacks the year.
    Some(if same_day && (years.0.is_none() || years.1.is_none()) {
        (Reason::SameDay, 70)
    } else if same_day && a.written.is_lunar() == b.written.is_lunar() {
        (Reason::BirthdaySlip, 40)
    } else if (one.1, one.3) == (other.1, other.3) && a.written.is_lunar() != b.written.is_lunar() {
        (Reason::BirthdaySlip, 50)
    } else if near(one, other) {
        (Reason::BirthdaySlip, 35)
    } else {
        (Reason::OtherBirthday, -55)
    })
}

/// Month and day changed about, or one digit off, in the same year.
fn near(a: (Option<i16>, u8, bool, u8), b: (Option<i16>, u8, bool, u8)) -> bool {
    let same_year = a.0 == b.0;
    let digit = |one: u8, other: u8| one.abs_diff(other).is_multiple_of(10) || one / 10 == other / 10;
    let swapped = (a.1, a.3) == (b.3, b.1);
    let slip = a.1 == b.1 && digit(a.3, b.3) || a.3 == b.3 && digit(a.1, b.1);
    same_year && a.0.is_some() && (swapped || slip)
}

fn addresses(a: &Traits, b: &Traits, counts: &Counts) -> Option<(Reason, i32)> {
    let (one, other) = (a.address.as_ref()?, b.address.as_ref()?);
    if one == other {
        return Some((
            Reason::SameAddress,
            counts.rarity(hash((Tag::Address, one))).min(90).saturating_sub(10),
        ));
    }
    let near = one_slip(one, other) || one.starts_with(other.as_str()) || other.starts_with(one.as_str());
    near.then_some((Reason::LikeAddress, 45))
}
