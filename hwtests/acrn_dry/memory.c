/*
 * Ordinary memory in the place of huge pages: a mount of hugetlbfs succeeds and does nothing, its
 * files and the kernel's huge memfds hold pages that are there only once somebody writes to them.
 * Pages of 2 MiB alone: as on a board without those of 1 GiB. x86-64, as ACRN is.
 */

#define _GNU_SOURCE

#include "shim.h"

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/memfd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGE = 4096, HUGE_PAGE = 2 << 20, MOUNTS = 4, WINDOWS = 8, LONGEST = 256 };

#define MEMFD_NAME "acrn-dry"

static char mounts[MOUNTS][LONGEST];

static struct {
	char *start;
	size_t length;
} windows[WINDOWS];

static char *mounted_at(const char *path)
{
	for (int i = 0; i < MOUNTS; i++)
		if (strcmp(mounts[i], path) == 0)
			return mounts[i];
	return NULL;
}

int mount(const char *source, const char *target, const char *kind, unsigned long flags,
	  const void *options)
{
	char *place = mounted_at(""), resolved[PATH_MAX];

	if (kind == NULL || strcmp(kind, "hugetlbfs") != 0)
		return (int)syscall(SYS_mount, source, target, kind, flags, options);
	if (place == NULL || strstr(options, "1G") != NULL) {
		errno = ENODEV;
		return -1;
	}
	if (realpath(target, resolved) == NULL || strlen(resolved) >= LONGEST)
		return -1;
	strcpy(place, resolved);
	tell("mount %s", resolved);
	return 0;
}

int umount(const char *target)
{
	char resolved[PATH_MAX], *place;

	place = realpath(target, resolved) ? mounted_at(resolved) : NULL;
	if (place == NULL)
		return (int)syscall(SYS_umount2, target, 0);
	place[0] = '\0';
	tell("umount %s", resolved);
	return 0;
}

int memfd_create(const char *name, unsigned int flags)
{
	if ((flags & MFD_HUGETLB) == 0)
		return (int)syscall(SYS_memfd_create, name, flags);
	if (flags >> MFD_HUGE_SHIFT != MFD_HUGE_2MB >> MFD_HUGE_SHIFT) {
		errno = ENODEV;
		return -1;
	}
	return (int)syscall(SYS_memfd_create, MEMFD_NAME, flags & (MFD_CLOEXEC | MFD_ALLOW_SEALING));
}

static bool has_huge_pages(int file)
{
	char link[64], path[LONGEST] = "";

	snprintf(link, sizeof link, "/proc/self/fd/%d", file);
	if (readlink(link, path, sizeof path - 1) < 0)
		return false;
	for (int i = 0; i < MOUNTS; i++)
		if (mounts[i][0] && strncmp(path, mounts[i], strlen(mounts[i])) == 0)
			return true;
	return strncmp(path, "/memfd:" MEMFD_NAME, strlen("/memfd:" MEMFD_NAME)) == 0;
}

int fstatfs(int file, struct statfs *status)
{
	int result = (int)syscall(SYS_fstatfs, file, status);

	if (result == 0 && has_huge_pages(file)) {
		status->f_type = HUGETLBFS_MAGIC;
		status->f_bsize = HUGE_PAGE;
	}
	return result;
}

void *mmap(void *start, size_t length, int protection, int flags, int file, off_t offset)
{
	bool huge = file >= 0 && has_huge_pages(file);
	void *got;

	if (huge) {
		flags = (flags & MAP_FIXED) | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
		file = -1;
		offset = 0;
	}
	got = (void *)syscall(SYS_mmap, start, length, protection, flags, file, offset);
	for (int i = 0; huge && got != MAP_FAILED && i < WINDOWS; i++)
		if (windows[i].start == NULL || windows[i].start == got) {
			windows[i].start = got;
			windows[i].length = length;
			break;
		}
	return got;
}

/* acrn-dm clears all of a guest's memory before and after: there, clear is what has no page. */
void *memset(void *start, int value, size_t length)
{
	void *to = start;
	size_t left = length;

	for (int i = 0; value == 0 && length >= HUGE_PAGE && i < WINDOWS; i++)
		if (start == windows[i].start && length <= windows[i].length && length % PAGE == 0)
			return madvise(start, length, MADV_DONTNEED) ? NULL : start;
	__asm__ volatile("rep stosb" : "+D"(to), "+c"(left) : "a"(value) : "memory");
	return start;
}
