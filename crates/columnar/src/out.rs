//! What comes back: tables of purchases, accounts, months and rejects.

use crate::error::{Error, Which};
use crate::fold::Folded;
use crate::key::Key;
use crate::rejects::Reject;
use crate::sales::Sales;
use crate::tables::Tables;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Int32Array, Int64Array, LargeStringArray,
    ListArray, RecordBatch, StringArray,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use parure::book::MonthReport;
use parure::fact::Text;
use parure::money::Currency;
use parure::replay::{Award, Replay, Rules};
use rust_decimal::Decimal;
use std::sync::Arc;

/// Digits of an amount: those of 64 bits.
const SPEND_DIGITS: u8 = 19;

/// A column: its name, its cells, whether they may be empty.
pub(crate) type Column = (&'static str, ArrayRef, bool);

pub(crate) fn batch(columns: Vec<Column>) -> Result<RecordBatch, Error> {
    let fields =
        columns.iter().map(|(name, cells, empty)| Field::new(*name, cells.data_type().clone(), *empty));
    let schema = Schema::new(fields.collect::<Vec<_>>());
    let cells = columns.into_iter().map(|(_, cells, _)| cells).collect();
    RecordBatch::try_new(Arc::new(schema), cells).map_err(|why| too_large(&why))
}

/// What came back does not fit into its columns.
fn too_large(why: &ArrowError) -> Error {
    Error::of_table(Which::Sales, "too_many_rows", why.to_string())
}

/// Texts, one behind the other.
struct Texts {
    bytes: Vec<u8>,
    ends: Vec<i64>,
}

impl Texts {
    fn new(count: usize) -> Texts {
        let mut ends = Vec::with_capacity(count.saturating_add(1));
        ends.push(0);
        Texts { bytes: Vec::with_capacity(count.saturating_mul(8)), ends }
    }

    fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        // No list of bytes is longer.
        self.ends.push(i64::try_from(self.bytes.len()).unwrap_or(i64::MAX));
    }

    fn done(self) -> Result<ArrayRef, Error> {
        let texts = LargeStringArray::try_new(OffsetBuffer::new(self.ends.into()), self.bytes.into(), None);
        Ok(Arc::new(texts.map_err(|why| too_large(&why))?))
    }
}

/// Names by number, each once.
struct Dictionary {
    names: Vec<String>,
}

impl Dictionary {
    fn number(&mut self, name: &str) -> i32 {
        let known = self.names.iter().position(|known| known == name);
        let at = known.unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len().saturating_sub(1)
        });
        // There are no more than a program has rules or tiers.
        i32::try_from(at).unwrap_or(i32::MAX)
    }

    fn column(self, numbers: Vec<i32>) -> Result<ArrayRef, Error> {
        let names: ArrayRef = Arc::new(StringArray::from(self.names));
        let cells = DictionaryArray::<Int32Type>::try_new(Int32Array::from(numbers), names);
        Ok(Arc::new(cells.map_err(|why| too_large(&why))?))
    }
}

/// The rules of each purchase: the same few sets again and again.
struct RuleLists {
    /// By the number of the set; none for what did not occur.
    lists: Vec<Option<Vec<i32>>>,
    names: Dictionary,
    numbers: Vec<i32>,
    offsets: Vec<i32>,
}

impl RuleLists {
    fn new(count: usize) -> RuleLists {
        let mut offsets = Vec::with_capacity(count.saturating_add(1));
        offsets.push(0);
        let names = Dictionary { names: Vec::new() };
        RuleLists { lists: Vec::new(), names, numbers: Vec::with_capacity(count), offsets }
    }

    fn push(&mut self, rules: Rules, replay: &Replay) -> Result<(), Error> {
        let RuleLists { lists, names, numbers, .. } = self;
        let at = crate::codes::place(rules.number());
        if lists.len() <= at {
            lists.resize(at.saturating_add(1), None);
        }
        if let Some(list) = lists.get_mut(at) {
            let list =
                list.get_or_insert_with(|| replay.rule_ids(rules).map(|id| names.number(id)).collect());
            numbers.extend_from_slice(list);
        }
        let end = i32::try_from(self.numbers.len()).map_err(|_| {
            Error::of_table(
                Which::Sales,
                "too_many_rows",
                "the rules of so many purchases don't fit into a list",
            )
        })?;
        self.offsets.push(end);
        Ok(())
    }

