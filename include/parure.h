/*
 * parure: a CRM and loyalty engine for tills.
 *
 * Generated from bindings/c: do not edit. docs/c.md is the guide.
 *
 * What holds for every function:
 *
 * - It returns a parure_status. Outputs are set on PARURE_OK; on anything else an output that is a
 *   handle is NULL, and *error, where error is not NULL, is an error that you free.
 * - What you hand in (pointers with a length, structs) is borrowed for the call. NULL with a length
 *   of 0 is an empty text. Texts are UTF-8.
 * - What you get is yours: free each handle with its own _free, once. NULL is fine there. Texts that a
 *   handle tells are borrowed from it and end with it.
 * - Streams of tables are Arrow's. Those that you hand in are taken, whatever the status: they are left
 *   released. Those that you get are yours to release; they are released ones unless it is PARURE_OK.
 * - Structs begin with their size: PARURE_INIT(thing) makes all of it zero and sets it. Structs of an
 *   array have one size.
 * - A book is in memory (parure_book_new, parure_book_restore) or kept in a file (parure_book_create,
 *   parure_book_open): what it was told is then on the disk when the call returns PARURE_OK.
 * - A function that takes a handle as const may be called on it by several threads at once, as long as
 *   none calls a function that takes it without const.
 * - Amounts are whole minor units (12800.00 CNY is 1280000), quantities millionths, instants
 *   microseconds with the minutes of their offset, days numbers such as 20260301.
 */


#ifndef PARURE_H
#define PARURE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** Makes all of a struct zero and sets its size. */
#define PARURE_INIT(thing) (memset(&(thing), 0, sizeof(thing)), (void)((thing).size = sizeof(thing)))

/** For printf: printf("%.*s", PARURE_PRINT(text)). */
#define PARURE_PRINT(text) ((int)(text).length), ((text).data ? (text).data : "")

/* Tables, as Arrow's C interface has them: these are its own words, the same in every header that has them.
 * https://arrow.apache.org/docs/format/CDataInterface.html and CStreamInterface.html */
#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
    // Array type description
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;

    // Release callback
    void (*release)(struct ArrowSchema *);
    // Opaque producer-specific data
    void *private_data;
};

struct ArrowArray {
    // Array data description
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;

    // Release callback
    void (*release)(struct ArrowArray *);
    // Opaque producer-specific data
    void *private_data;
};

#endif // ARROW_C_DATA_INTERFACE

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
    // Callbacks providing stream functionality
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);

    // Release callback
    void (*release)(struct ArrowArrayStream *);

    // Opaque producer-specific data
    void *private_data;
};

#endif // ARROW_C_STREAM_INTERFACE

#ifdef __cplusplus
} // extern "C"
#endif


// The version of what this header says about calling: it is the number in `libparure.so.1`. A program that was built for another
// one can't be run with this library.
#define PARURE_ABI_VERSION 1

// One piece, in millionths.
#define PARURE_ONE_PIECE 1000000

// How a call went. The numbers are fixed: one that is retired is never used for something else.
enum parure_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // It was done; the outputs are set.
    PARURE_OK = 0,
    // A business answer: no. Nothing is wrong with the call, nothing has changed, and the error tells the shop's reason.
    PARURE_REFUSED = 1,
    // What was told or asked can't be read or done: the error tells what is wrong, where, and mostly what to write instead. Nothing
    // has changed (docs/c.md tells of the one exception, a `merge` in JSON into a book in memory).
    PARURE_FAULT = 2,
    // A pointer that must not be NULL is, or is not aligned.
    PARURE_NULL_POINTER = 10,
    // A text is not UTF-8.
    PARURE_NOT_UTF8 = 11,
    // A struct does not begin with its size, or is of a later version than this library and uses what that added.
    PARURE_STRUCT_SIZE = 12,
    // There is no element at that index.
    PARURE_NO_SUCH_INDEX = 13,
    // A length is beyond what a buffer can have.
    PARURE_LENGTH = 14,
    // A fault of this library: please report it. A book that was being changed then can only be freed.
    PARURE_PANIC = 99,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum parure_status parure_status;
#else
typedef int32_t parure_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What a goal counts.
enum parure_goal_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // Money spent, in minor units.
    PARURE_GOAL_SPEND = 1,
    // Days on which something was bought.
    PARURE_GOAL_VISITS = 2,
    // Points awarded.
    PARURE_GOAL_POINTS = 3,
    // The growth value.
    PARURE_GOAL_GROWTH = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum parure_goal_kind parure_goal_kind;
#else
typedef int32_t parure_goal_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// An account at the end of a day.
typedef struct parure_account parure_account;

// What is due on a day.
typedef struct parure_agenda parure_agenda;

// The answer to a request in JSON.
typedef struct parure_answer parure_answer;

// What follows from a program and the facts: in memory, or kept in a file. Functions that take it as `const` may be called by several
// threads at once, as long as none calls one of the others.
typedef struct parure_book parure_book;

// The bytes of a snapshot.
typedef struct parure_bytes parure_bytes;

// Why a call did not do what was asked: one fault, or all faults of a program.
typedef struct parure_error parure_error;

// Who was found, the likeliest first.
typedef struct parure_found parure_found;

// What a merge of tables did.
typedef struct parure_merged parure_merged;

// What a recorded fact did.
typedef struct parure_outcome parure_outcome;

// A program: the rules of a shop, read and checked. It can be freed while books that were opened with it live on.
typedef struct parure_program parure_program;

// What a basket would do.
typedef struct parure_quote parure_quote;

// What a replay of tables gives.
typedef struct parure_replayed parure_replayed;

// A text: so many bytes of UTF-8, without a zero behind them. In a struct that is read it is borrowed for the call; one that was
// answered is borrowed from the handle. NULL with a length of 0 is no text.
typedef struct parure_text {
    // The first byte.
    const char *data;
    // How many bytes.
    size_t length;
} parure_text;

// A day, written as a number: 20260301 is 1 March 2026. 0 is no day.
typedef int32_t parure_day;

