//! Which customers are compared at all.

use super::Options;
use super::traits::{Born, Tag, Traits, hash};
use smallvec::SmallVec;

/// What a block is of.
#[derive(Debug, Clone, Copy, Hash)]
enum Block {
    Value,
    Name,
    NameAndDay,
    FamilyAndDay,
    GivenAndDay,
    Birth,
    NameAndPhoneStart,
    NameAndPhoneEnd,
    FamilyAndPhoneEnd,
    Mailbox,
}

/// Last digits of a phone that make a block with a name.
const LAST: usize = 4;
/// Shorter mailboxes say little (`info`, `mail`).
const MAILBOX: usize = 5;

/// The pairs of all blocks, each once, in order.
pub(super) fn pairs(all: &[Traits], options: &Options) -> Vec<(usize, usize)> {
    let mut members: Vec<(u64, u32)> = Vec::with_capacity(all.len().saturating_mul(10));
    for (number, traits) in (0..=u32::MAX).zip(all) {
        members.extend(keys(traits).into_iter().map(|key| (key, number)));
    }
    members.sort_unstable();
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for block in members.chunk_by(|a, b| a.0 == b.0).filter(|block| block.len() > 1) {
        if block.len() <= options.largest_block {
            for (at, (_, one)) in block.iter().enumerate() {
                pairs.extend(block.iter().skip(at.saturating_add(1)).map(|(_, other)| (*one, *other)));
            }
        } else {
            cut(block, all, options.window, &mut pairs);
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let at = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    pairs.into_iter().filter(|(one, other)| one != other).map(|(one, other)| (at(one), at(other))).collect()
}

/// Of a block that is too large each with the next few, in the order of phone, of name, and of birthday (Hernández and Stolfo's sorted neighbourhoods, 1995).
fn cut(block: &[(u64, u32)], all: &[Traits], window: usize, pairs: &mut Vec<(u32, u32)>) {
    let traits = |number: u32| usize::try_from(number).ok().and_then(|at| all.get(at));
    let mut order: Vec<u32> = block.iter().map(|(_, number)| *number).collect();
    let mut neighbours = |order: &[u32]| {
        for (at, one) in order.iter().enumerate() {
            let next = order.iter().skip(at.saturating_add(1)).take(window);
            pairs.extend(next.map(|other| (*one.min(other), *one.max(other))));
        }
    };
    order.sort_by_cached_key(|number| {
        (traits(*number).and_then(|traits| traits.phones.first().cloned()), *number)
    });
    neighbours(&order);
    order.sort_by_cached_key(|number| {
        let name = traits(*number).and_then(|traits| traits.names.first());
        (name.map(|name| (name.spelt.clone(), name.written.clone())), *number)
    });
    neighbours(&order);
    order.sort_by_key(|number| {
        (traits(*number).and_then(|traits| traits.born).and_then(|born| born.solar), *number)
    });
    neighbours(&order);
}

/// The blocks somebody is in.
fn keys(traits: &Traits) -> SmallVec<[u64; 24]> {
    let mut keys: SmallVec<[u64; 24]> = SmallVec::new();
    let mut add = |key: u64| keys.push(key);
    traits.phones.iter().for_each(|phone| add(hash((Block::Value, Tag::Phone, phone))));
    for email in &traits.emails {
        add(hash((Block::Value, Tag::Email, email)));
        let mailbox = email.split('@').next().unwrap_or_default();
        if mailbox.len() >= MAILBOX {
            add(hash((Block::Mailbox, mailbox)));
        }
    }
    traits
        .wechats
        .iter()
        .chain(&traits.cards)
        .chain(&traits.serials)
        .for_each(|value| add(hash((Block::Value, value))));
    if let Some(address) = &traits.address {
        add(hash((Block::Value, Tag::Address, address)));
    }
    if let Some(Born { day: Some(day), .. }) = traits.born {
        add(hash((Block::Birth, day)));
    }
    let days = traits.born.map(days).unwrap_or_default();
    for name in &traits.names {
        add(hash((Block::Name, name.sorted)));
        for day in &days {
            add(hash((Block::NameAndDay, name.sorted, day)));
            for part in [&name.family, &name.given].into_iter().filter(|part| !part.is_empty()) {
                let block = if part == &name.family { Block::FamilyAndDay } else { Block::GivenAndDay };
                add(hash((block, part, day)));
            }
        }
        for phone in &traits.phones {
            let Some((start, end)) = phone.len().checked_sub(LAST).and_then(|at| phone.split_at_checked(at))
            else {
                continue;
            };
            add(hash((Block::NameAndPhoneStart, name.sorted, start)));
            add(hash((Block::NameAndPhoneEnd, name.sorted, end)));
            add(hash((Block::FamilyAndPhoneEnd, &name.family, end)));
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The days of the year that a birthday falls on, in both calendars.
fn days(born: Born) -> SmallVec<[(bool, u8, u8); 2]> {
    let solar = born.solar.map(|(_, month, day)| (false, month, day));
    let lunar = born.lunar.map(|(month, day)| (true, month, day));
    solar.into_iter().chain(lunar).collect()
}
