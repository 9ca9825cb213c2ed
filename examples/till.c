/*
 * A till's day: open the book, a customer joins, comes again and is found by her phone, asks, buys, comes back to spend points, brings something
 * back, and the evening's snapshot is kept.
 *
 *     till examples/maison.toml
 *
 * It is C99, and C++17 too. docs/c.md tells how to build it.
 */
#include <parure.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ── What went wrong ─────────────────────────────────────────────────────────────────────────────── */

/* For everything that must not go wrong here: say why, and stop. It takes where the error is, as C may look at the arguments of
 * `must(call(..., &error), error)` in any order. */
static void must(parure_status status, parure_error **error)
{
    parure_text text = {NULL, 0};
    if (status == PARURE_OK) {
        return;
    }
    if (error) {
        parure_error_text(*error, &text);
    }
    fprintf(stderr, "status %d: %.*s\n", (int)status, PARURE_PRINT(text));
    exit(EXIT_FAILURE);
}

/* The shop's "no" is no mistake of anybody's: the till shows it and goes on. */
static int refused(parure_status status, parure_error **error)
{
    parure_error_view why;
    if (status != PARURE_REFUSED) {
        must(status, error);
        return 0;
    }
    PARURE_INIT(why);
    must(parure_error_read(*error, &why), NULL);
    printf("  no: %.*s (%.*s)\n", PARURE_PRINT(why.message), PARURE_PRINT(why.code));
    parure_error_free(*error);
    return 1;
}

/* ── Texts, times, amounts ───────────────────────────────────────────────────────────────────────── */

static parure_moment moment(const char *text)
{
    parure_moment at = {0, 0};
    parure_error *error = NULL;
    must(parure_moment_parse(text, strlen(text), &at, &error), &error);
    return at;
}

static void print_amount(const char *label, int64_t minor)
{
    printf("  %-22s %9lld.%02d\n", label, (long long)(minor / 100), (int)(minor % 100));
}

static void print_points(const char *label, int64_t points)
{
    printf("  %-22s %12lld\n", label, (long long)points);
}

static void print_day(const char *label, parure_day day)
{
    printf("  %-22s   %04d-%02d-%02d\n", label, day / 10000, day / 100 % 100, day % 100);
}

static parure_envelope envelope(const char *id, const char *at)
{
    parure_envelope made;
    PARURE_INIT(made);
    made.id = parure_text_of(id);
    made.at = moment(at);
    made.customer = parure_text_of("lin-yue");
    made.store = parure_text_of("xintiandi");
    made.staff = parure_text_of("李");
    made.terminal = parure_text_of("till 3");
    return made;
}

/* A whole file; the caller frees it. */
static char *file_of(const char *path, size_t *length)
{
    char *text = NULL;
    size_t room = 0;
    FILE *file = fopen(path, "rb");
    *length = 0;
    if (!file) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    while (!feof(file) && !ferror(file)) {
        if (*length == room) {
            char *larger = (char *)realloc(text, room = room * 2 + 4096);
            if (!larger) {
                exit(EXIT_FAILURE);
            }
            text = larger;
        }
        *length += fread(text + *length, 1, room - *length, file);
    }
    fclose(file);
    return text;
}

/* ── The day ─────────────────────────────────────────────────────────────────────────────────────── */

/* Facts that have no function of their own go in as JSON. */
static void join(parure_book *book)
{
    const char *request = "{\"record\":{\"fact\":{\"id\":\"j-1\",\"at\":\"2026-04-20T10:00:00+08:00\","
                          "\"customer\":\"lin-yue\",\"joined\":{\"name\":\"林月\",\"phones\":[\"+8613800138000\"],"
                          "\"birthday\":{\"lunar\":\"08-15\"}}}}}";
    parure_answer *answer = NULL;
    parure_error *error = NULL;
    must(parure_book_tell(book, request, strlen(request), &answer, &error), &error);
    printf("Lin Yue joins\n");
    parure_answer_free(answer);
}

/* Whoever may be meant by what the associate typed: the last digits of a phone, the first letters of a name. */
static void find(const parure_book *book, const char *typed)
{
    parure_found *found = NULL;
    parure_error *error = NULL;
    parure_found_view view;
    size_t at;
    must(parure_book_find(book, typed, strlen(typed), 10, &found, &error), &error);
    PARURE_INIT(view);
    must(parure_found_read(found, &view, &error), &error);
    printf("%s is\n", typed);
    for (at = 0; at < view.hit_count; at++) {
        parure_hit hit;
        PARURE_INIT(hit);
        must(parure_found_hit(found, at, &hit, &error), &error);
        printf("  %.*s (%.*s), by %.*s\n", PARURE_PRINT(hit.name), PARURE_PRINT(hit.account), PARURE_PRINT(hit.by));
    }
    if (view.hit_count == 0) {
        printf("  nobody we know\n");
    }
    parure_found_free(found);
}