// An account at the end of a day. Texts are borrowed from the account.
typedef struct parure_account_view {
    // `sizeof(parure_account_view)`
    size_t size;
    // Its id.
    struct parure_text account;
    // The day that was asked for.
    parure_day on;
    // The day of joining; 0 for one who has not.
    parure_day joined;
    // Points less debt: what they may count on.
    int64_t balance;
    // Points that can be spent that day.
    int64_t usable;
    // Points that wait.
    int64_t pending;
    // Points that are owed.
    int64_t debt;
    // The tier, by id; NULL where there is none.
    struct parure_text tier;
    // What the tier is called, for people.
    struct parure_text tier_name;
    // What it was reached by: a fact's id, or `start`, `renewed`, `lapse`, ...
    struct parure_text tier_by;
    // The day since which it is held.
    parure_day tier_since;
    // Its last day; 0 where it has no end.
    parure_day tier_until;
    // The next higher tier; NULL for the highest.
    struct parure_text next_tier;
    // What is missing towards it: `parure_account_next_goal`.
    size_t next_goal_count;
    // The day by which the tier must be kept; 0 where it need not.
    parure_day keep_by;
    // 1 where the program counts a growth value.
    int32_t has_growth;
    // What is missing to keep it: `parure_account_keep_goal`.
    size_t keep_goal_count;
    // The growth value.
    int64_t growth;
    // Points by where they came from, in the order in which they are spent: `parure_account_lot`.
    size_t lot_count;
    // Other ids of the account: `parure_account_alias`.
    size_t alias_count;
    // Things that want a look: `parure_account_flag`.
    size_t flag_count;
    // The household that it shares points with; NULL where there is none.
    struct parure_text household;
    // What all of the household can spend.
    int64_t household_points;
    // Who is in the household: `parure_account_household_member`.
    size_t household_member_count;
    // 1 where the account may spend what the others have.
    int32_t may_spend_of_household;
    // Coupons that can be used on the day or later: `parure_account_coupon`.
    size_t coupon_count;
    // What the shop does for them that day: `parure_account_benefit`.
    size_t benefit_count;
    // 1 where anything was ever paid in to be spent later, and then what of it can be spent; which of the account's ids are frozen and when
    // bonus lapses is told by `parure_account_json`.
    int32_t has_stored_value;
    // 1 where it belongs to whoever holds the card.
    int32_t is_card;
    // Stored value that was paid in.
    int64_t principal_minor;
    // Stored value that was given on top.
    int64_t bonus_minor;
    // What was spent and was not there.
    int64_t value_owed_minor;
    // The most that could be refunded.
    int64_t refundable_minor;
    // Rewards that wait to be handed over: `parure_account_claimed`.
    size_t claimed_count;
    // Orders that wait to be delivered, or of whose deposits something is left: `parure_account_order`.
    size_t order_count;
    // By which process the shop serves members of the tier; NULL where the program does not say.
    struct parure_text tier_process;
} parure_account_view;

// Points that came from one fact. Texts are borrowed from the account.
typedef struct parure_lot {
    // `sizeof(parure_lot)`
    size_t size;
    // The fact's id.
    struct parure_text fact;
    // How many are left.
    int64_t points;
    // The first day on which they can be spent.
    parure_day first_day;
    // The last day; 0 where they never lapse.
    parure_day last_day;
} parure_lot;

// What is missing towards one goal. Texts are borrowed from what was asked.
typedef struct parure_goal {
    // `sizeof(parure_goal)`
    size_t size;
    // What it counts: a `parure_goal_kind`.
    int32_t kind;
    // How much of it is missing.
    int64_t missing;
    // Within what: `12 months`, `calendar year`, `ever`; empty for the growth value.
    struct parure_text within;
} parure_goal;

// An instant, and the offset of the clock that saw it.
typedef struct parure_moment {
    // Microseconds since 1 January 1970, UTC.
    int64_t micros;
    // Minutes by which the clock was ahead of UTC: 480 in Shanghai.
    int32_t offset_minutes;
} parure_moment;

// A coupon that can be used. Texts are borrowed from the account.
typedef struct parure_coupon {
    // `sizeof(parure_coupon)`
    size_t size;
    // Its id, which a tender names.
    struct parure_text coupon;
    // Which of the program's coupons it is.
    struct parure_text of;
    // What that one is called, for people.
    struct parure_text name;
    // The first day on which it can be used.
    parure_day first_day;
    // The last day; 0 where it never lapses.
    parure_day last_day;
    // How often it can still be used.
    size_t uses;
    // The purchase or the order that it is held for on the day, or on a part of it; NULL where it is not.
    struct parure_text held_for;
    // Until when it is.
    struct parure_moment held_until;
} parure_coupon;

// Something that the shop does for a customer. Texts are borrowed from the account.
typedef struct parure_benefit {
    // `sizeof(parure_benefit)`
    size_t size;
    // Which of the program's benefits it is.
    struct parure_text benefit;
    // What it is called, for people.
    struct parure_text name;
    // What it is had by: `tier`, `given`, `piece`.
    struct parure_text by;
    // The fact that gave it, or the purchase of the piece; NULL by the tier.
    struct parure_text fact;
    // The line of the purchase; NULL where it is had by no piece.
    struct parure_text line;
    // How often it can still be had; -1 as often as wished.
    int64_t left;
    // Its last day, of what was given; 0: it does not lapse.
    parure_day last_day;
} parure_benefit;

// A reward that was redeemed and waits to be handed over. Texts are borrowed from the account.
typedef struct parure_claimed {
    // `sizeof(parure_claimed)`
    size_t size;
    // The fact that redeemed it.
    struct parure_text redemption;
    // Which of the program's rewards it is.
    struct parure_text reward;
    // What that one is called, for people.
    struct parure_text name;
    // The points that it cost.
    int64_t points;
    // The money that was paid beside them.
    int64_t amount_minor;
    // The day on which it was redeemed.
    parure_day on;
} parure_claimed;

// An order that waits to be delivered, or of whose deposits something is left. Texts are borrowed from the account.
typedef struct parure_order {
    // `sizeof(parure_order)`
    size_t size;
    // Its id, which a tender names.
    struct parure_text order;
    // The day on which it was ordered.
    parure_day on;
    // The day on which it is to be ready; 0 where none was told.
    parure_day ready;
    // What is made, by the shop's name of it; NULL where none was told.
    struct parure_text item;
    // The price that was agreed.
    int64_t amount_minor;
    // All deposits that were paid.
    int64_t paid_minor;
    // What is left of them; below 0 where tills that were apart took more than was paid.
    int64_t left_minor;
    // 1 where it was called off.
    int32_t is_cancelled;
} parure_order;

