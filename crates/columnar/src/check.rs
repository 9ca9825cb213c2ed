//! Whether the rows of each purchase make one: its sums, its bounds, the ids of its lines.

use crate::error::{Error, Which};
use crate::names::What;
use crate::rejects::{Misfit, OnBad, Rejects};
use crate::sales::Sales;
use parure::fault::Fault;

/// Looks at every purchase. What seems wrong is made a fact, whose constructor has the last word and the message; `facts`: all are.
pub(crate) fn check(sales: &mut Sales<'_>, facts: bool, rejects: &mut Rejects) -> Result<(), Error> {
    let mut misfits = Vec::new();
    let asked = if facts { (0..sales.len()).collect() } else { sales.doubtful() };
    for basket in asked {
        if sales.is_aside(basket) {
            continue;
        }
        if let Err(misfit) = sales.fact(basket) {
            misfits.push(misfit);
            sales.set_aside(basket);
        }
    }
    rejects.take(&sales.held, &mut misfits)?;
    if rejects.on_bad() == OnBad::SetAside && sales.any_aside() {
        tell_others(sales, rejects)?;
    }
    Ok(())
}

/// The other rows of a purchase with a bad one go with it.
fn tell_others(sales: &Sales<'_>, rejects: &mut Rejects) -> Result<(), Error> {
    let mut misfits = Vec::new();
    for basket in (0..sales.len()).filter(|basket| sales.is_aside(*basket)) {
        for position in sales.lines(basket) {
            let fault = Fault::new("set_aside", format!("another row of `{}` is bad", &*sales.id(basket)));
            misfits.push(Misfit { row: sales.row(position), what: None, fault });
        }
    }
    rejects.take(&sales.held, &mut misfits)
}

/// Ids that are there twice, in the two tables together.
pub(crate) fn repeated(row: u32, id: &str) -> Misfit {
    let message = format!("the id `{id}` is there twice");
    Misfit::cell(row, What::Id, Fault::new("repeated_id", message))
}

/// A fault that no row is told for: of the core, which was asked in another order than it asks for.
pub(crate) fn unexpected(fault: Fault) -> Error {
    Error::of_table(Which::Sales, fault.code, crate::error::message(fault))
}
