//! What a till tells: who, when and where, and what was bought, given back or spent. Amounts are whole minor units.

use crate::error::Trouble;
use crate::raw::{self, Versioned};
use crate::values::{parure_moment, parure_text};
use parure::fact::{
    Fact, Line, MOST_COMPONENTS, MOST_LINES, MOST_TENDERS, OldMetal, Purchase, Quantity, ReturnedLine, Tender,
};
use parure::fault::Fault;
use parure::money::{Currency, MAJOR_LIMIT, Money};
use std::mem::offset_of;

/// When, where and by whom something was seen.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_envelope {
    /// `sizeof(parure_envelope)`
    pub size: usize,
    /// The fact's id: unique for all time, chosen by the till; the same fact sent again is recognized by it. A quote needs none; with one, coupons that are held for it can be used.
    pub id: parure_text,
    /// When it happened.
    pub at: parure_moment,
    /// Whom it happened to. A quote of nobody's is one for a person who has not joined.
    pub customer: parure_text,
    /// Where; may be empty.
    pub store: parure_text,
    /// By whom it was seen; may be empty.
    pub staff: parure_text,
    /// On which till; may be empty.
    pub terminal: parure_text,
}

/// A part of a line's amount: metal, stone, labour.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_component {
    /// `sizeof(parure_component)`
    pub size: usize,
    /// What the part is.
    pub name: parure_text,
    /// Its amount.
    pub amount_minor: i64,
}

/// A line of a basket.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_line {
    /// `sizeof(parure_line)`
    pub size: usize,
    /// Its own within the basket; returns name it.
    pub id: parure_text,
    /// The shop's name of the article; may be empty.
    pub item: parure_text,
    /// The shop's name of its kind, such as `gold/ring`; may be empty.
    pub category: parure_text,
    /// Pieces, grams, carats in millionths: `PARURE_ONE_PIECE` is one.
    pub quantity_micros: i64,
    /// After the line's own discount, tax included.
    pub amount_minor: i64,
    /// Named parts of the amount; NULL where there are none.
    pub components: *const parure_component,
    /// How many.
    pub component_count: usize,
    /// The serial number of the very piece; may be empty.
    pub piece: parure_text,
    /// Of a line by weight, what one unit of the quantity costs; 0 of any other. The component `metal` follows from it, and where
    /// `amount_minor` is 0 the amount: all components together.
    pub price_minor: i64,
}

/// One way in which a basket is paid.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_tender {
    /// `sizeof(parure_tender)`
    pub size: usize,
    /// The shop's name of it: `card`, `cash`; empty where `points` or a coupon of the program's pay.
    pub kind: parure_text,
    /// What it pays.
    pub amount_minor: i64,
    /// How many points pay it; 0 where money does.
    pub points: i64,
    /// The coupon that pays it, by its id; empty where none does.
    pub coupon: parure_text,
    /// Of the kind `deposit`, the order whose deposit it is; empty of any other.
    pub order: parure_text,
    /// Of the kind `trade_in`, the weight of old metal in millionths; 0 where it is not told.
    pub weight_micros: i64,
    /// What one unit of its weight is taken for.
    pub price_minor: i64,
    /// What of it is lost in melting, in hundredths of a percent.
    pub loss: u32,
}

/// What is bought.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_basket {
    /// `sizeof(parure_basket)`
    pub size: usize,
    /// The lines, at least one.
    pub lines: *const parure_line,
    /// How many.
    pub line_count: usize,
    /// Taken off the whole.
    pub discount_minor: i64,
    /// How it is paid, together what is to be paid; NULL for something that earns.
    pub tenders: *const parure_tender,
    /// How many.
    pub tender_count: usize,
}

/// A line that comes back, in the line's own terms: before its shares of discount and tenders.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_returned_line {
    /// `sizeof(parure_returned_line)`
    pub size: usize,
    /// The line's id in the purchase.
    pub id: parure_text,
    /// Pieces, grams, carats in millionths; 0 where only money is given back.
    pub quantity_micros: i64,
    /// The amount that comes back; 0 where only goods do.
    pub amount_minor: i64,
}

/// What is given back.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_return {
    /// `sizeof(parure_return)`
    pub size: usize,
    /// The id of the fact that purchased it.
    pub purchase: parure_text,
    /// The lines, at least one.
    pub lines: *const parure_returned_line,
    /// How many.
    pub line_count: usize,
}

/// Points spent on a reward.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_redemption {
    /// `sizeof(parure_redemption)`
    pub size: usize,
    /// How many.
    pub points: i64,
    /// The reward's id in the program, or the shop's name of it where the program lists none.
    pub reward: parure_text,
    /// Money that was paid beside the points; 0 where none was.
    pub amount_minor: i64,
}

