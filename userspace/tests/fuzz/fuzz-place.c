// SPDX-License-Identifier: GPL-2.0-only
/*
 * A configuration as the wrapper finds its way in it, in a process without limits. Where it
 * takes one, with a profile that it knows in the place of linux.seccomp, the library takes it,
 * too, and makes the same of it.
 */
#include <stdbool.h>
#include <string.h>

#include <ksyscalls-oci.h>

#include "fuzz.h"

#include "../../tools/place.h"

#define PROFILE "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\"]," \
	"\"syscalls\":[{\"names\":[\"read\",\"openat2\"],\"action\":\"SCMP_ACT_ALLOW\"}]}"

static const enum ksc_oci_mode modes[] = { KSC_OCI_BPF, KSC_OCI_FLIP, KSC_OCI_EXPLICIT };

static char *rewrite(enum ksc_oci_mode mode, const char *text, size_t len, size_t *out_len)
{
	struct ksc_oci *o;
	char *out;

	CHECK(!ksc_oci_new(&o, tree));
	ksc_oci_set_mode(o, mode);
	CHECK(!ksc_oci_rewrite(o, text, len, &out, out_len));
	ksc_oci_free(o);
	return out;
}

/* What the library changes where there is nothing else. */
static const struct edits *known_edits(unsigned int mode)
{
	static const char plain[] = "{\"linux\":{\"seccomp\":" PROFILE "}}";
	static struct edits known[3];
	char *out, *seccomp, *annotations;
	struct place p;
	size_t len;

	if (known[mode].seccomp)
		return &known[mode];
	out = rewrite(modes[mode], plain, strlen(plain), &len);
	CHECK(place_find(plain, &p));
	CHECK(place_compare(plain, strlen(plain), &p, out, len, &seccomp, &annotations));
	free(out);
	known[mode] = (struct edits){ seccomp, annotations };
	return &known[mode];
}

static void try_text(const char *text, unsigned int mode)
{
	static const struct edits to_profile = { PROFILE, "" }, nothing = { "", "" };
	const struct edits *e = &nothing;
	char *with, *edited, *out;
	size_t len, edited_len, out_len;
	struct place p;

	if (!place_find(text, &p) || p.claimed)
		return;
	with = place_edit(text, strlen(text), &p, &nothing, &len);
	CHECK(with && !strcmp(with, text));
	if (p.seccomp.end && text[p.seccomp.start] == '{') {
		free(with);
		with = place_edit(text, strlen(text), &p, &to_profile, &len);
		CHECK(with && place_find(with, &p) && !p.claimed);
		e = known_edits(mode);
	}
	edited = place_edit(with, len, &p, e, &edited_len);
	out = rewrite(modes[mode], with, len, &out_len);
	CHECK(edited && edited_len == out_len && !memcmp(edited, out, out_len));
	free(out);
	free(edited);
	free(with);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (!size || memchr(data + 1, '\0', size - 1))
		return 0;
	text = strndup((const char *)data + 1, size - 1);
	CHECK(text);
	try_text(text, *data % 3);
	free(text);
	return 0;
}
