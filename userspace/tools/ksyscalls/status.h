/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of status know of each other.
 */
#ifndef KSYSCALLS_STATUS_H
#define KSYSCALLS_STATUS_H

#include <limits.h>

#include "../conf.h"
#include "../store.h"
#include "tool.h"

#define STATUS_RUNTIMES	16

/* What the wrapper takes from runtime.conf. */
struct status_wrapper {
	struct conf conf;		/* error: what is to be mended */
	char note[KNOBS_LATE];		/* "": none */
};

/* What an engine's files say, as far as it could be told. */
struct status_conf {
	char runtime[PATH_MAX];		/* name or path of the default; "": not said */
	char profile[PATH_MAX];		/* "": not said */
	char from[PATH_MAX];		/* the last file that said the runtime */
	char hook[PATH_MAX];		/* the hook of ours; "": none */
	char hook_program[PATH_MAX];	/* what that calls */
	char unsure[PATH_MAX + 64];	/* why not all could be told; "": all could */
	struct {
		char name[64];
		char path[PATH_MAX];
	} runtimes[STATUS_RUNTIMES];
	size_t nr_runtimes;
};

/* Which view there is; a text is empty if there is nothing to say. */
struct status_view {
	char what[PATH_MAX];
	char why[256];			/* it is no better one */
	char mend[512];
};

/* What the wrapper has kept. */
struct status_store {
	char path[PATH_MAX];		/* "": there is none, for the reason in */
	const char *why;
	char mend[STORE_WHY];		/* what keeps it from being used; "": nothing */
	size_t files;
	unsigned long long bytes;
};

/* status-wrapper.c */
void status_wrapper(struct status_wrapper *w);
/* The rest, once there is a view; @k NULL: there is none. */
void status_wrapper_names(struct status_wrapper *w, const struct ksc *k);

/* status-store.c: @where: what runtime.conf says. */
void status_store(struct status_store *s, const char *where);

/* status-view.c: @sysroot: runtime.conf's, which counts where @root is NULL. */
void status_view(struct status_view *v, const char *root, const char *sysroot, struct ksc **kp);

/* status-toml.c: @tell gets each key with the tables that it is in, and its value as written. */
int status_toml(const char *path, void (*tell)(const char *key, const char *value, void *arg),
		void *arg);
bool status_toml_string(const char *value, char *text, size_t size);

/* status-conf.c: one for each engine */
void status_docker(struct status_conf *c);
void status_podman(struct status_conf *c);
void status_containerd(struct status_conf *c);
void status_crio(struct status_conf *c);

#endif
