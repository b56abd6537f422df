/* An adapter to copy: requests in, calls to the implementation under test, replies out.
 * Keep the wire: this file and json.c. arch.c stands for your own code, to be called from here. */
#include "arch.h"
#include "json.h"

#include <stdlib.h>
#include <string.h>

static const char *text(const struct json *of, const char *name) {
    return text_of(of, name, "");
}

static int64_t integer(const struct json *of, const char *name) {
    return strtoll(text(of, name), NULL, 10);
}

static struct device device_of(const struct json *of) {
    const char *kind = text(of, "kind");
    bool net = strcmp(kind, "net") == 0, block = strcmp(kind, "block") == 0;
    return (struct device){
        .kind = kind,
        .name = text(of, net ? "if_name" : "name"),
        .backend = text(of, "backend"),
        .port = text_of(of, "port_type", "serial"),
        .path = text(of, block ? "file_path" : "path"),
        .net_type = text(of, "net_type"),
        .address = text(of, "mac_address"),
        .emul = text(of, "emul"),
        .index = integer(of, "index"),
        .function = integer(of, "function"),
    };
}

static void append_step(struct device **to, const struct json *step) {
    const char *append_what = text(step, "append");
    if (strcmp(append_what, "socket") == 0)
        append(to, (struct device){.kind = "console", .name = text(step, "name"), .backend = "socket",
                                   .port = "serial", .path = text(step, "host_path")});
    else if (strcmp(append_what, "network") == 0)
        append_network(to, text(step, "endpoint"), text(step, "model"), text(step, "if_name"),
                       text(step, "hard_addr"));
    else if (*text(step, "file"))
        append(to, (struct device){.kind = "block", .path = text(step, "file"),
                                   .index = integer(step, "index")});
}

static void write_list(FILE *to, struct list texts) {
    for (int at = 0; at < texts.count; at++) {
        fputs(at ? "," : "", to);
        json_quote(to, texts.at[at]);
    }
}

/* What is written of a result; returns why the request is refused, or NULL. */
typedef const char *method(const struct json *params, FILE *to);

static const char *describe(const struct json *params, FILE *to) {
    (void)params;
    fputs("{\"name\":\"adapter-c\",\"version\":\"1\",\"language\":\"C\",\"protocol\":1,\"methods\":"
          "[\"argv\",\"device_valid\",\"kernel_parameters\",\"sandbox_argv\"]}", to);
    return NULL;
}

static const char *launch(const struct config *config, FILE *to) {
    struct list argv = {0};
    int slots[9] = {0};
    const char *refusal = command(config, &argv, slots);
    fputs("{\"argv\":[", to);
    write_list(to, argv);
    fputs("],\"block_slots\":[", to);
    for (int index = 0; index < 9; index++)
        fprintf(to, "%s%d", index ? "," : "", slots[index]);
    fputs("]}", to);
    return refusal;
}

static const char *argv_method(const struct json *params, FILE *to) {
    const struct json *of = field(params, "config"), *kernel = field(of, "kernel");
    struct config config = {
        .name = text(of, "name"),
        .uuid = text(of, "uuid"),
        .acpi = flag_of(of, "acpi_virt"),
        .memory = text(field(of, "memory"), "size"),
        .kernel = text(kernel, "path"),
        .kernel_line = text(kernel, "params"),
    };
    struct device **end = &config.devices;
    for (const struct json *each = first_of(of, "devices"); each; each = each->next) {
        append(end, device_of(each));
        end = &(*end)->next;
    }
    return launch(&config, to);
}

static const char *device_valid_method(const struct json *params, FILE *to) {
    struct device device = device_of(field(params, "device"));
    fprintf(to, "{\"valid\":%s}", device_valid(&device) ? "true" : "false");
    return NULL;
}

static const char *kernel_parameters_method(const struct json *params, FILE *to) {
    struct list pairs = {0};
    kernel_parameters(&pairs, text(params, "image_path"), flag_of(params, "debug"));
    fputs("{\"params\":[", to);
    for (int at = 0; at < pairs.count; at += 2) {
        fputs(at ? ",[" : "[", to);
        write_list(to, (struct list){pairs.at + at, 2});
        fputs("]", to);
    }
    fputs("]}", to);
    return NULL;
}

static const char *sandbox_argv_method(const struct json *of, FILE *to) {
    struct config config = {.uuid = text(of, "uuid"), .kernel = text(of, "kernel_path")};
    struct list own = {0};
    for (const struct json *pair = first_of(of, "kernel_params"); pair; pair = pair->next)
        for (const struct json *each = pair->first; each; each = each->next)
            push(&own, each->text);
    const char *vcpus = text_of(of, "max_vcpus", "0");
    const char *refusal = sandbox(&config, text(of, "id"), text(of, "image_path"),
                                  text(of, "console_path"), vcpus, flag_of(of, "debug"), own);
    if (refusal)
        return refusal;
    config.memory = made("%sM", text_of(of, "memory_mb", "0"));
    for (const struct json *step = first_of(of, "steps"); step; step = step->next)
        append_step(&config.devices, step);
    return launch(&config, to);
}

/* What describe claims, and itself: only that is judged. */
static const struct {
    const char *name;
    method *call;
} methods[] = {
    {"describe", describe},
    {"argv", argv_method},
    {"device_valid", device_valid_method},
    {"kernel_parameters", kernel_parameters_method},
    {"sandbox_argv", sandbox_argv_method},
};

static void reply(const char *line, FILE *to) {
    bool nul;
    const struct json *request = json_read(line, &nul);
    if (!request) {
        fprintf(stderr, "no JSON on standard input: %.80s\n", line);
        exit(1);
    }
    int code = -32601;
    const char *fault = "no such method";
    char *result = NULL;
    size_t length;
    FILE *answer = open_memstream(&result, &length);
    for (size_t at = 0; at < sizeof methods / sizeof *methods; at++)
        if (strcmp(methods[at].name, text(request, "method")) == 0) {
            code = -32000;
            fault = nul ? "a NUL can reach no process"
                        : methods[at].call(field(request, "params"), answer);
        }
    fclose(answer);
    fprintf(to, "{\"jsonrpc\":\"2.0\",\"id\":%s,", text_of(request, "id", "null"));
    if (fault) {
        fprintf(to, "\"error\":{\"code\":%d,\"message\":", code);
        json_quote(to, fault);
        fputs("}}\n", to);
    } else {
        fprintf(to, "\"result\":%s}\n", result);
    }
    free(result);
}

int main(void) {
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0) {
        reply(line, stdout);
        fflush(stdout);
        forget();
    }
    free(line);
    return 0;
}