// What is due on a day.
typedef struct parure_agenda_view {
    // `sizeof(parure_agenda_view)`
    size_t size;
    // How much is due: `parure_agenda_due`.
    size_t due_count;
    // The day that was asked for.
    parure_day on;
} parure_agenda_view;

// Something that is due for a customer: a message to send, a task for someone, something to give, or several of these. Texts are borrowed from the agenda.
typedef struct parure_due {
    // `sizeof(parure_due)`
    size_t size;
    // `trigger/customer/occasion`: the same wherever it is computed.
    struct parure_text key;
    // The trigger, by id.
    struct parure_text trigger;
    // The id the account goes by.
    struct parure_text customer;
    // Which of the trigger's occasions: what a fact `reported` names.
    struct parure_text occasion;
    // The first day on which it is due.
    parure_day first_day;
    // The last day on which it is due.
    parure_day last_day;
    // The message to send, as the program calls it; NULL where there is none.
    struct parure_text message;
    // The channel: the first that the customer agreed to and can be reached by.
    struct parure_text by;
    // Where `has_hours` is 1: not before this instant of the day that was asked for, by the clocks of the customer's time zone.
    struct parure_moment from;
    // And not from this one on.
    struct parure_moment to;
    // What is to be done, in the shop's words; NULL where nothing is.
    struct parure_text task;
    // By whom: `owner`, `manager`, `store`.
    struct parure_text who;
    // Why: the day of a date or a festival, the last day of what lapses, the day on which something was reached or a silence began. 0: no day.
    parure_day why_day;
    // 1 where the message may be sent at some hours only: from `from` to `to`.
    int32_t has_hours;
    // 1 where points lapse.
    int32_t has_why_points;
    // 1 where spend was reached, or is missing for a tier.
    int32_t has_why_spend;
    // The fact that it follows; NULL where there is none.
    struct parure_text why_fact;
    // The tier that was reached, will be lost or is near; NULL where there is none.
    struct parure_text why_tier;
    // How many points lapse.
    int64_t why_points;
    // How much spend.
    int64_t why_spend_minor;
    // Points that the customer is given when it is reported as sent or done; 0 where none are.
    int64_t give_points;
    // The coupon that is given, by its id in the program; NULL where none is.
    struct parure_text give_coupon;
    // The benefit that is given, once, by its id in the program; NULL where none is.
    struct parure_text give_benefit;
    // How much bonus of stored value lapses; 0 where none does.
    int64_t why_bonus_minor;
} parure_due;

// When, where and by whom something was seen.
typedef struct parure_envelope {
    // `sizeof(parure_envelope)`
    size_t size;
    // The fact's id: unique for all time, chosen by the till; the same fact sent again is recognized by it. A quote needs none; with one, coupons that are held for it can be used.
    struct parure_text id;
    // When it happened.
    struct parure_moment at;
    // Whom it happened to. A quote of nobody's is one for a person who has not joined.
    struct parure_text customer;
    // Where; may be empty.
    struct parure_text store;
    // By whom it was seen; may be empty.
    struct parure_text staff;
    // On which till; may be empty.
    struct parure_text terminal;
} parure_envelope;

// A part of a line's amount: metal, stone, labour.
typedef struct parure_component {
    // `sizeof(parure_component)`
    size_t size;
    // What the part is.
    struct parure_text name;
    // Its amount.
    int64_t amount_minor;
} parure_component;

// A line of a basket.
typedef struct parure_line {
    // `sizeof(parure_line)`
    size_t size;
    // Its own within the basket; returns name it.
    struct parure_text id;
    // The shop's name of the article; may be empty.
    struct parure_text item;
    // The shop's name of its kind, such as `gold/ring`; may be empty.
    struct parure_text category;
    // Pieces, grams, carats in millionths: `PARURE_ONE_PIECE` is one.
    int64_t quantity_micros;
    // After the line's own discount, tax included.
    int64_t amount_minor;
    // Named parts of the amount; NULL where there are none.
    const struct parure_component *components;
    // How many.
    size_t component_count;
    // The serial number of the very piece; may be empty.
    struct parure_text piece;
    // Of a line by weight, what one unit of the quantity costs; 0 of any other. The component `metal` follows from it, and where
    // `amount_minor` is 0 the amount: all components together.
    int64_t price_minor;
} parure_line;

// One way in which a basket is paid.
typedef struct parure_tender {
    // `sizeof(parure_tender)`
    size_t size;
    // The shop's name of it: `card`, `cash`; empty where `points` or a coupon of the program's pay.
    struct parure_text kind;
    // What it pays.
    int64_t amount_minor;
    // How many points pay it; 0 where money does.
    int64_t points;
    // The coupon that pays it, by its id; empty where none does.
    struct parure_text coupon;
    // Of the kind `deposit`, the order whose deposit it is; empty of any other.
    struct parure_text order;
    // Of the kind `trade_in`, the weight of old metal in millionths; 0 where it is not told.
    int64_t weight_micros;
    // What one unit of its weight is taken for.
    int64_t price_minor;
    // What of it is lost in melting, in hundredths of a percent.
    uint32_t loss;
} parure_tender;

// What is bought.
typedef struct parure_basket {
    // `sizeof(parure_basket)`
    size_t size;
    // The lines, at least one.
    const struct parure_line *lines;
    // How many.
    size_t line_count;
    // Taken off the whole.
    int64_t discount_minor;
    // How it is paid, together what is to be paid; NULL for something that earns.
    const struct parure_tender *tenders;
    // How many.
    size_t tender_count;
} parure_basket;

// A line that comes back, in the line's own terms: before its shares of discount and tenders.
typedef struct parure_returned_line {
    // `sizeof(parure_returned_line)`
    size_t size;
    // The line's id in the purchase.
    struct parure_text id;
    // Pieces, grams, carats in millionths; 0 where only money is given back.
    int64_t quantity_micros;
    // The amount that comes back; 0 where only goods do.
    int64_t amount_minor;
} parure_returned_line;

