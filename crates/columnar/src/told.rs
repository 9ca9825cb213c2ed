//! Rows as facts: for a book, for returns, and for what columns can't tell.

use crate::codes::NONE;
use crate::key::Key;
use crate::names::What;
use crate::rejects::Misfit;
use crate::sales::Sales;
use crate::{money, quantity, text, when};
use parure::calendar::Moment;
use parure::fact::{Fact, Line, Purchase, Quantity, ReturnedLine, Tender, Text};
use parure::fault::Fault;
use parure::money::Money;

impl<'a> Sales<'a> {
    /// A purchase or a return as the fact that it is.
    pub(crate) fn fact(&self, basket: usize) -> Result<Fact<'a>, Misfit> {
        let first = self.first_row(basket);
        let customer = self.customers.get(basket).and_then(|code| self.names.customers.key(*code));
        let customer = customer.map(Key::text).ok_or_else(|| Misfit::empty(first, What::Customer))?;
        let at = self.moment(first)?;
        let made = match self.gives_back(basket) {
            Some(purchase) => {
                let lines = self.returned_lines(basket)?;
                Fact::returned(self.id(basket), at, customer, purchase.text(), lines, self.by.currency)
            }
            None => {
                let lines = self.bought_lines(basket)?;
                self.purchase(basket, lines)
                    .and_then(|purchase| Fact::purchased(self.id(basket), at, customer, purchase))
            }
        };
        made.and_then(|fact| self.seen(fact, first)).map_err(|fault| self.misfit(basket, fault))
    }

    fn moment(&self, row: u32) -> Result<Moment, Misfit> {
        let cell = self.held.cell(What::At, crate::codes::place(row));
        let at = cell.map_or(Ok(None), |(column, at)| when::moment(column, at, row, self.by.zone));
        at.map_err(|fault| Misfit::cell(row, What::At, fault))?.ok_or_else(|| Misfit::empty(row, What::At))
    }

    fn bought_lines(&self, basket: usize) -> Result<Vec<Line<'a>>, Misfit> {
        let lines = self.lines(basket).zip(1_usize..).map(|(position, count)| {
            let row = self.row(position);
            let id = self.name(What::Line, row).unwrap_or_else(|| Text::from(count.to_string()));
            let item = self.name(What::Item, row).unwrap_or(Text::from(""));
            let category = self.name(What::Category, row).unwrap_or(Text::from(""));
            Ok(Line::new(id, item, category, self.quantity(row)?, self.amount(row)?))
        });
        lines.collect()
    }

    fn returned_lines(&self, basket: usize) -> Result<Vec<ReturnedLine<'a>>, Misfit> {
        let lines = self.lines(basket).map(|position| {
            let row = self.row(position);
            let id = self.name(What::Line, row).ok_or_else(|| {
                let fault = Fault::new("missing_key", "the row does not say which line comes back");
                Misfit::cell(
                    row,
                    What::Line,
                    fault.advise("write the line's id, `1` for the first of a purchase that tells none"),
                )
            })?;
            Ok(ReturnedLine::new(id, self.quantity(row)?, self.amount(row)?))
        });
        lines.collect()
    }

    fn purchase(&self, basket: usize, lines: Vec<Line<'a>>) -> Result<Purchase<'a>, Fault> {
        let terms = self.terms(basket);
        let mut tenders = Vec::new();
        if terms.points != 0 || terms.points_amount != 0 {
            tenders.push(Tender::points(terms.points, Money::from_minor(terms.points_amount)));
            let amounts = self.lines(basket).filter_map(|position| self.amount(self.row(position)).ok());
            let sum = amounts.fold(0_i64, |sum, amount| sum.saturating_add(amount.minor()));
            let rest = sum.saturating_sub(terms.discount).saturating_sub(terms.points_amount);
            if rest > 0 {
                tenders.push(Tender::new("other", Money::from_minor(rest)));
            }
        }
        Purchase::new(lines, Money::from_minor(terms.discount), tenders, self.by.currency)
    }

    fn seen(&self, mut fact: Fact<'a>, row: u32) -> Result<Fact<'a>, Fault> {
        if let Some(store) = self.name(What::Store, row) {
            fact = fact.at_store(store)?;
        }
        if let Some(staff) = self.name(What::Staff, row) {
            fact = fact.by_staff(staff)?;
        }
        if let Some(terminal) = self.name(What::Terminal, row) {
            fact = fact.on_terminal(terminal)?;
        }
        Ok(fact)
    }

    fn name(&self, what: What, row: u32) -> Option<Text<'a>> {
        let (column, at) = self.held.cell(what, crate::codes::place(row))?;
        text::one(column, at).map(Key::text)
    }

    fn quantity(&self, row: u32) -> Result<Quantity, Misfit> {
        let cell = self.held.cell(What::Quantity, crate::codes::place(row));
        let told = cell.map_or(Ok(None), |(column, at)| quantity::one(column, at));
        told.map(|told| told.unwrap_or(Quantity::ONE))
            .map_err(|fault| Misfit::cell(row, What::Quantity, fault))
    }

    fn amount(&self, row: u32) -> Result<Money, Misfit> {
        let cell = self.held.cell(What::Amount, crate::codes::place(row));
        let told = cell.map_or(Ok(None), |(column, at)| money::one(column, at, self.by.currency));
        let told = told.map_err(|fault| Misfit::cell(row, What::Amount, fault))?;
        told.map(Money::from_minor).ok_or_else(|| Misfit::empty(row, What::Amount))
    }

    /// What a fact's constructor says of its lines, said of the row and the column.
    fn misfit(&self, basket: usize, fault: Fault) -> Misfit {
        let path = fault.path.strip_prefix("returned.").unwrap_or(&fault.path);
        let line = path.strip_prefix("lines[").and_then(|rest| rest.split_once(']'));
        let (row, key) = match line {
            Some((line, key)) => {
                let position = line.parse::<usize>().unwrap_or(0).saturating_add(self.lines(basket).start);
                (self.row(position), key.trim_start_matches('.'))
            }
            None => (self.first_row(basket), path),
        };
        let row = if row == NONE { self.first_row(basket) } else { row };
        let what = match (key, line.is_some()) {
            ("id", true) => Some(What::Line),
            ("id", false) => Some(What::Id),
            ("item", _) => Some(What::Item),
            ("category", _) => Some(What::Category),
            ("quantity", _) => Some(What::Quantity),
            ("amount", _) => Some(What::Amount),
            ("discount", _) => Some(What::Discount),
            ("customer", _) => Some(What::Customer),
            ("store", _) => Some(What::Store),
            ("staff", _) => Some(What::Staff),
            ("terminal", _) => Some(What::Terminal),
            ("purchase", _) => Some(What::Returns),
            (key, _) if key.starts_with("tenders[") => Some(What::Points),
            ("tenders", _) => Some(What::PointsAmount),
            _ => None,
        };
        Misfit { row, what, fault }
    }
}
