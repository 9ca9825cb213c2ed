/*
 * What must not be done: a handle freed twice. The library can't see it, valgrind can; the test wants it to.
 *
 *     free-twice PROGRAM program|book|error|answer
 */
#include <parure.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **arguments)
{
    static char text[1 << 16];
    size_t length;
    FILE *file = count == 3 ? fopen(arguments[1], "rb") : NULL;
    parure_program *program = NULL;
    parure_book *book = NULL;
    parure_answer *answer = NULL;
    parure_error *error = NULL;
    if (!file) {
        return 2;
    }
    length = fread(text, 1, sizeof text, file);
    fclose(file);
    if (parure_program_parse("maison.toml", 11, text, length, &program, NULL) != PARURE_OK
        || parure_book_new(program, &book, NULL) != PARURE_OK
        || parure_book_ask(book, "{\"book\":{}}", 11, &answer, NULL) != PARURE_OK
        || parure_book_ask(book, "{", 1, NULL, &error) == PARURE_OK || !error) {
        return 3;
    }
    parure_program_free(program);
    parure_book_free(book);
    parure_answer_free(answer);
    parure_error_free(error);
    if (!strcmp(arguments[2], "program")) {
        parure_program_free(program);
    } else if (!strcmp(arguments[2], "book")) {
        parure_book_free(book);
    } else if (!strcmp(arguments[2], "answer")) {
        parure_answer_free(answer);
    } else {
        parure_error_free(error);
    }
    return 0;
}
