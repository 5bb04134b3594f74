/* Lets the n-th write to a project file fail, as a dying disk does. For LD_PRELOAD; a test arms
   it through ctypes: `fail(after, times, number)`. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int until = -1, left = 0, number = EIO, failed = 0;

void fail(int after, int times, int error) {
    until = after;
    left = times;
    number = error;
    failed = 0;
}

int failures(void) { return failed; }

static int fails(int fd) {
    char link[64], path[4096];
    ssize_t length;
    if (left <= 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (!strstr(path, ".landmarks")) return 0;
    if (until-- > 0) return 0;
    left--;
    failed++;
    errno = number;
    return 1;
}

#define WRAP(type, name, parameters, arguments)                    \
    type name parameters {                                         \
        static type(*real) parameters;                             \
        if (!real) real = (type(*) parameters)dlsym(RTLD_NEXT, #name); \
        return fails(fd) ? -1 : real arguments;                    \
    }

WRAP(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size))
WRAP(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at))
WRAP(ssize_t, pwrite64, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at))
WRAP(int, fsync, (int fd), (fd))
WRAP(int, fdatasync, (int fd), (fd))
WRAP(int, ftruncate, (int fd, off_t size), (fd, size))
WRAP(int, ftruncate64, (int fd, off_t size), (fd, size))
