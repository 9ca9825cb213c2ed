/*
 * Tables of any kind, right and wrong, drawn from a seed: whatever a stream gives, each call answers, takes the stream, and nothing
 * leaks. What a stream must promise is kept: its buffers are as long as its arrays say.
 *
 *     streams PROGRAM SEED COUNT
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

/* Rare enough that most tables are right. */
static int wrong(void)
{
    return draw(120) == 0;
}

static void *room(size_t size)
{
    void *made = calloc(1, size ? size : 1);
    if (!made) {
        exit(EXIT_FAILURE);
    }
    return made;
}

#define COLUMNS 4
#define MOST_ROWS 6

static const char *const names[COLUMNS] = {"customer", "at", "id", "amount"};
static const char *const cells[3][5] = {
    {"mei", "lin-yue", "玉和", "c-1", "\xff"},
    {"2026-03-02", "2026-03-02T15:04:05+08:00", "2026-05-20", "2026-12-31T23:59:59+08:00", "2 March"},
    {"p-1", "p-2", "p-3", "p-4", ""},
};

/* The last column is of whole numbers, the others are of texts. */
static int is_text(int64_t column)
{
    return column < 3;
}

static void release_schema(struct ArrowSchema *schema)
{
    int64_t at;
    for (at = 0; schema->children && at < COLUMNS; at++) {
        if (schema->children[at]->release) {
            schema->children[at]->release(schema->children[at]);
        }
        free(schema->children[at]);
    }
    free(schema->children);
    schema->release = NULL;
}

static void schema_of(struct ArrowSchema *schema, const char *format, const char *name)
{
    memset(schema, 0, sizeof *schema);
    schema->format = format;
    schema->name = name;
    schema->flags = wrong() ? 0 : ARROW_FLAG_NULLABLE;
    schema->release = release_schema;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    int64_t at;
    (void)stream;
    if (wrong()) {
        return 5;
    }
    if (wrong()) {
        schema_of(out, draw(2) ? "l" : "no format", "");
        return 0;
    }
    schema_of(out, "+s", "");
    out->n_children = COLUMNS;
    out->children = (struct ArrowSchema **)room(COLUMNS * sizeof *out->children);
    for (at = 0; at < COLUMNS; at++) {
        out->children[at] = (struct ArrowSchema *)room(sizeof **out->children);
        schema_of(out->children[at], is_text(at) ? "u" : "l", wrong() ? "id" : names[at]);
    }
    return 0;
}

static void release_array(struct ArrowArray *array)
{
    int64_t at;
    for (at = 0; array->children && at < COLUMNS; at++) {
        if (array->children[at]->release) {
            array->children[at]->release(array->children[at]);
        }
        free(array->children[at]);
    }
    free(array->children);
    for (at = 0; at < 3; at++) {
        free((void *)array->buffers[at]);
    }
    free(array->buffers);
    array->release = NULL;
}

static void array_of(struct ArrowArray *array, int64_t rows, int64_t buffers)
{
    memset(array, 0, sizeof *array);
    array->length = rows;
    array->null_count = wrong() ? 1 : -(int64_t)draw(2);
    array->n_buffers = wrong() ? buffers - 1 : buffers;
    array->buffers = (const void **)room(3 * sizeof *array->buffers);
    array->release = release_array;
    if (wrong()) {
        unsigned char *valid = (unsigned char *)room(1);
        *valid = (unsigned char)draw(256);
        array->null_count = -1;
        array->buffers[0] = valid;
    }
}

static void column_of(struct ArrowArray *array, int64_t column, int64_t rows)
{
    int64_t row;
    if (is_text(column)) {
        int32_t *ends = (int32_t *)room((size_t)(rows + 1) * sizeof *ends);
        char *bytes = NULL;
        for (row = 0; row < rows; row++) {
            const char *cell = cells[column][wrong() ? 4 : draw(4)];
            const size_t length = strlen(cell), before = (size_t)ends[row];
            char *all = (char *)room(before + length);
            if (bytes) {
                memcpy(all, bytes, before);
            }
            memcpy(all + before, cell, length);
            free(bytes);
            bytes = all;
            ends[row + 1] = (int32_t)(before + length);
        }
        if (rows && wrong()) {
            ends[draw((uint32_t)rows)] = (int32_t)draw(100); /* ends that go back, or too far; the last one is what it is */
        }
        array_of(array, rows, 3);
        array->buffers[1] = ends;
        array->buffers[2] = bytes;
    } else {
        int64_t *numbers = (int64_t *)room((size_t)rows * sizeof *numbers);
        for (row = 0; row < rows; row++) {
            numbers[row] = wrong() ? draw(2) ? INT64_MIN : -1 : (int64_t)draw(100000);
        }
        array_of(array, rows, 2);
        array->buffers[1] = numbers;
    }
    if (wrong()) {
        free((void *)array->buffers[1]);
        array->buffers[1] = NULL;
    }
    if (rows && draw(8) == 0) {
        array->offset = 1;
        array->length = rows - 1;
    }
}

/* How many batches are left is what the stream holds. */
static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    uint32_t *left = (uint32_t *)stream->private_data;
    const int64_t rows = draw(MOST_ROWS), begins = rows ? draw(2) : 0;
    int64_t at;
    memset(out, 0, sizeof *out);
    if (wrong()) {
        return 12;
    }
    if (!*left) {
        return 0;
    }
    --*left;
    array_of(out, rows - begins, 1);
    out->offset = begins;
    out->n_children = wrong() ? COLUMNS - 1 : COLUMNS;
    out->children = (struct ArrowArray **)room(COLUMNS * sizeof *out->children);
    for (at = 0; at < COLUMNS; at++) {
        out->children[at] = (struct ArrowArray *)room(sizeof **out->children);
        column_of(out->children[at], at, rows + 1); /* longer than the table, for those that begin later */
    }
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return draw(2) ? "the line went dead" : NULL;
}

