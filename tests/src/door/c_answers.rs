//! What the C library's typed functions answer, put together field by field and held to be what the same handle tells as JSON.
#![allow(unsafe_code, reason = "these are the functions of the C header, called as C calls them")]
#![allow(clippy::wildcard_imports, reason = "the whole header, as C includes it")]

use parure::calendar::Moment;
use parure::money::Currency;
use parure_c::*;
use serde_json::{Value, json};
use std::ptr::null_mut;

pub(super) fn sized<T>() -> T {
    // SAFETY: used for the header's structs alone: numbers and pointers, for which zeros are values.
    unsafe { std::mem::zeroed() }
}

pub(super) fn string(text: parure_text) -> Value {
    if text.data.is_null() {
        return Value::Null;
    }
    // SAFETY: a text that a live handle told.
    let bytes = unsafe { std::slice::from_raw_parts(text.data.cast::<u8>(), text.length) };
    std::str::from_utf8(bytes).expect("answers are UTF-8").into()
}

pub(super) fn parsed(text: parure_text) -> Value {
    serde_json::from_str(string(text).as_str().expect("a text")).expect("answers are JSON")
}

fn day(number: parure_day) -> Value {
    match number {
        0 => Value::Null,
        _ => format!("{:04}-{:02}-{:02}", number / 10_000, number / 100 % 100, number % 100).into(),
    }
}

fn instant(moment: parure_moment) -> Value {
    let offset = i16::try_from(moment.offset_minutes).expect("minutes");
    Moment::from_micros(moment.micros, offset).expect("an instant").to_string().into()
}

fn list(count: usize, get: impl Fn(usize, *mut parure_text) -> parure_status) -> Value {
    let text = |at| {
        let mut text = parure_text { data: std::ptr::null(), length: 0 };
        assert_eq!(get(at, &raw mut text), parure_status::PARURE_OK);
        string(text)
    };
    let mut one_more = parure_text { data: std::ptr::null(), length: 0 };
    assert_eq!(get(count, &raw mut one_more), parure_status::PARURE_NO_SUCH_INDEX);
    (0..count).map(text).collect()
}

/// The text of an answer, borrowed from it.
pub(super) fn answered(answer: *mut parure_answer) -> parure_text {
    let mut text = parure_text { data: std::ptr::null(), length: 0 };
    // SAFETY: the answer was handed over.
    assert_eq!(unsafe { parure_answer_text(answer, &raw mut text, null_mut()) }, parure_status::PARURE_OK);
    text
}