    fn column(self) -> Result<ArrayRef, Error> {
        let items = self.names.column(self.numbers)?;
        let field = Arc::new(Field::new("item", items.data_type().clone(), false));
        let lists = ListArray::try_new(field, OffsetBuffer::new(self.offsets.into()), items, None);
        Ok(Arc::new(lists.map_err(|why| too_large(&why))?))
    }
}

/// A row for each purchase, in the order of their first rows.
pub(crate) fn purchases(sales: &Sales<'_>, folded: &Folded) -> Result<RecordBatch, Error> {
    let count = folded.awards.len();
    let names: Vec<Text<'_>> = sales.names.customers.keys().map(Key::text).collect();
    let (mut ids, mut customers) = (Texts::new(count), Texts::new(count));
    let mut days = Vec::with_capacity(count);
    let (mut wanted, mut awarded) = (Vec::with_capacity(count), Vec::with_capacity(count));
    let mut rules = RuleLists::new(count);
    let (mut before, mut after) = (Vec::with_capacity(count), Vec::with_capacity(count));
    let mut tiers = Tiers::new();
    for (basket, told) in folded.awards.iter().enumerate() {
        let Some((award, day)) = told else { continue };
        let customer = sales.customers.get(basket).and_then(|code| names.get(crate::codes::place(*code)));
        customers.push(customer.map_or(&[][..], |name| name.as_bytes()));
        let Award { wanted: points, awarded: given, rules: applied, tier_before, tier_after } = *award;
        days.push(day.number());
        wanted.push(points);
        awarded.push(given);
        rules.push(applied, &folded.replay)?;
        before.push(tiers.number(tier_before, &folded.replay));
        after.push(tiers.number(tier_after, &folded.replay));
    }
    let told = folded.awards.iter().enumerate().filter(|(_, told)| told.is_some());
    sales.show_ids(told.map(|(basket, _)| basket), |id| ids.push(id));
    let tier_names = tiers.names.names.clone();
    batch(vec![
        ("id", ids.done()?, false),
        ("customer", customers.done()?, false),
        ("on", Arc::new(Date32Array::from(days)), false),
        ("wanted", Arc::new(Int64Array::from(wanted)), false),
        ("awarded", Arc::new(Int64Array::from(awarded)), false),
        ("rules", rules.column()?, false),
        ("tier_before", tiers.names.column(before)?, false),
        ("tier_after", Dictionary { names: tier_names }.column(after)?, false),
    ])
}

/// Numbers of tiers by their places.
struct Tiers {
    names: Dictionary,
    by_place: [Option<i32>; 256],
}

impl Tiers {
    fn new() -> Tiers {
        Tiers { names: Dictionary { names: Vec::new() }, by_place: [None; 256] }
    }

    fn number(&mut self, place: u8, replay: &Replay) -> i32 {
        let Some(known) = self.by_place.get_mut(usize::from(place)) else { return 0 };
        *known.get_or_insert_with(|| self.names.number(replay.tier_id(place)))
    }
}