// What is given back.
typedef struct parure_return {
    // `sizeof(parure_return)`
    size_t size;
    // The id of the fact that purchased it.
    struct parure_text purchase;
    // The lines, at least one.
    const struct parure_returned_line *lines;
    // How many.
    size_t line_count;
} parure_return;

// Points spent on a reward.
typedef struct parure_redemption {
    // `sizeof(parure_redemption)`
    size_t size;
    // How many.
    int64_t points;
    // The reward's id in the program, or the shop's name of it where the program lists none.
    struct parure_text reward;
    // Money that was paid beside the points; 0 where none was.
    int64_t amount_minor;
} parure_redemption;

// An error, or one fault of it. Texts are borrowed from the error.
typedef struct parure_error_view {
    // `sizeof(parure_error_view)`
    size_t size;
    // What the call returned: a `parure_status`.
    int32_t status;
    // Stable, for programs: `not_enough_points`, `money_range`, `unknown_key`, ...
    struct parure_text code;
    // For people: what is wrong.
    struct parure_text message;
    // Which value is wrong: `purchased.lines[0].amount`, `envelope.customer`, of a table the column; empty where it is none in
    // particular.
    struct parure_text path;
    // What to write instead; NULL where nothing can be advised.
    struct parure_text advice;
    // The line in the text that was read, from 1 on; 0 where there was no text.
    size_t line;
    // The column in characters, from 1 on.
    size_t column;
    // The first byte of what is wrong.
    size_t start;
    // The byte behind it.
    size_t end;
    // How many faults the error has: 1, but for a program.
    size_t fault_count;
    // Which table is wrong: `sales` or `customers`; NULL where it is none.
    struct parure_text table;
    // 1 where a row of the table is wrong.
    int32_t has_row;
    // Which row, from 0 on over all batches.
    uint64_t row;
} parure_error_view;

// How many were found.
typedef struct parure_found_view {
    // `sizeof(parure_found_view)`
    size_t size;
    // How many accounts: `parure_found_hit`.
    size_t hit_count;
} parure_found_view;

// Someone who may be meant. Texts are borrowed from what was found.
typedef struct parure_hit {
    // `sizeof(parure_hit)`
    size_t size;
    // The id the account goes by: what `parure_book_account` and a fact's envelope take.
    struct parure_text account;
    // The id of whom it was told: another one where customers were merged.
    struct parure_text customer;
    // Their name; NULL where none is known.
    struct parure_text name;
    // By what: `name`, `phone`, `email`, `wechat`, `card`, `serial`.
    struct parure_text by;
    // How much of it was typed: `whole`, `start`, `part`, `sound`.
    struct parure_text how;
} parure_hit;

// How a journal is opened. All of it zero asks nothing of anyone.
typedef struct parure_journal_options {
    // `sizeof(parure_journal_options)`
    size_t size;
    // How many milliseconds to wait for another process that has the journal open; 0 is not at all.
    uint32_t wait_ms;
    // How many pages of 2,048 bytes the file may take, where the disk is to have room for other things: over it, `disk_full`. 0 is no
    // limit.
    uint32_t most_pages;
    // How many seconds after the system's clock a fact that is recorded may happen: over it, refused as `in_future`. 0 is a day,
    // UINT32_MAX is any.
    uint32_t ahead_s;
    // For how many seconds this copy counts as in touch with the others after it has taken in what one of them sent; later the program's
    // `[points]` `offline` bounds what may be spent. 0 is for ever.
    uint32_t in_touch_s;
} parure_journal_options;

// What was looked at and found right.
typedef struct parure_verified_view {
    // `sizeof(parure_verified_view)`
    size_t size;
    // Facts, each held to its hash and to the chain.
    size_t facts;
    // Accounts, each folded anew and held to what was written of it.
    size_t accounts;
} parure_verified_view;

// How tables are read, and what is asked of them. All zero: columns by their own names, the first bad row stops.
typedef struct parure_table_options {
    // `sizeof(parure_table_options)`
    size_t size;
    // What the columns of the sales are called where it is not by their own names, as a JSON object:
    // `{"customer":"household_key"}`. Empty where all are.
    struct parure_text columns;
    // The same for the customers.
    struct parure_text customer_columns;
    // Up to the end of which day is replayed: what happened later has not happened yet. 0: the day of the latest row. A merge takes
    // everything.
    parure_day as_of;
    // 1 where bad rows are set aside: they are told in a table of rejects, each with its whole purchase, and the rest is taken. 0: the
    // first is the error, and nothing has changed.
    int32_t set_aside;
    // 1 where a replay need not tell each purchase.
    int32_t without_purchases;
} parure_table_options;

// What a recorded fact did. All counts are points, none is negative. Texts are borrowed from the outcome.
typedef struct parure_outcome_view {
    // `sizeof(parure_outcome_view)`
    size_t size;
    // The fact's id.
    struct parure_text fact;
    // The account's id: the customer's, or of the one that they were merged into.
    struct parure_text account;
    // The day it counts on.
    parure_day day;
    // 1 where the very same fact was in the book before, 0 where it is new.
    int32_t already_recorded;
    // What the rules gave, before caps.
    int64_t wanted;
    // What was awarded, after caps, before debt is paid.
    int64_t awarded;
    // What of it paid debt.
    int64_t debt_paid;
    // Spent on the purchase or the reward.
    int64_t spent;
    // Points that had paid for something and came back.
    int64_t restored;
    // Taken back for a return, with what became debt.
    int64_t taken_back;
    // What was not there and became debt.
    int64_t owed;
    // The balance after it.
    int64_t balance;
    // The tier just before it, by id; NULL where there are no tiers.
    struct parure_text tier_before;
    // The tier right after it.
    struct parure_text tier_after;
    // Earning rules and bonuses that applied: `parure_outcome_rule`.
    size_t rule_count;
    // Things about it that want a look: `parure_outcome_flag`.
    size_t flag_count;
    // How many earlier facts it changed because it came late: `parure_outcome_json` tells them.
    size_t change_count;
    // What became of coupons: `parure_outcome_coupon`.
    size_t coupon_count;
    // What moved of stored value: `parure_outcome_value`.
    size_t value_count;
    // What moved of deposits: `parure_outcome_deposit`.
    size_t deposit_count;
} parure_outcome_view;