// SAFETY: `repr(C)`, begins with its size, numbers and pointers.
unsafe impl Versioned for parure_envelope {}
// SAFETY: as above.
unsafe impl Versioned for parure_component {}
// SAFETY: as above.
unsafe impl Versioned for parure_line {
    const LEAST: usize = offset_of!(parure_line, piece);
}
// SAFETY: as above.
unsafe impl Versioned for parure_tender {
    const LEAST: usize = offset_of!(parure_tender, coupon);
}
// SAFETY: as above.
unsafe impl Versioned for parure_basket {}
// SAFETY: as above.
unsafe impl Versioned for parure_returned_line {}
// SAFETY: as above.
unsafe impl Versioned for parure_return {}
// SAFETY: as above.
unsafe impl Versioned for parure_redemption {
    const LEAST: usize = offset_of!(parure_redemption, amount_minor);
}

/// An envelope whose texts were read.
pub(crate) struct Envelope<'a> {
    pub(crate) id: &'a str,
    pub(crate) customer: &'a str,
    pub(crate) at: parure_moment,
    pub(crate) store: &'a str,
    staff: &'a str,
    terminal: &'a str,
}

impl<'a> Envelope<'a> {
    /// # Safety
    /// As the header asks; `'a` is not longer than the call.
    pub(crate) unsafe fn read(envelope: *const parure_envelope) -> Result<Self, Trouble> {
        // SAFETY: as this function's.
        let read = unsafe { raw::read(envelope, "envelope") }?;
        // SAFETY: as this function's.
        let text = |text, argument| unsafe { raw::text(text, argument) };
        Ok(Envelope {
            id: text(read.id, "envelope.id")?,
            customer: text(read.customer, "envelope.customer")?,
            at: read.at,
            store: text(read.store, "envelope.store")?,
            staff: text(read.staff, "envelope.staff")?,
            terminal: text(read.terminal, "envelope.terminal")?,
        })
    }

    /// Puts what is known of the circumstances on a fact.
    pub(crate) fn on(&self, mut fact: Fact<'a>) -> Result<Fact<'a>, Fault> {
        if !self.store.is_empty() {
            fact = fact.at_store(self.store)?;
        }
        if !self.staff.is_empty() {
            fact = fact.by_staff(self.staff)?;
        }
        if !self.terminal.is_empty() {
            fact = fact.on_terminal(self.terminal)?;
        }
        Ok(fact)
    }
}

fn within(path: &str, fault: Fault) -> Fault {
    let path = if fault.path.is_empty() { path.to_owned() } else { format!("{path}.{}", fault.path) };
    fault.at(path)
}

/// An amount that the core can hold: it bounds texts itself, but is given numbers here.
fn money(minor: i64, currency: Currency, path: impl Fn() -> String) -> Result<Money, Fault> {
    let limit = MAJOR_LIMIT.saturating_mul(10_i64.saturating_pow(currency.digits()));
    if minor.unsigned_abs() >= limit.unsigned_abs() {
        let message = format!("{minor} minor units are not below 10^15");
        return Err(Fault::new("money_range", message).at(path()));
    }
    Ok(Money::from_minor(minor))
}

fn quantity(micros: i64, path: impl Fn() -> String) -> Result<Quantity, Fault> {
    Quantity::of_micros(micros).map_err(|fault| fault.at(path()))
}

/// # Safety
/// As the header asks; `'a` is not longer than the call.
pub(crate) unsafe fn purchase<'a>(
    basket: *const parure_basket,
    currency: Currency,
) -> Result<Purchase<'a>, Trouble> {
    // SAFETY: as this function's.
    let basket = unsafe { raw::read(basket, "basket") }?;
    // SAFETY: as this function's.
    let rows = unsafe { raw::array(basket.lines, basket.line_count, MOST_LINES, "basket.lines") }?;
    let mut lines = Vec::with_capacity(basket.line_count);
    for (at, row) in rows.enumerate() {
        // SAFETY: as this function's.
        lines.push(unsafe { line(&row?, at, currency) }?);
    }
    // SAFETY: as this function's.
    let rows = unsafe { raw::array(basket.tenders, basket.tender_count, MOST_TENDERS, "basket.tenders") }?;
    let mut tenders = Vec::with_capacity(basket.tender_count);
    for (at, row) in rows.enumerate() {
        let row = row?;
        let amount = money(row.amount_minor, currency, || format!("purchased.tenders[{at}]"))?;
        // SAFETY: as this function's.
        let kind = unsafe { raw::text(row.kind, "basket.tenders.kind") }?;
        // SAFETY: as this function's.
        let coupon = unsafe { raw::text(row.coupon, "basket.tenders.coupon") }?;
        // SAFETY: as this function's.
        let order = unsafe { raw::text(row.order, "basket.tenders.order") }?;
        let by_weight = row.weight_micros != 0 || row.price_minor != 0 || row.loss != 0;
        tenders.push(match (row.points, coupon, kind) {
            (0, "", "deposit") if !order.is_empty() && !by_weight => Tender::deposit(order, amount),
            (0, "", "trade_in") if by_weight && order.is_empty() => {
                let weight = quantity(row.weight_micros, || format!("purchased.tenders[{at}].weight"))?;
                let price = money(row.price_minor, currency, || format!("purchased.tenders[{at}].price"))?;
                let loss = u16::try_from(row.loss).unwrap_or(u16::MAX);
                Tender::trade_in(OldMetal::new(weight, price).less(loss)).taken_for(amount)
            }
            (0, "", kind) if order.is_empty() && !by_weight => Tender::new(kind, amount),
            (points, "", "") if order.is_empty() && !by_weight => Tender::points(points, amount),
            (0, coupon, "") if order.is_empty() && !by_weight => Tender::coupon(coupon, amount),
            _ => {
                let message = "several ways of paying in one tender: it is one of them";
                return Err(Fault::new("tender_text", message).at(format!("purchased.tenders[{at}]")).into());
            }
        });
    }
    let discount = money(basket.discount_minor, currency, || "purchased.discount".to_owned())?;
    Ok(Purchase::new(lines, discount, tenders, currency).map_err(|fault| within("purchased", fault))?)
}