/* A wedding ring, and a chain of gold by weight: that earns on the work, not on the metal. */
static void basket_of(parure_basket *basket, parure_line lines[2], parure_component parts[2])
{
    PARURE_INIT(parts[0]);
    parts[0].name = parure_text_of("metal");
    parts[0].amount_minor = 800000;
    PARURE_INIT(parts[1]);
    parts[1].name = parure_text_of("labour");
    parts[1].amount_minor = 180000;

    PARURE_INIT(lines[0]);
    lines[0].id = parure_text_of("1");
    lines[0].item = parure_text_of("R-2201");
    lines[0].piece = parure_text_of("R2201-0417"); /* engraved in it; it finds her too */
    lines[0].category = parure_text_of("ring/wedding");
    lines[0].quantity_micros = PARURE_ONE_PIECE;
    lines[0].amount_minor = 1280000;
    PARURE_INIT(lines[1]);
    lines[1].id = parure_text_of("2");
    lines[1].item = parure_text_of("G-17");
    lines[1].category = parure_text_of("gold/chain");
    lines[1].quantity_micros = 8360000; /* 8.36 g */
    lines[1].amount_minor = 980000;
    lines[1].components = parts;
    lines[1].component_count = 2;

    PARURE_INIT(*basket);
    basket->lines = lines;
    basket->line_count = 2;
}

static void quote(const parure_book *book, const parure_envelope *now, const parure_basket *basket)
{
    parure_quote *quote = NULL;
    parure_error *error = NULL;
    parure_quote_view view;
    size_t at;
    must(parure_book_quote(book, now, basket, &quote, &error), &error);
    PARURE_INIT(view);
    must(parure_quote_read(quote, &view, &error), &error);
    printf("The basket would\n");
    print_amount("cost", view.to_pay_minor);
    print_points("earn", view.awarded);
    print_points("take points up to", view.spendable_points);
    for (at = 0; at < view.rule_count; at++) {
        parure_text rule = {NULL, 0};
        must(parure_quote_rule(quote, at, &rule, &error), &error);
        printf("    by %.*s\n", PARURE_PRINT(rule));
    }
    printf("  tier: %.*s, after it %.*s\n", PARURE_PRINT(view.tier_before), PARURE_PRINT(view.tier_after));
    parure_quote_free(quote);
}

/* Prints what a fact did, and frees it. */
static void slip(parure_outcome *outcome)
{
    parure_error *error = NULL;
    parure_outcome_view view;
    PARURE_INIT(view);
    must(parure_outcome_read(outcome, &view, &error), &error);
    print_points("awarded", view.awarded);
    print_points("spent", view.spent);
    print_points("taken back", view.taken_back);
    print_points("balance", view.balance);
    printf("  tier: %.*s%s\n", PARURE_PRINT(view.tier_after), view.already_recorded ? ", told before" : "");
    parure_outcome_free(outcome);
}

static void sell(parure_book *book, const parure_basket *basket)
{
    const parure_envelope now = envelope("p-1", "2026-05-02T15:04:05+08:00");
    parure_outcome *outcome = NULL;
    parure_error *error = NULL;
    int time;
    /* The line went dead after the first: sent again, it counts once. */
    for (time = 0; time < 2; time++) {
        printf("She buys it\n");
        must(parure_book_record_purchase(book, &now, basket, &outcome, &error), &error);
        slip(outcome);
    }
}

/* Ear studs of 2,000.00, paid in part with points. */
static void spend(parure_book *book, const char *id, const char *at, int64_t points, int64_t worth)
{
    const parure_envelope now = envelope(id, at);
    parure_line line;
    parure_tender tenders[2];
    parure_basket basket;
    parure_outcome *outcome = NULL;
    parure_error *error = NULL;
    parure_status status;

    PARURE_INIT(line);
    line.id = parure_text_of("1");
    line.category = parure_text_of("earrings");
    line.quantity_micros = PARURE_ONE_PIECE;
    line.amount_minor = 200000;
    PARURE_INIT(tenders[0]);
    tenders[0].points = points;
    tenders[0].amount_minor = worth;
    PARURE_INIT(tenders[1]);
    tenders[1].kind = parure_text_of("card");
    tenders[1].amount_minor = line.amount_minor - worth;
    PARURE_INIT(basket);
    basket.lines = &line;
    basket.line_count = 1;
    basket.tenders = tenders;
    basket.tender_count = 2;

    printf("Ear studs, %lld points towards them\n", (long long)points);
    status = parure_book_record_purchase(book, &now, &basket, &outcome, &error);
    if (!refused(status, &error)) {
        slip(outcome);
    }
}

