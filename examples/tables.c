/*
 * Sales as tables: who joined and what was sold go in as Arrow's arrays, and what each customer has comes back as one.
 *
 *     tables examples/maison.toml
 *
 * Where the tables lie in a library that has Arrow (DuckDB, ADBC, nanoarrow, Arrow C++), its streams go in as they are; here they
 * are made by hand. It is C99, and C++17 too. docs/c.md tells how to build it.
 */
#include <parure.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ── What is in the tables ───────────────────────────────────────────────────────────────────────── */

#define MOST_COLUMNS 5

/* A table of texts, row by row. */
typedef struct {
    int64_t column_count;
    int64_t row_count;
    const char *names[MOST_COLUMNS];
    const char *cells[4][MOST_COLUMNS];
} texts;

static const texts customers = {
    3,
    2,
    {"customer", "at", "birthday"},
    {{"lin-yue", "2026-01-02T10:00:00+08:00", "1990-05-20"}, {"mei", "2026-02-01T10:00:00+08:00", "03-08"}},
};

/* The rows of one receipt are one purchase. The last row has no amount that can be read. */
static const texts sales = {
    5,
    4,
    {"receipt", "member", "at", "category", "amount"},
    {{"p-1", "lin-yue", "2026-03-02T15:04:05+08:00", "ring/wedding", "12800.00"},
     {"p-1", "lin-yue", "2026-03-02T15:04:05+08:00", "care", "40.00"},
     {"p-2", "mei", "2026-03-08T11:30:00+08:00", "watch", "64000.00"},
     {"p-3", "mei", "2026-03-09T12:00:00+08:00", "earrings", "1,200"}},
};

/* ── Arrow, by hand ──────────────────────────────────────────────────────────────────────────────── */

static void *room(size_t count, size_t size)
{
    void *made = calloc(count ? count : 1, size);
    if (!made) {
        exit(EXIT_FAILURE);
    }
    return made;
}

static void release_schema(struct ArrowSchema *schema)
{
    int64_t at;
    for (at = 0; at < schema->n_children; at++) {
        if (schema->children[at]->release) {
            schema->children[at]->release(schema->children[at]);
        }
        free(schema->children[at]);
    }
    free(schema->children);
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
    int64_t at;
    for (at = 0; at < array->n_children; at++) {
        if (array->children[at]->release) {
            array->children[at]->release(array->children[at]);
        }
        free(array->children[at]);
    }
    for (at = 0; at < array->n_buffers; at++) {
        free((void *)array->buffers[at]);
    }
    free(array->children);
    free(array->buffers);
    array->release = NULL;
}

/* "+s" is a table, "u" a text. */
static void schema_of(struct ArrowSchema *schema, const char *format, const char *name, int64_t children)
{
    memset(schema, 0, sizeof *schema);
    schema->format = format;
    schema->name = name;
    schema->release = release_schema;
    schema->n_children = children;
    schema->children = (struct ArrowSchema **)room((size_t)children, sizeof *schema->children);
}

static void array_of(struct ArrowArray *array, int64_t length, int64_t buffers, int64_t children)
{
    memset(array, 0, sizeof *array);
    array->length = length;
    array->release = release_array;
    array->n_buffers = buffers;
    array->buffers = (const void **)room((size_t)buffers, sizeof *array->buffers);
    array->n_children = children;
    array->children = (struct ArrowArray **)room((size_t)children, sizeof *array->children);
}

/* The texts of a column: where each ends, and all of them one behind the other. The first buffer would tell which are none. */
static void column_of(struct ArrowArray *array, const texts *table, int64_t column)
{
    int32_t *ends = (int32_t *)room((size_t)table->row_count + 1, sizeof *ends);
    char *bytes;
    int64_t row;
    for (row = 0; row < table->row_count; row++) {
        ends[row + 1] = ends[row] + (int32_t)strlen(table->cells[row][column]);
    }
    bytes = (char *)room((size_t)ends[table->row_count], 1);
    for (row = 0; row < table->row_count; row++) {
        memcpy(bytes + ends[row], table->cells[row][column], (size_t)(ends[row + 1] - ends[row]));
    }
    array_of(array, table->row_count, 3, 0);
    array->buffers[1] = ends;
    array->buffers[2] = bytes;
}

/* What a stream of ours holds: the table, and whether it was told. */
typedef struct {
    const texts *table;
    int told;
} cursor;

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    const texts *table = ((cursor *)stream->private_data)->table;
    int64_t at;
    schema_of(out, "+s", "", table->column_count);
    for (at = 0; at < table->column_count; at++) {
        out->children[at] = (struct ArrowSchema *)room(1, sizeof **out->children);
        schema_of(out->children[at], "u", table->names[at], 0);
    }
    return 0;
}

/* One batch with all rows; an array that is released is the end. */
static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    cursor *at = (cursor *)stream->private_data;
    int64_t column;
    memset(out, 0, sizeof *out);
    if (at->told) {
        return 0;
    }
    at->told = 1;
    array_of(out, at->table->row_count, 1, at->table->column_count);
    for (column = 0; column < at->table->column_count; column++) {
        out->children[column] = (struct ArrowArray *)room(1, sizeof **out->children);
        column_of(out->children[column], at->table, column);
    }
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

static void release_stream(struct ArrowArrayStream *stream)
{
    free(stream->private_data);
    stream->release = NULL;
}

static struct ArrowArrayStream stream_of(const texts *table)
{
    struct ArrowArrayStream stream;
    cursor *at = (cursor *)room(1, sizeof *at);
    at->table = table;
    stream.get_schema = get_schema;
    stream.get_next = get_next;
    stream.get_last_error = get_last_error;
    stream.release = release_stream;
    stream.private_data = at;
    return stream;
}

