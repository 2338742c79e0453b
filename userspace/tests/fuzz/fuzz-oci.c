// SPDX-License-Identifier: GPL-2.0-only
/*
 * A configuration in, a configuration out, in each mode: what is not refused stays
 * JSON, keeps every byte that is not linux.seccomp or ours, says so, and comes out
 * the same from a second run. What is refused leaves a reason and nothing else.
 */
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "../seccomp/json.h"

static const char *const ours[] = {
	KSC_OCI_ANNOTATION, "run.oci.seccomp_bpf_data",
};

static struct json_object *parse_by(const char *text, size_t len, int flags)
{
	struct json_tokener *tok = json_tokener_new();
	struct json_object *root;

	json_tokener_set_flags(tok, flags);
	root = json_tokener_parse_ex(tok, text, (int)len);
	CHECK(json_tokener_get_error(tok) == json_tokener_success);
	CHECK(json_object_is_type(root, json_type_object));
	json_tokener_free(tok);
	return root;
}

/* Strict json-c 0.18 takes nothing beyond ASCII (json-c#892), hence not all at once. */
static struct json_object *parse(const char *text, size_t len)
{
	char *ascii = malloc(len + 1);
	size_t i;

	CHECK(ascii);
	for (i = 0; i < len; i++)
		ascii[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
	json_object_put(parse_by(ascii, len, JSON_TOKENER_STRICT));
	free(ascii);
	return parse_by(text, len, JSON_TOKENER_VALIDATE_UTF8);
}

/* Whatever we may change gone, what is left must be equal. */
static void strip(struct json_object *root)
{
	struct json_object *v;
	size_t i;

	if (json_object_object_get_ex(root, "linux", &v) &&
	    json_object_is_type(v, json_type_object))
		json_object_object_del(v, "seccomp");
	if (!json_object_object_get_ex(root, "annotations", &v))
		return;
	if (json_object_is_type(v, json_type_object)) {
		for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
			json_object_object_del(v, ours[i]);
		if (json_object_object_length(v))
			return;
	}
	if (!v || json_object_is_type(v, json_type_object))
		json_object_object_del(root, "annotations");
}

static void check_rest(const char *text, size_t len, const char *out, size_t out_len)
{
	struct json_object *before = parse(text, len), *after = parse(out, out_len);

	strip(before);
	strip(after);
	CHECK(json_object_equal(before, after));
	json_object_put(before);
	json_object_put(after);
}

static bool has(const char *text, size_t len, const char *word)
{
	return memmem(text, len, word, strlen(word));
}

/* Is @out what @text is, with something put in at one place? */
static bool is_insertion(const char *text, size_t len, const char *out, size_t out_len)
{
	size_t head = 0, tail = 0;

	if (len > out_len)
		return false;
	while (head < len && text[head] == out[head])
		head++;
	while (tail < len - head && text[len - 1 - tail] == out[out_len - 1 - tail])
		tail++;
	return head + tail == len;
}

/*
 * Behind the rules, which stand in one piece, the text is as it was; in front of
 * them something was put in, and what they replaced begins with a brace.
 */
static bool is_splice(const char *text, size_t len, const char *out, size_t at, size_t end,
		      size_t out_len)
{
	size_t tail = out_len - end, i;

	if (tail > len || memcmp(text + len - tail, out + end, tail))
		return false;
	for (i = 0; i < len - tail; i++) {
		if (text[i] == '{' && is_insertion(text, i, out, at))
			return true;
	}
	return false;
}

/* The text of the first run is that of the original with one or two places changed. */
static void check_bytes(const char *text, size_t len, const char *out, size_t out_len, bool bpf)
{
	struct json_object *root = parse(out, out_len), *v;
	bool found = bpf && is_insertion(text, len, out, out_len);
	const char *rules, *at;
	size_t n, from;

	CHECK(json_object_object_get_ex(root, "linux", &v));
	CHECK(json_object_object_get_ex(v, "seccomp", &v));
	rules = json_object_to_json_string_ext(v, JSON_C_TO_STRING_PLAIN |
					       JSON_C_TO_STRING_NOSLASHESCAPE);
	n = strlen(rules);
	for (at = out; !bpf && !found &&
	     (at = memmem(at, out_len - (size_t)(at - out), rules, n)); at++) {
		from = (size_t)(at - out);
		found = is_splice(text, len, out, from, from + n, out_len);
	}
	CHECK(found);
	json_object_put(root);
}

/* Not the second run's, nor what has null where an object is to be. */
static bool is_fresh(const char *text, size_t len)
{
	return !has(text, len, "org.ksyscalls") && !has(text, len, "seccomp_bpf_data") &&
	       !has(text, len, "null") && !has(text, len, "\\");
}

static bool was_changed(const struct ksc_oci *o)
{
	struct json_object *report, *v;
	bool changed;

	report = json_report(o);
	CHECK(json_object_object_get_ex(report, "changed", &v));
	changed = json_object_get_boolean(v);
	json_object_put(report);
	return changed;
}

static void try_mode(const char *text, size_t len, enum ksc_oci_mode mode)
{
	char *out = NULL, *again = NULL;
	size_t out_len, again_len;
	struct ksc_oci *o;

	CHECK(!ksc_oci_new(&o, tree));
	ksc_oci_set_mode(o, mode);
	if (ksc_oci_rewrite(o, text, len, &out, &out_len)) {
		CHECK(!out);
		CHECK(*ksc_oci_error(o));
		CHECK(!was_changed(o));
		goto out;
	}
	CHECK(!*ksc_oci_error(o));
	CHECK(strlen(out) == out_len);
	check_rest(text, len, out, out_len);
	if (was_changed(o)) {
		CHECK(has(out, out_len, KSC_OCI_ANNOTATION));
		if (is_fresh(text, len))
			check_bytes(text, len, out, out_len, mode == KSC_OCI_BPF);
	} else if (is_fresh(text, len)) {
		CHECK(out_len == len && !memcmp(out, text, len));
	}
	CHECK(!ksc_oci_rewrite(o, out, out_len, &again, &again_len));
	CHECK(again_len == out_len && !memcmp(out, again, out_len));
	free(out);
	free(again);
out:
	ksc_oci_free(o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* The first byte chooses, so that one input is one mode. */
	static const enum ksc_oci_mode modes[] = { KSC_OCI_BPF, KSC_OCI_FLIP, KSC_OCI_EXPLICIT };

	if (size)
		try_mode((const char *)data + 1, size - 1, modes[*data % 3]);
	return 0;
}
