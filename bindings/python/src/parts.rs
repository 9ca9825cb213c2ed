//! What facts are made of: baskets and their lines, tenders, what is given back.

use crate::error::{Wrong, of_fact};
use crate::people;
use crate::shown::{decimal, fields_shown, many};
use crate::strict::{Told, amount, currency_of, may_text, quantity, text, wanted, whole};
use parure::fact::{self, FieldValue, Quantity};
use parure::fault::Fault;
use parure::money::{Currency, Money};
use pyo3::PyClass;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use serde_json::{Map, Value};
use smol_str::SmolStr;

/// One line of a basket: what was bought, how much of it, and the amount after the line's own discount, tax included.
#[pyclass(frozen, eq, module = "parure")]
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) id: SmolStr,
    pub(crate) item: Option<SmolStr>,
    pub(crate) category: Option<SmolStr>,
    pub(crate) quantity: Quantity,
    /// Of a line by weight it need not be told.
    pub(crate) amount: Option<Told>,
    pub(crate) components: Vec<(SmolStr, Told)>,
    pub(crate) price: Option<Told>,
    pub(crate) piece: Option<SmolStr>,
    /// Values of fields that the program declares for pieces.
    pub(crate) custom: Map<String, Value>,
}

const LINE_FIELDS: [&str; 9] =
    ["id", "item", "category", "quantity", "amount", "components", "price", "piece", "custom"];

impl Line {
    fn core(&self, at: usize, currency: Currency) -> Result<fact::Line<'_>, Fault> {
        let (id, item, category) =
            (&*self.id, self.item.as_deref().unwrap_or(""), self.category.as_deref().unwrap_or(""));
        let price = self.price.as_ref().map(|price| price.money(currency, || format!("lines[{at}].price")));
        let price = price.transpose()?;
        let told = self.amount.as_ref().map(|told| told.money(currency, || format!("lines[{at}].amount")));
        let amount = told.transpose()?;
        let mut line = match (price, self.components.iter().any(|(name, _)| name == "metal")) {
            (Some(price), false) => fact::Line::by_weight(id, item, category, self.quantity, price),
            _ => fact::Line::new(id, item, category, self.quantity, Money::ZERO),
        };
        for (name, part) in &self.components {
            let part = part.money(currency, || format!("lines[{at}].components.{name}"))?;
            line = line.adding(&**name, part);
        }
        if let Some(price) = price {
            line = line.with_price(price);
        }
        if let Some(amount) = amount {
            line = line.with_amount(amount);
        }
        if let Some(serial) = &self.piece {
            line = line.with_piece(&**serial);
        }
        for (field, value) in &self.custom {
            let value = match value {
                Value::String(text) => Some(FieldValue::from(text.as_str())),
                Value::Bool(flag) => Some(FieldValue::from(*flag)),
                Value::Number(number) => number.as_i64().map(FieldValue::from),
                Value::Null | Value::Array(_) | Value::Object(_) => None,
            };
            let wrong = || Fault::new("wrong_type", "this must be a text, a whole number, or true or false");
            let value = value.ok_or_else(|| wrong().at(format!("lines[{at}].custom.{field}")))?;
            line = line.with_custom(field.as_str(), value);
        }
        Ok(line)
    }

    fn digits(&self) -> usize {
        let parts = self.components.iter().map(|(_, part)| part.digits());
        parts.chain([&self.amount, &self.price].into_iter().flatten().map(Told::digits)).max().unwrap_or(0)
    }
}

fn components(value: Option<&Bound<'_, PyAny>>) -> Result<Vec<(SmolStr, Told)>, Wrong> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let parts =
        value.cast::<PyDict>().map_err(|_| wanted("a dict of names and amounts", value, "components"))?;
    parts
        .iter()
        .map(|(name, part)| {
            let name = text(&name, "components")?;
            let part = amount(&part, &format!("components.{name}"))?;
            Ok((name, part))
        })
        .collect()
}

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        let currency = currency_of(3);
        self.core(0, currency).ok() == other.core(0, currency).ok()
    }
}

