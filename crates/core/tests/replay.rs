//! A replay from columns gives exactly what a book gives for the same facts.

use parure::book::{Answer, Book};
use parure::calendar::{Anniversary, Day, Moment};
use parure::fact::{Fact, Line, Profile, Purchase, Quantity, ReturnedLine, Tender};
use parure::money::{Currency, Money};
use parure::program::Program;
use parure::replay::{ColumnBasket, Place, Replay, Standing};
use proptest::prelude::*;

const HEAD: &str = "edition = 2026\nname = 'M'\neffective = 2026-01-15\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'\njoin = 'at purchase'\n";

/// Tiers with windows of each kind: what is bought may not be looked at sooner than it can matter.
const TIERS: [&str; 4] = [
    "
[[tier]]
id = 'member'
name = 'Member'
[[tier]]
id = 'gold'
name = 'Gold'
reach = { spend = '300', within = '6 months' }
term = 'rolling'
multiply = '1.5'
[[tier]]
id = 'diamond'
name = 'Diamond'
reach = { any = [{ spend = '900', within = '6 months' }, { visits = 6, within = '2 months' }] }
term = '6 months'
multiply = '2'
",
    "
[[tier]]
id = 'member'
name = 'Member'
[[tier]]
id = 'gold'
name = 'Gold'
reach = { spend = '200', within = 'calendar year' }
keep = { spend = '60', within = 'term' }
term = '2 months'
lapse = { to = 'reassess', grace = '40 days' }
multiply = '1.5'
[[tier]]
id = 'diamond'
name = 'Diamond'
reach = { any = [{ points = 400, within = 'membership year' }, { visits = 4, within = '2 months' }] }
keep = { visits = 2, within = 'term' }
term = '3 months'
lapse = { to = 'one down', grace = '20 days' }
multiply = '2'
",
    "
[[tier]]
id = 'member'
name = 'Member'
[[tier]]
id = 'gold'
name = 'Gold'
reach = { visits = 3, within = '45 days' }
term = 'rolling'
[[tier]]
id = 'diamond'
name = 'Diamond'
reach = { spend = '700', within = 'ever' }
term = 'calendar year'
keep = { points = 100, within = 'term' }
",
    "
[[tier]]
id = 'member'
name = 'Member'
[[tier]]
id = 'gold'
name = 'Gold'
reach = { visits = 3, within = '2 months' }
keep = { visits = 1, within = '2 months' }
term = '2 months'
lapse = { to = 'reassess', grace = '40 days' }
[[tier]]
id = 'diamond'
name = 'Diamond'
reach = { visits = 6, within = '5 months' }
keep = { visits = 2, within = '2 months' }
term = '3 months'
lapse = { to = 'one down', grace = '60 days' }
",
];