/// An outcome, field by field.
pub(super) fn outcome_of(outcome: *mut parure_outcome, currency: Currency) -> Value {
    let mut view = parure_outcome_view { size: size_of::<parure_outcome_view>(), ..sized() };
    let mut text = parure_text { data: std::ptr::null(), length: 0 };
    // SAFETY: the outcome was handed over.
    let read = unsafe { parure_outcome_read(outcome, &raw mut view, null_mut()) };
    // SAFETY: the same.
    let told = unsafe { parure_outcome_json(outcome, &raw mut text, null_mut()) };
    assert_eq!([read, told], [parure_status::PARURE_OK; 2]);
    let told = parsed(text);
    // What has no fields: who is in conflict, what else changed.
    let (flags, changed) = (&told["outcome"]["flags"], &told["outcome"]["changed"]);
    assert_eq!(flags.as_array().map(Vec::len), Some(view.flag_count));
    assert_eq!(changed.as_array().map(Vec::len), Some(view.change_count));
    // SAFETY: the same outcome.
    let codes =
        list(view.flag_count, |at, text| unsafe { parure_outcome_flag(outcome, at, text, null_mut()) });
    let codes_told: Value = flags.as_array().into_iter().flatten().map(|flag| flag["code"].clone()).collect();
    assert_eq!(codes, codes_told);
    let status = if view.already_recorded == 1 { "already_recorded" } else { "accepted" };
    let tier = json!({ "before": string(view.tier_before), "after": string(view.tier_after) });
    let points = &told["outcome"]["points"];
    let mut answer = json!({ "status": status, "outcome": {
        "fact": string(view.fact),
        "account": string(view.account),
        "day": day(view.day),
        "points": {
            "wanted": view.wanted, "awarded": view.awarded, "debt_paid": view.debt_paid, "spent": view.spent,
            "restored": view.restored, "taken_back": view.taken_back, "owed": view.owed,
            // What these facts never do.
            "given": points["given"], "received": points["received"], "adjusted": points["adjusted"],
        },
        "balance": view.balance,
        "tier": if view.tier_before.data.is_null() { Value::Null } else { tier },
        // SAFETY: the same outcome.
        "rules": list(view.rule_count, |at, text| unsafe { parure_outcome_rule(outcome, at, text, null_mut()) }),
        "flags": flags,
        "changed": changed,
    }});
    let coupon = |at| {
        let mut moved = parure_moved_coupon { size: size_of::<parure_moved_coupon>(), ..sized() };
        // SAFETY: the same outcome.
        let read = unsafe { parure_outcome_coupon(outcome, at, &raw mut moved, null_mut()) };
        assert_eq!(read, parure_status::PARURE_OK);
        json!({ "coupon": string(moved.coupon), "of": string(moved.of), "what": string(moved.what) })
    };
    if view.coupon_count > 0 {
        answer["outcome"]["coupons"] = (0..view.coupon_count).map(coupon).collect();
    }
    let value = |at| {
        let mut moved = parure_moved_value { size: size_of::<parure_moved_value>(), ..sized() };
        // SAFETY: the same outcome.
        let read = unsafe { parure_outcome_value(outcome, at, &raw mut moved, null_mut()) };
        assert_eq!(read, parure_status::PARURE_OK);
        let show = |minor| currency.show(parure::money::Money::from_minor(minor));
        json!({
            "what": string(moved.what), "principal": show(moved.principal_minor), "bonus": show(moved.bonus_minor),
        })
    };
    let deposit = |at| {
        let mut moved = parure_moved_deposit { size: size_of::<parure_moved_deposit>(), ..sized() };
        // SAFETY: the same outcome.
        let read = unsafe { parure_outcome_deposit(outcome, at, &raw mut moved, null_mut()) };
        assert_eq!(read, parure_status::PARURE_OK);
        json!({
            "order": string(moved.order), "what": string(moved.what),
            "amount": currency.show(parure::money::Money::from_minor(moved.amount_minor)),
        })
    };
    if view.deposit_count > 0 {
        answer["outcome"]["deposits"] = (0..view.deposit_count).map(deposit).collect();
    }
    if view.value_count > 0 {
        answer["outcome"]["value"] = (0..view.value_count).map(value).collect();
    }
    assert_eq!(answer, told, "the fields of an outcome are not its JSON");
    // SAFETY: it is not used again.
    unsafe { parure_outcome_free(outcome) };
    answer
}

fn goals(count: usize, currency: Currency, get: impl Fn(usize, *mut parure_goal) -> parure_status) -> Value {
    let goal = |at| {
        let mut goal = parure_goal { size: size_of::<parure_goal>(), ..sized() };
        assert_eq!(get(at, &raw mut goal), parure_status::PARURE_OK);
        let mut told = match goal.kind {
            1 => json!({ "spend": currency.show(parure::money::Money::from_minor(goal.missing)) }),
            2 => json!({ "visits": goal.missing }),
            3 => json!({ "points": goal.missing }),
            4 => json!({ "growth": goal.missing }),
            other => panic!("goal {other}"),
        };
        if goal.within.length > 0 {
            told["within"] = string(goal.within);
        }
        told
    };
    (0..count).map(goal).collect()
}

