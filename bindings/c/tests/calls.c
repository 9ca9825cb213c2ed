/*
 * Calls in any order, with arguments right and wrong, drawn from a seed: whatever comes, each call answers, what it answers can be
 * read, and nothing leaks. Books are in memory or in files of the folder.
 *
 *     calls PROGRAM SEED COUNT FOLDER
 */
#include <parure.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;

static uint32_t draw(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % below;
}

static int now_and_then(void)
{
    return draw(12) == 0;
}

/* Behind the program's own text: Lin Yue's birthday is due from 18 to 25 September 2026. */
static const char trigger[] = "\n[[trigger]]\nid = \"birthday\"\non = { date = \"birthday\", before = \"7 days\" }\n"
                              "task = { what = \"电话祝福\" }\n";

static char rules[1 << 16];
static size_t rules_length;
static unsigned answered[100];
static unsigned hits_seen;
static unsigned due_seen;

/* Every error can be read to its last fault. */
static void look(parure_status status, parure_error **from)
{
    parure_error *error = from ? *from : NULL;
    parure_error_view view;
    parure_text text = {NULL, 0};
    size_t at;
    answered[status]++;
    if (status == PARURE_OK || status == PARURE_PANIC) {
        if (error || status == PARURE_PANIC) {
            fprintf(stderr, "status %d\n", (int)status);
            exit(EXIT_FAILURE);
        }
        return;
    }
    if (!error) {
        return;
    }
    PARURE_INIT(view);
    view.fault_count = 1;
    for (at = 0; at < view.fault_count; at++) {
        if (parure_error_fault(error, at, &view) != PARURE_OK || !view.code.length || !view.message.length) {
            exit(EXIT_FAILURE);
        }
    }
    if (parure_error_text(error, &text) != PARURE_OK || parure_error_json(error, &text) != PARURE_OK) {
        exit(EXIT_FAILURE);
    }
    parure_error_free(error);
}

/* Texts: right ones, cut ones, and bytes that are no text. Each is a buffer of its own, so that reading on is found. */
static char *kept[4096];
static size_t kept_count;

static const char *const words[] = {
    "lin-yue", "mei", "玉和", "c-1", "p-1", "p-2", "1", "2", "ring/wedding", "gold/chain", "metal", "labour", "card",
    "tote-bag", "", " ", "a\nb", "\xff\xfe", "a name that is far longer than the sixty-four bytes that a name may have at most",
};

static parure_text word(void)
{
    const char *from = words[draw(sizeof words / sizeof *words)];
    parure_text text = {NULL, 0};
    char *copy;
    if (now_and_then()) {
        text.length = draw(3);
        return text;
    }
    if (!now_and_then()) {
        from = words[draw(9)];
    }
    text.length = strlen(from);
    if (now_and_then()) {
        text.length = draw((uint32_t)text.length + 1);
    }
    copy = (char *)malloc(text.length ? text.length : 1);
    if (!copy || kept_count == sizeof kept / sizeof *kept) {
        exit(EXIT_FAILURE);
    }
    memcpy(copy, from, text.length);
    kept[kept_count++] = copy;
    text.data = copy;
    return text;
}

static size_t size_of(size_t size)
{
    static const size_t wrong[] = {0, 1, 7, 8, 12, 4104, (size_t)-1};
    return draw(60) ? size : wrong[draw(sizeof wrong / sizeof *wrong)];
}

static int64_t amount(void)
{
    static const int64_t odd[] = {0, -1, INT64_MAX, INT64_MIN, 1};
    return now_and_then() ? odd[draw(5)] : (int64_t)draw(1000000) + 1;
}

static parure_envelope *envelope(parure_envelope *made)
{
    PARURE_INIT(*made);
    made->size = size_of(made->size);
    made->id = word();
    made->at.micros = now_and_then() ? amount() : INT64_C(1770000000000000) + (int64_t)draw(20000000) * 1000000;
    made->at.offset_minutes = now_and_then() ? (int32_t)amount() : 480;
    made->customer = word();
    if (draw(2)) {
        made->store = word();
        made->staff = word();
        made->terminal = word();
    }
    return now_and_then() ? NULL : made;
}