// What became of a coupon. Texts are borrowed from the outcome.
typedef struct parure_moved_coupon {
    // `sizeof(parure_moved_coupon)`
    size_t size;
    // Its id.
    struct parure_text coupon;
    // Which of the program's coupons it is.
    struct parure_text of;
    // `issued`, `used`, `given_back`, `voided`, `transferred`, `received`, `held`, `released`.
    struct parure_text what;
} parure_moved_coupon;

// What moved of stored value. Texts are borrowed from the outcome.
typedef struct parure_moved_value {
    // `sizeof(parure_moved_value)`
    size_t size;
    // `spent` on a purchase, `restored` by a return, `owed` where it was not there, and what facts told as JSON do: `topped_up`, `refunded`,
    // `taken_back`, `transferred`, `received`, `lapsed`, `frozen`, `released`.
    struct parure_text what;
    // Of what was paid in.
    int64_t principal_minor;
    // Of what was given on top.
    int64_t bonus_minor;
} parure_moved_value;

// What moved of the deposits of an order. Texts are borrowed from the outcome.
typedef struct parure_moved_deposit {
    // `sizeof(parure_moved_deposit)`
    size_t size;
    // The order.
    struct parure_text order;
    // `paid`, `used`, `given_back`, `kept`.
    struct parure_text what;
    // How much.
    int64_t amount_minor;
} parure_moved_deposit;

// What a program says of itself. Texts are borrowed from the program.
typedef struct parure_program_view {
    // `sizeof(parure_program_view)`
    size_t size;
    // What it is called.
    struct parure_text name;
    // The first day that it counts for.
    parure_day effective;
    // Digits after the point in its amounts: an amount of 1.00 is 100 minor units where this is 2.
    uint32_t currency_digits;
    // The ISO 4217 code of its amounts.
    struct parure_text currency;
    // The IANA time zone whose days count.
    struct parure_text time_zone;
} parure_program_view;

// What a basket would do. Texts are borrowed from the quote.
typedef struct parure_quote_view {
    // `sizeof(parure_quote_view)`
    size_t size;
    // The day it is asked for.
    parure_day on;
    // What is to be paid, after coupons.
    int64_t to_pay_minor;
    // Points that the rules would give, before caps.
    int64_t wanted;
    // Points that would be awarded.
    int64_t awarded;
    // The most points that may be spent on it.
    int64_t spendable_points;
    // What they are worth.
    int64_t spendable_minor;
    // The tier now, by id; NULL where there are no tiers.
    struct parure_text tier_before;
    // The tier after it.
    struct parure_text tier_after;
    // The tier after that; NULL for the highest.
    struct parure_text next_tier;
    // Goals towards it: `parure_quote_next_goal`.
    size_t next_goal_count;
    // Rules and bonuses that would apply: `parure_quote_rule`.
    size_t rule_count;
    // The customer's coupons: those to be used, in the order of their tenders, then the others: `parure_quote_coupon`.
    size_t coupon_count;
    // With many coupons, how much less another set of them might leave to pay; 0: this is the least.
    int64_t may_be_less_minor;
    // 1 where the customer has stored value, and then what of the basket it could pay, after coupons.
    int32_t has_stored_value;
    // The most that it could pay.
    int64_t stored_value_minor;
    // What of this was paid in.
    int64_t stored_value_principal_minor;
    // What of it was given on top.
    int64_t stored_value_bonus_minor;
} parure_quote_view;

// What a coupon would do on a basket. Texts are borrowed from the quote.
typedef struct parure_quoted_coupon {
    // `sizeof(parure_quoted_coupon)`
    size_t size;
    // Its id, which a tender names.
    struct parure_text coupon;
    // Which of the program's coupons it is.
    struct parure_text of;
    // What that one is called, for people.
    struct parure_text name;
    // What it takes off: the amount of its tender.
    int64_t amount_minor;
    // NULL where it is used and may be; else why not, or what speaks against a tender that names it: a code as `record` would refuse with,
    // or `better_without`.
    struct parure_text why;
    // How much more would have to be bought of what it is for; 0 where that would not help.
    int64_t missing_minor;
    // Its last day; 0 where it never lapses.
    parure_day last_day;
    // The first day on which its days and the limit on its uses let it be used, where they do not yet; 0 elsewhere.
    parure_day usable_from;
    // Until when it is held for something else; `micros` is 0 where it is not.
    struct parure_moment held_until;
    // The parts of its condition that speak against it: `parure_quote_coupon_because`.
    size_t because_count;
} parure_quoted_coupon;

// What a coupon code goes by in facts: 64 hexadecimal digits, and a zero.
typedef struct parure_coupon_id {
    // The digits.
    char text[65];
} parure_coupon_id;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Reads an account.
parure_status parure_account_read(const struct parure_account *account,
                                  struct parure_account_view *view,
                                  struct parure_error **error);

// Points that came from one fact.
parure_status parure_account_lot(const struct parure_account *account,
                                 size_t index,
                                 struct parure_lot *lot,
                                 struct parure_error **error);

// What is missing towards the next tier.
parure_status parure_account_next_goal(const struct parure_account *account,
                                       size_t index,
                                       struct parure_goal *goal,
                                       struct parure_error **error);

// What is missing to keep the tier.
parure_status parure_account_keep_goal(const struct parure_account *account,
                                       size_t index,
                                       struct parure_goal *goal,
                                       struct parure_error **error);

// Another id of the account: a customer who was merged into it.
parure_status parure_account_alias(const struct parure_account *account,
                                   size_t index,
                                   struct parure_text *alias,
                                   struct parure_error **error);

// An account of the household, this one among them.
parure_status parure_account_household_member(const struct parure_account *account,
                                              size_t index,
                                              struct parure_text *member,
                                              struct parure_error **error);

// A coupon that can be used: what lapses first before the rest.
parure_status parure_account_coupon(const struct parure_account *account,
                                    size_t index,
                                    struct parure_coupon *coupon,
                                    struct parure_error **error);