#[pymethods]
impl Line {
    #[new]
    #[pyo3(signature = (*, id, amount=None, item=None, category=None, quantity=None, components=None, price=None, piece=None, custom=None))]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments in Python")]
    fn new(
        py: Python<'_>,
        id: &Bound<'_, PyAny>,
        amount: Option<&Bound<'_, PyAny>>,
        item: Option<&Bound<'_, PyAny>>,
        category: Option<&Bound<'_, PyAny>>,
        quantity: Option<&Bound<'_, PyAny>>,
        components: Option<&Bound<'_, PyAny>>,
        price: Option<&Bound<'_, PyAny>>,
        piece: Option<&Bound<'_, PyAny>>,
        custom: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let read = || -> Result<Line, Wrong> {
            let one = |value| crate::strict::quantity(value, "quantity");
            if amount.is_none() && price.is_none() {
                let fault = Fault::new("missing_key", "a line has an amount, or a price by weight");
                return Err(fault.at("amount").into());
            }
            Ok(Line {
                id: text(id, "id")?,
                item: may_text(item, "item")?,
                category: may_text(category, "category")?,
                quantity: quantity.map_or(Ok(Quantity::ONE), one)?,
                amount: amount.map(|amount| crate::strict::amount(amount, "amount")).transpose()?,
                components: self::components(components)?,
                price: price.map(|price| crate::strict::amount(price, "price")).transpose()?,
                piece: may_text(piece, "piece")?,
                custom: people::custom(custom)?,
            })
        };
        read().map_err(|wrong| wrong.in_fact(py))
    }

    #[getter]
    fn id(&self) -> &str {
        &self.id
    }

    #[getter]
    fn item(&self) -> Option<&str> {
        self.item.as_deref()
    }

    #[getter]
    fn category(&self) -> Option<&str> {
        self.category.as_deref()
    }

    #[getter]
    fn piece(&self) -> Option<&str> {
        self.piece.as_deref()
    }

    #[getter]
    fn custom<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        people::shown(py, "custom", &Value::Object(self.custom.clone()))
    }

    #[getter]
    fn quantity<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal(py, &self.quantity.to_string())
    }

    #[getter]
    fn amount<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.amount.as_ref().map(|amount| decimal(py, amount.text())).transpose()
    }

    #[getter]
    fn components<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let parts = PyDict::new(py);
        for (name, part) in &self.components {
            parts.set_item(&**name, decimal(py, part.text())?)?;
        }
        Ok(parts)
    }

    #[getter]
    fn price<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.price.as_ref().map(|price| decimal(py, price.text())).transpose()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        fields_shown(slf.py(), "Line", arguments(slf, &LINE_FIELDS)?)
    }

    fn __hash__(slf: &Bound<'_, Self>) -> PyResult<isize> {
        slf.getattr("id")?.hash()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        reduced(slf, &LINE_FIELDS)
    }
}

/// One way in which a part was paid.
#[pyclass(frozen, eq, module = "parure")]
#[derive(Debug)]
pub(crate) struct Tender {
    pub(crate) kind: SmolStr,
    pub(crate) amount: Told,
    pub(crate) points: Option<i64>,
    pub(crate) coupon: Option<SmolStr>,
    /// Of a deposit, the order.
    pub(crate) order: Option<SmolStr>,
    pub(crate) metal: Option<Weighed>,
}

const TENDER_FIELDS: [&str; 8] = ["kind", "amount", "points", "coupon", "order", "weight", "price", "loss"];

/// Old metal that pays: its weight, the price for one unit of it, and the share that is lost.
#[derive(Debug)]
pub(crate) struct Weighed {
    pub(crate) weight: Quantity,
    pub(crate) price: Told,
    /// In percent, with at most two digits after the point.
    pub(crate) loss: Option<SmolStr>,
}

impl Weighed {
    fn core(&self, at: usize, currency: Currency) -> Result<fact::OldMetal, Fault> {
        let price = self.price.money(currency, || format!("tenders[{at}].price"))?;
        let loss = self.loss.as_deref().map_or(Ok(0), |loss| {
            let wrong = || {
                let message = format!("`{loss}` is not a share from 0 to 100 percent");
                Fault::new("percent_text", message).at(format!("tenders[{at}].loss"))
            };
            let parsed = Quantity::parse(loss).map_err(|_| wrong())?.micros();
            let whole = parsed.rem_euclid(10_000) == 0;
            u16::try_from(parsed.div_euclid(10_000))
                .ok()
                .filter(|loss| whole && *loss <= 10_000)
                .ok_or_else(wrong)
        })?;
        Ok(fact::OldMetal::new(self.weight, price).less(loss))
    }
}

