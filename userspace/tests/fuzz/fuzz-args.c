// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line of a runtime: bytes, of which the first says whose, and each NUL ends a
 * word. What is found lies in the words, and the last word on the bundle is the one that counts.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/runtime/runtime.h"

#define CHECK(cond)	do { if (!(cond)) { fprintf(stderr, "%s\n", #cond); abort(); } } while (0)

#define MOST_WORDS	64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_within(const char *p, const char *text, const char *end)
{
	return !p || (p >= text && p < end);
}

static void check_path(const struct request *r, bool crun)
{
	const char *config = r->config ?: "config.json";
	char path[64];
	size_t len;

	memset(path, 'x', sizeof(path));
	if (request_path(r, crun, path, sizeof(path)))
		return;
	len = strnlen(path, sizeof(path));
	CHECK(len < sizeof(path) && len >= strlen(config));
	CHECK(!strcmp(path + len - strlen(config), config));
}

/* Twice, for an option at the end of @argv may still want its argument. */
static void check_last(char **argv, unsigned int argc, bool crun, bool has_command)
{
	char bundle[] = "--bundle=last", config[] = "--config=last";
	struct request r;

	argv[argc] = argv[argc + 1] = bundle;
	argv[argc + 2] = config;
	argv[argc + 3] = NULL;
	request_parse(argv, crun, &r);
	CHECK(has_command ? r.bundle && !strcmp(r.bundle, "last") : !r.bundle);
	CHECK(has_command ? r.config && !strcmp(r.config, "last") : !r.config);
}

static void try_words(char *text, char *end, bool crun)
{
	char self[] = "runtime", *argv[MOST_WORDS + 5] = { self }, *word;
	unsigned int argc = 1;
	bool ended = false;
	struct request r;

	for (word = text; word < end && argc < MOST_WORDS; word += strlen(word) + 1) {
		ended |= !strcmp(word, "--");
		argv[argc++] = word;
	}
	request_parse(argv, crun, &r);
	CHECK(is_within(r.command, text, end));
	CHECK(is_within(r.bundle, text, end) && is_within(r.config, text, end));
	CHECK(is_within(r.log, text, end) && is_within(r.log_format, text, end));
	CHECK(r.command || !request_creates(&r));
	check_path(&r, crun);
	if (!ended)
		check_last(argv, argc, crun, r.command);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (!size)
		return 0;
	text = malloc(size);
	CHECK(text);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	try_words(text, text + size, *data % 2);
	free(text);
	return 0;
}