/// Programs that kinds can tell of, each with its own way of counting, and one that they can't.
const RULES: [(&str, bool); 7] = [
    (
        "[points]\nexpires = { after = '3 months', at = 'end of month' }
[points.spend]\nworth = { points = 10, amount = '1.00' }
[[earn]]\nid = 'ring'\nwhen = \"line.category.startsWith('ring')\"\npoints = 2\nper = '3'
[[earn]]\nid = 'standard'\npoints = 1\nper = '1'
[[bonus]]\nid = 'birthday'\nwhen = 'day.month == customer.birthday.month'\nmultiply = '3'
[[bonus]]\nid = 'cloths'\nwhen = \"line.item == 'C-1' && customer.tier in ['gold', 'diamond']\"\nmultiply = '2'",
        true,
    ),
    (
        "[points]\nround = 'line'\nrounding = 'half_up'\nstacking = 'sum'\npending = '9 days'\nnot_earning = ['points', 'other']\ncap = { purchase = 150, month = 400 }
[points.spend]\nworth = { points = 10, amount = '1.00' }
[[earn]]\nid = 'paid'\nwhen = \"line.category != 'gift'\"\npoints = 5\nper = '7'
[[bonus]]\nid = 'weekend'\nwhen = 'day.weekday >= 6 && purchase.amount >= money(\"50\")'\nmultiply = '1.25'
[[bonus]]\nid = 'first'\nwhen = 'customer.purchases == 0'\nadd = 20
[[bonus]]\nid = 'ring'\nwhen = \"line.category == 'ring/gold'\"\nadd = 7
[qualifying]\nwhen = \"line.category != 'gift' && store != 'airport'\"",
        true,
    ),
    (
        "[points]\nrounding = 'up'\nstacking = 'product'\nnot_earning = []\nexpires = { after = '40 days' }
[points.spend]\nworth = { points = 10, amount = '1.00' }
[[earn]]\nid = 'standard'\npoints = 1\nper = '3'
[[bonus]]\nid = 'airport'\nwhen = \"store == 'airport' || 'couple' in customer.tags\"\nmultiply = '1.1'
[[bonus]]\nid = 'gifts'\nwhen = \"line.category in ['gift', '']\"\nmultiply = '0.5'
[[bonus]]\nid = 'rich'\nwhen = 'customer.points > 100 && customer.spend_total > money(\"200\") && customer.visits > 1'\nmultiply = '2'",
        true,
    ),
    (
        "[[earn]]\nid = 'labour'\nwhen = \"line.category == 'ring/gold'\"\nbasis = ['labour']\npoints = 1\nper = '1'
[[earn]]\nid = 'standard'\npoints = 1\nper = '1'
[points.spend]\nworth = { points = 10, amount = '1.00' }",
        true,
    ),
    (
        "[points]\npending = '3 days'\nexpires = { after = '2 months', at = 'end of quarter' }\nstacking = 'sum'
[points.spend]\nworth = { points = 10, amount = '1.00' }
[[earn]]\nid = 'airport'\nwhen = \"store == 'airport' && line.category == 'ring/gold'\"\npoints = 3\nper = '1'
[[earn]]\nid = 'standard'\npoints = 1\nper = '1'
[[bonus]]\nid = 'may'\nwhen = 'day.month == customer.birthday.month'\nmultiply = '3'
[[bonus]]\nid = 'born'\nwhen = 'customer.birthday.day >= 15 && day.month != 2'\nmultiply = '1.2'
[[bonus]]\nid = 'couples'\nwhen = \"'couple' in customer.tags && has(customer.birthday)\"\nadd = 5",
        true,
    ),
    (
        "[points.spend]\nworth = { points = 10, amount = '1.00' }
[[earn]]\nid = 'dear'\nwhen = 'line.amount >= money(\"30\")'\npoints = 2\nper = '1'
[[earn]]\nid = 'standard'\npoints = 1\nper = '1'",
        false,
    ),
    (
        "[points.spend]\nworth = { points = 10, amount = '1.00' }
[[earn]]\nid = 'standard'\npoints = 1\nper = '1'
[[bonus]]\nid = 'new-shop'\nwhen = 'day >= date(\"2026-08-20\") || customer.birthday == day'\nadd = 3",
        true,
    ),
];

const ITEMS: [(&str, &str); 5] =
    [("R-1", "ring/gold"), ("R-2", "ring/silver"), ("C-1", "care"), ("", "gift"), ("N-9", "")];
const STORES: [Option<&str>; 3] = [None, Some("airport"), Some("nanjing-road")];

#[derive(Debug, Clone)]
struct Sale {
    hours: i64,
    lines: Vec<(usize, i64)>,
    /// Of the whole, in percent.
    discount: i64,
    /// Points spent, in tens.
    points: i64,
    store: usize,
    /// Of each line, in percent; where it is not paid with points.
    returned: Option<i64>,
}

fn sale() -> impl Strategy<Value = Sale> {
    let lines = prop::collection::vec((0..ITEMS.len(), prop_oneof![0..9_000_i64, Just(3_333)]), 1..7);
    let discount = prop_oneof![3 => Just(0_i64), 1 => 0..100_i64];
    let points = prop_oneof![3 => Just(0_i64), 1 => 1..9_i64];
    let returned = prop_oneof![4 => Just(None), 1 => (1..=100_i64).prop_map(Some)];
    // Some come again within days, some once in years.
    let hours = prop_oneof![0..20_000_i64, 3_000..7_000_i64];
    (hours, lines, discount, points, 0..STORES.len(), returned).prop_map(
        |(hours, lines, discount, points, store, returned)| Sale {
            hours,
            lines,
            discount,
            points,
            store,
            returned,
        },
    )
}

impl Sale {
    fn at(&self, minutes: i64) -> Moment {
        let start = Moment::parse("2026-01-01T00:00:00+08:00").unwrap().micros();
        Moment::from_micros(start + self.hours * 3_600_000_000 + minutes * 60_000_000, 480).unwrap()
    }