/// A quote, field by field.
pub(super) fn quote_of(quote: *mut parure_quote, currency: Currency) -> Value {
    let mut view = parure_quote_view { size: size_of::<parure_quote_view>(), ..sized() };
    let mut text = parure_text { data: std::ptr::null(), length: 0 };
    // SAFETY: the quote was handed over.
    let read = unsafe { parure_quote_read(quote, &raw mut view, null_mut()) };
    // SAFETY: the same.
    let told = unsafe { parure_quote_json(quote, &raw mut text, null_mut()) };
    assert_eq!([read, told], [parure_status::PARURE_OK; 2]);
    let show = |minor| currency.show(parure::money::Money::from_minor(minor));
    // SAFETY: the same quote.
    let missing = goals(view.next_goal_count, currency, |at, goal| unsafe {
        parure_quote_next_goal(quote, at, goal, null_mut())
    });
    let next = json!({ "id": string(view.next_tier), "missing": missing });
    let mut answer = json!({
        "on": day(view.on),
        "to_pay": show(view.to_pay_minor),
        "earns": {
            "wanted": view.wanted, "awarded": view.awarded,
            // SAFETY: the same quote.
            "rules": list(view.rule_count, |at, text| unsafe { parure_quote_rule(quote, at, text, null_mut()) }),
        },
        "spendable": { "points": view.spendable_points, "amount": show(view.spendable_minor) },
        "tier": { "before": string(view.tier_before), "after": string(view.tier_after) },
        "next": if view.next_tier.data.is_null() { Value::Null } else { next },
    });
    let coupon = |at| {
        let mut quoted = parure_quoted_coupon { size: size_of::<parure_quoted_coupon>(), ..sized() };
        // SAFETY: the same quote.
        let read = unsafe { parure_quote_coupon(quote, at, &raw mut quoted, null_mut()) };
        assert_eq!(read, parure_status::PARURE_OK);
        let mut told = json!({
            "coupon": string(quoted.coupon), "of": string(quoted.of), "name": string(quoted.name),
            "amount": show(quoted.amount_minor), "last_day": day(quoted.last_day),
        });
        if !quoted.why.data.is_null() {
            told["why"] = string(quoted.why);
        }
        if quoted.missing_minor > 0 {
            told["missing"] = show(quoted.missing_minor).into();
        }
        if quoted.usable_from != 0 {
            told["usable_from"] = day(quoted.usable_from);
        }
        if quoted.held_until.micros != 0 {
            told["held_until"] = instant(quoted.held_until);
        }
        if quoted.because_count > 0 {
            told["because"] = list(quoted.because_count, |index, text| {
                // SAFETY: the same quote.
                unsafe { parure_quote_coupon_because(quote, at, index, text, null_mut()) }
            });
        }
        told
    };
    if view.coupon_count > 0 {
        answer["coupons"] = (0..view.coupon_count).map(coupon).collect();
    }
    if view.has_stored_value == 1 {
        answer["stored_value"] = json!({
            "amount": show(view.stored_value_minor), "principal": show(view.stored_value_principal_minor),
            "bonus": show(view.stored_value_bonus_minor),
        });
    }
    if view.may_be_less_minor > 0 {
        answer["may_be_less"] = show(view.may_be_less_minor).into();
    }
    assert_eq!(answer, parsed(text), "the fields of a quote are not its JSON");
    // SAFETY: it is not used again.
    unsafe { parure_quote_free(quote) };
    answer
}