// Something that the shop does for them: by the tier, given, by pieces.
parure_status parure_account_benefit(const struct parure_account *account,
                                     size_t index,
                                     struct parure_benefit *benefit,
                                     struct parure_error **error);

// A reward that was redeemed and waits to be handed over, by its place in the order in which they were redeemed.
parure_status parure_account_claimed(const struct parure_account *account,
                                     size_t index,
                                     struct parure_claimed *claimed,
                                     struct parure_error **error);

// An order that waits to be delivered, or of whose deposits something is left.
parure_status parure_account_order(const struct parure_account *account,
                                   size_t index,
                                   struct parure_order *order,
                                   struct parure_error **error);

// The code of a flag, `overdrawn` for instance; `parure_account_json` tells the facts in conflict.
parure_status parure_account_flag(const struct parure_account *account,
                                  size_t index,
                                  struct parure_text *flag,
                                  struct parure_error **error);

// The whole account as canonical JSON, the same as the JSON door answers. Borrowed from the account.
parure_status parure_account_json(const struct parure_account *account,
                                  struct parure_text *text,
                                  struct parure_error **error);

// Frees an account. NULL is fine.
void parure_account_free(struct parure_account *account);

// Reads how much is due.
parure_status parure_agenda_read(const struct parure_agenda *agenda,
                                 struct parure_agenda_view *view,
                                 struct parure_error **error);

// Something that is due: the earliest first, then in the order of the program's triggers, then by customer.
parure_status parure_agenda_due(const struct parure_agenda *agenda,
                                size_t index,
                                struct parure_due *due,
                                struct parure_error **error);

// The whole agenda as canonical JSON, the same as the JSON door answers. Borrowed from the agenda.
parure_status parure_agenda_json(const struct parure_agenda *agenda,
                                 struct parure_text *text,
                                 struct parure_error **error);

// Frees an agenda. NULL is fine.
void parure_agenda_free(struct parure_agenda *agenda);

// The canonical JSON of an answer, borrowed from it.
parure_status parure_answer_text(const struct parure_answer *answer,
                                 struct parure_text *text,
                                 struct parure_error **error);

// Frees an answer. NULL is fine.
void parure_answer_free(struct parure_answer *answer);

// The bytes of a snapshot, borrowed from it.
parure_status parure_bytes_read(const struct parure_bytes *bytes,
                                const uint8_t **data,
                                size_t *length,
                                struct parure_error **error);

// Frees the bytes of a snapshot. NULL is fine.
void parure_bytes_free(struct parure_bytes *bytes);

// Opens a book without facts, in memory.
parure_status parure_book_new(const struct parure_program *program,
                              struct parure_book **book,
                              struct parure_error **error);

// Opens a book from the bytes of a snapshot, in memory.
parure_status parure_book_restore(const uint8_t *bytes,
                                  size_t length,
                                  struct parure_book **book,
                                  struct parure_error **error);

// The whole book as bytes: what a book in memory is kept by.
parure_status parure_book_snapshot(const struct parure_book *book,
                                   struct parure_bytes **bytes,
                                   struct parure_error **error);

// Frees a book, and closes its file where it has one. NULL is fine. What it answered lives on.
void parure_book_free(struct parure_book *book);

// The day of an instant, by the program's time zone: the `on` of `parure_book_account` for now.
parure_status parure_book_day(const struct parure_book *book,
                              const struct parure_moment *at,
                              parure_day *day,
                              struct parure_error **error);

// Finds a customer by id and tells their account at the end of a day. Nobody of that id is `PARURE_REFUSED`.
parure_status parure_book_account(const struct parure_book *book,
                                  const char *customer,
                                  size_t customer_length,
                                  parure_day on,
                                  struct parure_account **account,
                                  struct parure_error **error);

// Finds who may be meant by what is typed at the till: a phone or its last digits, a name as it is written or sounds (`zw` for 张伟), the start of an
// e-mail address, a card, a serial number; the likeliest first. Nobody is an answer too.
parure_status parure_book_find(const struct parure_book *book,
                               const char *typed,
                               size_t typed_length,
                               size_t limit,
                               struct parure_found **found,
                               struct parure_error **error);

// What is due on a day, as of its end: whom to write to, whom to call. What was reported as sent, done or declined is not due again.
parure_status parure_book_agenda(const struct parure_book *book,
                                 parure_day on,
                                 struct parure_agenda **agenda,
                                 struct parure_error **error);

// What is due for one customer on a day, for who stands at the till. `PARURE_REFUSED` for someone nobody knows.
parure_status parure_book_agenda_of(const struct parure_book *book,
                                    const char *customer,
                                    size_t customer_length,
                                    parure_day on,
                                    struct parure_agenda **agenda,
                                    struct parure_error **error);

// Tells what a basket would do if it were bought now. Nothing changes.
parure_status parure_book_quote(const struct parure_book *book,
                                const struct parure_envelope *envelope,
                                const struct parure_basket *basket,
                                struct parure_quote **quote,
                                struct parure_error **error);

// Records a purchase that is happening now. The same one again changes nothing and tells what it does.
parure_status parure_book_record_purchase(struct parure_book *book,
                                          const struct parure_envelope *envelope,
                                          const struct parure_basket *basket,
                                          struct parure_outcome **outcome,
                                          struct parure_error **error);

// Records that something is given back now.
parure_status parure_book_record_return(struct parure_book *book,
                                        const struct parure_envelope *envelope,
                                        const struct parure_return *returned,
                                        struct parure_outcome **outcome,
                                        struct parure_error **error);

// Records that points are spent on a reward now. Points that pay for a basket are one of its tenders.
parure_status parure_book_record_redemption(struct parure_book *book,
                                            const struct parure_envelope *envelope,
                                            const struct parure_redemption *redemption,
                                            struct parure_outcome **outcome,
                                            struct parure_error **error);

// Asks the book in JSON: docs/json.schema.json tells what. A "no" of the book's is an answer here, with `refused` as its status.
parure_status parure_book_ask(const struct parure_book *book,
                              const char *request,
                              size_t request_length,
                              struct parure_answer **answer,
                              struct parure_error **error);

