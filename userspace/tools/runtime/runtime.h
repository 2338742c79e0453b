/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of ksyscalls-runtime know of each other.
 */
#ifndef KSYSCALLS_RUNTIME_H
#define KSYSCALLS_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>

/* args.c: where a command line says that the configuration is. */
struct request {
	const char *command;		/* NULL: none */
	const char *bundle;		/* NULL: the working directory */
	const char *config;		/* NULL: config.json */
	const char *log, *log_format;	/* NULL: none, and text */
};

/* Reads the words as runc and youki do, or as crun does. */
void request_parse(char **argv, bool crun, struct request *r);
bool request_creates(const struct request *r);
/* Returns 0, -ENAMETOOLONG, or -ENOENT for names that the runtime refuses. */
int request_path(const struct request *r, bool crun, char *path, size_t size);

#endif