/// An account, field by field.
pub(super) fn account_of(account: *mut parure_account, currency: Currency) -> Value {
    let mut view = parure_account_view { size: size_of::<parure_account_view>(), ..sized() };
    let mut text = parure_text { data: std::ptr::null(), length: 0 };
    // SAFETY: the account was handed over.
    let read = unsafe { parure_account_read(account, &raw mut view, null_mut()) };
    // SAFETY: the same.
    let told = unsafe { parure_account_json(account, &raw mut text, null_mut()) };
    assert_eq!([read, told], [parure_status::PARURE_OK; 2]);
    let told = parsed(text);
    let lot = |at| {
        let mut lot = parure_lot { size: size_of::<parure_lot>(), ..sized() };
        // SAFETY: the same account.
        let read = unsafe { parure_account_lot(account, at, &raw mut lot, null_mut()) };
        assert_eq!(read, parure_status::PARURE_OK);
        json!({
            "fact": string(lot.fact), "points": lot.points,
            "first_day": day(lot.first_day), "last_day": day(lot.last_day),
        })
    };
    // SAFETY: the same account.
    let next = goals(view.next_goal_count, currency, |at, goal| unsafe {
        parure_account_next_goal(account, at, goal, null_mut())
    });
    // SAFETY: the same account.
    let keep = goals(view.keep_goal_count, currency, |at, goal| unsafe {
        parure_account_keep_goal(account, at, goal, null_mut())
    });
    let next = json!({ "id": string(view.next_tier), "missing": next });
    let keep = json!({ "by": day(view.keep_by), "missing": keep });
    let mut tier = json!({
        "id": string(view.tier), "name": string(view.tier_name), "since": day(view.tier_since),
        "until": day(view.tier_until), "by": string(view.tier_by),
        "next": if view.next_tier.data.is_null() { Value::Null } else { next },
        "keep": if view.keep_by == 0 { Value::Null } else { keep },
    });
    if !view.tier_process.data.is_null() {
        tier["process"] = string(view.tier_process);
    }
    // SAFETY: the same account.
    let codes =
        list(view.flag_count, |at, text| unsafe { parure_account_flag(account, at, text, null_mut()) });
    let flags = told["flags"].as_array().cloned().unwrap_or_default();
    assert_eq!(codes, flags.iter().map(|flag| flag["code"].clone()).collect::<Value>());
    let mut answer = json!({
        "account": string(view.account),
        // SAFETY: the same account.
        "aliases": list(view.alias_count, |at, text| unsafe { parure_account_alias(account, at, text, null_mut()) }),
        "on": day(view.on),
        "joined": day(view.joined),
        "points": {
            "balance": view.balance, "usable": view.usable, "pending": view.pending, "debt": view.debt,
            "lots": (0..view.lot_count).map(lot).collect::<Value>(),
            // Sums since the beginning are no business of a till's.
            "totals": told["points"]["totals"],
        },
        "tier": if view.tier.data.is_null() { Value::Null } else { tier },
        "flags": flags,
    });
    if !view.household.data.is_null() {
        answer["household"] = json!({
            "id": string(view.household), "may_spend": view.may_spend_of_household == 1, "points": view.household_points,
            // SAFETY: the same account.
            "members": list(view.household_member_count, |at, text| unsafe {
                parure_account_household_member(account, at, text, null_mut())
            }),
        });
    }
    let coupon = |at| {
        let mut coupon = parure_coupon { size: size_of::<parure_coupon>(), ..sized() };
        // SAFETY: the same account.
        let read = unsafe { parure_account_coupon(account, at, &raw mut coupon, null_mut()) };
        assert_eq!(read, parure_status::PARURE_OK);
        let mut told = json!({
            "coupon": string(coupon.coupon), "of": string(coupon.of), "name": string(coupon.name),
            "first_day": day(coupon.first_day), "last_day": day(coupon.last_day), "uses": coupon.uses,
        });
        if !coupon.held_for.data.is_null() {
            told["held_for"] = string(coupon.held_for);
            told["held_until"] = instant(coupon.held_until);
        }
        told
    };
    if view.coupon_count > 0 {
        answer["coupons"] = (0..view.coupon_count).map(coupon).collect();
    }
    let show = |minor: i64| currency.show(parure::money::Money::from_minor(minor));
    if view.has_stored_value == 1 {
        answer["stored_value"] = json!({
            "balance": show(view.principal_minor + view.bonus_minor - view.value_owed_minor),
            "principal": show(view.principal_minor), "bonus": show(view.bonus_minor),
            "owed": show(view.value_owed_minor), "refundable": show(view.refundable_minor),
            "card": view.is_card == 1,
            // Which ids and which days is told by the JSON alone.
            "frozen": told["stored_value"]["frozen"], "lapsing": told["stored_value"]["lapsing"],
        });
    }
    let benefit = |at| {
        let mut benefit = parure_benefit { size: size_of::<parure_benefit>(), ..sized() };
        // SAFETY: the same account.
        let read = unsafe { parure_account_benefit(account, at, &raw mut benefit, null_mut()) };
        assert_eq!(read, parure_status::PARURE_OK);
        let mut told = json!({
            "benefit": string(benefit.benefit), "name": string(benefit.name), "by": string(benefit.by),
            "left": if benefit.left < 0 { Value::Null } else { benefit.left.into() }, "last_day": day(benefit.last_day),
        });
        for (key, text) in [("fact", benefit.fact), ("line", benefit.line)] {
            if !text.data.is_null() {
                told[key] = string(text);
            }
        }
        told
    };
    let claimed = |at| {
        let mut claimed = parure_claimed { size: size_of::<parure_claimed>(), ..sized() };
        // SAFETY: the same account.
        let read = unsafe { parure_account_claimed(account, at, &raw mut claimed, null_mut()) };
        assert_eq!(read, parure_status::PARURE_OK);
        json!({
            "redemption": string(claimed.redemption), "reward": string(claimed.reward), "name": string(claimed.name),
            "points": claimed.points, "amount": show(claimed.amount_minor), "on": day(claimed.on),
        })
    };
    let order = |at| {
        let mut order = parure_order { size: size_of::<parure_order>(), ..sized() };
        // SAFETY: the same account.
        let read = unsafe { parure_account_order(account, at, &raw mut order, null_mut()) };
        assert_eq!(read, parure_status::PARURE_OK);
        let mut told = json!({
            "order": string(order.order), "on": day(order.on), "ready": day(order.ready),
            "amount": show(order.amount_minor), "paid": show(order.paid_minor), "left": show(order.left_minor),
            "cancelled": order.is_cancelled == 1,
        });
        if !order.item.data.is_null() {
            told["item"] = string(order.item);
        }
        told
    };
    if view.order_count > 0 {
        answer["orders"] = (0..view.order_count).map(order).collect();
    }
    if view.claimed_count > 0 {
        answer["claimed"] = (0..view.claimed_count).map(claimed).collect();
    }
    if view.benefit_count > 0 {
        answer["benefits"] = (0..view.benefit_count).map(benefit).collect();
    }
    if view.has_growth == 1 {
        answer["growth"] = json!(view.growth);
    }
    assert_eq!(answer, told, "the fields of an account are not its JSON");
    // SAFETY: it is not used again.
    unsafe { parure_account_free(account) };
    answer
}