    fn sum(&self) -> i64 {
        self.lines.iter().map(|(_, amount)| amount).sum()
    }

    fn off(&self) -> i64 {
        self.sum() * self.discount / 100
    }

    /// Points and their worth, no more than is to be paid.
    fn tender(&self) -> Option<(i64, i64)> {
        (self.points > 0 && self.points * 100 <= self.sum() - self.off())
            .then_some((self.points * 10, self.points * 100))
    }

    fn fact(&self, id: &str, yuan: Currency) -> Fact<'static> {
        let line = |(at, (kind, amount)): (usize, &(usize, i64))| {
            let (item, category) = ITEMS[*kind];
            Line::new((at + 1).to_string(), item, category, Quantity::ONE, Money::from_minor(*amount))
        };
        let lines = self.lines.iter().enumerate().map(line).collect();
        let tenders = self.tender().map_or(Vec::new(), |(points, worth)| {
            let rest = self.sum() - self.off() - worth;
            let paid = [
                Tender::points(points, Money::from_minor(worth)),
                Tender::new("other", Money::from_minor(rest)),
            ];
            paid.into_iter().take(if rest > 0 { 2 } else { 1 }).collect()
        });
        let purchase = Purchase::new(lines, Money::from_minor(self.off()), tenders, yuan).unwrap();
        let fact = Fact::purchased(id.to_owned(), self.at(0), "c-1", purchase).unwrap();
        STORES[self.store].map_or_else(|| fact.clone(), |store| fact.clone().at_store(store).unwrap())
    }

    fn return_fact(&self, id: &str, yuan: Currency) -> Option<Fact<'static>> {
        let part = self.returned?;
        let lines = self.lines.iter().enumerate().filter(|(_, (_, amount))| amount * part / 100 > 0);
        let lines = lines.map(|(at, (_, amount))| {
            ReturnedLine::new((at + 1).to_string(), Quantity::NONE, Money::from_minor(amount * part / 100))
        });
        let lines: Vec<_> = lines.collect();
        (!lines.is_empty()).then(|| {
            Fact::returned(format!("{id}-r"), self.at(90), "c-1", id.to_owned(), lines, yuan).unwrap()
        })
    }
}

/// What one fact is for a replay: columns where it is a purchase, its number otherwise.
struct Told<'s> {
    fact: Fact<'static>,
    sale: Option<&'s Sale>,
    /// The purchase that is given back.
    gives_back: Option<String>,
}

/// Those that move within the year are asked for each day.
fn birthdays() -> [Anniversary; 3] {
    let date = [
        Anniversary::solar(Some(1990), 5, 20),
        Anniversary::solar(None, 2, 29),
        Anniversary::lunar(None, 4, false, 15),
    ];
    date.map(Result::unwrap)
}

fn told<'s>(sales: &'s [Sale], born: usize, yuan: Currency) -> Vec<Told<'s>> {
    let joined = Moment::parse("2026-03-20T10:00:00+08:00").unwrap();
    let profile = Profile::default().with_birthday(birthdays()[born]).with_tags(["couple"]);
    let joined = Fact::joined("j-1", joined, "c-1", profile).unwrap();
    let mut told = vec![Told { fact: joined, sale: None, gives_back: None }];
    for (at, sale) in sales.iter().enumerate() {
        let id = format!("p-{at}");
        told.push(Told { fact: sale.fact(&id, yuan), sale: Some(sale), gives_back: None });
        told.extend(sale.return_fact(&id, yuan).map(|fact| Told { fact, sale: None, gives_back: Some(id) }));
    }
    told.sort_by(|a, b| (a.fact.at().micros(), a.fact.id()).cmp(&(b.fact.at().micros(), b.fact.id())));
    told
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn it_gives_what_the_book_gives(
        rules in 0..RULES.len(),
        sales in prop::collection::vec(sale(), 0..14),
        until in 0..820_i64,
        by_columns in any::<bool>(),
        tiers in 0..TIERS.len(),
        born in 0..3_usize,
    ) {
        same(rules, tiers, &sales, until, by_columns, born)?;
    }
}