impl Tender {
    fn core(&self, at: usize, currency: Currency) -> Result<fact::Tender<'_>, Fault> {
        let path = || match (self.points, &self.coupon) {
            (None, None) => format!("tenders[{at}].{}", self.kind),
            _ => format!("tenders[{at}].amount"),
        };
        let amount = self.amount.money(currency, path)?;
        Ok(match (self.points, &self.coupon) {
            (Some(points), _) => fact::Tender::points(points, amount),
            (None, Some(coupon)) => fact::Tender::coupon(&**coupon, amount),
            (None, None) => match &self.metal {
                Some(metal) => fact::Tender::trade_in(metal.core(at, currency)?).taken_for(amount),
                None => match &self.order {
                    Some(order) => fact::Tender::deposit(&**order, amount),
                    None => fact::Tender::new(&*self.kind, amount),
                },
            },
        })
    }
}

impl PartialEq for Tender {
    fn eq(&self, other: &Self) -> bool {
        let currency = currency_of(3);
        self.core(0, currency).ok() == other.core(0, currency).ok()
    }
}

#[pymethods]
impl Tender {
    #[new]
    #[pyo3(signature = (kind, amount, *, points=None, coupon=None, order=None, weight=None, price=None, loss=None))]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments in Python")]
    fn new(
        py: Python<'_>,
        kind: &Bound<'_, PyAny>,
        amount: &Bound<'_, PyAny>,
        points: Option<&Bound<'_, PyAny>>,
        coupon: Option<&Bound<'_, PyAny>>,
        order: Option<&Bound<'_, PyAny>>,
        weight: Option<&Bound<'_, PyAny>>,
        price: Option<&Bound<'_, PyAny>>,
        loss: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let metal = || -> Result<Option<Weighed>, Wrong> {
            match (weight, price) {
                (Some(weight), Some(price)) => Ok(Some(Weighed {
                    weight: quantity(weight, "weight")?,
                    price: crate::strict::amount(price, "price")?,
                    loss: loss.map(|loss| crate::strict::decimal_text(loss, "loss")).transpose()?,
                })),
                (None, None) if loss.is_none() => Ok(None),
                _ => {
                    let fault = Fault::new("tender_text", "old metal has a weight and a price");
                    Err(fault.into())
                }
            }
        };
        let read = || -> Result<Tender, Wrong> {
            Ok(Tender {
                kind: text(kind, "kind")?,
                amount: crate::strict::amount(amount, "amount")?,
                points: points.map(|points| whole(points, "points")).transpose()?,
                coupon: coupon.map(|coupon| text(coupon, "coupon")).transpose()?,
                order: order.map(|order| text(order, "order")).transpose()?,
                metal: metal()?,
            })
        };
        let tender = read().map_err(|wrong| wrong.in_fact(py))?;
        if tender.points.is_some() != (tender.kind == "points") {
            let fault = Fault::new(
                "points_tender",
                "a tender of points says how many points and what they are worth",
            );
            return Err(of_fact(
                py,
                &fault.advise("write Tender(\"points\", Decimal(\"500.00\"), points=10_000)"),
            ));
        }
        if tender.coupon.is_some() && tender.kind != "coupon" {
            let fault = Fault::new("coupon_tender", "only a tender of the kind `coupon` names a coupon");
            return Err(of_fact(
                py,
                &fault.advise("write Tender(\"coupon\", Decimal(\"500.00\"), coupon=\"k-1\")"),
            ));
        }
        if tender.order.is_some() && tender.kind != "deposit" {
            let fault = Fault::new("tender_text", "only a deposit is of an order");
            return Err(of_fact(py, &fault.advise("write Tender(\"deposit\", …, order=\"o-1\")")));
        }
        if tender.metal.is_some() && tender.kind != "trade_in" {
            let fault = Fault::new("tender_text", "only old metal is paid by weight");
            return Err(of_fact(py, &fault.advise("write Tender(\"trade_in\", …)")));
        }
        Ok(tender)
    }

    #[getter]
    fn order(&self) -> Option<&str> {
        self.order.as_deref()
    }