/// # Safety
/// As the header asks; `'a` is not longer than the call.
unsafe fn line<'a>(row: &parure_line, at: usize, currency: Currency) -> Result<Line<'a>, Trouble> {
    let path = |key: &str| format!("purchased.lines[{at}].{key}");
    // SAFETY: as this function's.
    let text = |text, argument| unsafe { raw::text(text, argument) };
    let id = text(row.id, "basket.lines.id")?;
    let item = text(row.item, "basket.lines.item")?;
    let category = text(row.category, "basket.lines.category")?;
    let quantity = quantity(row.quantity_micros, || path("quantity"))?;
    let amount = money(row.amount_minor, currency, || path("amount"))?;
    let price = money(row.price_minor, currency, || path("price"))?;
    // SAFETY: as this function's.
    let parts = unsafe {
        raw::array(row.components, row.component_count, MOST_COMPONENTS, "basket.lines.components")
    }?;
    let part = |part: Result<parure_component, Trouble>| {
        let part = part?;
        let amount = money(part.amount_minor, currency, || path("components"))?;
        Ok((text(part.name, "basket.lines.components.name")?, amount))
    };
    let parts = parts.map(part).collect::<Result<Vec<_>, Trouble>>()?;
    let by_weight = row.price_minor != 0;
    let mut line = match by_weight && parts.iter().all(|(name, _)| *name != "metal") {
        true => Line::by_weight(id, item, category, quantity, price),
        false => Line::new(id, item, category, quantity, Money::ZERO),
    };
    for (name, amount) in parts {
        line = line.adding(name, amount);
    }
    if by_weight {
        line = line.with_price(price);
    }
    if !by_weight || row.amount_minor != 0 {
        line = line.with_amount(amount);
    }
    let piece = text(row.piece, "basket.lines.piece")?;
    Ok(if piece.is_empty() { line } else { line.with_piece(piece) })
}

/// # Safety
/// As the header asks; `'a` is not longer than the call.
pub(crate) unsafe fn returned<'a>(
    returned: *const parure_return,
    currency: Currency,
) -> Result<(&'a str, Vec<ReturnedLine<'a>>), Trouble> {
    // SAFETY: as this function's.
    let returned = unsafe { raw::read(returned, "returned") }?;
    // SAFETY: as this function's.
    let purchase = unsafe { raw::text(returned.purchase, "returned.purchase") }?;
    // SAFETY: as this function's.
    let rows = unsafe { raw::array(returned.lines, returned.line_count, MOST_LINES, "returned.lines") }?;
    let mut lines = Vec::with_capacity(returned.line_count);
    for (at, row) in rows.enumerate() {
        let row = row?;
        // SAFETY: as this function's.
        let id = unsafe { raw::text(row.id, "returned.lines.id") }?;
        let quantity = quantity(row.quantity_micros, || format!("returned.lines[{at}].quantity"))?;
        let amount = money(row.amount_minor, currency, || format!("returned.lines[{at}].amount"))?;
        lines.push(ReturnedLine::new(id, quantity, amount));
    }
    Ok((purchase, lines))
}

/// # Safety
/// As the header asks; `'a` is not longer than the call.
pub(crate) unsafe fn redeemed<'a>(
    redemption: *const parure_redemption,
    currency: Currency,
) -> Result<(i64, Money, &'a str), Trouble> {
    // SAFETY: as this function's.
    let read = unsafe { raw::read(redemption, "redemption") }?;
    let amount = money(read.amount_minor, currency, || "redeemed.amount".to_owned())?;
    // SAFETY: as this function's.
    Ok((read.points, amount, unsafe { raw::text(read.reward, "redemption.reward") }?))
}