/* ── What went wrong ─────────────────────────────────────────────────────────────────────────────── */

static void must(parure_status status, parure_error **error)
{
    parure_text text = {NULL, 0};
    if (status == PARURE_OK) {
        return;
    }
    parure_error_text(*error, &text);
    fprintf(stderr, "status %d: %.*s\n", (int)status, PARURE_PRINT(text));
    exit(EXIT_FAILURE);
}

static void arrived(int code)
{
    if (code) {
        fprintf(stderr, "the stream fails: %s\n", strerror(code));
        exit(EXIT_FAILURE);
    }
}

/* ── What comes back ─────────────────────────────────────────────────────────────────────────────── */

static void print_day(int32_t days)
{
    /* Days since 1 January 1970, counted in years that begin in March. */
    const int32_t all = days + 719468;
    const int32_t era = all / 146097;
    const int32_t of_era = all - era * 146097;
    const int32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int32_t of_year = of_era - (365 * year + year / 4 - year / 100);
    const int32_t month = (5 * of_year + 2) / 153;
    printf("%04d-%02d-%02d", (int)(year + era * 400 + (month >= 10)), (int)(month < 10 ? month + 3 : month - 9),
           (int)(of_year - (153 * month + 2) / 5 + 1));
}

/* A cell of what the library gives: "l" is a whole number, "U" a text with its ends in 64 bits, "tdD" a day. */
static void print_cell(const char *format, const struct ArrowArray *column, int64_t row)
{
    const int64_t at = column->offset + row;
    const unsigned char *valid = (const unsigned char *)column->buffers[0];
    if (valid && !(valid[at / 8] >> (at % 8) & 1)) {
        printf("-");
    } else if (!strcmp(format, "l")) {
        printf("%lld", (long long)((const int64_t *)column->buffers[1])[at]);
    } else if (!strcmp(format, "U")) {
        const int64_t *ends = (const int64_t *)column->buffers[1];
        printf("%.*s", (int)(ends[at + 1] - ends[at]), (const char *)column->buffers[2] + ends[at]);
    } else if (!strcmp(format, "tdD")) {
        print_day(((const int32_t *)column->buffers[1])[at]);
    } else {
        printf("?");
    }
}

/* Prints a table, and releases its stream. */
static void print_table(const char *title, struct ArrowArrayStream *stream)
{
    struct ArrowSchema schema;
    struct ArrowArray batch;
    int64_t row, at;
    printf("%s\n", title);
    arrived(stream->get_schema(stream, &schema));
    for (arrived(stream->get_next(stream, &batch)); batch.release; arrived(stream->get_next(stream, &batch))) {
        for (row = 0; row < batch.length; row++) {
            for (at = 0; at < batch.n_children; at++) {
                printf("%s%s ", at ? ", " : "  ", schema.children[at]->name);
                print_cell(schema.children[at]->format, batch.children[at], batch.offset + row);
            }
            printf("\n");
        }
        batch.release(&batch);
    }
    schema.release(&schema);
    stream->release(stream);
}

static void replay(const parure_program *program, const parure_table_options *options)
{
    struct ArrowArrayStream sold = stream_of(&sales), joined = stream_of(&customers), told;
    parure_replayed *replayed = NULL;
    parure_error *error = NULL;
    must(parure_replay(program, &sold, &joined, options, &replayed, &error), &error);
    must(parure_replayed_accounts(replayed, &told, &error), &error);
    print_table("Accounts", &told);
    must(parure_replayed_rejects(replayed, &told, &error), &error);
    print_table("Set aside", &told);
    parure_replayed_free(replayed);
}

/* Without being set aside, the first bad row stops everything, and the error says where it stands. */
static void stop(const parure_program *program, const parure_table_options *options)
{
    parure_table_options strict = *options;
    struct ArrowArrayStream sold = stream_of(&sales);
    parure_replayed *replayed = NULL;
    parure_error *error = NULL;
    parure_error_view why;
    strict.set_aside = 0;
    if (parure_replay(program, &sold, NULL, &strict, &replayed, &error) != PARURE_FAULT) {
        exit(EXIT_FAILURE);
    }
    PARURE_INIT(why);
    parure_error_read(error, &why);
    printf("Stopped\n  %.*s, row %llu, column %.*s: %.*s\n", PARURE_PRINT(why.table), (unsigned long long)why.row,
           PARURE_PRINT(why.path), PARURE_PRINT(why.code));
    parure_error_free(error);
}

/* The same tables into a book, twice: the second time everything is known. */
static void merge(const parure_program *program, const parure_table_options *options)
{
    parure_book *book = NULL;
    parure_error *error = NULL;
    int time;
    must(parure_book_new(program, &book, &error), &error);
    printf("Merged\n");
    for (time = 0; time < 2; time++) {
        struct ArrowArrayStream sold = stream_of(&sales), joined = stream_of(&customers);
        parure_merged *merged = NULL;
        parure_text json = {NULL, 0};
        must(parure_book_merge_table(book, &sold, &joined, options, &merged, &error), &error);
        must(parure_merged_json(merged, &json, &error), &error);
        printf("  %.*s\n", PARURE_PRINT(json));
        parure_merged_free(merged);
    }
    parure_book_free(book);
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

int main(int count, char **arguments)
{
    parure_program *program;
    parure_table_options options;
    if (count != 2) {
        fprintf(stderr, "tables PROGRAM\n");
        return 2;
    }
    program = program_of(arguments[1]);
    PARURE_INIT(options);
    options.columns = parure_text_of("{\"id\":\"receipt\",\"customer\":\"member\"}");
    options.as_of = 20260331;
    options.set_aside = 1;
    replay(program, &options);
    stop(program, &options);
    merge(program, &options);
    parure_program_free(program);
    return 0;
}
