// SPDX-License-Identifier: GPL-2.0-only
/*
 * What runtime.conf has for the wrapper alone.
 */
#include <errno.h>
#include <string.h>

#include "conf.h"
#include "store.h"

/* A path has to be whole: the working directory is a bundle, of anybody's making. */
int conf_set_runtime(struct conf *c, const char *value)
{
	return strchr(value, '/') && *value != '/' ? -EINVAL : conf_set_text(c->runtime, value);
}

static int set_mode(struct conf *c, const char *value)
{
	return ksc_oci_mode_parse(value, &c->mode);
}

/* Whoever misspells "yes" meant it. */
static int set_strict(struct conf *c, const char *value)
{
	c->strict = strcmp(value, "no");
	return c->strict && strcmp(value, "yes") ? -EINVAL : 0;
}

const struct conf_key conf_keys[] = {
	{ "runtime",	"the name or the absolute path of a runtime",	conf_set_runtime },
	{ "mode",	"auto, bpf, flip or explicit",			set_mode },
	{ "strict",	"yes or no",					set_strict },
	{ "store",	"yes, no or the absolute path of a directory",	store_conf },
	{ "sysroot",	"the absolute path of a copied tree",		conf_set_sysroot },
	{}
};