static parure_basket *basket(parure_basket *made)
{
    static parure_line lines[3];
    static parure_component parts[2];
    static parure_tender tenders[2];
    size_t at;
    memset(lines, 0, sizeof lines);
    for (at = 0; at < 2; at++) {
        PARURE_INIT(parts[at]);
        parts[at].size = size_of(parts[at].size);
        parts[at].name = word();
        parts[at].amount_minor = (int64_t)draw(100);
        PARURE_INIT(tenders[at]);
        tenders[at].size = size_of(tenders[at].size);
        tenders[at].kind = draw(2) ? word() : parure_text_of("card");
        tenders[at].amount_minor = amount();
        tenders[at].points = draw(4) ? 0 : amount();
        if (!draw(4)) {
            tenders[at].coupon = word();
        }
    }
    for (at = 0; at < 3; at++) {
        PARURE_INIT(lines[at]);
        lines[at].size = size_of(lines[at].size);
        lines[at].id = draw(4) ? parure_text_of(at ? at > 1 ? "3" : "2" : "1") : word();
        lines[at].category = word();
        lines[at].quantity_micros = now_and_then() ? amount() : PARURE_ONE_PIECE;
        lines[at].amount_minor = amount();
        lines[at].components = draw(3) ? NULL : parts;
        lines[at].component_count = lines[at].components ? draw(3) : now_and_then() ? 1 : 0;
        if (!draw(3)) {
            lines[at].piece = word();
        }
    }
    PARURE_INIT(*made);
    made->size = size_of(made->size);
    made->lines = now_and_then() ? NULL : lines;
    made->line_count = now_and_then() ? (size_t)-1 : draw(4);
    made->discount_minor = now_and_then() ? amount() : 0;
    made->tenders = draw(3) ? NULL : tenders;
    made->tender_count = made->tenders ? draw(3) : 0;
    if (made->line_count == (size_t)-1 && made->lines) {
        made->lines = lines; /* more than may be listed: nothing of it is read */
    }
    return now_and_then() ? NULL : made;
}

static void outcome(parure_status status, parure_outcome *made, parure_error *error)
{
    parure_outcome_view view;
    parure_moved_value value;
    parure_moved_deposit deposit;
    parure_text text = {NULL, 0};
    size_t at;
    look(status, &error);
    if ((status == PARURE_OK) != (made != NULL)) {
        exit(EXIT_FAILURE);
    }
    if (made) {
        PARURE_INIT(view);
        PARURE_INIT(value);
        PARURE_INIT(deposit);
        view.size = size_of(view.size);
        error = NULL;
        status = parure_outcome_read(made, &view, &error);
        look(status, &error);
        for (at = 0; status == PARURE_OK && at <= view.rule_count; at++) {
            look(parure_outcome_rule(made, at, &text, NULL), NULL);
            look(parure_outcome_flag(made, at, &text, NULL), NULL);
            look(parure_outcome_value(made, at, &value, NULL), NULL);
            look(parure_outcome_deposit(made, at, &deposit, NULL), NULL);
        }
        look(parure_outcome_json(made, &text, NULL), NULL);
    }
    parure_outcome_free(made);
}

static const char *const requests[] = {
    "{\"record\":{\"fact\":{\"id\":\"j-1\",\"at\":\"2026-01-01T10:00:00+08:00\",\"customer\":\"lin-yue\",\"joined\":{}}}}",
    "{\"record\":{\"fact\":{\"id\":\"j-2\",\"at\":\"2026-01-01T10:00:00+08:00\",\"customer\":\"mei\",\"joined\":{}}}}",
    "{\"merge\":{\"facts\":[{\"id\":\"j-3\",\"at\":\"2026-01-01T10:00:00+08:00\",\"customer\":\"c-1\",\"joined\":{}}]}}",
    "{\"record\":{\"fact\":{\"id\":\"n-1\",\"at\":\"2026-01-02T10:00:00+08:00\",\"customer\":\"lin-yue\",\"profile_changed\":"
    "{\"name\":\"林月\",\"phones\":[\"+8613800138000\"],\"birthday\":{\"lunar\":\"08-15\"}}}}}",
    "{\"explain\":{\"customer\":\"lin-yue\",\"on\":\"2026-09-01\"}}",
    "{\"accounts\":{\"on\":\"2026-09-01\"}}",
    "{\"verify\":{}}",
    "{\"book\":{}}",
    "{\"seal\":{\"day\":\"2026-01-15\"}}",
    "{\"check\":{\"program\":\"edition = 2026\"}}",
};

