/* Your code from here: arch.h and arch.c stand for it. Use yours, and call it in adapter.c. */
#ifndef ARCH_H
#define ARCH_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

/* A command line in the making: its tokens, the next slot, and the slot of the disk of each index.
 * `refused` says why there is none to be had. */
struct vm {
    struct json_object *argv;
    int slot, block_slots[9];
    const char *refused;
};

/* What comes before the devices, and behind them; options that are empty are left out. */
void begin(struct vm *vm, const char *uuid, bool acpi, const char *memory);
void end(struct vm *vm, const char *kernel, const char *line, const char *prefix, const char *name);

/* A device on the next slot, if it is valid, which is told. */
bool console(struct vm *vm, const char *name, const char *backend, const char *port,
             const char *path);
bool net(struct vm *vm, const char *type, const char *name, const char *address);
bool block(struct vm *vm, const char *path, int64_t index);
bool bridge(struct vm *vm, int64_t function, const char *emul);
bool lpc(struct vm *vm, int64_t function, const char *emul);

/* What a sandbox has before its steps; a network endpoint of one. */
void sandbox(struct vm *vm, const char *image, const char *console_path);
void network(struct vm *vm, const char *endpoint, const char *model, const char *name,
             const char *address);

/* Pairs of a key and a value; and the text of such pairs on a kernel's command line. */
void kernel_parameters(struct json_object *pairs, const char *image, bool debug);
void split(struct json_object *pairs, const char *line);
char *joined(struct json_object *pairs);

#endif
