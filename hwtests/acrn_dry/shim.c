/*
 * The hypervisor's device as acrn-dm sees it, where there is no hypervisor: preloaded into an
 * unmodified acrn-dm, it answers the device's ioctls.
 *
 * What is asked of the device is told, a packet an event, on the socket that ACRN_DRY_SOCKET names:
 * open, create VCPUS, memory, loaded, run, done VALUE, clear, pause, reset, destroy, unknown NUMBER,
 * and of memory.c mount PATH and umount PATH. What comes back from there is an access of a guest
 * that does not exist: `write PORT SIZE VALUE` or `read PORT SIZE`, the numbers in hexadecimal.
 *
 * The numbers and layouts are facts of public headers, taken from projectacrn/acrn-hypervisor:
 * devicemodel/include/public/vhm_ioctl_defs.h at v2.5 (FIRST_FAMILY), hsm_ioctl_defs.h at v2.6, v2.7
 * and v3.3 (FAMILY), and hypervisor/include/public/acrn_common.h at all four.
 */

#define _GNU_SOURCE

#include "shim.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

enum { FIRST_FAMILY = 0x43, FAMILY = 0xA2 };

/* The numbers are the same in both families. */
enum request {
	GET_API_VERSION = 0x00,
	GET_PLATFORM_INFO = 0x03,
	CREATE_VM = 0x10,
	DESTROY_VM = 0x11,
	START_VM = 0x12,
	PAUSE_VM = 0x13,
	CREATE_VCPU = 0x14,
	RESET_VM = 0x15,
	SET_VCPU_REGS = 0x16,
	INJECT_MSI = 0x23,
	SET_IRQLINE = 0x25,
	NOTIFY_REQUEST_FINISH = 0x31,
	CREATE_IOREQ_CLIENT = 0x32,
	ATTACH_IOREQ_CLIENT = 0x33,
	DESTROY_IOREQ_CLIENT = 0x34,
	CLEAR_VM_IOREQ = 0x35,
	SET_MEMSEG = 0x41,
	UNSET_MEMSEG = 0x42,
	FIRST_PASSTHROUGH = 0x50,
	LAST_PASSTHROUGH = 0x5C,
	PM_GET_CPU_STATE = 0x60,
	IOEVENTFD = 0x70,
	IRQFD = 0x71,
	SETUP_ASYNCIO = 0x90,
	SETUP_VM_EVENT_RING = 0xA0,
	SETUP_VM_EVENT_FD = 0xA1,
};

enum { PROCESSING = 2, COMPLETE = 1, PORT_IO = 0, CLIENT = 1, CPUS = 8, ALL_CPUS = 0xFF };

/* A VM to be; releases before v2.7 have its UUID where later ones have its name. */
struct creation {
	uint16_t vm, reserved, vcpus, reserved2;
	char name[16];
	uint64_t flags, requests, cpus;
};

/* An access of the guest that acrn-dm has to serve. */
struct access {
	uint32_t type, polling, reserved[14];
	struct {
		uint32_t direction, reserved;
		uint64_t address, size;
		uint32_t value, reserved2[9];
	} port;
	uint32_t reserved2;
	int32_t owner; /* v2.5: the client; later: whether the kernel has served it */
	uint32_t state, reserved3[29];
};

/* What v2.5 and v2.6 ask of the hypervisor's scenario: the VM that has a UUID, and its CPUs. */
struct scenario {
	uint16_t cpus, version;
	uint32_t cat[2];
	uint8_t apic_ids[64], reserved[52];
	union {
		struct {
			uint16_t most_vcpus;
			uint8_t kata, reserved2[7];
			uint16_t vms;
			uint32_t entry_size;
			uint64_t entries;
		} first;
		struct {
			uint16_t most_vcpus, vms;
			uint32_t entry_size;
			uint64_t entries;
		} later;
	};
};

struct scenario_vm {
	uint32_t order;
	char name[32], uuid[16];
	uint8_t reserved[2], severity;
	uint64_t cpus, flags;
};

_Static_assert(sizeof(struct access) == 256, "one of sixteen on a page");
_Static_assert(offsetof(struct access, state) == 136, "as the headers have it");
_Static_assert(offsetof(struct creation, requests) == 32, "as the headers have it");
_Static_assert(offsetof(struct scenario, first.entries) == 144, "as v2.5's header has it");
_Static_assert(offsetof(struct scenario, later.entries) == 136, "as v2.6's header has it");
_Static_assert(offsetof(struct scenario_vm, cpus) == 56, "as v2.5's header has it");

static int harness, ended;
static bool opened;
static struct access *requests;
static char identity[16];

void tell(const char *format, ...)
{
	char text[512];
	va_list words;
	int length;

	va_start(words, format);
	length = vsnprintf(text, sizeof text, format, words);
	va_end(words);
	if (send(harness, text, (size_t)length, MSG_NOSIGNAL) < 0)
		perror("acrn-dry: the harness has gone");
}

