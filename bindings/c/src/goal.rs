//! What is missing towards a tier.

use crate::error::{Trouble, no_such_index};
use crate::raw::Versioned;
use crate::values::parure_text;
use parure::book::GoalView;

/// What a goal counts.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum parure_goal_kind {
    /// Money spent, in minor units.
    PARURE_GOAL_SPEND = 1,
    /// Days on which something was bought.
    PARURE_GOAL_VISITS = 2,
    /// Points awarded.
    PARURE_GOAL_POINTS = 3,
    /// The growth value.
    PARURE_GOAL_GROWTH = 4,
}

/// What is missing towards one goal. Texts are borrowed from what was asked.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_goal {
    /// `sizeof(parure_goal)`
    pub size: usize,
    /// What it counts: a `parure_goal_kind`.
    pub kind: i32,
    /// How much of it is missing.
    pub missing: i64,
    /// Within what: `12 months`, `calendar year`, `ever`; empty for the growth value.
    pub within: parure_text,
}

// SAFETY: `repr(C)`, begins with its size, numbers and pointers.
unsafe impl Versioned for parure_goal {}

/// The goal at an index.
pub(crate) fn goal(goals: Option<&Vec<GoalView>>, index: usize) -> Result<parure_goal, Trouble> {
    let goal = goals.and_then(|goals| goals.get(index)).ok_or_else(|| no_such_index(index))?;
    let (kind, missing) = match goal {
        GoalView { spend: Some(spend), .. } => (parure_goal_kind::PARURE_GOAL_SPEND, minor(*spend)),
        GoalView { visits: Some(visits), .. } => (parure_goal_kind::PARURE_GOAL_VISITS, i64::from(*visits)),
        GoalView { points: Some(points), .. } => (parure_goal_kind::PARURE_GOAL_POINTS, *points),
        GoalView { growth, .. } => (parure_goal_kind::PARURE_GOAL_GROWTH, growth.unwrap_or(0)),
    };
    Ok(parure_goal {
        size: size_of::<parure_goal>(),
        kind: kind as i32,
        missing,
        within: parure_text::of(&goal.within),
    })
}

/// An amount as the core answers it, written with all digits of its currency, in minor units.
pub(crate) fn minor(amount: rust_decimal::Decimal) -> i64 {
    i64::try_from(amount.mantissa()).unwrap_or(i64::MAX)
}
