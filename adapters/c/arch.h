/* Your code from here: arch.h and arch.c stand for it. Use yours, and call it in adapter.c. */
#ifndef ARCH_H
#define ARCH_H

#include <stdbool.h>
#include <stdint.h>

/* A device of a kind; fields that the kind does not have are empty. */
struct device {
    const char *kind, *name, *backend, *port, *path, *net_type, *address, *emul;
    int64_t index, function;
    struct device *next;
};

struct config {
    const char *name, *uuid, *memory, *kernel, *kernel_line;
    bool acpi;
    struct device *devices;
};

/* Texts, one behind the other. */
struct list {
    const char **at;
    int count;
};

void push(struct list *to, const char *text);

bool device_valid(const struct device *device);
/* Fills the argv and the slots of the disks; returns why it refuses, or NULL. */
const char *command(const struct config *config, struct list *argv, int slots[9]);
/* Pushes a key and a value for each parameter. */
void kernel_parameters(struct list *to, const char *image, bool debug);
void append(struct device **to, struct device device);
void append_network(struct device **to, const char *endpoint, const char *model, const char *name,
                    const char *address);
/* A sandbox's name, kernel line and devices, as far as its steps. `own`: keys and values. */
const char *sandbox(struct config *made, const char *id, const char *image, const char *console,
                    const char *vcpus, bool debug, struct list own);

#endif