    #[getter]
    fn weight<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.metal.as_ref().map(|metal| decimal(py, &metal.weight.to_string())).transpose()
    }

    #[getter]
    fn price<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.metal.as_ref().map(|metal| decimal(py, metal.price.text())).transpose()
    }

    #[getter]
    fn loss<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let loss = self.metal.as_ref().and_then(|metal| metal.loss.as_ref());
        loss.map(|loss| decimal(py, loss)).transpose()
    }

    #[getter]
    fn kind(&self) -> &str {
        &self.kind
    }

    #[getter]
    fn amount<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal(py, self.amount.text())
    }

    #[getter]
    fn points(&self) -> Option<i64> {
        self.points
    }

    #[getter]
    fn coupon(&self) -> Option<&str> {
        self.coupon.as_deref()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        fields_shown(slf.py(), "Tender", arguments(slf, &TENDER_FIELDS)?)
    }

    fn __hash__(slf: &Bound<'_, Self>) -> PyResult<isize> {
        slf.getattr("kind")?.hash()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        reduced(slf, &TENDER_FIELDS)
    }
}

/// A basket: its lines, what was taken off the whole, and how it was paid.
#[pyclass(frozen, eq, module = "parure")]
#[derive(Debug)]
pub(crate) struct Purchase {
    pub(crate) lines: Vec<Py<Line>>,
    pub(crate) discount: Option<Told>,
    pub(crate) tenders: Vec<Py<Tender>>,
    /// Of the amount that has most, the digits after the point.
    digits: usize,
}

impl Purchase {
    pub(crate) fn core(&self, currency: Currency) -> Result<fact::Purchase<'_>, Fault> {
        let mut lines = Vec::with_capacity(self.lines.len());
        for (at, line) in self.lines.iter().enumerate() {
            lines.push(line.get().core(at, currency)?);
        }
        let mut tenders = Vec::with_capacity(self.tenders.len());
        for (at, tender) in self.tenders.iter().enumerate() {
            tenders.push(tender.get().core(at, currency)?);
        }
        let discount = self.discount.as_ref().map(|told| told.money(currency, || "discount".to_owned()));
        fact::Purchase::new(lines, discount.unwrap_or(Ok(Money::ZERO))?, tenders, currency)
    }

    pub(crate) fn digits(&self) -> usize {
        self.digits
    }

    /// The basket, if it is right in some currency.
    pub(crate) fn of(
        lines: Vec<Py<Line>>,
        discount: Option<Told>,
        tenders: Vec<Py<Tender>>,
    ) -> Result<Purchase, Fault> {
        let told = lines.iter().map(|line| line.get().digits());
        let told = told.chain(tenders.iter().map(|tender| tender.get().amount.digits()));
        let digits = told.chain(discount.as_ref().map(Told::digits)).max().unwrap_or(0);
        let purchase = Purchase { lines, discount, tenders, digits };
        purchase.core(currency_of(digits))?;
        Ok(purchase)
    }
}

/// The values of a list or a tuple: each of a class.
pub(crate) fn each<T: PyClass>(
    value: &Bound<'_, PyAny>,
    class: &str,
    path: &str,
) -> Result<Vec<Py<T>>, Wrong> {
    if value.is_instance_of::<PyString>() || value.is_instance_of::<PyDict>() {
        return Err(wanted(&format!("a list of {class}"), value, path));
    }
    let values = value.try_iter().map_err(|_| wanted(&format!("a list of {class}"), value, path))?;
    let mut all = Vec::with_capacity(value.len().unwrap_or(0).min(1_000));
    for value in values {
        let value = value?;
        match value.cast_into::<T>() {
            Ok(one) => all.push(one.unbind()),
            Err(wrong) => {
                let path = format!("{path}[{}]", all.len());
                return Err(wanted(&format!("a {class}"), &wrong.into_inner(), &path));
            }
        }
    }
    Ok(all)
}

impl PartialEq for Purchase {
    fn eq(&self, other: &Self) -> bool {
        let currency = currency_of(3);
        self.core(currency).ok() == other.core(currency).ok()
    }
}

