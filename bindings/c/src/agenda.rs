//! What is due on a day: whom to write to, whom to call, and why.

use crate::error::{Trouble, no_such_index, parure_error};
use crate::goal::minor;
use crate::guard::{guard, quietly};
use crate::raw::{self, Out, Versioned};
use crate::status::parure_status;
use crate::values::{canonical, may_number, number, parure_day, parure_moment, parure_text};
use parure::book::{Agenda, Due};
use std::sync::OnceLock;

/// What is due on a day.
pub struct parure_agenda {
    agenda: Agenda,
    json: OnceLock<String>,
}

/// What is due on a day.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_agenda_view {
    /// `sizeof(parure_agenda_view)`
    pub size: usize,
    /// How much is due: `parure_agenda_due`.
    pub due_count: usize,
    /// The day that was asked for.
    pub on: parure_day,
}

/// Something that is due for a customer: a message to send, a task for someone, something to give, or several of these. Texts are borrowed from the agenda.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct parure_due {
    /// `sizeof(parure_due)`
    pub size: usize,
    /// `trigger/customer/occasion`: the same wherever it is computed.
    pub key: parure_text,
    /// The trigger, by id.
    pub trigger: parure_text,
    /// The id the account goes by.
    pub customer: parure_text,
    /// Which of the trigger's occasions: what a fact `reported` names.
    pub occasion: parure_text,
    /// The first day on which it is due.
    pub first_day: parure_day,
    /// The last day on which it is due.
    pub last_day: parure_day,
    /// The message to send, as the program calls it; NULL where there is none.
    pub message: parure_text,
    /// The channel: the first that the customer agreed to and can be reached by.
    pub by: parure_text,
    /// Where `has_hours` is 1: not before this instant of the day that was asked for, by the clocks of the customer's time zone.
    pub from: parure_moment,
    /// And not from this one on.
    pub to: parure_moment,
    /// What is to be done, in the shop's words; NULL where nothing is.
    pub task: parure_text,
    /// By whom: `owner`, `manager`, `store`.
    pub who: parure_text,
    /// Why: the day of a date or a festival, the last day of what lapses, the day on which something was reached or a silence began. 0: no day.
    pub why_day: parure_day,
    /// 1 where the message may be sent at some hours only: from `from` to `to`.
    pub has_hours: i32,
    /// 1 where points lapse.
    pub has_why_points: i32,
    /// 1 where spend was reached, or is missing for a tier.
    pub has_why_spend: i32,
    /// The fact that it follows; NULL where there is none.
    pub why_fact: parure_text,
    /// The tier that was reached, will be lost or is near; NULL where there is none.
    pub why_tier: parure_text,
    /// How many points lapse.
    pub why_points: i64,
    /// How much spend.
    pub why_spend_minor: i64,
    /// Points that the customer is given when it is reported as sent or done; 0 where none are.
    pub give_points: i64,
    /// The coupon that is given, by its id in the program; NULL where none is.
    pub give_coupon: parure_text,
    /// The benefit that is given, once, by its id in the program; NULL where none is.
    pub give_benefit: parure_text,
    /// How much bonus of stored value lapses; 0 where none does.
    pub why_bonus_minor: i64,
}

// SAFETY: `repr(C)`, begins with its size, numbers and pointers.
unsafe impl Versioned for parure_agenda_view {}
// SAFETY: as above.
unsafe impl Versioned for parure_due {}

impl From<Agenda> for parure_agenda {
    fn from(agenda: Agenda) -> Self {
        parure_agenda { agenda, json: OnceLock::new() }
    }
}

impl From<&Due> for parure_due {
    fn from(due: &Due) -> Self {
        let (why, send, task) = (&due.why, due.send.as_ref(), due.task.as_ref());
        let (from, to) = (send.and_then(|send| send.from), send.and_then(|send| send.to));
        parure_due {
            size: size_of::<parure_due>(),
            key: parure_text::of(&due.key),
            trigger: parure_text::of(&due.trigger),
            customer: parure_text::of(&due.customer),
            occasion: parure_text::of(&due.occasion),
            first_day: number(due.first_day),
            last_day: number(due.last_day),
            message: parure_text::may(send.map(|send| &*send.message)),
            by: parure_text::may(send.map(|send| &*send.by)),
            from: from.map_or(parure_moment::NONE, parure_moment::of),
            to: to.map_or(parure_moment::NONE, parure_moment::of),
            task: parure_text::may(task.map(|task| &*task.what)),
            who: parure_text::may(task.map(|task| task.who)),
            why_day: may_number(why.day),
            has_hours: i32::from(from.is_some() && to.is_some()),
            has_why_points: i32::from(why.points.is_some()),
            has_why_spend: i32::from(why.spend.is_some()),
            why_fact: parure_text::may(why.fact.as_deref()),
            why_tier: parure_text::may(why.tier.as_deref()),
            why_points: why.points.unwrap_or(0),
            why_spend_minor: why.spend.map_or(0, minor),
            give_points: due.give.as_ref().map_or(0, |give| give.points),
            give_coupon: parure_text::may(due.give.as_ref().and_then(|give| give.coupon.as_deref())),
            give_benefit: parure_text::may(due.give.as_ref().and_then(|give| give.benefit.as_deref())),
            why_bonus_minor: why.bonus.map_or(0, minor),
        }
    }
}

impl parure_agenda {
    fn due(&self, index: usize) -> Result<parure_due, Trouble> {
        Ok(parure_due::from(self.agenda.due.get(index).ok_or_else(|| no_such_index(index))?))
    }
}

/// Reads how much is due.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_agenda_read(
    agenda: *const parure_agenda,
    view: *mut parure_agenda_view,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let agenda = &unsafe { raw::shared(agenda, "agenda") }?.agenda;
        let told = parure_agenda_view {
            size: size_of::<parure_agenda_view>(),
            due_count: agenda.due.len(),
            on: number(agenda.on),
        };
        // SAFETY: as the header asks.
        unsafe { raw::fill(view, &told, "view") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// Something that is due: the earliest first, then in the order of the program's triggers, then by customer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_agenda_due(
    agenda: *const parure_agenda,
    index: usize,
    due: *mut parure_due,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let agenda = unsafe { raw::shared(agenda, "agenda") }?;
        // SAFETY: as the header asks.
        unsafe { raw::fill(due, &agenda.due(index)?, "due") }
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// The whole agenda as canonical JSON, the same as the JSON door answers. Borrowed from the agenda.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_agenda_json(
    agenda: *const parure_agenda,
    text: *mut parure_text,
    error: *mut *mut parure_error,
) -> parure_status {
    let read = || {
        // SAFETY: as the header asks.
        let out = unsafe { Out::new(text, "text") }?;
        // SAFETY: as the header asks.
        let agenda = unsafe { raw::shared(agenda, "agenda") }?;
        out.set(parure_text::of(agenda.json.get_or_init(|| canonical(&agenda.agenda))));
        Ok(())
    };
    // SAFETY: as the header asks.
    unsafe { guard(error, read) }
}

/// Frees an agenda. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parure_agenda_free(agenda: *mut parure_agenda) {
    quietly(|| {
        // SAFETY: as the header asks.
        unsafe { raw::free(agenda) };
        Ok(())
    });
}
