//! A quote takes the coupons that leave the least to pay (semantics 16.3, 16.5), held to all sets of them reckoned one by one; and what it says is
//! what recording then does.

use parure::book::{Answer, Book};
use parure::calendar::{Day, Moment};
use parure::fact::Fact;
use parure::program::Program;
use proptest::prelude::*;
use serde_json::{Value, json};

/// What a coupon is, as the program says it and as it is reckoned here.
#[derive(Clone, Debug)]
struct Kind {
    off: Off,
    most: Option<i64>,
    category: Option<&'static str>,
    least: i64,
    stacks: bool,
    group: Option<&'static str>,
    days: i64,
    /// So many are issued of it, of which so many may be used in a day.
    issued: usize,
    limit: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
enum Off {
    Amount(i64),
    Percent(i64),
    Each(i64, i64),
    Free(i64, i64),
    Price(i64),
}

/// Category, pieces, amount, what is to be paid for it.
type Line = (&'static str, i64, i64, i64);

const CATEGORIES: [&str; 3] = ["ring", "charm", "care"];

fn shown(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

fn kinds() -> impl Strategy<Value = Kind> {
    let off = prop_oneof![
        (1..60_000_i64).prop_map(Off::Amount),
        (1..=100_i64).prop_map(Off::Percent),
        (1..30_000_i64, 1..100_i64).prop_map(|(full, share)| Off::Each(full, (full * share / 100).max(1))),
        (0..3_i64, 1..3_i64).prop_map(|(buy, get)| Off::Free(buy, get)),
        (0..20_000_i64).prop_map(Off::Price),
    ];
    let most = prop_oneof![Just(None), (1..20_000_i64).prop_map(Some)];
    let category = prop_oneof![Just(None), prop::sample::select(&CATEGORIES[..]).prop_map(Some)];
    let least = prop_oneof![Just(0), 0..40_000_i64];
    let group = prop_oneof![Just(None), prop::sample::select(&["a", "b"][..]).prop_map(Some)];
    let issued = (1..3_usize, prop_oneof![Just(None), (1..3_usize).prop_map(Some)]);
    (off, most, category, least, 0..6_u8, group, 1..20_i64, issued).prop_map(
        |(off, most, category, least, stacks, group, days, (issued, limit))| {
            let most = most.filter(|_| !matches!(off, Off::Amount(_)));
            Kind { off, most, category, least, stacks: stacks > 0, group, days, issued, limit }
        },
    )
}

fn program(kinds: &[Kind], percent_first: bool) -> String {
    let order = if percent_first { "percent first" } else { "amount first" };
    let mut text = format!(
        "edition = 2026\nname = \"M\"\neffective = 2026-01-01\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shanghai\"\n[coupons]\norder = \"{order}\"\n\
         [[earn]]\nid = \"all\"\npoints = 1\nper = \"1.00\"\n"
    );
    for (at, kind) in kinds.iter().enumerate() {
        let off = match kind.off {
            Off::Amount(off) => format!("off = \"{}\"", shown(off)),
            Off::Percent(share) => format!("percent = \"{share}%\""),
            Off::Each(full, off) => {
                format!("each = {{ full = \"{}\", off = \"{}\" }}", shown(full), shown(off))
            }
            Off::Free(buy, get) => format!("free = {{ buy = {buy}, get = {get} }}"),
            Off::Price(price) => format!("price = \"{}\"", shown(price)),
        };
        text.push_str(&format!(
            "[[coupon]]\nid = \"c-{at}\"\n{off}\nleast = \"{}\"\nvalid = \"{} days\"\nstacks = {}\n",
            shown(kind.least),
            kind.days,
            kind.stacks
        ));
        let on = kind.category.map(|category| format!("on = 'line.category == \"{category}\"'\n"));
        let group = kind.group.map(|group| format!("group = \"{group}\"\n"));
        let most = kind.most.map(|most| format!("most = \"{}\"\n", shown(most)));
        let limit = kind.limit.map(|count| format!("at_most = {{ count = {count}, within = \"1 day\" }}\n"));
        text.extend([on, group, most, limit].into_iter().flatten());
    }
    text
}

/// Pro rata by largest remainder, ties to the earlier.
fn split(total: i64, weights: &[i64]) -> Vec<i64> {
    let sum: i64 = weights.iter().sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let exact = |weight: i64| (weight * total / sum, weight * total % sum);
    let mut parts: Vec<i64> = weights.iter().map(|weight| exact(*weight).0).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|at| (-exact(weights[*at]).1, *at));
    for at in order.into_iter().take(usize::try_from(total - parts.iter().sum::<i64>()).unwrap()) {
        parts[at] += 1;
    }
    parts
}

impl Kind {
    fn is_for(&self, line: &Line) -> bool {
        self.category.is_none_or(|category| category == line.0)
    }

    fn base(&self, lines: &[Line]) -> i64 {
        lines.iter().filter(|line| self.is_for(line)).map(|line| line.3).sum()
    }

    /// What it takes off, where so much of each line is left to pay.
    fn takes(&self, lines: &[Line], left: &[i64]) -> i64 {
        let base = self.base(lines);
        let room: i64 =
            lines.iter().zip(left).filter(|(line, _)| self.is_for(line)).map(|(_, left)| left).sum();
        // One by one, the cheapest first.
        let mut pieces: Vec<(i64, i64)> = lines
            .iter()
            .filter(|line| self.is_for(line))
            .flat_map(|line| (0..line.1).map(|_| (line.3, line.1)))
            .collect();
        pieces.sort_by_key(|(amount, count)| amount * (1..=8).product::<i64>() / count);
        let off = match self.off {
            Off::Amount(off) => off,
            Off::Percent(share) => room * share / 100,
            Off::Each(full, off) => base / full * off,
            Off::Free(buy, get) => {
                let all = i64::try_from(pieces.len()).unwrap();
                let free = if buy == 0 { get.min(all) } else { all / (buy + get) * get };
                let mut off = 0;
                let mut rest = free;
                // Of a line, so many pieces together are rounded once. Lines of one price: the earlier first.
                let mut order: Vec<&Line> = lines.iter().filter(|line| self.is_for(line)).collect();
                order.sort_by_key(|line| line.3 * (1..=8).product::<i64>() / line.1);
                for line in order {
                    let taken = rest.min(line.1);
                    rest -= taken;
                    off += line.3 * taken / line.1;
                }
                off
            }
            Off::Price(price) => pieces.last().map_or(0, |(amount, count)| (amount / count - price).max(0)),
        };
        self.most.map_or(off, |most| off.min(most)).min(room)
    }

    fn fits(&self, lines: &[Line]) -> bool {
        let full = if let Off::Each(full, _) = self.off { full } else { 0 };
        let whole: Vec<i64> = lines.iter().map(|line| line.3).collect();
        self.base(lines) >= self.least.max(full).max(1) && self.takes(lines, &whole) > 0
    }
}

/// The best of all sets of coupons: what is left to pay, which are used and what each takes off. `of`: of which of the program's each is.
fn best(kinds: &[&Kind], of: &[usize], lines: &[Line], percent_first: bool) -> (i64, Vec<(usize, i64)>) {
    let lapsing = |at: &usize| (kinds[*at].days, *at);
    let mut found: Option<(i64, Vec<(usize, i64)>)> = None;
    for set in 0..1_u32 << kinds.len() {
        let mut chosen: Vec<usize> = (0..kinds.len()).filter(|at| set >> at & 1 == 1).collect();
        let apart = chosen.iter().any(|at| {
            let others = || chosen.iter().filter(|other| *other != at);
            !kinds[*at].stacks && chosen.len() > 1
                || kinds[*at].group.is_some() && others().any(|other| kinds[*other].group == kinds[*at].group)
        });
        let alike = |at: &usize| chosen.iter().filter(|other| of[**other] == of[*at]).count();
        let too_many = chosen.iter().any(|at| kinds[*at].limit.is_some_and(|limit| alike(at) > limit));
        if apart || too_many || chosen.iter().any(|at| !kinds[*at].fits(lines)) {
            continue;
        }
        chosen.sort_by_key(|at| {
            let is_percent = matches!(kinds[*at].off, Off::Percent(_));
            (is_percent != percent_first, lapsing(at))
        });
        let mut left: Vec<i64> = lines.iter().map(|line| line.3).collect();
        let mut used = Vec::new();
        for at in chosen {
            let off = kinds[at].takes(lines, &left);
            let weights: Vec<i64> = lines
                .iter()
                .zip(&left)
                .map(|(line, left)| if kinds[at].is_for(line) { *left } else { 0 })
                .collect();
            for (left, part) in left.iter_mut().zip(split(off, &weights)) {
                *left -= part;
            }
            used.push((at, off));
        }
        if used.iter().any(|(_, off)| *off == 0) {
            continue;
        }
        let sorted = |used: &[(usize, i64)]| {
            let mut all: Vec<(i64, usize)> = used.iter().map(|(at, _)| lapsing(at)).collect();
            all.sort_unstable();
            all
        };
        let rank = |left: i64, used: &[(usize, i64)]| (left, used.len(), sorted(used));
        let left = left.iter().sum();
        if found.as_ref().is_none_or(|(best, with)| rank(left, &used) < rank(*best, with)) {
            found = Some((left, used));
        }
    }
    found.unwrap()
}

fn told(book: &mut Book, fact: &Value) -> Answer {
    let text = fact.to_string();
    let fact = Fact::from_json(&text, book.currency()).unwrap_or_else(|fault| panic!("{fault}: {text}"));
    book.record(&fact).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn the_least_is_paid(
        kinds in prop::collection::vec(kinds(), 1..7),
        lines in prop::collection::vec((prop::sample::select(&CATEGORIES[..]), 1..6_i64, 0..60_000_i64), 1..5),
        discount in 0..4_i64,
        percent_first in any::<bool>(),
    ) {
        let mut book = Book::new(Program::parse("coupons", &program(&kinds, percent_first)).unwrap());
        told(&mut book, &json!({"id": "j", "at": "2026-03-01T09:00:00+08:00", "customer": "mei", "joined": {}}));
        let of: Vec<usize> = kinds.iter().enumerate().flat_map(|(at, kind)| vec![at; kind.issued]).collect();
        for (at, of) in of.iter().enumerate() {
            // Ids of two digits stand in the order of the numbers.
            let issued = json!({"id": format!("k-{at:02}"), "at": "2026-03-01T10:00:00+08:00", "customer": "mei", "issued": {"coupon": format!("c-{of}")}});
            told(&mut book, &issued);
        }
        let all: i64 = lines.iter().map(|line| line.2).sum();
        let off = all * discount / 20;
        let amounts: Vec<i64> = lines.iter().map(|line| line.2).collect();
        let parts = split(off, &amounts);
        let laid: Vec<Line> = lines.iter().zip(parts).map(|((category, pieces, amount), off)| (*category, *pieces, *amount, amount - off)).collect();
        let rows: Vec<Value> = laid.iter().enumerate().map(|(at, (category, pieces, amount, _))| {
            json!({"id": at.to_string(), "category": category, "quantity": pieces.to_string(), "amount": shown(*amount)})
        }).collect();
        let mut basket = json!({"lines": rows, "discount": shown(off)});
        let at = "2026-03-01T12:00:00+08:00";
        let sale = json!({"id": "p", "at": at, "customer": "mei", "purchased": basket}).to_string();
        let purchase = Fact::from_json(&sale, book.currency()).unwrap();
        let quote = book.quote("mei", Moment::parse(at).unwrap(), None, purchase.purchase().unwrap());

        let held: Vec<&Kind> = of.iter().map(|of| &kinds[*of]).collect();
        let (left, used) = best(&held, &of, &laid, percent_first);
        let quoted: Vec<(String, String)> = quote.coupons.iter().filter(|coupon| coupon.why.is_none()).map(|coupon| (coupon.coupon.to_string(), coupon.amount.to_string())).collect();
        let reckoned: Vec<(String, String)> = used.iter().map(|(at, off)| (format!("k-{at:02}"), shown(*off))).collect();
        prop_assert_eq!((quote.to_pay.to_string(), quoted.clone()), (shown(left), reckoned));
        prop_assert_eq!(quote.may_be_less, None);

        // Recorded as quoted it is accepted, and earns what was quoted.
        let rest = (left > 0).then(|| json!({"card": shown(left)}));
        if !quoted.is_empty() {
            basket["tenders"] = quoted.iter().map(|(coupon, amount)| json!({"coupon": coupon, "amount": amount})).chain(rest).collect();
        }
        let sold = told(&mut book, &json!({"id": "p", "at": at, "customer": "mei", "purchased": basket}));
        let Answer::Accepted { outcome } = sold else { panic!("{sold:?}") };
        prop_assert_eq!(outcome.points.awarded, quote.earns.awarded);

        // And all given back, in parts, every coupon that is not lost is there again.
        let on = Day::parse("2026-03-01").unwrap();
        for (at, (_, pieces, amount, _)) in laid.iter().enumerate() {
            let half = amount / 2;
            // Of a line that cost next to nothing, the first half is nothing.
            let parts = [(0, half), (*pieces, amount - half)].into_iter().enumerate();
            for (part, (pieces, amount)) in parts.filter(|(_, (pieces, amount))| pieces + amount > 0) {
                let back = json!({"id": format!("r-{at}-{part}"), "at": "2026-03-01T15:00:00+08:00", "customer": "mei",
                    "returned": {"purchase": "p", "lines": [{"id": at.to_string(), "quantity": pieces.to_string(), "amount": shown(amount)}]}});
                let answer = told(&mut book, &back);
                prop_assert!(matches!(answer, Answer::Accepted { .. }), "{answer:?}");
            }
        }
        let account = book.account("mei", on).unwrap();
        prop_assert_eq!((account.coupons.len(), account.points.balance), (of.len(), 0));
        prop_assert_eq!(book.verify(), Vec::<String>::new());
    }
}