#[pymethods]
impl Purchase {
    #[new]
    #[pyo3(signature = (*, lines, discount=None, tenders=None))]
    fn new(
        py: Python<'_>,
        lines: &Bound<'_, PyAny>,
        discount: Option<&Bound<'_, PyAny>>,
        tenders: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let read = || -> Result<Purchase, Wrong> {
            let discount = discount.map(|discount| amount(discount, "discount")).transpose()?;
            let tenders = tenders.map_or(Ok(Vec::new()), |tenders| each(tenders, "Tender", "tenders"))?;
            Ok(Purchase::of(each(lines, "Line", "lines")?, discount, tenders)?)
        };
        read().map_err(|wrong| wrong.in_fact(py))
    }

    #[getter]
    fn lines<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.lines)
    }

    #[getter]
    fn discount<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.discount.as_ref().map(|told| decimal(py, told.text())).transpose()
    }

    #[getter]
    fn tenders<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.tenders)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        fields_shown(slf.py(), "Purchase", arguments(slf, &["lines", "discount", "tenders"])?)
    }

    fn __hash__(slf: &Bound<'_, Self>) -> PyResult<isize> {
        slf.getattr("lines")?.hash()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        reduced(slf, &["lines", "discount", "tenders"])
    }
}

/// What of a line is given back, in the line's own terms.
#[pyclass(frozen, eq, module = "parure")]
#[derive(Debug)]
pub(crate) struct ReturnedLine {
    pub(crate) id: SmolStr,
    pub(crate) quantity: Quantity,
    pub(crate) amount: Told,
}

impl ReturnedLine {
    pub(crate) fn core(&self, at: usize, currency: Currency) -> Result<fact::ReturnedLine<'_>, Fault> {
        let amount = self.amount.money(currency, || format!("returned.lines[{at}].amount"))?;
        Ok(fact::ReturnedLine::new(&*self.id, self.quantity, amount))
    }
}

impl PartialEq for ReturnedLine {
    fn eq(&self, other: &Self) -> bool {
        let currency = currency_of(3);
        self.core(0, currency).ok() == other.core(0, currency).ok()
    }
}

#[pymethods]
impl ReturnedLine {
    #[new]
    #[pyo3(signature = (*, id, quantity, amount))]
    fn new(
        py: Python<'_>,
        id: &Bound<'_, PyAny>,
        quantity: &Bound<'_, PyAny>,
        amount: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let read = || -> Result<ReturnedLine, Wrong> {
            Ok(ReturnedLine {
                id: text(id, "id")?,
                quantity: self::quantity(quantity, "quantity")?,
                amount: self::amount(amount, "amount")?,
            })
        };
        read().map_err(|wrong| wrong.in_fact(py))
    }

    #[getter]
    fn id(&self) -> &str {
        &self.id
    }

    #[getter]
    fn quantity<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal(py, &self.quantity.to_string())
    }

    #[getter]
    fn amount<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decimal(py, self.amount.text())
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        fields_shown(slf.py(), "ReturnedLine", arguments(slf, &["id", "quantity", "amount"])?)
    }

    fn __hash__(slf: &Bound<'_, Self>) -> PyResult<isize> {
        slf.getattr("id")?.hash()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        reduced(slf, &["id", "quantity", "amount"])
    }
}

/// Fields by the names of the arguments that made them, without those that say nothing.
pub(crate) fn arguments<'py, T: PyClass>(
    value: &Bound<'py, T>,
    names: &[&'static str],
) -> PyResult<Vec<(&'static str, Bound<'py, PyAny>)>> {
    let mut told = Vec::with_capacity(names.len());
    for name in names {
        let field = value.as_any().getattr(*name)?;
        let empty = field.cast::<PyTuple>().is_ok_and(PyTupleMethods::is_empty)
            || field.cast::<PyDict>().is_ok_and(PyDictMethods::is_empty);
        if !field.is_none() && !empty {
            told.push((*name, field));
        }
    }
    Ok(told)
}

/// How a part is pickled: its class is called with what made it.
pub(crate) fn reduced<'py, T: PyClass>(
    value: &Bound<'py, T>,
    names: &[&'static str],
) -> PyResult<Bound<'py, PyTuple>> {
    let py = value.py();
    let keys = PyDict::new(py);
    for (name, field) in arguments(value, names)? {
        keys.set_item(name, field)?;
    }
    let made = py.import("parure._errors")?.getattr("_made")?;
    let class = value.as_any().get_type().into_any();
    many(py, vec![made, (class, keys).into_pyobject(py)?.into_any()])
}