static void release_stream(struct ArrowArrayStream *stream)
{
    free(stream->private_data);
    stream->release = NULL;
}

static void stream_of(struct ArrowArrayStream *stream)
{
    uint32_t *left;
    memset(stream, 0, sizeof *stream);
    if (wrong()) {
        return;
    }
    left = (uint32_t *)room(sizeof *left);
    *left = draw(4);
    stream->get_schema = wrong() ? NULL : get_schema;
    stream->get_next = wrong() ? NULL : get_next;
    stream->get_last_error = wrong() ? NULL : get_last_error;
    stream->release = release_stream;
    stream->private_data = left;
}

static unsigned answered[100];

/* Every error can be read. */
static void look(parure_status status, parure_error *error)
{
    parure_error_view view;
    parure_text text = {NULL, 0};
    answered[status]++;
    if (status == PARURE_PANIC || (status == PARURE_OK) != !error) {
        parure_error_text(error, &text);
        fprintf(stderr, "status %d: %.*s\n", (int)status, PARURE_PRINT(text));
        exit(EXIT_FAILURE);
    }
    PARURE_INIT(view);
    if (error
        && (parure_error_read(error, &view) != PARURE_OK || parure_error_text(error, &text) != PARURE_OK
            || parure_error_json(error, &text) != PARURE_OK || !view.code.length || (view.has_row && !view.table.data))) {
        exit(EXIT_FAILURE);
    }
    parure_error_free(error);
}

/* Reads a stream that was given to its end, or only looks at it. */
static void drain(parure_status status, struct ArrowArrayStream *stream)
{
    struct ArrowSchema schema;
    struct ArrowArray batch;
    if ((status == PARURE_OK) != (stream->release != NULL)) {
        exit(EXIT_FAILURE);
    }
    if (!stream->release) {
        return;
    }
    if (draw(4)) {
        if (stream->get_schema(stream, &schema)) {
            exit(EXIT_FAILURE);
        }
        schema.release(&schema);
        while (!stream->get_next(stream, &batch) && batch.release) {
            batch.release(&batch);
        }
    }
    stream->release(stream);
}

static const char *const columns[] = {
    "", "{}", "{\"amount\":\"amount\"}", "{\"id\":\"customer\"}", "{\"amount\":", "[1]", "{\"nothing\":\"id\"}",
};

static void tables(const parure_program *program, parure_book *book)
{
    struct ArrowArrayStream sales, customers, out;
    parure_table_options options;
    parure_replayed *replayed = NULL;
    parure_merged *merged = NULL;
    parure_error *error = NULL;
    parure_status status;
    parure_text text = {NULL, 0};
    struct ArrowArrayStream *sold = draw(60) ? &sales : NULL, *joined = draw(3) ? NULL : &customers;
    stream_of(&sales);
    stream_of(&customers);
    PARURE_INIT(options);
    options.size = wrong() ? 8 : options.size;
    options.columns = parure_text_of(columns[draw(10) ? draw(3) : draw(7)]);
    options.as_of = draw(3) ? 0 : draw(10) ? 20260601 : -1;
    options.set_aside = (int32_t)draw(4);
    options.without_purchases = (int32_t)draw(2);
    if (draw(2)) {
        status = parure_replay(draw(60) ? program : NULL, sold, joined, draw(9) ? &options : NULL, &replayed, &error);
        look(status, error);
        drain(parure_replayed_purchases(replayed, &out, NULL), &out);
        drain(parure_replayed_accounts(replayed, &out, NULL), &out);
        drain(parure_replayed_months(replayed, &out, NULL), &out);
        drain(parure_replayed_rejects(replayed, &out, NULL), &out);
        parure_replayed_report(replayed, &text, NULL);
    } else {
        status = parure_book_merge_table(draw(60) ? book : NULL, sold, joined, &options, &merged, &error);
        look(status, error);
        drain(parure_merged_rejects(merged, &out, NULL), &out);
        parure_merged_json(merged, &text, NULL);
    }
    parure_replayed_free(replayed);
    parure_merged_free(merged);
    /* What was taken is released; what was not handed in is ours. */
    if ((sold && sales.release) || (joined && customers.release)) {
        exit(EXIT_FAILURE);
    }
    if (sales.release) {
        sales.release(&sales);
    }
    if (customers.release) {
        customers.release(&customers);
    }
}

int main(int count, char **arguments)
{
    static char rules[1 << 16];
    size_t length;
    parure_program *program = NULL;
    parure_book *book = NULL;
    long left;
    FILE *file = count == 4 ? fopen(arguments[1], "rb") : NULL;
    if (!file) {
        return 2;
    }
    length = fread(rules, 1, sizeof rules, file);
    fclose(file);
    state = (uint64_t)strtoull(arguments[2], NULL, 10) * UINT64_C(0x9e3779b97f4a7c15) + 1;
    if (parure_program_parse("maison.toml", 11, rules, length, &program, NULL) != PARURE_OK
        || parure_book_new(program, &book, NULL) != PARURE_OK) {
        return 3;
    }
    for (left = strtol(arguments[3], NULL, 10); left > 0; left--) {
        tables(program, book);
    }
    parure_book_free(book);
    parure_program_free(program);
    /* Had nothing been accepted, nothing would have been tried. */
    fprintf(stderr, "%u read, %u not\n", answered[PARURE_OK], answered[PARURE_FAULT]);
    return answered[PARURE_OK] && answered[PARURE_FAULT] && answered[PARURE_NULL_POINTER] ? 0 : 4;
}
