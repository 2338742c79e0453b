/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of ksyscalls-runtime know of each other.
 */
#ifndef KSYSCALLS_RUNTIME_H
#define KSYSCALLS_RUNTIME_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include <ksyscalls-oci.h>

#include "../knobs.h"
/* Of this build: where make install puts what belongs to the administrator. */
#include "paths.h"

/* conf.c: the configuration of ours. */
#define CONF_PATH	SYSCONFDIR "/ksyscalls/runtime.conf"

struct conf {
	char runtime[PATH_MAX];
	char sysroot[PATH_MAX];		/* "": this machine */
	enum ksc_oci_mode mode;
	struct knobs knobs;
	bool strict;
	char error[PATH_MAX + 160];	/* the first; "": none */
};

/* Never fails: what is wrong is in error, and in strict if nobody can say "no" any more. */
void conf_read(struct conf *c);
/* A link named ksyscalls-NAME stands for the runtime NAME, whatever the file says. */
void conf_from_name(struct conf *c, const char *argv0);

/* args.c: where a command line says that the configuration is. */
struct request {
	const char *command;		/* NULL: none */
	const char *bundle;		/* NULL: the working directory */
	const char *config;		/* NULL: config.json */
};

/* Reads the words as runc and youki do, or as crun does. */
void request_parse(char **argv, bool crun, struct request *r);
bool request_creates(const struct request *r);
/* Returns 0, -ENAMETOOLONG, or -ENOENT for names that the runtime refuses. */
int request_path(const struct request *r, bool crun, char *path, size_t size);

#endif
