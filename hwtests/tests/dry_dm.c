/*
 * A small device model: it uses the hypervisor's device, huge pages and sockets as acrn-dm does, and
 * serves two ports. Compiled with FAMILY=0x43 (as v2.5) or 0xA2 (as v2.7 and later).
 *
 *     dry_dm [-v] [-s SOCKET] [-f STAGE] NAME      -f: fail at argv, vm, device, load; or crash, hang
 */

#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <unistd.h>

#if FAMILY == 0x43
#define NUMBER(n) (0x43UL << 24 | (n))
#else
#define NUMBER(n) _IO(0xA2, n)
#endif

#define GUEST_MEMORY (1UL << 36) /* more than any machine of the CI has */
#define PLACE "/run/hugepage/acrn/huge_lv1"

static union {
	uint32_t words[64];
	char page[4096];
} requests __attribute__((aligned(4096)));

static int device;
static volatile sig_atomic_t interrupted;

static int ask(unsigned int number, void *with)
{
	return ioctl(device, NUMBER(number), with);
}

static void fail_at(const char *wanted, const char *stage)
{
	if (wanted && strcmp(wanted, stage) == 0) {
		printf("%s failed\n", strcmp(stage, "load") ? stage : "acrn_sw_load");
		exit(7);
	}
}

static void interrupt(int number)
{
	(void)number;
	interrupted = 1;
	ask(0x34, NULL);
}

static void listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int place = socket(AF_UNIX, SOCK_STREAM, 0);

	strncpy(address.sun_path, path, sizeof address.sun_path - 1);
	unlink(path);
	if (bind(place, (struct sockaddr *)&address, sizeof address) || listen(place, 1))
		exit(8);
}

static void make_memory(void)
{
	struct statfs status;
	char *memory;
	int file;

	if (FAMILY == 0x43) {
		mkdir("/run/hugepage", 0755);
		mkdir("/run/hugepage/acrn", 0755);
		mkdir(PLACE, 0755);
		if (mount("none", PLACE, "hugetlbfs", 0, "pagesize=2M"))
			exit(9);
		file = open(PLACE "/node", O_CREAT | O_RDWR, 0644);
		if (fstatfs(file, &status) || status.f_type != HUGETLBFS_MAGIC)
			exit(9);
	} else {
		file = memfd_create("guest", MFD_HUGETLB | 21U << 26);
	}
	memory = mmap(NULL, GUEST_MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (memory == MAP_FAILED)
		exit(9);
	memory[GUEST_MEMORY / 2] = 1;
	memset(memory, 0, GUEST_MEMORY);
	if (memory[GUEST_MEMORY / 2])
		exit(9);
}

static void start(const char *wanted)
{
	fail_at(wanted, "load");
	ask(0x16, NULL);
	if (ask(0x12, NULL))
		exit(10);
}

/* Serve ports until the guest is off, or there is none any more. */
static void serve(void)
{
	for (;;) {
		uint32_t *direction = &requests.words[16], *port = &requests.words[18];
		uint32_t *value = &requests.words[22];
		uint32_t owner = FAMILY == 0x43 ? 1 : 0;

		if (ask(0x33, NULL) || interrupted)
			return;
		if (requests.words[34] != 2 || requests.words[33] != owner)
			exit(11);
		if (*direction == 1 && *port == 0xCF9) {
			ask(0x13, NULL);
			ask(0x35, NULL);
			ask(0x15, NULL);
			start(NULL);
			continue;
		}
		if (*direction == 0)
			*value = 0x5A;
		ask(0x31, &(uint32_t[2]){ 0 });
		if (*direction == 1 && *port == 0x404)
			return;
	}
}

int main(int argc, char **argv)
{
	struct { uint16_t words[4]; char name[16]; uint64_t flags, requests, cpus, more; } vm = { 0 };
	const char *wanted = NULL, *path = NULL;
	uint32_t version[2];
	int option;

	while ((option = getopt(argc, argv, "vs:f:")) != -1) {
		if (option == 'v')
			return puts("DM version is: 2.5-small") < 0;
		if (option == 's')
			path = optarg;
		if (option == 'f')
			wanted = optarg;
	}
	fail_at(wanted, "argv");
	if (wanted && strcmp(wanted, "crash") == 0)
		abort();
	device = open("/dev/acrn_hsm", O_RDWR | O_CLOEXEC);
	if (FAMILY == 0x43 && (ask(0, version) || version[0] != 1))
		return 12;
	vm.requests = (uintptr_t)&requests;
	vm.cpus = 3;
	if (ask(0x10, &vm) || vm.words[2] != 2)
		return 13;
	fail_at(wanted, "vm");
	make_memory();
	ask(0x41, NULL);
	fail_at(wanted, "device");
	if (ask(0x7F, NULL) != -1 || errno != ENOTTY)
		return 14;
	if (path)
		listen_at(path);
	signal(SIGINT, interrupt);
	ask(0x32, NULL);
	while (wanted && strcmp(wanted, "hang") == 0)
		pause();
	start(wanted);
	serve();
	ask(0x11, NULL);
	if (FAMILY == 0x43) {
		unlink(PLACE "/node");
		umount(PLACE);
	}
	return 0;
}
