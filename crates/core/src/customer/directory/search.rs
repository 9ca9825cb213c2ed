//! What was typed, looked for on every shelf that it may lie on.

use super::{Directory, Extent, Field, Found, Shelf, code, is_spelt, letters};
use crate::customer::name::{Name, fold, is_hanzi};
use crate::customer::runs::Order;
use foldhash::fast::FixedState;
use hashbrown::HashSet;

/// So many digits are the end of a phone number.
const LAST_DIGITS: usize = 4;
/// So many are a whole number without its country.
const NATIONAL: usize = 7;
/// Country codes have one to three digits.
const COUNTRY: usize = 3;

/// Country codes without which numbers are typed from their start.
const HOME: [&str; 5] = ["86", "852", "853", "886", "65"];

pub(super) struct Search<'d> {
    pub(super) directory: &'d Directory,
    pub(super) limit: usize,
    pub(super) hits: Vec<Hit>,
}

/// What forms must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Whole,
    Start,
}

/// In the order of answers, but for the id between key and place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) extent: Extent,
    pub(super) field: Field,
    pub(super) shelf: u8,
    pub(super) key: u128,
    place: u32,
}

impl Search<'_> {
    pub(super) fn names(&mut self, typed: &str) {
        let folded = letters(&fold(typed));
        if is_spelt(&folded) {
            // A title is not part of a name, but may be the start of one.
            let without_title = Name::of(typed).map(|name| letters(name.written()));
            let without_title = without_title.filter(|name| *name != folded);
            for typed in [first_letters(&folded), Some(folded), without_title].into_iter().flatten() {
                self.look(Shelf::Spelt, &typed, |extent| extent);
                self.look(Shelf::SpeltLater, &typed, |_| Extent::Part);
            }
            return;
        }
        for name in Name::all(typed) {
            let written = letters(name.written());
            self.look(Shelf::Written, &written, |extent| extent);
            self.look(Shelf::WrittenLater, &written, |_| Extent::Part);
            if written.chars().any(is_hanzi) {
                // Of a Chinese name all of the sound, or 王 would also be wangxiaoming.
                let whole = name.is_chinese();
                for form in name.spellings().iter().filter(|form| is_spelt(form)) {
                    let wanted = if whole { Wanted::Whole } else { Wanted::Start };
                    self.look_at_each(Shelf::Spelt, form, wanted, |_, _| Extent::Sound);
                }
            }
        }
    }

    pub(super) fn phones(&mut self, typed: &str) {
        let typed = fold(typed);
        let is_sign = |c: char| c.is_whitespace() || "-+()./".contains(c);
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        if digits.len() < LAST_DIGITS || !typed.chars().all(|c| c.is_ascii_digit() || is_sign(c)) {
            return;
        }
        let abroad = typed.trim_start().starts_with('+');
        let without_00 = digits.strip_prefix("00").filter(|digits| digits.len() >= NATIONAL && !abroad);
        self.look(Shelf::PhoneStart, without_00.unwrap_or(&digits), |extent| extent);
        if abroad {
            return;
        }
        let without_0 =
            digits.strip_prefix('0').filter(|digits| digits.len() >= NATIONAL && without_00.is_none());
        for digits in [Some(digits.as_str()), without_0].into_iter().flatten() {
            let end: String = digits.chars().rev().collect();
            let typed = digits.len();
            self.look_at_each(Shelf::PhoneEnd, &end, Wanted::Start, |key, extent| {
                let more = Shelf::PhoneEnd.length(key).saturating_sub(typed);
                let whole = more == 0 || typed >= NATIONAL && more <= COUNTRY;
                if whole { Extent::Whole } else { extent.max(Extent::Start) }
            });
            for country in HOME {
                self.look(Shelf::PhoneStart, &[country, digits].concat(), |extent| extent);
            }
        }
    }

    pub(super) fn codes(&mut self, typed: &str) {
        for field in [Field::Email, Field::WeChat, Field::Card, Field::Serial] {
            let form = code(field, typed);
            self.look(Shelf::Codes(field), &form, |extent| extent);
        }
    }

    /// Takes in what begins with a text on a shelf; `says` what that means.
    fn look(&mut self, shelf: Shelf, text: &str, says: impl Fn(Extent) -> Extent) {
        self.look_at_each(shelf, text, Wanted::Start, |_, extent| says(extent));
    }

    fn look_at_each(
        &mut self,
        shelf: Shelf,
        text: &str,
        wanted: Wanted,
        says: impl Fn(u128, Extent) -> Extent,
    ) {
        if text.is_empty() {
            return;
        }
        let mut range = shelf.range(text);
        if wanted == Wanted::Whole && !range.long {
            range.keys = *range.keys.start()..=*range.keys.start();
        }
        let directory = self.directory;
        let mut taking = Taking { search: self, shelf, whole: HashSet::default(), other: HashSet::default() };
        // Those that are wholly what was typed come first, unless the key does not tell, or countries differ.
        let in_order = !range.long && shelf != Shelf::PhoneEnd;
        let mut take = |key: u128, place: u32, order: Order| {
            let extent = if !range.long {
                if key == *range.keys.start() { Extent::Whole } else { Extent::Start }
            } else {
                match directory.has_long(place, shelf, text) {
                    None => return true,
                    Some(false) if wanted == Wanted::Whole => return true,
                    Some(true) => Extent::Whole,
                    Some(false) => Extent::Start,
                }
            };
            let enough = taking.take(key, place, says(key, extent), order);
            !(enough && in_order)
        };
        match shelf {
            Shelf::Codes(_) => directory.codes.look(&range.keys, take),
            _ => {
                let short = |key: &u128| u64::try_from(*key).unwrap_or(u64::MAX);
                let keys = short(range.keys.start())..=short(range.keys.end());
                if let Some(runs) = directory.names_and_phones.get(usize::from(shelf.number())) {
                    runs.look(&keys, |key, place, order| take(key.into(), place, order));
                }
            }
        }
    }

    pub(super) fn answer(mut self) -> Vec<Found> {
        let ids = &self.directory.ids;
        let order = |hit: &Hit| (hit.extent, hit.field, hit.shelf, hit.key);
        self.hits.sort_unstable_by(|a, b| {
            order(a)
                .cmp(&order(b))
                .then_with(|| ids.of(a.place).cmp(ids.of(b.place)))
                .then(a.place.cmp(&b.place))
        });
        let mut seen: HashSet<u32, FixedState> = HashSet::default();
        let fresh = self.hits.iter().filter(|hit| seen.insert(hit.place)).take(self.limit);
        fresh.map(|hit| Found { place: hit.place, field: hit.field, extent: hit.extent }).collect()
    }
}

