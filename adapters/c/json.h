/* As much JSON as the wire needs: a strict reader, and text to write. Numbers keep their digits. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum kind { NOTHING, TRUE_OR_FALSE, NUMBER, TEXT, LIST, OBJECT };

/* A value: `text` of a text, a number or a word; `first` of a list or an object, whose items are
 * linked by `next` and, of an object, named. */
struct json {
    enum kind kind;
    const char *name, *text;
    struct json *first, *next;
};

/* Zeroed memory until forget(): of a request and its reply. */
void *take(size_t size);
void forget(void);
/* A text made as printf does it. */
const char *made(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The document of a line; NULL where it is none. A text with a NUL, which no process can be given,
 * sets *nul. */
const struct json *json_read(const char *line, bool *nul);
void json_quote(FILE *to, const char *text);

/* Fields of an object (or of NULL): absent or null, they are the default of their type. */
const struct json *field(const struct json *of, const char *name);
const char *text_of(const struct json *of, const char *name, const char *absent);
bool flag_of(const struct json *of, const char *name);
const struct json *first_of(const struct json *of, const char *name);

#endif
