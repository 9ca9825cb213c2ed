//! A table as rows of plain values, as Arrow's arrays, and, in the slowest and plainest way, as facts.

mod arrays;
mod facts;

pub(crate) use arrays::Asked;
pub(crate) use facts::Told;
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

/// A row of the table of sales, in plain values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    pub(crate) id: Option<u64>,
    pub(crate) customer: Option<u64>,
    /// Minutes since 1 January 2026 in Shanghai.
    pub(crate) at: i64,
    pub(crate) amount: Option<i64>,
    pub(crate) line: Option<u32>,
    pub(crate) item: Option<u8>,
    pub(crate) category: Option<u8>,
    /// Thousandths.
    pub(crate) quantity: Option<i64>,
    pub(crate) store: Option<u8>,
    pub(crate) staff: Option<u8>,
    pub(crate) discount: Option<i64>,
    pub(crate) points: Option<i64>,
    pub(crate) points_amount: Option<i64>,
    pub(crate) returns: Option<u64>,
}

/// A row of the table of customers.
#[derive(Debug, Clone)]
pub(crate) struct Join {
    pub(crate) customer: u64,
    pub(crate) at: i64,
    pub(crate) birthday: Option<(u32, u32)>,
    pub(crate) tags: Option<Vec<u8>>,
}

/// In which types the columns are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Types {
    pub(crate) id: u8,
    pub(crate) customer: u8,
    pub(crate) other: u8,
    pub(crate) at: u8,
    pub(crate) amount: u8,
    /// Names are `p-7` instead of `7`.
    pub(crate) prefix: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) program: usize,
    pub(crate) rows: Vec<Row>,
    pub(crate) joins: Option<Vec<Join>>,
    pub(crate) types: Types,
    pub(crate) has_ids: bool,
    pub(crate) has_lines: bool,
    pub(crate) as_of: Option<i32>,
    pub(crate) cuts: Vec<usize>,
}

const PROGRAMS: [&str; 4] = [
    include_str!("../../../../examples/maison.toml"),
    "edition = 2026\nname = 'Grocer'\neffective = 2026-01-01\ncurrency = 'USD'\ntime_zone = 'Asia/Shanghai'\n\
     [points]\nrounding = 'half_up'\npending = '3 days'\nexpires = { after = '2 months' }\n\
     [points.spend]\nworth = { points = 100, amount = '1.00' }\n\
     [[earn]]\nid = 'dairy'\nwhen = 'line.category == \"category-1\"'\npoints = 3\nper = '2.00'\n\
     [[earn]]\nid = 'standard'\npoints = 1\nper = '1.00'\n",
    "edition = 2026\nname = 'Brand'\neffective = 2026-02-01\ncurrency = 'USD'\ntime_zone = 'Asia/Shanghai'\n\
     [[earn]]\nid = 'item-2'\nwhen = 'line.item == \"item-2\" && line.amount >= money(\"40\")'\npoints = 5\nper = '1.00'\n\
     [[earn]]\nid = 'standard'\npoints = 1\nper = '3.00'\n",
    "edition = 2026\nname = 'None'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'\n",
];

impl Case {
    pub(crate) fn program(&self) -> &'static str {
        PROGRAMS[self.program]
    }

    /// Whether days are told instead of instants.
    pub(crate) fn tells_days(&self) -> bool {
        self.types.at >= 6
    }

    pub(crate) fn name(&self, number: u64) -> String {
        if self.types.prefix { format!("p-{number}") } else { number.to_string() }
    }
}

/// What may be wrong with a row, or odd.
#[derive(Debug, Clone, Copy)]
enum Odd {
    Nothing,
    NoAmount,
    NegativeAmount,
    NoCustomer,
    NoId,
    OtherCustomer,
    OtherStore,
    OtherDiscount,
    SameLine,
    NoQuantity,
    NoLine,
}

/// Amount, item, category and quantity of a line.
type Bought = (i64, Option<u8>, Option<u8>, Option<i64>);

#[derive(Debug, Clone)]
struct Basket {
    customer: u64,
    at: i64,
    lines: Vec<Bought>,
    store: Option<u8>,
    discount: Option<i64>,
    points: Option<(i64, i64)>,
    /// Which basket before comes back, if any.
    returns: Option<usize>,
    odd: Vec<(Odd, usize)>,
}

fn odd() -> impl Strategy<Value = Odd> {
    prop_oneof![
        8 => Just(Odd::Nothing),
        1 => Just(Odd::NoAmount),
        1 => Just(Odd::NegativeAmount),
        1 => Just(Odd::NoCustomer),
        1 => Just(Odd::NoId),
        1 => Just(Odd::OtherCustomer),
        1 => Just(Odd::OtherStore),
        1 => Just(Odd::OtherDiscount),
        1 => Just(Odd::SameLine),
        1 => Just(Odd::NoQuantity),
        2 => Just(Odd::NoLine),
    ]
}

