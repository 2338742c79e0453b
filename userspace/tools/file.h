/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small files that somebody else may have put there.
 */
#ifndef KSYSCALLS_FILE_H
#define KSYSCALLS_FILE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Reads a regular file of at most @max bytes into *@text, which ends with a NUL
 * and is the caller's to free(). Waits for nobody. Returns 0, -EINVAL for what is
 * no regular file, -EFBIG, or what open(2) and read(2) say; *@text is NULL then.
 */
int file_read(const char *path, size_t max, char **text, size_t *len);

/*
 * All of a file that is open at its start, which ends with a NUL then and is the caller's to
 * free(); NULL if it has not @size bytes, or cannot be read.
 */
char *file_read_open(int fd, size_t size);

/* Is @text in the file, of at most 8 MiB? It is in none that cannot be read. */
bool file_says(const char *path, const char *text);

/* The directory that a path is in, or -1 and errno. */
int file_open_parent(const char *path);

/*
 * Fills the standard streams that are closed, so that no file opened later can be
 * taken for one. Reading or writing them fails as before.
 */
void file_guard_streams(void);

#endif
