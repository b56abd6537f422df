/* An adapter to copy: requests in, calls to the implementation under test, replies out.
 * Keep the wire, which is this file; arch.c stands for your own code, to be called from here. */
#include "arch.h"

#include <json-c/json_visit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fields that are absent or null are the default of their type. Integers keep all 64 bits. */

static struct json_object *field(struct json_object *of, const char *name) {
    return json_object_object_get(of, name);
}

static const char *text_or(struct json_object *of, const char *name, const char *absent) {
    struct json_object *found = field(of, name);
    return found ? json_object_get_string(found) : absent; /* of a number its digits */
}

static const char *text(struct json_object *of, const char *name) {
    return text_or(of, name, "");
}

static bool flag(struct json_object *of, const char *name) {
    return json_object_get_boolean(field(of, name));
}

static int64_t integer(struct json_object *of, const char *name) {
    return json_object_get_int64(field(of, name));
}

/* The item at a place of a list, NULL behind its end. */
static struct json_object *item(struct json_object *of, const char *name, size_t at) {
    struct json_object *list = field(of, name);
    return list && at < json_object_array_length(list) ? json_object_array_get_idx(list, at) : NULL;
}

static bool device(struct vm *vm, struct json_object *of) {
    const char *kind = text(of, "kind");
    if (strcmp(kind, "console") == 0)
        return console(vm, text(of, "name"), text(of, "backend"),
                       text_or(of, "port_type", "serial"), text(of, "path"));
    if (strcmp(kind, "net") == 0)
        return net(vm, text(of, "net_type"), text(of, "if_name"), text(of, "mac_address"));
    if (strcmp(kind, "block") == 0)
        return block(vm, text(of, "file_path"), integer(of, "index"));
    bool (*bus)(struct vm *, int64_t, const char *) = strcmp(kind, "lpc") == 0 ? lpc : bridge;
    return bus(vm, integer(of, "function"), text(of, "emul"));
}

static void step(struct vm *vm, struct json_object *of) {
    const char *what = text(of, "append");
    if (strcmp(what, "socket") == 0)
        console(vm, text(of, "name"), "socket", "serial", text(of, "host_path"));
    else if (strcmp(what, "network") == 0)
        network(vm, text(of, "endpoint"), text(of, "model"), text(of, "if_name"),
                text(of, "hard_addr"));
    else
        block(vm, text(of, "file"), integer(of, "index"));
}

static struct json_object *only(const char *name, struct json_object *value) {
    struct json_object *made = json_object_new_object();
    json_object_object_add(made, name, value);
    return made;
}

static void refuse(struct json_object *reply, int code, const char *message) {
    struct json_object *error = only("code", json_object_new_int(code));
    json_object_object_add(error, "message", json_object_new_string(message));
    json_object_object_add(reply, "error", error);
}

static void launched(struct vm *vm, struct json_object *reply) {
    struct json_object *slots = json_object_new_array(), *result = only("argv", vm->argv);
    for (int index = 0; index < 9; index++)
        json_object_array_add(slots, json_object_new_int(vm->block_slots[index]));
    json_object_object_add(result, "block_slots", slots);
    if (!vm->refused)
        json_object_object_add(reply, "result", json_object_get(result));
    else
        refuse(reply, -32000, vm->refused);
    json_object_put(result);
}

/* Adds a result to the reply, or why there is none. */
typedef void method(struct json_object *params, struct json_object *reply);

static void describe(struct json_object *params, struct json_object *reply) {
    (void)params;
    json_object_object_add(reply, "result", json_tokener_parse(
        "{\"name\":\"adapter-c\",\"version\":\"1\",\"language\":\"C\",\"protocol\":1,\"methods\":"
        "[\"argv\",\"device_valid\",\"kernel_parameters\",\"sandbox_argv\"]}"));
}

static void argv_method(struct json_object *params, struct json_object *reply) {
    struct json_object *config = field(params, "config"), *kernel = field(config, "kernel"), *each;
    struct vm vm = {.argv = json_object_new_array()};
    begin(&vm, text(config, "uuid"), flag(config, "acpi_virt"), text(field(config, "memory"), "size"));
    for (size_t at = 0; (each = item(config, "devices", at)); at++)
        device(&vm, each);
    end(&vm, text(kernel, "path"), text(kernel, "params"), "", text(config, "name"));
    launched(&vm, reply);
}