// Tells the book what happened, in JSON, or asks it: facts of all kinds, what other tills saw (`merge`), seals.
parure_status parure_book_tell(struct parure_book *book,
                               const char *request,
                               size_t request_length,
                               struct parure_answer **answer,
                               struct parure_error **error);

// Reads an error: its first fault.
parure_status parure_error_read(const struct parure_error *error, struct parure_error_view *view);

// Reads the fault at `index`, from 0 on: a program tells all of its own.
parure_status parure_error_fault(const struct parure_error *error,
                                 size_t index,
                                 struct parure_error_view *view);

// The whole error for people: of a program every fault with the line that it stands in.
parure_status parure_error_text(const struct parure_error *error, struct parure_text *text);

// The whole error as canonical JSON: `code`, `message`, `path`, where there are `advice`, `place`, several `faults`, `table` and `row`.
parure_status parure_error_json(const struct parure_error *error,
                                struct parure_text *text);

// Frees an error. NULL is fine.
void parure_error_free(struct parure_error *error);

// Reads how many were found.
parure_status parure_found_read(const struct parure_found *found,
                                struct parure_found_view *view,
                                struct parure_error **error);

// Someone who may be meant.
parure_status parure_found_hit(const struct parure_found *found,
                               size_t index,
                               struct parure_hit *hit,
                               struct parure_error **error);

// All that were found as canonical JSON, the same as the JSON door answers. Borrowed from what was found.
parure_status parure_found_json(const struct parure_found *found,
                                struct parure_text *text,
                                struct parure_error **error);

// Frees what was found. NULL is fine.
void parure_found_free(struct parure_found *found);

// Makes a journal, one file that keeps the facts of a shop under a program, and opens its book, which has no facts yet. There must be
// no file at the path. What is recorded is on the disk when it is answered. `options` NULL is all of it zero.
parure_status parure_book_create(const char *path,
                                 size_t path_length,
                                 const struct parure_program *program,
                                 const struct parure_journal_options *options,
                                 struct parure_book **book,
                                 struct parure_error **error);

// Opens the book that a journal keeps: as it was, whatever happened to the process that wrote it. One process has it open at a time.
// `options` NULL is all of it zero.
parure_status parure_book_open(const char *path,
                               size_t path_length,
                               const struct parure_journal_options *options,
                               struct parure_book **book,
                               struct parure_error **error);

// Copies a journal as it is at this moment into another file, which there must not be yet. The copy may be opened and recorded to.
parure_status parure_book_backup(const struct parure_book *book,
                                 const char *to,
                                 size_t to_length,
                                 struct parure_error **error);

// Looks at all of a journal: every page, every fact, a fresh fold, what people with SQL see. `PARURE_FAULT` with `journal_damaged` and
// the place of the first thing that is not as it was written.
parure_status parure_book_verify(const struct parure_book *book,
                                 struct parure_verified_view *view,
                                 struct parure_error **error);

// Drops the contents of facts that a seal has settled from a journal, gives the room back, and tells how many they were. Ids, hashes and
// postings stay. Back it up first: from then on only the book's own snapshot tells what they did.
parure_status parure_book_compact(struct parure_book *book,
                                  size_t *dropped,
                                  struct parure_error **error);

// Which facts a journal holds, as one line of JSON for another copy: `parure_book_changes_since` there answers with what is lacking here.
parure_status parure_book_known(const struct parure_book *book,
                                struct parure_answer **known,
                                struct parure_error **error);

// What a copy that knows this much lacks: at most so many facts, as lines of JSON for the host to move by any means. `more` is 1 where
// there are more: ask again once the other copy has merged these.
parure_status parure_book_changes_since(const struct parure_book *book,
                                        const char *known,
                                        size_t known_length,
                                        size_t most,
                                        struct parure_answer **changes,
                                        int32_t *more,
                                        struct parure_error **error);

// Takes in what another copy sent, all of it or nothing; sent twice, late or in another order it does no harm. `received` is JSON: the facts
// that were `new`, `known` or in conflict (`merged`), how many wait for a newer library (`waiting`), and the ids of those that happened
// too far `ahead` of the clock.
parure_status parure_book_merge_changes(struct parure_book *book,
                                        const char *changes,
                                        size_t changes_length,
                                        struct parure_answer **received,
                                        struct parure_error **error);

// Merges the customers, then the sales, of tables into a book: each purchase and each return becomes the fact that it is. The sales
// need a column `id`. `customers` is a table of who joined, or NULL; `options` NULL is all of it zero.
//
// The streams are taken: whatever the status, they were read or not, and are left released.
parure_status parure_book_merge_table(struct parure_book *book,
                                      struct ArrowArrayStream *sales,
                                      struct ArrowArrayStream *customers,
                                      const struct parure_table_options *options,
                                      struct parure_merged **merged,
                                      struct parure_error **error);

// What the book says of the facts as canonical JSON, the same as the JSON door answers to `merge`. Borrowed from the merge.
parure_status parure_merged_json(const struct parure_merged *merged,
                                 struct parure_text *text,
                                 struct parure_error **error);

// The rows that were set aside: `row` from 0 on, `column`, `code`, `message`, `table`. A new stream, yours to release; what `stream`
// held is overwritten.
parure_status parure_merged_rejects(const struct parure_merged *merged,
                                    struct ArrowArrayStream *stream,
                                    struct parure_error **error);

// Frees what a merge did. NULL is fine. Streams that were asked of it live on.
void parure_merged_free(struct parure_merged *merged);

// Reads an outcome.
parure_status parure_outcome_read(const struct parure_outcome *outcome,
                                  struct parure_outcome_view *view,
                                  struct parure_error **error);

// The id of a rule or bonus that applied, in the program's order.
parure_status parure_outcome_rule(const struct parure_outcome *outcome,
                                  size_t index,
                                  struct parure_text *rule,
                                  struct parure_error **error);

// What became of a coupon.
parure_status parure_outcome_coupon(const struct parure_outcome *outcome,
                                    size_t index,
                                    struct parure_moved_coupon *coupon,
                                    struct parure_error **error);

