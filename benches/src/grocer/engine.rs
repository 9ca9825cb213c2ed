//! The engine over a grocer's log, and what can be compared with the program written out by hand.

use super::CATEGORIES;
use super::log::{ITEMS, Person, Rows};
use super::reference::{Asked, Standing, TIER_IDS, lines_from};
use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use parure::book::Report;
use parure::calendar::{Anniversary, Day, Moment};
use parure::fact::{Fact, Profile};
use parure::program::Program;
use parure::replay::{ColumnBasket, Kind, Place, Replay};
use parure_columnar::{Options, Table, replay};

/// What every way of replaying must agree on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The balance and the place of the tier, by household.
    pub households: Vec<(i64, usize)>,
    /// Of all households together.
    pub awarded: i64,
    /// Of all households together.
    pub spent: i64,
    /// Of all households together.
    pub lapsed: i64,
}

impl Ending {
    /// Of the program written out by hand.
    pub fn by_hand(standings: &[Standing]) -> Self {
        let sum = |of: fn(&Standing) -> i64| standings.iter().map(of).sum();
        Ending {
            households: standings.iter().map(|standing| (standing.balance, standing.tier)).collect(),
            awarded: sum(|standing| standing.awarded),
            spent: sum(|standing| standing.spent),
            lapsed: sum(|standing| standing.lapsed),
        }
    }

    /// Of the engine.
    pub fn reported(households: Vec<(i64, usize)>, report: &Report) -> Self {
        let totals = report.totals;
        Ending { households, awarded: totals.awarded, spent: totals.spent, lapsed: totals.lapsed }
    }
}

/// The fact by which someone joins.
pub fn joined(number: usize, person: &Person) -> Fact<'static> {
    let birthday = person.birthday.map(|(month, day)| Anniversary::solar(None, month, day).expect("a day"));
    let profile = birthday.map_or_else(Profile::default, |day| Profile::default().with_birthday(day));
    let at = Moment::from_micros(person.joined, 480).expect("an instant");
    Fact::joined(format!("joined:{number}"), at, number.to_string(), profile).expect("a right fact")
}

/// The place of a tier by its id.
pub fn tier(id: &str) -> usize {
    TIER_IDS.iter().position(|known| *known == id).expect("a tier of the program")
}

/// The engine's fold alone, over rows sorted by customer and time: no table is read, nothing is looked up by name.
pub fn fold(program: &Program, rows: Rows<'_, i64>, people: &[Person], on: Day) -> Ending {
    let mut replay = Replay::new(program, on);
    let kind = |item: u64| {
        let category = CATEGORIES[usize::try_from(item).expect("few") % CATEGORIES.len()];
        replay.kind(&format!("i-{item:04}"), category).expect("a name")
    };
    let kind_of: Vec<Kind> = (0..ITEMS).map(kind).collect();
    let mut households = vec![(0, 0); people.len()];
    let mut kinds = Vec::new();
    let mut at = 0;
    for (number, person) in people.iter().enumerate() {
        replay.told(0, &joined(number, person), None).expect("an account's first fact");
        while rows.customer.get(at).is_some_and(|customer| *customer as usize == number) {
            let lines = lines_from(rows.purchase, at);
            kinds.clear();
            kinds.extend(rows.item[lines.clone()].iter().map(|item| kind_of[usize::from(*item)]));
            let mut basket = ColumnBasket::new(&kinds, &rows.amount[lines.clone()], program.currency())
                .expect("a right basket");
            let points = rows.points[at].into();
            if points > 0 {
                basket = basket.with_points(points, points).expect("a right tender");
            }
            let no = rows.purchase[at] + 1;
            let award = replay.purchased(no, rows.micros[at], Place::default(), &basket).expect("in order");
            award.expect("rules that columns can tell");
            at = lines.end;
        }
        let standing = replay.end();
        households[number] = (standing.balance, tier(&standing.tier));
    }
    Ending::reported(households, &replay.report())
}

/// A replay of whole tables, as an analyst would ask for it; the customers' is in the options.
pub fn table(program: &Program, sales: &Table, options: &Options) -> Ending {
    let replayed = replay(program, sales, options).expect("right tables");
    let customers = replayed.accounts["customer"].as_string::<i64>();
    let balances = replayed.accounts["balance"].as_primitive::<Int64Type>();
    let tiers = replayed.accounts["tier"].as_string::<i64>();
    let mut households = vec![(0, 0); customers.len()];
    for (at, customer) in customers.iter().enumerate() {
        let number: usize =
            customer.and_then(|customer| customer.parse().ok()).expect("a household's number");
        households[number] = (balances.value(at), tier(tiers.value(at)));
    }
    Ending::reported(households, &replayed.report)
}

/// The last day that is asked about.
pub fn last_day(asked: Asked<'_>) -> Day {
    Day::of(2024, 1, 1).expect("a day").add_days(asked.on.into())
}