static void device_valid(struct json_object *params, struct json_object *reply) {
    struct vm vm = {.argv = json_object_new_array()};
    bool valid = device(&vm, field(params, "device"));
    json_object_object_add(reply, "result", only("valid", json_object_new_boolean(valid)));
    json_object_put(vm.argv);
}

static void kernel_parameters_method(struct json_object *of, struct json_object *reply) {
    struct json_object *pairs = json_object_new_array();
    kernel_parameters(pairs, text(of, "image_path"), flag(of, "debug"));
    json_object_object_add(reply, "result", only("params", pairs));
}

static void sandbox_argv(struct json_object *of, struct json_object *reply) {
    struct json_object *pairs = json_object_new_array(), *each;
    struct vm vm = {.argv = json_object_new_array()};
    char memory[32], own[64];
    snprintf(memory, sizeof memory, "%sM", text_or(of, "memory_mb", "0"));
    snprintf(own, sizeof own, "panic=1 maxcpus=%s", text_or(of, "max_vcpus", "0"));
    begin(&vm, text(of, "uuid"), true, memory);
    sandbox(&vm, text(of, "image_path"), text(of, "console_path"));
    for (size_t at = 0; (each = item(of, "steps", at)); at++)
        step(&vm, each);
    kernel_parameters(pairs, text(of, "image_path"), flag(of, "debug"));
    split(pairs, own);
    for (size_t at = 0; (each = item(of, "kernel_params", at)); at++)
        json_object_array_add(pairs, json_object_get(each));
    char *line = joined(pairs);
    end(&vm, text(of, "kernel_path"), line, "sandbox-", text(of, "id"));
    free(line), json_object_put(pairs);
    launched(&vm, reply);
}

/* What describe claims, and itself: only that is judged. */
static const struct {
    const char *name;
    method *call;
} methods[] = {
    {"describe", describe},
    {"argv", argv_method},
    {"device_valid", device_valid},
    {"kernel_parameters", kernel_parameters_method},
    {"sandbox_argv", sandbox_argv},
};

/* A visitor: tells whether a text has a NUL, which can reach no process. */
static int seek_nul(struct json_object *value, int flags, struct json_object *parent,
                    const char *key, size_t *index, void *found) {
    (void)flags, (void)parent, (void)key, (void)index;
    if (json_object_is_type(value, json_type_string) &&
        strlen(json_object_get_string(value)) < (size_t)json_object_get_string_len(value))
        *(bool *)found = true;
    return JSON_C_VISIT_RETURN_CONTINUE;
}

static struct json_object *answer(struct json_object *request) {
    struct json_object *reply = only("jsonrpc", json_object_new_string("2.0"));
    const size_t count = sizeof methods / sizeof *methods;
    size_t at = 0;
    bool nul = false;
    json_object_object_add(reply, "id", json_object_get(field(request, "id")));
    json_c_visit(request, 0, seek_nul, &nul);
    while (at < count && strcmp(methods[at].name, text(request, "method")) != 0)
        at++;
    if (at == count)
        refuse(reply, -32601, "no such method");
    else if (nul)
        refuse(reply, -32000, "a NUL can reach no process");
    else
        methods[at].call(field(request, "params"), reply);
    return reply;
}

int main(void) {
    struct json_tokener *reader = json_tokener_new_ex(100);
    json_tokener_set_flags(reader, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    char *line = NULL;
    size_t size = 0;
    for (ssize_t length; (length = getline(&line, &size, stdin)) > 0;) {
        json_tokener_reset(reader);
        struct json_object *request = json_tokener_parse_ex(reader, line, (int)length);
        if (json_tokener_get_error(reader) != json_tokener_success) {
            fprintf(stderr, "no JSON on standard input: %.80s\n", line);
            return 1;
        }
        struct json_object *reply = answer(request);
        puts(json_object_to_json_string_ext(reply, JSON_C_TO_STRING_PLAIN));
        fflush(stdout);
        json_object_put(reply), json_object_put(request);
    }
    free(line), json_tokener_free(reader);
    return 0;
}