/// Who was found, field by field.
pub(super) fn found_of(found: *mut parure_found) -> Value {
    let mut view = parure_found_view { size: size_of::<parure_found_view>(), ..sized() };
    let mut text = parure_text { data: std::ptr::null(), length: 0 };
    // SAFETY: what was found was handed over.
    let read = unsafe { parure_found_read(found, &raw mut view, null_mut()) };
    // SAFETY: the same.
    let told = unsafe { parure_found_json(found, &raw mut text, null_mut()) };
    assert_eq!([read, told], [parure_status::PARURE_OK; 2]);
    let at = |index| {
        let mut hit = parure_hit { size: size_of::<parure_hit>(), ..sized() };
        // SAFETY: the same.
        let read = unsafe { parure_found_hit(found, index, &raw mut hit, null_mut()) };
        (read, hit)
    };
    assert_eq!(at(view.hit_count).0, parure_status::PARURE_NO_SUCH_INDEX);
    let hits = (0..view.hit_count).map(|index| {
        let (read, hit) = at(index);
        assert_eq!(read, parure_status::PARURE_OK);
        json!({
            "account": string(hit.account), "customer": string(hit.customer), "name": string(hit.name),
            "by": string(hit.by), "how": string(hit.how),
        })
    });
    let answer: Value = hits.collect();
    assert_eq!(answer, parsed(text), "the fields of who was found are not their JSON");
    // SAFETY: it is not used again.
    unsafe { parure_found_free(found) };
    answer
}

