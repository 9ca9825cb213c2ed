//! parure for C: every function of `include/parure.h`, which is generated from this crate.
//!
//! There are no rules here: arguments are taken, the core is asked, answers are handed over. Unsafe code is of three kinds:
//! reading what the caller points to (`raw.rs`), handing over and taking back handles (there too), and the functions themselves,
//! which rest on what the header asks of a caller:
//!
//! - a pointer with a length points to so many bytes that can be read, a struct begins with its size, an array has so many
//!   elements; what a pointer points to stays unchanged during the call;
//! - a handle came from this library and was not freed, and only functions that take it as `const` are called on it by several
//!   threads at once;
//! - an output points to room for it;
//! - a stream keeps what Arrow's C interface promises: what it gives is as long as it says.
//!
//! NULL is checked for everywhere.
#![allow(non_camel_case_types, reason = "the names are those of the header")]
#![allow(
    clippy::missing_safety_doc,
    reason = "what is asked of a caller is the same everywhere: it is told above"
)]

mod account;
mod agenda;
mod answer;
mod arrow;
mod basket;
mod benefit;
mod book;
mod claimed;
mod columns;
mod coupon;
mod error;
mod found;
mod goal;
mod guard;
mod journal;
mod merged;
mod order;
mod outcome;
mod program;
mod quote;
mod raw;
mod replayed;
mod status;
mod tables;
mod value;
mod values;

pub use account::{
    parure_account, parure_account_alias, parure_account_benefit, parure_account_claimed,
    parure_account_coupon, parure_account_flag, parure_account_free, parure_account_household_member,
    parure_account_json, parure_account_keep_goal, parure_account_lot, parure_account_next_goal,
    parure_account_order, parure_account_read, parure_account_view, parure_lot,
};
pub use agenda::{
    parure_agenda, parure_agenda_due, parure_agenda_free, parure_agenda_json, parure_agenda_read,
    parure_agenda_view, parure_due,
};
pub use answer::{
    parure_answer, parure_answer_free, parure_answer_text, parure_bytes, parure_bytes_free, parure_bytes_read,
};
pub use basket::{
    parure_basket, parure_component, parure_envelope, parure_line, parure_redemption, parure_return,
    parure_returned_line, parure_tender,
};
pub use benefit::parure_benefit;
pub use book::{
    parure_book, parure_book_account, parure_book_agenda, parure_book_agenda_of, parure_book_ask,
    parure_book_day, parure_book_find, parure_book_free, parure_book_new, parure_book_quote,
    parure_book_record_purchase, parure_book_record_redemption, parure_book_record_return,
    parure_book_restore, parure_book_snapshot, parure_book_tell,
};
pub use claimed::parure_claimed;
pub use coupon::{parure_coupon, parure_moved_coupon, parure_quoted_coupon};
pub use error::{
    parure_error, parure_error_fault, parure_error_free, parure_error_json, parure_error_read,
    parure_error_text, parure_error_view,
};
pub use found::{
    parure_found, parure_found_free, parure_found_hit, parure_found_json, parure_found_read,
    parure_found_view, parure_hit,
};
pub use goal::{parure_goal, parure_goal_kind};
pub use journal::{
    parure_book_backup, parure_book_changes_since, parure_book_compact, parure_book_create,
    parure_book_known, parure_book_merge_changes, parure_book_open, parure_book_verify,
    parure_journal_options, parure_verified_view,
};
pub use merged::{
    parure_book_merge_table, parure_merged, parure_merged_free, parure_merged_json, parure_merged_rejects,
};
pub use order::{parure_moved_deposit, parure_order};
pub use outcome::{
    parure_outcome, parure_outcome_coupon, parure_outcome_deposit, parure_outcome_flag, parure_outcome_free,
    parure_outcome_json, parure_outcome_read, parure_outcome_rule, parure_outcome_value, parure_outcome_view,
};
pub use program::{
    parure_program, parure_program_free, parure_program_parse, parure_program_read, parure_program_view,
};
pub use quote::{
    parure_quote, parure_quote_coupon, parure_quote_coupon_because, parure_quote_free, parure_quote_json,
    parure_quote_next_goal, parure_quote_read, parure_quote_rule, parure_quote_view,
};
pub use replayed::{
    parure_replay, parure_replayed, parure_replayed_accounts, parure_replayed_free, parure_replayed_months,
    parure_replayed_purchases, parure_replayed_rejects, parure_replayed_report,
};
pub use status::parure_status;
pub use tables::parure_table_options;
pub use value::parure_moved_value;
pub use values::{
    PARURE_ABI_VERSION, PARURE_ONE_PIECE, parure_abi_version, parure_coupon_code, parure_coupon_id,
    parure_day, parure_moment, parure_moment_parse, parure_text, parure_version,
};

// What the header says of threads is what the core allows.
const fn shared_by_threads<T: Send + Sync>() {}
const _: () = shared_by_threads::<parure_book>();
const _: () = shared_by_threads::<parure_merged>();
const _: () = shared_by_threads::<parure_program>();
const _: () = shared_by_threads::<parure_replayed>();
