//! parure for Python: conversion, and no rules.
//!
//! | Where | What it is |
//! |---|---|
//! | `strict` | values as Python has them, read strictly: no float is an amount, no naive time an instant |
//! | `shown` | values as Python gets them: `Decimal`, `date`, `datetime`, tuples |
//! | `error` | the one tree of exceptions |
//! | `parts`, `fact`, `people`, `written` | what can be told: baskets and facts, in keyword arguments or as JSON |
//! | `answers`, `known`, `html` | what is answered, of points and of people |
//! | `program`, `book` | the two that everything is asked of |
//! | `kept`, `files` | where a book is: in memory behind a lock, or in a file; making and opening one |
//! | `tables`, `capsule` | sales as columns, by the Arrow PyCapsule interface |
//!
//! A book is behind a lock, its own or its journal's. Whoever holds the lock never waits for the interpreter: either the interpreter was let go before, or the lock
//! was free at once and nothing of Python is touched while it is held. So threads can't wait for each other in a ring.

mod answers;
mod birthday;
mod book;
mod capsule;
mod error;
mod fact;
mod files;
mod given;
mod html;
mod kept;
mod known;
mod parts;
mod people;
mod program;
mod shown;
mod strict;
mod tables;
mod written;

/// The module `parure._parure`; the package `parure` shows what is public of it.
#[pyo3::pymodule]
mod _parure {
    use pyo3::prelude::*;
    use pyo3::types::{PyBytes, PyString};
    use std::ffi::OsString;

    #[pymodule_export]
    use crate::answers::{
        Account, Benefit, Change, Changes, Claimed, Conflict, Coupon, CouponMoved, DepositMoved, Earns,
        Explanation, FactExplanation, Fault, Flag, FlagCount, Goal, Household, Keep, LapsingBonus, Ledger,
        LedgerBalance, LedgerEntry, LineExplanation, Lot, Merged, Month, MovedMember, Movement, NextTier,
        NotApplied, Order, Outcome, Points, PointsMoved, Quote, QuotedCoupon, QuotedValue, Received,
        RefundedTo, Report, Revenue, RevenuePeriod, Reward, RewardPrice, Spendable, Step, StoredValue, Task,
        Tier, TierChange, TierCount, Totals, ValueHeld, ValueMoved, WhatIf,
    };
    #[pymodule_export]
    use crate::birthday::Birthday;
    #[pymodule_export]
    use crate::book::Book;
    #[pymodule_export]
    use crate::fact::Fact;
    #[pymodule_export]
    use crate::files::{create, open};
    #[pymodule_export]
    use crate::given::GivenLot;
    #[pymodule_export]
    use crate::known::{
        Agenda, Ask, Consent, Customer, Due, DueWhy, Duty, FoundCustomer, Giving, Heard, LikelyTwice,
        NamedBy, PersonExport, Reason, Sending, Timeline, TimelineEntry,
    };
    #[pymodule_export]
    use crate::parts::{Line, Purchase, ReturnedLine, Tender};
    #[pymodule_export]
    use crate::program::Program;
    #[pymodule_export]
    use crate::tables::{MergedTable, Replayed, Table, replay};

    /// Runs one command line of `parure`, the program's own name first, and tells its exit code.
    #[pyfunction]
    fn command_line(py: Python<'_>, line: Vec<OsString>) -> u8 {
        py.detach(|| parure_cli::run(line))
    }

    /// What a coupon code goes by in facts: no book holds the code itself.
    #[pyfunction]
    #[pyo3(signature = (code, /))]
    fn coupon_code(code: &Bound<'_, PyAny>) -> PyResult<String> {
        if let Ok(bytes) = code.cast::<PyBytes>() {
            return Ok(parure::fact::coupon_code(bytes.as_bytes()));
        }
        let text = code.cast::<PyString>().map_err(|_| crate::strict::wanted("str or bytes", code, "code"));
        let text = text.map_err(|wrong| wrong.in_request(code.py()))?;
        Ok(parure::fact::coupon_code(text.to_str()?.as_bytes()))
    }

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
