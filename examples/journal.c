/*
 * A shop that keeps its book in a file: what the till was answered is on the disk, whenever the plug is pulled. It opens for the first
 * time, sells, is opened again, is looked at, copied, and made smaller.
 *
 *     journal examples/maison.toml FOLDER
 *
 * It is C99, and C++17 too. docs/c.md tells how to build it, docs/journal.md what is in the file.
 */
#include <parure.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* For everything that must not go wrong here: say why, and stop. */
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

/* What can happen with any file: the code, for the program, and what to do, for whoever stands at the till. */
static void no_file(parure_status status, parure_error **error)
{
    parure_error_view why;
    if (status != PARURE_FAULT) {
        fprintf(stderr, "status %d where a fault was to come\n", (int)status);
        exit(EXIT_FAILURE);
    }
    PARURE_INIT(why);
    must(parure_error_read(*error, &why), NULL);
    printf("  %.*s: %.*s\n", PARURE_PRINT(why.code), PARURE_PRINT(why.advice));
    parure_error_free(*error);
}

static const char *within(const char *folder, const char *name)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static parure_program *program_of(const char *path)
{
    static char text[1 << 16];
    parure_program *program = NULL;
    parure_error *error = NULL;
    size_t length;
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    length = fread(text, 1, sizeof text, file);
    fclose(file);
    must(parure_program_parse(path, strlen(path), text, length, &program, &error), &error);
    return program;
}

/* Opens the shop's file, each day. */
static parure_book *open_shop(const char *folder)
{
    const char *path = within(folder, "shop.db");
    parure_journal_options options;
    parure_book *book = NULL;
    parure_error *error = NULL;
    PARURE_INIT(options);
    options.wait_ms = 2000; /* the till before may still be closing it */
    must(parure_book_open(path, strlen(path), &options, &book, &error), &error);
    return book;
}

static void tell(parure_book *book, const char *request)
{
    parure_answer *answer = NULL;
    parure_error *error = NULL;
    must(parure_book_tell(book, request, strlen(request), &answer, &error), &error);
    parure_answer_free(answer);
}

/* A wedding ring of 12,800.00: recorded as into any book. When it is answered, it is on the disk. */
static void sell(parure_book *book)
{
    parure_envelope now;
    parure_line ring;
    parure_basket basket;
    parure_outcome *outcome = NULL;
    parure_outcome_view view;
    parure_error *error = NULL;

    PARURE_INIT(now);
    now.id = parure_text_of("p-1");
    now.customer = parure_text_of("lin-yue");
    must(parure_moment_parse("2026-05-02T15:04:05+08:00", 25, &now.at, &error), &error);
    PARURE_INIT(ring);
    ring.id = parure_text_of("1");
    ring.category = parure_text_of("ring/wedding");
    ring.quantity_micros = PARURE_ONE_PIECE;
    ring.amount_minor = 1280000;
    PARURE_INIT(basket);
    basket.lines = &ring;
    basket.line_count = 1;

    must(parure_book_record_purchase(book, &now, &basket, &outcome, &error), &error);
    PARURE_INIT(view);
    must(parure_outcome_read(outcome, &view, &error), &error);
    printf("  %lld points awarded%s\n", (long long)view.awarded, view.already_recorded ? ", told before" : "");
    parure_outcome_free(outcome);
}

static void balance(const parure_book *book)
{
    parure_account *account = NULL;
    parure_account_view view;
    parure_error *error = NULL;
    must(parure_book_account(book, "lin-yue", 7, 20260601, &account, &error), &error);
    PARURE_INIT(view);
    must(parure_account_read(account, &view, &error), &error);
    printf("  her balance in June: %lld\n", (long long)view.balance);
    parure_account_free(account);
}

static void verify(const parure_book *book)
{
    parure_verified_view view;
    parure_error *error = NULL;
    PARURE_INIT(view);
    must(parure_book_verify(book, &view, &error), &error);
    printf("  as it was written: %u facts, %u account\n", (unsigned)view.facts, (unsigned)view.accounts);
}

int main(int count, char **arguments)
{
    const char *folder = count == 3 ? arguments[2] : NULL;
    const char *path;
    parure_program *program;
    parure_book *book = NULL;
    parure_book *other = NULL;
    parure_error *error = NULL;
    size_t dropped = 0;
    if (!folder) {
        fprintf(stderr, "journal PROGRAM FOLDER\n");
        return 2;
    }
    program = program_of(arguments[1]);

    printf("The shop opens for the first time\n");
    path = within(folder, "shop.db");
    must(parure_book_create(path, strlen(path), program, NULL, &book, &error), &error);
    tell(book, "{\"record\":{\"fact\":{\"id\":\"j-1\",\"at\":\"2026-04-20T10:00:00+08:00\",\"customer\":\"lin-yue\",\"joined\":{}}}}");
    parure_book_free(book);

    printf("Another day\n");
    book = open_shop(folder);
    sell(book);
    sell(book); /* sent again, it counts once */
    printf("It can be open once\n");
    path = within(folder, "shop.db");
    no_file(parure_book_open(path, strlen(path), NULL, &other, &error), &error);
    printf("Nor is it made twice\n");
    no_file(parure_book_create(path, strlen(path), program, NULL, &other, &error), &error);
    parure_book_free(book);

    printf("The next morning, whether it was closed or the plug was pulled\n");
    book = open_shop(folder);
    balance(book);
    verify(book);

    printf("A copy of it, while it is open\n");
    path = within(folder, "shop-2026-06-01.db");
    must(parure_book_backup(book, path, strlen(path), &error), &error);
    must(parure_book_open(path, strlen(path), NULL, &other, &error), &error);
    balance(other);
    verify(other);
    parure_book_free(other);

    printf("The year is settled, and the file made smaller\n");
    tell(book, "{\"seal\":{\"day\":\"2027-01-01\"}}");
    must(parure_book_compact(book, &dropped, &error), &error);
    printf("  contents dropped: %u\n", (unsigned)dropped);
    verify(book);
    parure_book_free(book);
    parure_program_free(program);
    return 0;
}
