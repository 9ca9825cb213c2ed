/* A disk that fails. Preloaded, it counts what a process writes, cuts and syncs in one folder, and has one such call fail, or all from there on.
 *
 *   PARURE_DISK_FOLDER  the folder: files whose path begins with it
 *   PARURE_DISK_FAILS   the number of the call that fails, from 1; 0 for none
 *   PARURE_DISK_HOW     "io": EIO; "full": ENOSPC; "short": half of it is written, and the next call finds the disk full
 *   PARURE_DISK_ON      "once", or "from" there on
 *
 * What failed, and how many calls there were, is told on the standard error. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum fate { GOES_ON, HALF, FAILS };

static long calls;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void find_real(void) {
    *(void **)&real_write = dlsym(RTLD_NEXT, "write");
    *(void **)&real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    *(void **)&real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
    *(void **)&real_fsync = dlsym(RTLD_NEXT, "fsync");
    *(void **)&real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
}

static void tell(const char *what, long number, const char *path) {
    char line[PATH_MAX + 64];
    int length = snprintf(line, sizeof line, "disk: %s %ld %s\n", what, number, path);
    if (real_write(2, line, (size_t)length) < 0) abort();
}

__attribute__((destructor)) static void tell_calls(void) {
    if (getenv("PARURE_DISK_FOLDER")) tell("calls", calls, "");
}

static int is(const char *name, const char *value) {
    const char *set = getenv(name);
    return set && strcmp(set, value) == 0;
}

static enum fate fate(const char *what, int fd, int writes) {
    const char *folder = getenv("PARURE_DISK_FOLDER"), *fails = getenv("PARURE_DISK_FAILS");
    if (!folder || !fails) return GOES_ON;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return GOES_ON;
    path[length] = 0;
    if (strncmp(path, folder, strlen(folder)) != 0) return GOES_ON;
    long number = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST), first = atol(fails);
    int half = writes && is("PARURE_DISK_HOW", "short");
    if (first == 0 || number < first) return GOES_ON;
    if (half && number == first) {
        tell("wrote half at", number, path);
        return HALF;
    }
    if (is("PARURE_DISK_ON", "once") && number > first + is("PARURE_DISK_HOW", "short")) return GOES_ON;
    tell(what, number, path);
    errno = is("PARURE_DISK_HOW", "io") ? EIO : ENOSPC;
    return FAILS;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    switch (fate("failed to write at", fd, count > 1)) {
    case FAILS: return -1;
    case HALF: return real_write(fd, bytes, count / 2);
    default: return real_write(fd, bytes, count);
    }
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
    switch (fate("failed to write at", fd, count > 1)) {
    case FAILS: return -1;
    case HALF: return real_pwrite(fd, bytes, count / 2, at);
    default: return real_pwrite(fd, bytes, count, at);
    }
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    return pwrite(fd, bytes, count, at);
}

int ftruncate(int fd, off_t length) {
    return fate("failed to cut at", fd, 0) == FAILS ? -1 : real_ftruncate(fd, length);
}

int ftruncate64(int fd, off64_t length) {
    return ftruncate(fd, length);
}

int fsync(int fd) {
    return fate("failed to sync at", fd, 0) == FAILS ? -1 : real_fsync(fd);
}

int fdatasync(int fd) {
    return fate("failed to sync at", fd, 0) == FAILS ? -1 : real_fdatasync(fd);
}