static void json(parure_book *book)
{
    const char *from = requests[draw(sizeof requests / sizeof *requests)];
    size_t length = strlen(from);
    char *request = (char *)malloc(length);
    parure_answer *answer = NULL;
    parure_error *error = NULL;
    parure_text text = {NULL, 0};
    parure_status status;
    if (!request) {
        exit(EXIT_FAILURE);
    }
    memcpy(request, from, length);
    if (now_and_then()) {
        request[draw((uint32_t)length)] = (char)draw(256);
    }
    if (now_and_then()) {
        length = draw((uint32_t)length);
    }
    status = draw(2) ? parure_book_tell(book, request, length, &answer, &error)
                     : parure_book_ask(book, request, length, &answer, &error);
    look(status, &error);
    look(parure_answer_text(answer, &text, NULL), NULL);
    parure_answer_free(answer);
    free(request);
}

static void account(const parure_book *book)
{
    const parure_text customer = word();
    parure_account *made = NULL;
    parure_error *error = NULL;
    parure_account_view view;
    parure_lot lot;
    parure_goal goal;
    parure_coupon coupon;
    parure_benefit benefit;
    parure_claimed claimed;
    parure_order order;
    parure_coupon_id code;
    parure_text text = {NULL, 0};
    size_t at;
    look(parure_book_account(book, customer.data, customer.length, now_and_then() ? (int32_t)amount() : 20260901, &made,
                             &error), &error);
    PARURE_INIT(view);
    PARURE_INIT(lot);
    PARURE_INIT(goal);
    PARURE_INIT(coupon);
    PARURE_INIT(benefit);
    PARURE_INIT(claimed);
    PARURE_INIT(order);
    look(parure_coupon_code((const uint8_t *)customer.data, customer.length, &code, &error), &error);
    if (parure_account_read(made, &view, NULL) == PARURE_OK) {
        for (at = 0; at <= view.lot_count; at++) {
            look(parure_account_lot(made, at, &lot, NULL), NULL);
            look(parure_account_next_goal(made, at, &goal, NULL), NULL);
            look(parure_account_keep_goal(made, at, &goal, NULL), NULL);
            look(parure_account_alias(made, at, &text, NULL), NULL);
            look(parure_account_flag(made, at, &text, NULL), NULL);
            look(parure_account_household_member(made, at, &text, NULL), NULL);
            look(parure_account_coupon(made, at, &coupon, NULL), NULL);
            look(parure_account_benefit(made, at, &benefit, NULL), NULL);
            look(parure_account_claimed(made, at, &claimed, NULL), NULL);
            look(parure_account_order(made, at, &order, NULL), NULL);
        }
        look(parure_account_json(made, &text, NULL), NULL);
    }
    parure_account_free(made);
}

static void find(const parure_book *book)
{
    static const char *const typed[] = {"ly", "林", "13800138000", "138", "lin", "nobody"};
    const parure_text text = draw(2) ? word() : parure_text_of(typed[draw(6)]);
    parure_found *made = NULL;
    parure_error *error = NULL;
    parure_found_view view;
    parure_hit hit;
    parure_text json = {NULL, 0};
    size_t at;
    look(parure_book_find(book, text.data, text.length, now_and_then() ? (size_t)-1 : draw(4), &made, &error), &error);
    PARURE_INIT(view);
    PARURE_INIT(hit);
    if (parure_found_read(made, &view, NULL) == PARURE_OK) {
        for (at = 0; at <= view.hit_count; at++) {
            const parure_status status = parure_found_hit(made, at, &hit, NULL);
            look(status, NULL);
            hits_seen += status == PARURE_OK;
        }
        look(parure_found_json(made, &json, NULL), NULL);
    }
    parure_found_free(made);
}

static void agenda(const parure_book *book)
{
    const parure_text customer = word();
    const parure_day on = now_and_then() ? (int32_t)amount() : 20260920 + (int32_t)draw(10);
    parure_agenda *made = NULL;
    parure_error *error = NULL;
    parure_agenda_view view;
    parure_due due;
    parure_text json = {NULL, 0};
    size_t at;
    look(draw(2) ? parure_book_agenda(book, on, &made, &error)
                 : parure_book_agenda_of(book, customer.data, customer.length, on, &made, &error),
         &error);
    PARURE_INIT(view);
    PARURE_INIT(due);
    if (parure_agenda_read(made, &view, NULL) == PARURE_OK) {
        for (at = 0; at <= view.due_count; at++) {
            const parure_status status = parure_agenda_due(made, at, &due, NULL);
            look(status, NULL);
            due_seen += status == PARURE_OK;
        }
        look(parure_agenda_json(made, &json, NULL), NULL);
    }
    parure_agenda_free(made);
}

