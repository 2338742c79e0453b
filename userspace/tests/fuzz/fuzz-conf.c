// SPDX-License-Identifier: GPL-2.0-only
/*
 * runtime.conf: whatever it says, what comes out is within its bounds, strict is what the
 * last line of that name says, and the text twice is the text once.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "fuzz.h"

#include "../../tools/conf.h"
#include "../../tools/store.h"

#define PATH	"/conf"
#define MARK	"\xef\xbb\xbf"

/* Is there a byte order mark? It belongs to the beginning of a file alone. */
static size_t mark_of(const uint8_t *data, size_t size)
{
	return size >= strlen(MARK) && !memcmp(data, MARK, strlen(MARK)) ? strlen(MARK) : 0;
}

static void parse(struct conf *c, const uint8_t *data, size_t size, unsigned int times)
{
	char *text = malloc(times * (size + 1) + 1), *end = text;

	CHECK(text);
	for (; times; times--) {
		memcpy(end, data, size);
		end[size] = '\n';
		end += size + 1;
		size -= mark_of(data, size);
		data += mark_of(data, size);
	}
	*end = '\0';
	*c = (struct conf){ .runtime = "runc", .knobs = KNOBS_INIT };
	conf_parse(c, conf_keys, text, (size_t)(end - text), PATH);
	free(text);
}

/* Where the line's text begins, and where it ends. */
static void bare(const char **from, const char **to)
{
	while (*from < *to && strchr(" \t\r", **from))
		++*from;
	while (*from < *to && isspace((unsigned char)(*to)[-1]))
		--*to;
}

static bool is_word(const char *from, const char *to, const char *word)
{
	bare(&from, &to);
	return to - from == (ptrdiff_t)strlen(word) && !memcmp(from, word, strlen(word));
}

static bool has_word(const char *from, const char *to)
{
	for (; to - from >= (ptrdiff_t)strlen("strict"); from++)
		if (!strncasecmp(from, "strict", strlen("strict")))
			return true;
	return false;
}

/* From the last line on. Where a line that only has the word may be a mistake: @otherwise. */
static bool is_strict(const uint8_t *data, size_t size, bool has_mistakes, bool otherwise)
{
	const char *text = (const char *)data + mark_of(data, size), *line, *equals;
	const char *end = (const char *)data + size;

	if (memchr(text, '\0', (size_t)(end - text)))
		return true;
	for (; end >= text; end = line - 1) {
		for (line = end; line > text && line[-1] != '\n'; line--)
			;
		if (!has_word(line, end))
			continue;
		equals = memchr(line, '=', (size_t)(end - line));
		if (equals && is_word(line, equals, "strict"))
			return !is_word(equals + 1, end, "no");
		if (has_mistakes)
			return otherwise;
	}
	return false;
}

static void check_bounds(struct conf *c)
{
	struct ksc_policy *policy;
	const char *error;

	CHECK(*c->runtime && strlen(c->runtime) < sizeof(c->runtime));
	CHECK(!strchr(c->runtime, '/') || *c->runtime == '/');
	CHECK(!*c->sysroot || *c->sysroot == '/');
	CHECK(!*c->store || store_is_name(c->store));
	CHECK(!*c->error || !strncmp(c->error, PATH ":", strlen(PATH ":")));
	CHECK(c->knobs.sites_len <= sizeof(c->knobs.sites));
	if (!c->knobs.sites_len)
		return;
	CHECK(!ksc_policy_new(&policy, tree));
	error = knobs_set(&c->knobs, policy);
	CHECK(!error || !strncmp(error, PATH ":", strlen(PATH ":")));
	ksc_policy_free(policy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct conf once, twice;

	parse(&once, data, size, 1);
	CHECK(once.strict == is_strict(data, size, *once.error, once.strict));
	check_bounds(&once);
	parse(&twice, data, size, 2);
	CHECK(twice.strict == once.strict && twice.mode == once.mode);
	CHECK(!strcmp(twice.runtime, once.runtime) && !strcmp(twice.sysroot, once.sysroot));
	CHECK(!strcmp(twice.store, once.store));
	CHECK(!*once.error || !strcmp(twice.error, once.error));
	CHECK(twice.knobs.baseline == once.knobs.baseline);
	CHECK(twice.knobs.flags == once.knobs.flags);
	CHECK(twice.knobs.successors == once.knobs.successors);
	return 0;
}