/// A replay and a book of the same sales, on a day so long after the first.
fn same(
    rules: usize,
    tiers: usize,
    sales: &[Sale],
    until: i64,
    by_columns: bool,
    born: usize,
) -> Result<(), TestCaseError> {
    let (rules, columns_tell) = RULES[rules];
    let program = Program::parse("m.toml", &format!("{HEAD}{rules}{}", TIERS[tiers])).unwrap();
    let yuan = program.currency();
    let on = Day::parse("2026-01-01").unwrap().add_days(until);
    let told = told(sales, born, yuan);
    let mut book = Book::new(program.clone());
    let until: Vec<&Told<'_>> = told.iter().filter(|told| book.day_of(told.fact.at()) <= on).collect();
    book.merge(until.iter().map(|told| &told.fact)).unwrap();

    // An account begins with nothing, whatever the one before had.
    for after_another in [false, true] {
        let mut replay = Replay::new(&program, on);
        prop_assert_eq!(replay.reads_columns(), columns_tell);
        if after_another {
            replay.told(0, &on_the_first_day(yuan), None).unwrap();
            replay.end();
        }
        let mut by_kinds = 0;
        for (no, told) in until.iter().enumerate() {
            let no = u32::try_from(no).unwrap();
            let award = match told.sale.filter(|_| by_columns) {
                Some(sale) => {
                    let award = by_column(&mut replay, no, sale, yuan);
                    by_kinds += usize::from(award.is_some());
                    award.or_else(|| replay.told(no, &told.fact, None).unwrap())
                }
                None => {
                    let bought = told.gives_back.as_ref().and_then(|id| {
                        let at = until.iter().position(|told| told.fact.id() == id)?;
                        Some((u32::try_from(at).unwrap(), &until[at].fact))
                    });
                    replay.told(no, &told.fact, bought).unwrap()
                }
            };
            let Answer::AlreadyRecorded { outcome } = book.record(&told.fact).unwrap() else {
                unreachable!()
            };
            if let Some(award) = award {
                prop_assert_eq!(
                    (award.wanted, award.awarded),
                    (outcome.points.wanted, outcome.points.awarded)
                );
                prop_assert_eq!(
                    replay.rule_ids(award.rules).collect::<Vec<_>>(),
                    outcome.rules.iter().map(parure::Id::as_str).collect::<Vec<_>>()
                );
                let tier = outcome.tier.unwrap();
                prop_assert_eq!(
                    (replay.tier_id(award.tier_before), replay.tier_id(award.tier_after)),
                    (tier.before.as_str(), tier.after.as_str())
                );
            }
        }
        let sold = until.iter().filter(|told| told.sale.is_some()).count();
        // All but, at most, the first: its customer has not joined yet.
        prop_assert!(!columns_tell || !by_columns || by_kinds + 1 >= sold);
        let row = replay.end();
        match book.account("c-1", on) {
            Err(_) => prop_assert_eq!(row, Standing::default()),
            Ok(view) => {
                prop_assert_eq!(
                    (row.balance, row.pending, row.debt),
                    (view.points.balance, view.points.pending, view.points.debt)
                );
                prop_assert_eq!(row.joined, view.joined);
                prop_assert_eq!(row.tier.as_str(), view.tier.as_ref().map_or("", |tier| tier.id.as_str()));
                let next = view.points.lots.iter().filter_map(|lot| lot.last_day).min();
                let lapsing = |last: Day| {
                    (
                        last,
                        view.points
                            .lots
                            .iter()
                            .filter(|lot| lot.last_day == Some(last))
                            .map(|lot| lot.points)
                            .sum::<i64>(),
                    )
                };
                prop_assert_eq!(row.next_lapse, next.map(lapsing));
            }
        }
        if !after_another {
            prop_assert_eq!(replay.report(), book.report(on));
        }
    }
    Ok(())
}

/// What a purchase by columns may leave unlooked at is looked at where it changes something, however few histories reach it by chance.
#[test]
fn a_purchase_that_changes_something_is_looked_at() {
    let sale = |day: i64| Sale {
        hours: day * 24,
        lines: vec![(0, 5_000)],
        discount: 0,
        points: 0,
        store: 0,
        returned: None,
    };
    let both = |tiers: usize, days: &[i64], until: i64| {
        same(6, tiers, &days.iter().map(|day| sale(*day)).collect::<Vec<_>>(), until, true, 0).unwrap();
    };
    let visits_only = TIERS.len() - 1;
    both(visits_only, &[80, 90, 100, 110], 120); // the third visit makes gold
    both(visits_only, &[80, 90, 100, 110, 120, 130, 140], 150); // the sixth diamond
    // Diamond from day 130, for three months; in the grace after them the second visit keeps it.
    both(visits_only, &[80, 90, 100, 110, 120, 130, 230, 240, 250], 300);
    // An amount from a day on, and on a birthday, 20 May: in the middle of months of which no condition asks.
    both(2, &[80, 138, 139, 140, 225, 230, 231, 232, 240], 300);
}