fn baskets() -> impl Strategy<Value = Basket> {
    let line = (0..60_i64, weighted(0.8, 0..3_u8), weighted(0.8, 0..3_u8), weighted(0.5, 1..3_000_i64));
    let line = line.prop_map(|(whole, item, category, quantity)| (whole * 10_000, item, category, quantity));
    (
        0..4_u64,
        prop_oneof![0..600_i64, 0..400_000_i64],
        vec(line, 1..5),
        weighted(0.3, 0..2_u8),
        weighted(0.2, (0..300_i64).prop_map(|whole| whole * 100)),
        weighted(0.2, (1..2_000_i64, (0..300_i64).prop_map(|whole| whole * 100))),
        weighted(0.2, 0..12_usize),
        vec((odd(), any::<usize>()), 0..2),
    )
        .prop_map(|(customer, at, lines, store, discount, points, returns, odd)| Basket {
            customer,
            at: at * 5,
            lines,
            store,
            discount,
            points,
            returns,
            odd,
        })
}

fn rows(basket: &Basket, id: u64, ids: &[u64]) -> Vec<Row> {
    let returns = basket.returns.map(|at| ids.get(at).copied().unwrap_or(99));
    let row = |(at, (amount, item, category, quantity)): (usize, &Bought)| {
        let bought = returns.is_none();
        Row {
            id: Some(id),
            customer: Some(basket.customer),
            at: basket.at,
            amount: Some(*amount),
            line: Some(u32::try_from(at).unwrap() + 1),
            item: *item,
            category: *category,
            quantity: quantity.map(|parts| parts * 100),
            store: basket.store,
            staff: basket.store.map(|store| store + 7),
            discount: basket.discount.filter(|_| bought),
            points: basket.points.map(|(points, _)| points).filter(|_| bought),
            points_amount: basket.points.map(|(_, amount)| amount).filter(|_| bought),
            returns,
        }
    };
    let mut rows: Vec<Row> = basket.lines.iter().enumerate().map(row).collect();
    for (odd, at) in &basket.odd {
        let at = at % rows.len();
        let row = &mut rows[at];
        match odd {
            Odd::Nothing => {}
            Odd::NoAmount => row.amount = None,
            Odd::NegativeAmount => row.amount = Some(-500),
            Odd::NoCustomer => row.customer = None,
            Odd::NoId => row.id = None,
            Odd::OtherCustomer => row.customer = Some(77),
            Odd::OtherStore => row.store = Some(9),
            Odd::OtherDiscount => row.discount = Some(100),
            Odd::SameLine => row.line = Some(1),
            Odd::NoQuantity => row.quantity = Some(0),
            Odd::NoLine => row.line = None,
        }
    }
    rows
}

pub(crate) fn cases() -> impl Strategy<Value = Case> {
    let types = (0..5_u8, 0..5_u8, 0..4_u8, 0..9_u8, 0..5_u8, any::<bool>());
    let types = types.prop_map(|(id, customer, other, at, amount, prefix)| Types {
        // Numbers have no prefix.
        id: if prefix { id % 4 } else { id },
        customer: if prefix { customer % 4 } else { customer },
        other,
        at,
        amount,
        prefix,
    });
    let join =
        (0..5_u64, 0..200_000_i64, weighted(0.5, (1..13_u32, 1..29_u32)), weighted(0.3, vec(0..3_u8, 0..3)));
    let join = join.prop_map(|(customer, at, birthday, tags)| Join { customer, at, birthday, tags });
    (
        (0..PROGRAMS.len(), vec(baskets(), 0..12), weighted(0.6, vec(join, 0..5)), types),
        (0..4_u8, vec(any::<u32>(), 60), 0..10_u8, any::<bool>(), weighted(0.3, 20_454..20_800_i32)),
        vec(any::<usize>(), 0..4),
        prop_oneof![Just(1_u64), Just(1_000_000)],
    )
        .prop_map(
            |((program, baskets, joins, types), (order, keys, no_ids, has_lines, as_of), cuts, step)| {
                // Ids that ascend and ids that don't, below and above what is looked up by itself.
                let id = |at: usize| {
                    let at = u64::try_from(at).unwrap();
                    (if order == 1 { at } else { at * 7 % 13 }) * step + 1
                };
                let ids: Vec<u64> = (0..baskets.len()).map(id).collect();
                let all = baskets.iter().zip(&ids).flat_map(|(basket, id)| rows(basket, *id, &ids));
                let mut all: Vec<(u32, Row)> = keys.into_iter().cycle().zip(all).collect();
                match order {
                    0 => all.sort_by_key(|(key, _)| *key),
                    1 => all.sort_by_key(|(_, row)| row.at),
                    2 => all.sort_by_key(|(_, row)| (row.customer, row.at)),
                    _ => {}
                }
                Case {
                    program,
                    rows: all.into_iter().map(|(_, row)| row).collect(),
                    joins,
                    types,
                    has_ids: no_ids > 0,
                    has_lines,
                    as_of,
                    cuts,
                }
            },
        )
}