static void quote(const parure_book *book)
{
    parure_envelope when;
    parure_basket what;
    parure_quote *made = NULL;
    parure_error *error = NULL;
    parure_quote_view view;
    parure_text text = {NULL, 0};
    parure_goal goal;
    const parure_envelope *at = envelope(&when);
    look(parure_book_quote(book, at, basket(&what), &made, &error), &error);
    PARURE_INIT(view);
    PARURE_INIT(goal);
    look(parure_quote_read(made, &view, NULL), NULL);
    look(parure_quote_rule(made, draw(3), &text, NULL), NULL);
    look(parure_quote_next_goal(made, draw(3), &goal, NULL), NULL);
    look(parure_quote_json(made, &text, NULL), NULL);
    parure_quote_free(made);
}

static parure_book *again(parure_book *book)
{
    parure_bytes *bytes = NULL;
    parure_book *restored = NULL;
    parure_error *error = NULL;
    const uint8_t *data = NULL;
    size_t length = 0;
    parure_status status;
    look(parure_book_snapshot(book, &bytes, &error), &error);
    error = NULL;
    look(parure_bytes_read(bytes, &data, &length, NULL), NULL);
    if (now_and_then() && length) {
        length = draw((uint32_t)length);
    }
    status = parure_book_restore(data, length, &restored, &error);
    look(status, &error);
    parure_bytes_free(bytes);
    if (status != PARURE_OK) {
        return book;
    }
    parure_book_free(book);
    return restored;
}

/* Files in the folder: the last that a book was made in, and the last that one was copied to. */
static const char *folder;
static unsigned made_files;
static unsigned copied_files;

static const char *file_of(const char *name, unsigned number)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s-%u.db", folder, name, number);
    return path;
}

static parure_journal_options *options(parure_journal_options *made)
{
    PARURE_INIT(*made);
    made->size = size_of(made->size);
    made->wait_ms = draw(3);
    made->most_pages = draw(3) ? 0 : draw(80);
    made->ahead_s = draw(3) ? UINT32_MAX : draw(4);
    return draw(2) ? made : NULL;
}

/* What one copy tells another, which is itself: nothing new, or odd texts. */
static void sync(parure_book *book)
{
    parure_answer *known = NULL;
    parure_answer *changes = NULL;
    parure_answer *received = NULL;
    parure_text text = {NULL, 0};
    parure_error *error = NULL;
    int32_t more = 0;
    look(parure_book_known(book, &known, &error), &error);
    if (draw(2)) {
        look(parure_answer_text(known, &text, NULL), NULL);
    } else {
        text = word();
    }
    error = NULL;
    look(parure_book_changes_since(book, text.data, text.length, draw(5), &changes, now_and_then() ? NULL : &more, &error), &error);
    if (draw(2)) {
        look(parure_answer_text(changes, &text, NULL), NULL);
    }
    error = NULL;
    look(parure_book_merge_changes(book, text.data, text.length, &received, &error), &error);
    parure_answer_free(received);
    parure_answer_free(changes);
    parure_answer_free(known);
}

/* What is done with files, be there one or not; the book, or the one that stands in its place. */
static parure_book *files(parure_book *book)
{
    parure_error *error = NULL;
    parure_journal_options how;
    parure_verified_view view;
    parure_book *other = NULL;
    parure_text odd;
    const char *path;
    size_t dropped = 0;
    switch (draw(7)) {
    case 0:
        PARURE_INIT(view);
        view.size = size_of(view.size);
        look(parure_book_verify(book, now_and_then() ? NULL : &view, &error), &error);
        return book;
    case 1:
        path = file_of("copy", draw(3) ? ++copied_files : copied_files);
        look(parure_book_backup(book, path, strlen(path), &error), &error);
        return book;
    case 2:
        look(parure_book_compact(book, now_and_then() ? NULL : &dropped, &error), &error);
        return book;
    case 6:
        sync(book);
        return book;
    case 3:
        odd = word();
        look(parure_book_open(odd.data, odd.length, options(&how), &other, &error), &error);
        parure_book_free(other);
        return book;
    case 4:
        path = file_of("copy", copied_files);
        look(parure_book_open(path, strlen(path), options(&how), &other, &error), &error);
        parure_book_free(other);
        return book;
    default:
        /* While it is open it can't be opened; then it can. */
        path = file_of("shop", made_files);
        look(parure_book_open(path, strlen(path), options(&how), &other, &error), &error);
        parure_book_free(other);
        parure_book_free(book);
        other = NULL;
        error = NULL;
        look(parure_book_open(path, strlen(path), options(&how), &other, &error), &error);
        return other;
    }
}

