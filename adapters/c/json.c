#include "json.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct chunk {
    struct chunk *next;
    max_align_t memory[];
};
static struct chunk *chunks;

void *take(size_t size) {
    struct chunk *chunk = calloc(1, sizeof *chunk + size);
    if (!chunk) {
        perror("memory");
        exit(1);
    }
    chunk->next = chunks;
    chunks = chunk;
    return chunk->memory;
}

void forget(void) {
    for (struct chunk *next; chunks; chunks = next) {
        next = chunks->next;
        free(chunks);
    }
}

const char *made(const char *format, ...) {
    va_list values;
    va_start(values, format);
    int length = vsnprintf(NULL, 0, format, values);
    va_end(values);
    char *text = take((size_t)length + 1);
    va_start(values, format);
    vsnprintf(text, (size_t)length + 1, format, values);
    va_end(values);
    return text;
}

struct reader {
    const char *at;
    bool nul;
};

static void blank(struct reader *from) {
    from->at += strspn(from->at, " \t\r\n");
}

static bool word(struct reader *from, const char *text) {
    bool there = strncmp(from->at, text, strlen(text)) == 0;
    from->at += there ? strlen(text) : 0;
    return there;
}

static bool unit(struct reader *from, unsigned *value) {
    const char *digits = made("%.4s", from->at);
    bool there = strspn(digits, "0123456789abcdefABCDEF") == 4;
    *value = (unsigned)strtoul(digits, NULL, 16);
    from->at += there ? 4 : 0;
    return there;
}

static char *utf8(char *to, unsigned point) {
    int more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    *to++ = (char)(more ? 0xf00 >> more | point >> 6 * more : point);
    while (more--)
        *to++ = (char)(0x80 | (point >> 6 * more & 0x3f));
    return to;
}

static char *escaped(struct reader *from, char *to) {
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char letter = *from->at++;
    const char *known = letter ? strchr(letters, letter) : NULL;
    unsigned point, low;
    if (known)
        return *to = meant[known - letters], to + 1;
    if (letter != 'u' || !unit(from, &point))
        return NULL;
    if (point >= 0xd800 && point < 0xe000) {
        if (point >= 0xdc00 || !word(from, "\\u") || !unit(from, &low) || low >> 10 != 0x37)
            return NULL;
        point = 0x10000 + ((point & 0x3ff) << 10) + (low & 0x3ff);
    }
    from->nul |= point == 0;
    return utf8(to, point);
}

static const char *string(struct reader *from) {
    if (!word(from, "\""))
        return NULL;
    size_t length = 0;
    while (from->at[length] && from->at[length] != '"')
        length += from->at[length] == '\\' && from->at[length + 1] ? 2 : 1;
    char *text = take(length + 1), *to = text;
    while (to && *from->at != '"') {
        if ((unsigned char)*from->at < ' ')
            return NULL;
        if (word(from, "\\"))
            to = escaped(from, to);
        else
            *to++ = *from->at++;
    }
    from->at++;
    return to ? text : NULL;
}

static struct json *value(struct reader *from, int depth);

/* The items behind a bracket, up to the other one. */
static bool items(struct reader *from, struct json *of, const char *end, int depth) {
    struct json **place = &of->first;
    for (blank(from); !word(from, end); blank(from), place = &(*place)->next) {
        const char *name = NULL;
        if (of->first && !word(from, ","))
            return false;
        blank(from);
        if (of->kind == OBJECT && (!(name = string(from)) || (blank(from), !word(from, ":"))))
            return false;
        if (!(*place = value(from, depth + 1)))
            return false;
        (*place)->name = name;
    }
    return true;
}

static struct json *value(struct reader *from, int depth) {
    if (depth > 100)
        return NULL;
    struct json *made_of = take(sizeof *made_of);
    made_of->text = "";
    blank(from);
    if (word(from, "{") || word(from, "[")) {
        bool object = from->at[-1] == '{';
        made_of->kind = object ? OBJECT : LIST;
        return items(from, made_of, object ? "}" : "]", depth) ? made_of : NULL;
    }
    if (*from->at == '"') {
        made_of->kind = TEXT;
        return (made_of->text = string(from)) ? made_of : NULL;
    }
    if (word(from, "null"))
        return made_of;
    made_of->kind = TRUE_OR_FALSE;
    if (word(from, "false"))
        return made_of;
    if (word(from, "true"))
        return made_of->text = "true", made_of;
    size_t length = strspn(from->at, "+-.eE0123456789");
    made_of->kind = NUMBER;
    made_of->text = made("%.*s", (int)length, from->at);
    from->at += length;
    return length ? made_of : NULL;
}

const struct json *json_read(const char *line, bool *nul) {
    struct reader from = {line, false};
    const struct json *read = value(&from, 0);
    blank(&from);
    *nul = from.nul;
    return *from.at ? NULL : read;
}

void json_quote(FILE *to, const char *text) {
    putc('"', to);
    for (; *text; text++)
        if (*text == '"' || *text == '\\')
            fprintf(to, "\\%c", *text);
        else if ((unsigned char)*text < ' ')
            fprintf(to, "\\u%04x", *text);
        else
            putc(*text, to);
    putc('"', to);
}

const struct json *field(const struct json *of, const char *name) {
    const struct json *each = of && of->kind == OBJECT ? of->first : NULL;
    while (each && strcmp(each->name, name) != 0)
        each = each->next;
    return each && each->kind != NOTHING ? each : NULL;
}

const char *text_of(const struct json *of, const char *name, const char *absent) {
    const struct json *found = field(of, name);
    return found ? found->text : absent;
}

bool flag_of(const struct json *of, const char *name) {
    return *text_of(of, name, "") != '\0';
}

const struct json *first_of(const struct json *of, const char *name) {
    const struct json *found = field(of, name);
    return found ? found->first : NULL;
}