static int create(struct creation *wanted)
{
	uint64_t none;

	/* Of a VM before this one: acrn-dm makes it anew after a full reset. */
	if (eventfd_read(ended, &none) < 0 && errno != EAGAIN)
		return -1;
	requests = (struct access *)(uintptr_t)wanted->requests;
	memcpy(identity, wanted->name, sizeof identity);
	wanted->vm = 1;
	wanted->vcpus = wanted->cpus ? (uint16_t)__builtin_popcountll(wanted->cpus) : 1;
	tell("create %d", wanted->vcpus);
	return 0;
}

static int describe(int family, struct scenario *asked)
{
	struct scenario_vm vm = { .cpus = ALL_CPUS };
	uint64_t entries;

	memcpy(vm.uuid, identity, sizeof vm.uuid);
	asked->cpus = CPUS;
	for (uint8_t id = 0; id < CPUS; id++)
		asked->apic_ids[id] = id;
	if (family == FIRST_FAMILY) {
		entries = asked->first.entries;
		asked->first.vms = 1;
		asked->first.entry_size = sizeof vm;
	} else {
		entries = asked->later.entries;
		asked->later.vms = 1;
		asked->later.entry_size = sizeof vm;
	}
	if (entries) /* v2.6 first asks for the size alone */
		memcpy((void *)(uintptr_t)entries, &vm, sizeof vm);
	return 0;
}

/* Wait until the guest that does not exist accesses a port; fail once there is nothing to wait for. */
static int attach(int family)
{
	struct pollfd waiting[] = { { harness, POLLIN, 0 }, { ended, POLLIN, 0 } };
	struct access wanted = { .type = PORT_IO, .owner = family == FIRST_FAMILY ? CLIENT : 0 };
	unsigned long port, size, value = 0;
	char text[64] = "", word[8];

	if (poll(waiting, 2, -1) < 0)
		return -1;
	if (waiting[1].revents || recv(harness, text, sizeof text - 1, 0) <= 0 ||
	    sscanf(text, "%7s %lx %lx %lx", word, &port, &size, &value) < 3) {
		errno = ENODEV;
		return -1;
	}
	wanted.port.direction = strcmp(word, "write") == 0;
	wanted.port.address = port;
	wanted.port.size = size;
	wanted.port.value = (uint32_t)value;
	wanted.state = PROCESSING;
	requests[0] = wanted;
	return 0;
}

static int finish(void)
{
	requests[0].state = COMPLETE;
	tell("done %x", requests[0].port.value);
	return 0;
}

static int serve(int family, unsigned int number, void *with)
{
	switch (number) {
	case GET_API_VERSION:
		memcpy(with, (uint32_t[]){ 1, 0 }, 2 * sizeof(uint32_t));
		return 0;
	case GET_PLATFORM_INFO:
		return describe(family, with);
	case CREATE_VM:
		return create(with);
	case SET_MEMSEG:
		return tell("memory"), 0;
	case SET_VCPU_REGS:
		return tell("loaded"), 0;
	case CREATE_IOREQ_CLIENT:
		return family == FIRST_FAMILY ? CLIENT : 0;
	case START_VM:
		return tell("run"), 0;
	case ATTACH_IOREQ_CLIENT:
		return attach(family);
	case NOTIFY_REQUEST_FINISH:
		return finish();
	case DESTROY_IOREQ_CLIENT:
		return eventfd_write(ended, 1);
	case CLEAR_VM_IOREQ:
		return tell("clear"), 0;
	case PAUSE_VM:
		return tell("pause"), 0;
	case RESET_VM:
		return tell("reset"), 0;
	case DESTROY_VM:
		return tell("destroy"), 0;
	case PM_GET_CPU_STATE: /* no P-states, no C-states */
		memset(with, 0, sizeof(uint64_t));
		return 0;
	case FIRST_PASSTHROUGH ... LAST_PASSTHROUGH:
	case CREATE_VCPU:
	case INJECT_MSI:
	case SET_IRQLINE:
	case UNSET_MEMSEG:
	case IOEVENTFD:
	case IRQFD:
	case SETUP_ASYNCIO:
	case SETUP_VM_EVENT_RING:
	case SETUP_VM_EVENT_FD:
		return 0;
	default:
		tell("unknown %x", number);
		errno = ENOTTY;
		return -1;
	}
}

__attribute__((constructor)) static void meet_the_harness(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("ACRN_DRY_SOCKET");

	unsetenv("LD_PRELOAD"); /* acrn-dm's children, such as iasl, go without */
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path ? path : "");
	harness = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	ended = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (connect(harness, (struct sockaddr *)&address, sizeof address) < 0) {
		perror("acrn-dry: no harness at ACRN_DRY_SOCKET");
		_exit(126);
	}
}

int ioctl(int file, unsigned long request, ...)
{
	va_list words;
	void *with;

	va_start(words, request);
	with = va_arg(words, void *);
	va_end(words);
	if (_IOC_TYPE(request) != FAMILY && request >> 24 != FIRST_FAMILY)
		return (int)syscall(SYS_ioctl, file, request, with);
	if (!opened)
		tell("open");
	opened = true;
	return serve(_IOC_TYPE(request) == FAMILY ? FAMILY : FIRST_FAMILY, request & 0xFF, with);
}