fn on_the_first_day(yuan: Currency) -> Fact<'static> {
    let sale = Sale { hours: 0, lines: vec![(0, 9_000)], discount: 0, points: 0, store: 0, returned: None };
    sale.fact("before", yuan)
}

fn by_column(replay: &mut Replay, no: u32, sale: &Sale, yuan: Currency) -> Option<parure::replay::Award> {
    let kinds = sale.lines.iter().map(|(kind, _)| {
        let (item, category) = ITEMS[*kind];
        replay.kind(item, category).unwrap()
    });
    let kinds: Vec<_> = kinds.collect();
    let amounts: Vec<i64> = sale.lines.iter().map(|(_, amount)| *amount).collect();
    let store = STORES[sale.store];
    let place = store.map_or(Place::default(), |store| replay.place(Some(store), None, None).unwrap());
    let basket = ColumnBasket::new(&kinds, &amounts, yuan).unwrap().with_discount(sale.off()).unwrap();
    let basket = sale.tender().map_or(basket, |(points, worth)| basket.with_points(points, worth).unwrap());
    replay.purchased(no, sale.at(0).micros(), place, &basket).unwrap()
}

#[test]
fn what_is_out_of_place_is_told() {
    let program = Program::parse("m.toml", &format!("{HEAD}{}{}", RULES[0].0, TIERS[0])).unwrap();
    let yuan = program.currency();
    let mut replay = Replay::new(&program, Day::parse("2026-06-30").unwrap());
    let at = |text: &str| Moment::parse(text).unwrap();
    let joined = |text: &str| Fact::joined("j-1", at(text), "c-1", Profile::default()).unwrap();
    let kinds = [replay.kind("R-1", "ring/gold").unwrap()];
    let basket = ColumnBasket::new(&kinds, &[100], yuan).unwrap();
    replay.told(0, &joined("2026-03-01T10:00:00+08:00"), None).unwrap();

    let code = |told: Result<Option<parure::replay::Award>, parure::fault::Fault>| told.unwrap_err().code;
    let earlier = at("2026-03-01T09:59:59+08:00").micros();
    assert_eq!(code(replay.purchased(1, earlier, Place::default(), &basket)), "not_in_order");
    let later = at("2026-07-01T00:00:00+08:00").micros();
    assert_eq!(code(replay.purchased(1, later, Place::default(), &basket)), "after_the_day");
    let given = Fact::given("g-1", at("2026-03-02T10:00:00+08:00"), "c-1", "c-2", 5, vec![]).unwrap();
    assert_eq!(code(replay.told(1, &given, None)), "other_accounts");
    assert_eq!(replay.end().joined, Some(Day::parse("2026-03-01").unwrap()));
    assert_eq!(replay.end(), Standing::default()); // nobody's

    let basket = |amounts: &[i64]| {
        ColumnBasket::new(&[kinds[0]; 1_001][..amounts.len()], amounts, yuan).map(|_| ()).unwrap_err().code
    };
    assert_eq!(basket(&[]), "no_lines");
    assert_eq!(basket(&[0; 1_001]), "too_many");
    assert_eq!(basket(&[1, -1]), "negative_amount");
    assert_eq!(basket(&[i64::MAX, i64::MAX]), "money_range");
    let (one, two) =
        (ColumnBasket::new(&kinds, &[100], yuan).unwrap(), ColumnBasket::new(&kinds, &[100, 5], yuan));
    assert_eq!(two.unwrap_err().code, "lines_differ");
    assert_eq!(one.with_discount(101).unwrap_err().code, "discount_exceeds");
    assert_eq!(one.with_points(0, 0).unwrap_err().code, "points_tender");
    assert_eq!(one.with_points(10, 101).unwrap_err().code, "tenders_differ");
    assert_eq!(replay.kind("a\u{7}", "").unwrap_err().path, "item");
    assert_eq!(replay.place(Some(" "), None, None).unwrap_err().path, "store");
}