/// A row for each account, by the customer's id in bytes.
pub(crate) fn accounts(tables: &Tables<'_>, folded: &Folded) -> Result<RecordBatch, Error> {
    let keys = tables.sales.names.customers.keys();
    let mut own: Vec<_> =
        keys.zip(&folded.accounts).filter_map(|(key, own)| Some((key.text(), own.as_ref()?))).collect();
    own.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    let mut customers = Texts::new(own.len());
    for (customer, _) in &own {
        customers.push(customer.as_bytes());
    }
    let numbers = |of: fn(&parure::replay::Standing) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(own.iter().map(|(_, standing)| of(standing))))
    };
    let tier =
        |standing: &parure::replay::Standing| Some(standing.tier.clone()).filter(|tier| !tier.is_empty());
    let tiers: LargeStringArray = own.iter().map(|(_, standing)| tier(standing)).collect();
    let lapses: Date32Array =
        own.iter().map(|(_, own)| own.next_lapse.map(|(day, _)| day.number())).collect();
    let lapsing: Int64Array = own.iter().map(|(_, own)| own.next_lapse.map(|(_, points)| points)).collect();
    batch(vec![
        ("customer", customers.done()?, false),
        ("balance", numbers(|own| own.balance), false),
        ("pending", numbers(|own| own.pending), false),
        ("debt", numbers(|own| own.debt), false),
        ("tier", Arc::new(tiers), true),
        ("next_lapse", Arc::new(lapses), true),
        ("next_lapse_points", Arc::new(lapsing), true),
    ])
}

/// Amounts as the core answers them: with all digits of the currency.
pub(crate) fn amounts(
    amounts: impl IntoIterator<Item = Option<Decimal>>,
    currency: Currency,
) -> Result<ArrayRef, Error> {
    let cells: Decimal128Array =
        amounts.into_iter().map(|amount| amount.map(|amount| amount.mantissa())).collect();
    let digits = i8::try_from(currency.digits()).unwrap_or(0);
    let cells = cells.with_precision_and_scale(SPEND_DIGITS, digits).map_err(|why| too_large(&why))?;
    Ok(Arc::new(cells))
}

/// A row for each month.
pub(crate) fn months(months: &[MonthReport], currency: Currency) -> Result<RecordBatch, Error> {
    let numbers = |of: fn(&MonthReport) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(months.iter().map(of)))
    };
    let names: LargeStringArray = months.iter().map(|month| Some(&month.month)).collect();
    let spend = amounts(months.iter().map(|month| Some(month.spend)), currency)?;
    batch(vec![
        ("month", Arc::new(names), false),
        ("purchases", numbers(|month| i64::try_from(month.purchases).unwrap_or(i64::MAX)), false),
        ("spend", spend, false),
        ("awarded", numbers(|month| month.awarded), false),
        ("spent", numbers(|month| month.spent), false),
        ("taken_back", numbers(|month| month.taken_back), false),
        ("lapsed", numbers(|month| month.lapsed), false),
        ("outstanding", numbers(|month| month.outstanding), false),
    ])
}

/// A row for each that was set aside.
pub(crate) fn rejects(rejects: &[Reject]) -> Result<RecordBatch, Error> {
    let rows = Int64Array::from_iter_values(rejects.iter().map(|reject| i64::from(reject.row)));
    let columns: LargeStringArray = rejects.iter().map(|reject| reject.column.as_ref()).collect();
    let codes: LargeStringArray = rejects.iter().map(|reject| Some(reject.code)).collect();
    let messages: LargeStringArray = rejects.iter().map(|reject| Some(&reject.message)).collect();
    let tables: LargeStringArray = rejects.iter().map(|reject| Some(reject.table.name())).collect();
    batch(vec![
        ("row", Arc::new(rows), false),
        ("column", Arc::new(columns), true),
        ("code", Arc::new(codes), false),
        ("message", Arc::new(messages), false),
        ("table", Arc::new(tables), false),
    ])
}

/// No rows, of the table of purchases: where none were asked for.
pub(crate) fn no_purchases() -> RecordBatch {
    let names = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let field = |name: &str, of: DataType| Field::new(name, of, false);
    let rules = DataType::List(Arc::new(field("item", names.clone())));
    RecordBatch::new_empty(Arc::new(Schema::new(vec![
        field("id", DataType::LargeUtf8),
        field("customer", DataType::LargeUtf8),
        field("on", DataType::Date32),
        field("wanted", DataType::Int64),
        field("awarded", DataType::Int64),
        field("rules", rules),
        field("tier_before", names.clone()),
        field("tier_after", names),
    ])))
}
