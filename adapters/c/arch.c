#include "arch.h"
#include "json.h" /* take() and made() alone: memory that ends with the request */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool among(const char *text, const char *const *words) {
    for (; *words; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

static bool is(const char *text, const char *word) {
    return strcmp(text, word) == 0;
}

void push(struct list *to, const char *text) {
    if ((to->count & (to->count - 1)) == 0) { /* 0, 1, 2, 4, ...: full */
        const char **more = take(sizeof *more * (size_t)(to->count ? 2 * to->count : 1));
        if (to->count)
            memcpy(more, to->at, sizeof *more * (size_t)to->count);
        to->at = more;
    }
    to->at[to->count++] = text;
}

bool device_valid(const struct device *it) {
    static const char *const backends[] = {"tty", "pty", "console", "socket", "file", NULL};
    if (is(it->kind, "console"))
        return among(it->backend, backends) && (is(it->port, "console") || is(it->port, "serial")) &&
               *it->path;
    if (is(it->kind, "net"))
        return (is(it->net_type, "tap") || is(it->net_type, "macvtap")) && *it->name && *it->address;
    if (is(it->kind, "block"))
        return *it->path;
    if (is(it->kind, "bridge"))
        return it->function == 0 && is(it->emul, "hostbridge");
    return is(it->emul, "lpc");
}

static const char *console_text(const struct device *it) {
    if (is(it->backend, "socket"))
        return made("socket:%s=%s", it->name, it->path);
    if (is(it->backend, "tty"))
        return made("tty:tty_port=%s", it->path);
    if (is(it->backend, "file"))
        return made("file:file_port=%s", it->path);
    return is(it->backend, "pty") ? "pty:pty_port" : "";
}

static void push_device(struct list *argv, const struct device *it, int slot) {
    push(argv, "-s");
    if (is(it->kind, "console"))
        push(argv, made("%d,virtio-console,%s%s", slot, is(it->port, "console") ? "@" : "",
                        console_text(it)));
    else if (is(it->kind, "net"))
        push(argv, made("%d,virtio-net,%s,mac=%s", slot, it->name, it->address));
    else if (is(it->kind, "block"))
        push(argv, made("%d,virtio-blk,%s", slot, it->path));
    else
        push(argv, made("%d:%" PRId64 ",%s", slot, it->function, it->emul));
    if (is(it->kind, "lpc"))
        push(argv, "-lcom1,stdio");
}

static void option(struct list *argv, const char *flag, const char *value) {
    if (*value) {
        push(argv, flag);
        push(argv, value);
    }
}

const char *command(const struct config *config, struct list *argv, int slots[9]) {
    int slot = 0;
    option(argv, "-U", config->uuid);
    if (config->acpi)
        push(argv, "-A");
    option(argv, "-m", config->memory);
    for (const struct device *it = config->devices; it; it = it->next) {
        if (!device_valid(it))
            continue;
        push_device(argv, it, slot);
        if (is(it->kind, "block") && it->index < 0)
            return made("index %" PRId64 " is negative", it->index);
        if (is(it->kind, "block") && it->index < 9)
            slots[it->index] = slot;
        slot += slot == 1 ? 2 : 1; /* slot 2 is GVT-g's */
    }
    option(argv, "-k", config->kernel);
    if (*config->kernel)
        option(argv, "-B", config->kernel_line);
    if (*config->name)
        push(argv, config->name);
    return NULL;
}

static void push_pairs(struct list *to, const char *line) {
    while (*line) {
        size_t word = strcspn(line, " "), key = strcspn(line, "= ");
        push(to, made("%.*s", (int)key, line));
        push(to, key < word ? made("%.*s", (int)(word - key - 1), line + key + 1) : "");
        line += word + strspn(line + word, " ");
    }
}

void kernel_parameters(struct list *to, const char *image, bool debug) {
    push_pairs(to, "tsc=reliable no_timer_check nohpet console=tty0 console=ttyS0 console=hvc0 "
                   "log_buf_len=16M consoleblank=0 iommu=off i915.avail_planes_per_pipe=0x070F00 "
                   "i915.enable_hangcheck=0 i915.nuclear_pageflip=1 i915.enable_guc_loading=0 "
                   "i915.enable_guc_submission=0 i915.enable_guc=0");
    if (*image) {
        push(to, "root");
        push(to, "/dev/vda1 rw rootwait");
    }
    push_pairs(to, debug ? "debug" : "quiet");
    if (*image)
        push_pairs(to, debug ? "systemd.show_status=true systemd.log_level=debug "
                               "systemd.log_target=kmsg printk.devkmsg=on"
                             : "systemd.show_status=false");
}

void append(struct device **to, struct device device) {
    while (*to)
        to = &(*to)->next;
    *to = take(sizeof device);
    **to = device;
}

void append_network(struct device **to, const char *endpoint, const char *model, const char *name,
                    const char *address) {
    bool veth = is(endpoint, "veth"), macvtap = is(endpoint, "macvtap") || is(model, "macvtap");
    if (veth || is(endpoint, "macvtap"))
        append(to, (struct device){.kind = "net", .net_type = macvtap ? "macvtap" : "tap",
                                   .name = name, .address = address});
}

static const char *serialised(struct list pairs) {
    const char *separator = "";
    char *line;
    size_t length;
    FILE *to = open_memstream(&line, &length);
    for (int at = 0; at < pairs.count; at += 2) {
        const char *key = pairs.at[at], *value = pairs.at[at + 1];
        if (!*key && !*value)
            continue;
        fprintf(to, "%s%s%s%s", separator, key, *key && *value ? "=" : "", value);
        separator = " ";
    }
    fclose(to);
    const char *kept = made("%s", line);
    free(line);
    return kept;
}

const char *sandbox(struct config *config, const char *id, const char *image, const char *console,
                    const char *vcpus, bool debug, struct list own) {
    struct device **to = &config->devices;
    struct list params = {0};
    if (!*image)
        return "a sandbox needs an image";
    kernel_parameters(&params, image, debug);
    push_pairs(&params, made("panic=1 maxcpus=%s", vcpus));
    for (int at = 0; at < own.count; at++)
        push(&params, own.at[at]);
    config->name = made("sandbox-%s", id);
    config->kernel_line = serialised(params);
    config->acpi = true;
    append(to, (struct device){.kind = "bridge", .emul = "hostbridge"});
    append(to, (struct device){.kind = "lpc", .emul = "lpc"});
    append(to, (struct device){.kind = "console", .name = "console0", .backend = "socket",
                               .port = "console", .path = console});
    append(to, (struct device){.kind = "block", .path = image});
    for (int index = 1; index <= 8; index++)
        append(to, (struct device){.kind = "block", .path = "nodisk", .index = index});
    return NULL;
}