/* Whoever is to be found, and has a birthday that is due: mutated requests hardly ever tell of her whole. */
static void join(parure_book *book)
{
    static const char told[] = "{\"record\":{\"fact\":{\"id\":\"j-ly\",\"at\":\"2026-02-01T10:00:00+08:00\","
                               "\"customer\":\"lin-yue\",\"joined\":{\"name\":\"林月\","
                               "\"phones\":[\"+8613800138000\"],\"birthday\":{\"lunar\":\"08-15\"}}}}}";
    parure_answer *answer = NULL;
    parure_error *error = NULL;
    look(parure_book_tell(book, told, sizeof told - 1, &answer, &error), &error);
    parure_answer_free(answer);
}

static parure_book *opened(void)
{
    parure_journal_options how;
    const char *path;
    parure_program *program = NULL;
    parure_program_view view;
    parure_book *book = NULL;
    parure_error *error = NULL;
    const size_t length = now_and_then() ? draw((uint32_t)rules_length) : rules_length;
    look(parure_program_parse("maison.toml", draw(12), rules, length, &program, &error), &error);
    PARURE_INIT(view);
    look(parure_program_read(program, &view, NULL), NULL);
    error = NULL;
    if (draw(2)) {
        path = file_of("shop", ++made_files);
        look(parure_book_create(path, strlen(path), program, options(&how), &book, &error), &error);
    } else {
        look(parure_book_new(program, &book, &error), &error);
    }
    parure_program_free(program);
    join(book);
    return book;
}

int main(int count, char **arguments)
{
    parure_book *book = NULL;
    long left;
    FILE *file = count == 5 ? fopen(arguments[1], "rb") : NULL;
    if (!file) {
        return 2;
    }
    rules_length = fread(rules, 1, sizeof rules - sizeof trigger, file);
    fclose(file);
    memcpy(rules + rules_length, trigger, sizeof trigger - 1);
    rules_length += sizeof trigger - 1;
    folder = arguments[4];
    state = (uint64_t)strtoull(arguments[2], NULL, 10) * UINT64_C(0x9e3779b97f4a7c15) + 1;
    for (left = strtol(arguments[3], NULL, 10); left > 0; left--) {
        parure_envelope when;
        parure_basket what;
        parure_outcome *made = NULL;
        parure_error *error = NULL;
        const parure_envelope *at = envelope(&when);
        const uint32_t which = draw(24);
        parure_status status;
        if (!book) {
            book = opened();
        }
        if (which < 8) {
            status = parure_book_record_purchase(book, at, basket(&what), &made, draw(3) ? &error : NULL);
            outcome(status, made, error);
        } else if (which < 10) {
            parure_returned_line line;
            parure_return back;
            PARURE_INIT(line);
            line.id = draw(2) ? parure_text_of("1") : word();
            line.quantity_micros = now_and_then() ? amount() : PARURE_ONE_PIECE;
            line.amount_minor = amount();
            PARURE_INIT(back);
            back.size = size_of(back.size);
            back.purchase = word();
            back.lines = now_and_then() ? NULL : &line;
            back.line_count = now_and_then() ? (size_t)-1 : 1;
            status = parure_book_record_return(book, at, now_and_then() ? NULL : &back, &made, &error);
            outcome(status, made, error);
        } else if (which < 12) {
            parure_redemption reward;
            PARURE_INIT(reward);
            reward.size = size_of(reward.size);
            reward.points = amount();
            reward.reward = word();
            reward.amount_minor = draw(2) ? 0 : amount();
            status = parure_book_record_redemption(book, at, now_and_then() ? NULL : &reward, &made, &error);
            outcome(status, made, error);
        } else if (which < 15) {
            json(book);
        } else if (which < 16) {
            account(book);
        } else if (which < 18) {
            quote(book);
        } else if (which < 19) {
            book = again(book);
        } else if (which < 21) {
            book = files(book);
        } else if (which < 22) {
            find(book);
        } else if (which < 23) {
            agenda(book);
        } else if (now_and_then()) {
            parure_book_free(book);
            book = NULL;
        }
        while (kept_count) {
            free(kept[--kept_count]);
        }
    }
    parure_book_free(book);
    /* Had nothing been accepted, nothing would have been tried. */
    return answered[PARURE_OK] && answered[PARURE_FAULT] && answered[PARURE_REFUSED] && answered[PARURE_NULL_POINTER]
                   && answered[PARURE_NOT_UTF8] && answered[PARURE_STRUCT_SIZE] && answered[PARURE_NO_SUCH_INDEX]
                   && hits_seen && due_seen
               ? 0
               : 4;
}