/// Of each run the first so many different customers that are wholly what was typed, and as many others.
struct Taking<'s, 'd> {
    search: &'s mut Search<'d>,
    shelf: Shelf,
    whole: HashSet<u32, FixedState>,
    other: HashSet<u32, FixedState>,
}

impl Taking<'_, '_> {
    /// Answers whether there are enough.
    fn take(&mut self, key: u128, place: u32, extent: Extent, order: Order) -> bool {
        if order == Order::First {
            self.whole.clear();
            self.other.clear();
        }
        let limit = self.search.limit;
        let again = extent != Extent::Whole && self.whole.contains(&place);
        let taken = if extent == Extent::Whole { &mut self.whole } else { &mut self.other };
        let hit = Hit { extent, field: self.shelf.field(), shelf: self.shelf.number(), key, place };
        // The tail is in no order: all of it is taken.
        if order == Order::None || !again && taken.len() < limit && taken.insert(place) {
            self.search.hits.push(hit);
        }
        order != Order::None && self.whole.len().saturating_add(self.other.len()) >= limit
    }
}

/// `zhxw` as `zxw`: where a consonant follows, zh, ch and sh are first letters.
pub(super) fn first_letters(typed: &str) -> Option<String> {
    let mut letters = String::with_capacity(typed.len());
    let mut rest = typed.chars().peekable();
    while let Some(letter) = rest.next() {
        letters.push(letter);
        if "zcs".contains(letter) && rest.peek() == Some(&'h') {
            let mut ahead = rest.clone();
            ahead.next();
            if ahead.peek().is_some_and(|next| !"aeiou".contains(*next)) {
                rest = ahead;
            }
        }
    }
    (letters != typed).then_some(letters)
}