// What moved of stored value.
parure_status parure_outcome_value(const struct parure_outcome *outcome,
                                   size_t index,
                                   struct parure_moved_value *value,
                                   struct parure_error **error);

// What moved of the deposits of an order.
parure_status parure_outcome_deposit(const struct parure_outcome *outcome,
                                     size_t index,
                                     struct parure_moved_deposit *deposit,
                                     struct parure_error **error);

// The code of a flag, `late_after_seal` for instance; `parure_outcome_json` tells the facts in conflict.
parure_status parure_outcome_flag(const struct parure_outcome *outcome,
                                  size_t index,
                                  struct parure_text *flag,
                                  struct parure_error **error);

// The whole outcome as canonical JSON, the same as the JSON door answers. Borrowed from the outcome.
parure_status parure_outcome_json(const struct parure_outcome *outcome,
                                  struct parure_text *text,
                                  struct parure_error **error);

// Frees an outcome. NULL is fine.
void parure_outcome_free(struct parure_outcome *outcome);

// Reads a program from the text of its TOML or JSON. `file` is what it is called in messages. On `PARURE_FAULT` the error has all
// of its faults: `parure_error_text` shows them, `parure_error_fault` reads them one by one.
parure_status parure_program_parse(const char *file,
                                   size_t file_length,
                                   const char *text,
                                   size_t text_length,
                                   struct parure_program **program,
                                   struct parure_error **error);

// What a program says of itself.
parure_status parure_program_read(const struct parure_program *program,
                                  struct parure_program_view *view,
                                  struct parure_error **error);

// Frees a program. NULL is fine.
void parure_program_free(struct parure_program *program);

// Reads a quote.
parure_status parure_quote_read(const struct parure_quote *quote,
                                struct parure_quote_view *view,
                                struct parure_error **error);

// The id of a rule or bonus that would apply, in the program's order.
parure_status parure_quote_rule(const struct parure_quote *quote,
                                size_t index,
                                struct parure_text *rule,
                                struct parure_error **error);

// What a coupon would do.
parure_status parure_quote_coupon(const struct parure_quote *quote,
                                  size_t index,
                                  struct parure_quoted_coupon *coupon,
                                  struct parure_error **error);

// A part of a coupon's condition that speaks against it, with what it found, for people.
parure_status parure_quote_coupon_because(const struct parure_quote *quote,
                                          size_t coupon,
                                          size_t index,
                                          struct parure_text *because,
                                          struct parure_error **error);

// What would still be missing towards the next tier.
parure_status parure_quote_next_goal(const struct parure_quote *quote,
                                     size_t index,
                                     struct parure_goal *goal,
                                     struct parure_error **error);

// The whole quote as canonical JSON, the same as the JSON door answers. Borrowed from the quote.
parure_status parure_quote_json(const struct parure_quote *quote,
                                struct parure_text *text,
                                struct parure_error **error);

// Frees a quote. NULL is fine.
void parure_quote_free(struct parure_quote *quote);

// Replays a table of sales under a program: what a book would say of the same facts. docs/c.md tells what columns there are.
// `customers` is a table of who joined, or NULL; `options` NULL is all of it zero.
//
// The streams are taken: whatever the status, they were read or not, and are left released.
parure_status parure_replay(const struct parure_program *program,
                            struct ArrowArrayStream *sales,
                            struct ArrowArrayStream *customers,
                            const struct parure_table_options *options,
                            struct parure_replayed **replayed,
                            struct parure_error **error);

// Each purchase that had happened by the day, in the order of their first rows: `id`, `customer`, `on`, `wanted`, `awarded`, `rules`,
// `tier_before`, `tier_after`. A new stream, yours to release; what `stream` held is overwritten.
parure_status parure_replayed_purchases(const struct parure_replayed *replayed,
                                        struct ArrowArrayStream *stream,
                                        struct parure_error **error);

// Each account at the end of the day, by the customer's id in bytes: `customer`, `balance`, `pending`, `debt`, `tier`, `next_lapse`,
// `next_lapse_points`. A new stream, yours to release; what `stream` held is overwritten.
parure_status parure_replayed_accounts(const struct parure_replayed *replayed,
                                       struct ArrowArrayStream *stream,
                                       struct parure_error **error);

// Each month from the first in which anything happened: `month`, `purchases`, `spend`, `awarded`, `spent`, `taken_back`, `lapsed`,
// `outstanding`. A new stream, yours to release; what `stream` held is overwritten.
parure_status parure_replayed_months(const struct parure_replayed *replayed,
                                     struct ArrowArrayStream *stream,
                                     struct parure_error **error);

// The rows that were set aside: `row` from 0 on, `column`, `code`, `message`, `table`. A new stream, yours to release; what `stream`
// held is overwritten.
parure_status parure_replayed_rejects(const struct parure_replayed *replayed,
                                      struct ArrowArrayStream *stream,
                                      struct parure_error **error);

// All accounts together as canonical JSON, the same as the JSON door answers to `report`. Borrowed from what was replayed.
parure_status parure_replayed_report(const struct parure_replayed *replayed,
                                     struct parure_text *text,
                                     struct parure_error **error);

// Frees what a replay gave. NULL is fine. Streams that were asked of it live on.
void parure_replayed_free(struct parure_replayed *replayed);

// The version of what this library was built as; compare with `PARURE_ABI_VERSION` where libraries are loaded at run time.
uint32_t parure_abi_version(void);

// The version of the library for people, such as `0.1.0`: ends with a zero, lives forever.
const char *parure_version(void);

// Tells what a coupon code, of any bytes, goes by in facts: no book holds the code itself.
parure_status parure_coupon_code(const uint8_t *code,
                                 size_t code_length,
                                 struct parure_coupon_id *id,
                                 struct parure_error **error);

// Reads an instant from RFC 3339 with an offset: `2026-03-01T15:04:05+08:00`.
parure_status parure_moment_parse(const char *text,
                                  size_t text_length,
                                  struct parure_moment *moment,
                                  struct parure_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* PARURE_H */

/** A text that ends with a zero, without the zero. NULL is no text. */
static inline parure_text parure_text_of(const char *text)
{
    parure_text made;
    made.data = text;
    made.length = text ? strlen(text) : 0;
    return made;
}
