#include "arch.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is(const char *text, const char *word) {
    return strcmp(text, word) == 0;
}

/* Adds a token, made as printf does it. */
__attribute__((format(printf, 2, 3))) static void push(struct vm *vm, const char *format, ...) {
    char *token;
    va_list values;
    va_start(values, format);
    if (vasprintf(&token, format, values) < 0)
        abort();
    va_end(values);
    json_object_array_add(vm->argv, json_object_new_string(token));
    free(token);
}

static void option(struct vm *vm, const char *flag, const char *value) {
    if (*value) {
        push(vm, "%s", flag);
        push(vm, "%s", value);
    }
}

void begin(struct vm *vm, const char *uuid, bool acpi, const char *memory) {
    option(vm, "-U", uuid);
    if (acpi)
        push(vm, "-A");
    option(vm, "-m", memory);
}

void end(struct vm *vm, const char *kernel, const char *line, const char *prefix,
         const char *name) {
    option(vm, "-k", kernel);
    if (*kernel)
        option(vm, "-B", line);
    if (*prefix || *name)
        push(vm, "%s%s", prefix, name);
}

static int take_slot(struct vm *vm) {
    int slot = vm->slot++;
    vm->slot += vm->slot == 2; /* which is GVT-g's */
    push(vm, "-s");
    return slot;
}

bool console(struct vm *vm, const char *name, const char *backend, const char *port,
             const char *path) {
    const char *at = is(port, "console") ? "@" : "";
    if (!*path || !(*at || is(port, "serial")))
        return false;
    if (is(backend, "socket"))
        push(vm, "%d,virtio-console,%ssocket:%s=%s", take_slot(vm), at, name, path);
    else if (is(backend, "tty"))
        push(vm, "%d,virtio-console,%stty:tty_port=%s", take_slot(vm), at, path);
    else if (is(backend, "file"))
        push(vm, "%d,virtio-console,%sfile:file_port=%s", take_slot(vm), at, path);
    else if (is(backend, "pty"))
        push(vm, "%d,virtio-console,%spty:pty_port", take_slot(vm), at);
    else if (is(backend, "console"))
        push(vm, "%d,virtio-console,%s", take_slot(vm), at);
    else
        return false;
    return true;
}

bool net(struct vm *vm, const char *type, const char *name, const char *address) {
    if (!(is(type, "tap") || is(type, "macvtap")) || !*name || !*address)
        return false;
    push(vm, "%d,virtio-net,%s,mac=%s", take_slot(vm), name, address);
    return true;
}

bool block(struct vm *vm, const char *path, int64_t index) {
    if (!*path)
        return false;
    int slot = take_slot(vm);
    push(vm, "%d,virtio-blk,%s", slot, path);
    if (index < 0)
        vm->refused = "a disk has a negative index";
    else if (index < 9)
        vm->block_slots[index] = slot;
    return true;
}

bool bridge(struct vm *vm, int64_t function, const char *emul) {
    if (function != 0 || !is(emul, "hostbridge"))
        return false;
    push(vm, "%d:0,hostbridge", take_slot(vm));
    return true;
}

bool lpc(struct vm *vm, int64_t function, const char *emul) {
    if (!is(emul, "lpc"))
        return false;
    push(vm, "%d:%" PRId64 ",lpc", take_slot(vm), function);
    push(vm, "-lcom1,stdio");
    return true;
}

void sandbox(struct vm *vm, const char *image, const char *console_path) {
    if (!*image)
        vm->refused = "a sandbox needs an image";
    bridge(vm, 0, "hostbridge");
    lpc(vm, 0, "lpc");
    console(vm, "console0", "socket", "console", console_path);
    block(vm, image, 0);
    for (int index = 1; index <= 8; index++)
        block(vm, "nodisk", index);
}

void network(struct vm *vm, const char *endpoint, const char *model, const char *name,
             const char *address) {
    bool veth = is(endpoint, "veth"), macvtap = is(endpoint, "macvtap");
    if (veth || macvtap)
        net(vm, macvtap || is(model, "macvtap") ? "macvtap" : "tap", name, address);
}

static void pair(struct json_object *pairs, const char *key, int length, const char *value, int rest) {
    struct json_object *one = json_object_new_array();
    json_object_array_add(one, json_object_new_string_len(key, length));
    json_object_array_add(one, json_object_new_string_len(value, rest));
    json_object_array_add(pairs, one);
}

void split(struct json_object *pairs, const char *line) {
    while (*line) {
        int word = (int)strcspn(line, " "), key = (int)strcspn(line, "= ");
        int at = key < word ? key + 1 : word; /* where the value begins, if there is one */
        pair(pairs, line, key, line + at, word - at);
        line += word + (int)strspn(line + word, " ");
    }
}

void kernel_parameters(struct json_object *pairs, const char *image, bool debug) {
    static const char root[] = "/dev/vda1 rw rootwait";
    split(pairs, "tsc=reliable no_timer_check nohpet console=tty0 console=ttyS0 console=hvc0 "
                 "log_buf_len=16M consoleblank=0 iommu=off i915.avail_planes_per_pipe=0x070F00 "
                 "i915.enable_hangcheck=0 i915.nuclear_pageflip=1 i915.enable_guc_loading=0 "
                 "i915.enable_guc_submission=0 i915.enable_guc=0");
    if (*image)
        pair(pairs, "root", 4, root, sizeof root - 1);
    split(pairs, debug ? "debug" : "quiet");
    if (*image)
        split(pairs, debug ? "systemd.show_status=true systemd.log_level=debug "
                             "systemd.log_target=kmsg printk.devkmsg=on"
                           : "systemd.show_status=false");
}

char *joined(struct json_object *pairs) {
    char *line;
    size_t length;
    FILE *to = open_memstream(&line, &length);
    for (size_t at = 0; at < json_object_array_length(pairs); at++) {
        struct json_object *one = json_object_array_get_idx(pairs, at);
        const char *key = json_object_get_string(json_object_array_get_idx(one, 0));
        const char *value = json_object_get_string(json_object_array_get_idx(one, 1));
        if (*key || *value)
            fprintf(to, "%s%s%s%s", ftell(to) ? " " : "", key, *key && *value ? "=" : "", value);
    }
    fclose(to);
    return line;
}