static void redeem(parure_book *book)
{
    const parure_envelope now = envelope("x-1", "2026-05-20T12:00:00+08:00");
    parure_redemption tote;
    parure_outcome *outcome = NULL;
    parure_error *error = NULL;
    parure_status status;
    PARURE_INIT(tote);
    tote.points = 500;
    tote.reward = parure_text_of("tote-bag");
    printf("A tote bag for 500 points\n");
    status = parure_book_record_redemption(book, &now, &tote, &outcome, &error);
    if (!refused(status, &error)) {
        slip(outcome);
    }
}

static void give_back(parure_book *book)
{
    const parure_envelope now = envelope("r-1", "2026-05-21T11:00:00+08:00");
    parure_returned_line line;
    parure_return back;
    parure_outcome *outcome = NULL;
    parure_error *error = NULL;
    PARURE_INIT(line);
    line.id = parure_text_of("2");
    line.quantity_micros = 8360000;
    line.amount_minor = 980000;
    PARURE_INIT(back);
    back.purchase = parure_text_of("p-1");
    back.lines = &line;
    back.line_count = 1;
    printf("The chain comes back\n");
    must(parure_book_record_return(book, &now, &back, &outcome, &error), &error);
    slip(outcome);
}

static void statement(const parure_book *book, const char *customer, parure_day on)
{
    parure_account *account = NULL;
    parure_error *error = NULL;
    parure_account_view view;
    size_t at;
    const parure_status status =
        parure_book_account(book, customer, strlen(customer), on, &account, &error);
    printf("The account of %s\n", customer);
    if (refused(status, &error)) {
        return;
    }
    PARURE_INIT(view);
    must(parure_account_read(account, &view, &error), &error);
    print_day("on", view.on);
    print_points("balance", view.balance);
    print_points("pending", view.pending);
    printf("  %s (%.*s)\n", "tier", PARURE_PRINT(view.tier_name));
    if (view.tier_until) {
        print_day("until", view.tier_until);
    }
    for (at = 0; at < view.next_goal_count; at++) {
        parure_goal goal;
        PARURE_INIT(goal);
        must(parure_account_next_goal(account, at, &goal, &error), &error);
        if (goal.kind == PARURE_GOAL_SPEND) {
            print_amount("missing for the next", goal.missing);
        }
    }
    for (at = 0; at < view.lot_count; at++) {
        parure_lot lot;
        PARURE_INIT(lot);
        must(parure_account_lot(account, at, &lot, &error), &error);
        print_points("points left", lot.points);
        if (lot.last_day) {
            print_day("until", lot.last_day);
        }
    }
    parure_account_free(account);
}

/* Keeps the book and opens it again: everything is as it was. */
static parure_book *next_morning(parure_book *book)
{
    parure_bytes *bytes = NULL;
    parure_book *again = NULL;
    parure_error *error = NULL;
    const uint8_t *data = NULL;
    size_t length = 0;
    must(parure_book_snapshot(book, &bytes, &error), &error);
    must(parure_bytes_read(bytes, &data, &length, &error), &error);
    must(parure_book_restore(data, length, &again, &error), &error);
    parure_bytes_free(bytes);
    parure_book_free(book);
    return again;
}

static parure_book *opened(const char *path)
{
    size_t length;
    char *text = file_of(path, &length);
    parure_program *program = NULL;
    parure_program_view view;
    parure_book *book = NULL;
    parure_error *error = NULL;
    must(parure_program_parse(path, strlen(path), text, length, &program, &error), &error);
    free(text);
    PARURE_INIT(view);
    must(parure_program_read(program, &view, &error), &error);
    printf("%.*s, in %.*s\n", PARURE_PRINT(view.name), PARURE_PRINT(view.currency));
    must(parure_book_new(program, &book, &error), &error);
    parure_program_free(program); /* the book has its own */
    return book;
}

int main(int count, char **arguments)
{
    parure_book *book;
    parure_envelope now;
    parure_line lines[2];
    parure_component parts[2];
    parure_basket basket;
    if (count != 2) {
        fprintf(stderr, "till PROGRAM\n");
        return 2;
    }
    if (parure_abi_version() != PARURE_ABI_VERSION) {
        fprintf(stderr, "this is another libparure than the one that the till was built for\n");
        return 2;
    }
    book = opened(arguments[1]);
    join(book);
    find(book, "138 0013 8000");
    find(book, "ly");
    find(book, "139 1234 5678");
    basket_of(&basket, lines, parts);
    now = envelope("", "2026-05-02T15:00:00+08:00");
    quote(book, &now, &basket);
    sell(book, &basket);
    statement(book, "lin-yue", 20260503);
    book = next_morning(book);
    spend(book, "p-2", "2026-05-20T11:00:00+08:00", 3000, 15000);
    spend(book, "p-3", "2026-05-20T11:05:00+08:00", 9000, 45000);
    redeem(book);
    give_back(book);
    statement(book, "lin-yue", 20260521);
    statement(book, "nobody", 20260521);
    parure_book_free(book);
    return 0;
}