/// An agenda, field by field.
pub(super) fn agenda_of(agenda: *mut parure_agenda, currency: Currency) -> Value {
    let mut view = parure_agenda_view { size: size_of::<parure_agenda_view>(), ..sized() };
    let mut text = parure_text { data: std::ptr::null(), length: 0 };
    // SAFETY: the agenda was handed over.
    let read = unsafe { parure_agenda_read(agenda, &raw mut view, null_mut()) };
    // SAFETY: the same.
    let told = unsafe { parure_agenda_json(agenda, &raw mut text, null_mut()) };
    assert_eq!([read, told], [parure_status::PARURE_OK; 2]);
    let at = |index| {
        let mut due = parure_due { size: size_of::<parure_due>(), ..sized() };
        // SAFETY: the same.
        let read = unsafe { parure_agenda_due(agenda, index, &raw mut due, null_mut()) };
        (read, due)
    };
    assert_eq!(at(view.due_count).0, parure_status::PARURE_NO_SUCH_INDEX);
    let due = (0..view.due_count).map(|index| {
        let (read, due) = at(index);
        assert_eq!(read, parure_status::PARURE_OK);
        due_of(&due, currency)
    });
    let answer = json!({ "on": day(view.on), "due": due.collect::<Value>() });
    assert_eq!(answer, parsed(text), "the fields of an agenda are not its JSON");
    // SAFETY: it is not used again.
    unsafe { parure_agenda_free(agenda) };
    answer
}

fn due_of(due: &parure_due, currency: Currency) -> Value {
    let spend = parure::money::Money::from_minor(due.why_spend_minor);
    let bonus = parure::money::Money::from_minor(due.why_bonus_minor);
    let why = [
        ("fact", string(due.why_fact)),
        ("tier", string(due.why_tier)),
        ("points", if due.has_why_points == 1 { json!(due.why_points) } else { Value::Null }),
        ("bonus", if due.why_bonus_minor > 0 { json!(currency.show(bonus)) } else { Value::Null }),
        ("spend", if due.has_why_spend == 1 { json!(currency.show(spend)) } else { Value::Null }),
    ];
    let mut told = json!({ "day": day(due.why_day) });
    for (key, value) in why.into_iter().filter(|(_, value)| !value.is_null()) {
        told[key] = value;
    }
    let mut send = json!({ "message": string(due.message), "by": string(due.by) });
    for (key, at) in [("from", due.from), ("to", due.to)].into_iter().filter(|_| due.has_hours == 1) {
        let offset = i16::try_from(at.offset_minutes).expect("an offset");
        send[key] = json!(Moment::from_micros(at.micros, offset).expect("an instant").to_string());
    }
    let task = json!({ "what": string(due.task), "who": string(due.who) });
    let mut give = json!({ "points": due.give_points });
    if !due.give_coupon.data.is_null() {
        give["coupon"] = string(due.give_coupon);
    }
    if !due.give_benefit.data.is_null() {
        give["benefit"] = string(due.give_benefit);
    }
    let gives = due.give_points > 0 || give.as_object().is_some_and(|give| give.len() > 1);
    json!({
        "key": string(due.key), "trigger": string(due.trigger), "customer": string(due.customer),
        "occasion": string(due.occasion), "first_day": day(due.first_day), "last_day": day(due.last_day),
        "why": told,
        "send": if due.message.data.is_null() { Value::Null } else { send },
        "give": if gives { give } else { Value::Null },
        "task": if due.task.data.is_null() { Value::Null } else { task },
    })
}
