// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the wrapper finds in a configuration without json-c. The library is the judge: where
 * the wrapper takes a text for one whose linux.seccomp it has seen before, the library has to
 * take it, too, and make the very same of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ksyscalls-oci.h>

#include "../../lib/oci/oci.h"
#include "../../tools/place.h"

#define ROUNDS	12000

#define PROFILE "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\"]," \
	"\"syscalls\":[{\"names\":[\"read\",\"openat2\"],\"action\":\"SCMP_ACT_ALLOW\"}]}"

static const char *const configs[] = {
	"{\"linux\":{\"seccomp\":" PROFILE "}}",
	" {\"annotations\":{ },\"linux\":{\"seccomp\" :\t" PROFILE " , \"x\":[1,-2,{}]}}\n",
	"{\"linux\":{\"a\":null,\"seccomp\":" PROFILE "},\"annotations\":null}",
	"{\"process\":{\"env\":[\"A=\\u003c\\n\\\\\",\"\xc3\xa4\"],\"t\":true},\"annotations\":"
		"{\"io.x\":\"1\",\"y\":null},\"linux\":{\"seccomp\":" PROFILE "},\"h\":\"h\"}",
};

static struct ksc *k;

static int open_tree(void **state)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/tests/trees/amd64-6.12", getenv("KSC_SOURCE") ?: ".");
	return ksc_open(&k, path);
}

static int close_tree(void **state)
{
	ksc_close(k);
	return 0;
}

static struct ksc_oci *new_rewriter(enum ksc_oci_mode mode)
{
	struct ksc_oci *o;

	assert_int_equal(ksc_oci_new(&o, k), 0);
	assert_int_equal(ksc_oci_set_mode(o, mode), 0);
	return o;
}

static void test_taken(void **state)
{
	static const char *const taken[] = {
		"{}", "{\"linux\":null}", "{\"linux\":{}}", "{\"linux\":{\"seccomp\":null}}",
		"{\"a\":[],\"b\":[{},[0,-1,18446744073709551615]]}",
		"{\"linux\":{\"LINUX\":1},\"seccomp\":1,\"seccomp\":2}",
		"{\"annotations\":{\"a\":\"\\ud7ff\\u0001\"}}",
		"{\"annotations\":{\"run.oci.systemd.subgroup\":\"\",\"run.oci\":\"\","
			"\"r\":\"\"}}",
		"{\"annotations\":{\"a\\u0026b\":\"\",\"run.oci.hooks\\n\":\"\","
			"\"\xc3\xa4\":\"\"}}",
		"{\"annotations\":{\"xrun.oci.handler\":\"krun\",\"\":\"\"}}",
	};
	struct place p;
	size_t i;

	for (i = 0; i < sizeof(taken) / sizeof(*taken); i++) {
		if (!place_find(taken[i], &p) || p.claimed)
			fail_msg("%s is not taken", taken[i]);
	}
}

/* One that is no JSON, and one that is, and that somebody may read in two ways. */
static void test_left(void **state)
{
	static const char *const left[] = {
		"", "[]", "null", "{", "{} x", "{}}", "{,}", "{\"a\":1,}", "{\"a\":[1,]}", "{a:1}",
		"{'a':1}", "{\"a\" 1}", "{\"a\":}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":1.}",
		"{\"a\":.5}", "{\"a\":1.5}", "{\"a\":1e5}", "{\"a\":-}", "{\"a\":True}",
		"{\"a\":nul}", "{\"a\":NaN}", "{\"a\":\"\t\"}", "{\"a\":\"\\x\"}",
		"{\"a\":\"\\u12\"}", "{\"a\":\"\\u0000\"}", "{\"a\":\"\\ud800\"}",
		"{\"a\":\"\xff\"}", "{\"a\":\"\xe0\x84\xaa\"}", "{\"a\":\"\xed\xa0\x80\"}",
		"{\"a\":\"\xf0\x84\x84\x84\"}", "{\"a\":\"\xf4\x90\x80\x80\"}",
		"{\"a\":\"\xc3\"}", "{\"a\":\"b}", "{\"a\":123456789012345678901}",
		"{/**/\"a\":1}", "\xef\xbb\xbf{}", "{\"index\":-0}",
		"{\"value\":99999999999999999999}",
		"{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
		"{\"linux\":{},\"linux\":{}}", "{\"linux\":{},\"Linux\":{}}", "{\"LINUX\":{}}",
		"{\"l\\u0069nux\":{}}", "{\"l\xc4\xb1nux\":{}}", "{\"linux\":[]}",
		"{\"linux\":{\"seccomp\":{},\"seccomp\":{}}}", "{\"linux\":{\"Seccomp\":{}}}",
		"{\"linux\":{\"\\u0073eccomp\":{}}}",
		"{\"linux\":{\"\xc5\xbf\x65\x63\x63omp\":{}}}",
		"{\"linux\":{\"seccomp\":1}}", "{\"linux\":{\"seccomp\":[]}}", "{\"vm\":{}}",
		"{\"VM\":{}}", "{\"annotations\":[]}", "{\"annotations\":{\"a\":1}}",
		"{\"annotations\":{\"a\":{}}}", "{\"annotations\":{},\"annotations\":{}}",
	};
	static const char *const claimed[] = {
		KSC_OCI_ANNOTATION, OCI_CRUN_HANDLER, OCI_CRUN_PROGRAM, OCI_CRUN_FAIL_UNKNOWN,
		"Run.OCI.Handler", "run.oci.\\u0068andler", "\\u0072un.oci.handler",
		"run.oci.seccomp\\u002ereceiver", "o\\u0072g.ksyscalls.seccomp", "\\n",
	};
	char text[256];
	struct place p;
	size_t i;

	for (i = 0; i < sizeof(left) / sizeof(*left); i++) {
		if (place_find(left[i], &p))
			fail_msg("%s is taken", left[i]);
	}
	for (i = 0; i < sizeof(claimed) / sizeof(*claimed); i++) {
		snprintf(text, sizeof(text), "{\"annotations\":{\"x\":\"\",\"%s\":\"1\"}}",
			 claimed[i]);
		assert_true(place_find(text, &p));
		assert_true(p.claimed);
	}
}

/* Of the profile with nothing around it. */
static void make_edits(struct ksc_oci *o, char **seccomp, char **annotations)
{
	const char *config = configs[0];
	struct place p;
	size_t len;
	char *out;

	assert_int_equal(ksc_oci_rewrite(o, config, strlen(config), &out, &len), 0);
	assert_true(place_find(config, &p));
	assert_true(place_compare(config, strlen(config), &p, out, len, seccomp, annotations));
	free(out);
}

static void check_edits(const char *config, enum ksc_oci_mode mode)
{
	struct ksc_oci *o = new_rewriter(mode);
	char *out, *again, *seccomp, *annotations;
	size_t len, again_len;
	struct edits e;
	struct place p;

	assert_int_equal(ksc_oci_rewrite(o, config, strlen(config), &out, &len), 0);
	assert_true(place_find(config, &p));
	assert_true(place_compare(config, strlen(config), &p, out, len, &seccomp, &annotations));
	assert_int_equal(!*seccomp, mode == KSC_OCI_BPF);
	assert_true(*annotations);
	e = (struct edits){ seccomp, annotations };
	again = place_edit(config, strlen(config), &p, &e, &again_len);
	assert_int_equal(again_len, len);
	assert_memory_equal(again, out, len + 1);
	free(again);
	/* A text that no edits of that kind have made is not taken for one. */
	out[p.root] = out[p.root + 1];
	free(seccomp);
	free(annotations);
	assert_false(place_compare(config, strlen(config), &p, out, len, &seccomp, &annotations));
	free(seccomp);
	free(annotations);
	free(out);
	ksc_oci_free(o);
}

static void test_edits(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(configs) / sizeof(*configs); i++) {
		check_edits(configs[i], KSC_OCI_FLIP);
		check_edits(configs[i], KSC_OCI_EXPLICIT);
		check_edits(configs[i], KSC_OCI_BPF);
	}
}

/*
 * The key of what is kept has linux.seccomp alone of the configuration: if a rewriting begins
 * to heed any of this, it has to have that, too, or the wrapper must not take it.
 */
static void test_surroundings(void **state)
{
	static const char *const inside[] = {
		"", "\"personality\":{\"domain\":\"LINUX32\"},",
		"\"namespaces\":[{\"type\":\"user\"},{\"type\":\"mount\"}],",
		"\"uidMappings\":[{\"containerID\":0,\"hostID\":1000,\"size\":1}],",
		"\"resources\":{\"devices\":[{\"allow\":true}],\"pids\":{\"limit\":-1}},",
		"\"mountLabel\":\"x\",\"rootfsPropagation\":\"shared\",",
	};
	static const char *const around[] = {
		"", "\"ociVersion\":\"1.2.0\",", "\"ociVersion\":\"0.1.0\",",
		"\"process\":{\"noNewPrivileges\":true},",
		"\"process\":{\"noNewPrivileges\":false,\"user\":{\"uid\":1000,\"gid\":1000}},",
		"\"process\":{\"capabilities\":{\"bounding\":[\"CAP_SYS_ADMIN\"],"
			"\"effective\":[\"CAP_SYS_ADMIN\"]}},",
		"\"process\":{\"apparmorProfile\":\"x\",\"args\":[\"bash\"],\"terminal\":true},",
		"\"hooks\":{\"prestart\":[{\"path\":\"/bin/true\"}]},\"windows\":{},",
		"\"annotations\":{\"io.kubernetes.cri.container-type\":\"sandbox\"},",
		"\"domainname\":\"d\",\"mounts\":[{\"type\":\"proc\"}],\"solaris\":null,",
	};
	static const enum ksc_oci_mode modes[] = { KSC_OCI_FLIP, KSC_OCI_BPF, KSC_OCI_EXPLICIT };
	char text[2048], *out, *edited, *seccomp, *annotations;
	size_t i, m, len, out_len, edited_len;
	struct ksc_oci *o;
	struct edits e;
	struct place p;

	for (m = 0; m < sizeof(modes) / sizeof(*modes); m++) {
		o = new_rewriter(modes[m]);
		make_edits(o, &seccomp, &annotations);
		e = (struct edits){ seccomp, annotations };
		for (i = 0; i < sizeof(around) / sizeof(*around) * sizeof(inside) / sizeof(*inside);
		     i++) {
			snprintf(text, sizeof(text), "{%s\"linux\":{%s\"seccomp\":" PROFILE "}}",
				 around[i / (sizeof(inside) / sizeof(*inside))],
				 inside[i % (sizeof(inside) / sizeof(*inside))]);
			len = strlen(text);
			assert_int_equal(ksc_oci_rewrite(o, text, len, &out, &out_len), 0);
			assert_true(place_find(text, &p));
			edited = place_edit(text, len, &p, &e, &edited_len);
			assert_string_equal(edited, out);
			free(edited);
			free(out);
		}
		free(seccomp);
		free(annotations);
		ksc_oci_free(o);
	}
}

/* ---- the library as the judge ----------------------------------------- */

/* A few pieces of the text exchanged, repeated or lost, where linux.seccomp is not. */
static void mutate(char *text, size_t room)
{
	static const char *const pieces[] = {
		"{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0069", " ", "0", "-", "1e1", ".",
		"null",
		"\"linux\":{}", "\"Linux\":{}", "\"annotations\":{}", "\"vm\":{}", "\"vm\":null,",
		"\"run.oci.handler\":\"krun\",", "\"run.oci.\\u0068andler\":\"krun\",",
		"\"run.oci.hooks.stdout\":\"\",", "\"a\\u0026b\":\"\",",
		"\"seccomp\":null,", "\"value\":-1,", "\"x\":{},",
		"\"x\":\"\",", "\"\xc5\xbf\":1,", "\xc3\xa4", "\x80", "\t", "\x01", "true,",
		"\"index\":",
		"\"" KSC_OCI_ANNOTATION "\":\"\",", "\"annotations\":null,", "//",
	};
	int n = 1 + rand() % 3;

	while (n--) {
		size_t len = strlen(text), at = (size_t)rand() % (len + 1), cut = 0, put;
		const char *piece = pieces[(size_t)rand() % (sizeof(pieces) / sizeof(*pieces))];
		const char *profile = strstr(text, PROFILE);

		/* Most of what is inside it is another profile. */
		if (profile && at > (size_t)(profile - text) &&
		    at < (size_t)(profile - text) + strlen(PROFILE))
			continue;
		if (rand() % 3 == 0) {
			cut = (size_t)rand() % 4;
			cut = at + cut > len ? len - at : cut;
			piece = rand() % 2 ? "" : piece;
		}
		put = strlen(piece);
		if (len + put >= room)
			return;
		memmove(text + at + put, text + at + cut, len - at - cut + 1);
		memcpy(text + at, piece, put);
	}
}

static void test_as_the_library(void **state)
{
	static const enum ksc_oci_mode modes[] = { KSC_OCI_FLIP, KSC_OCI_BPF, KSC_OCI_EXPLICIT };
	char text[2048], *out, *edited, *seccomp, *annotations;
	size_t out_len, edited_len, taken = 0;
	struct edits edits[3];
	struct ksc_oci *o[3];
	struct place p;
	int i, m;

	srand(1);
	for (m = 0; m < 3; m++) {
		o[m] = new_rewriter(modes[m]);
		make_edits(o[m], &seccomp, &annotations);
		edits[m] = (struct edits){ seccomp, annotations };
	}
	for (i = 0; i < ROUNDS; i++) {
		strcpy(text, configs[i % (int)(sizeof(configs) / sizeof(*configs))]);
		mutate(text, sizeof(text));
		if (!place_find(text, &p) || p.claimed ||
		    p.seccomp.end - p.seccomp.start != strlen(PROFILE) ||
		    memcmp(text + p.seccomp.start, PROFILE, strlen(PROFILE)))
			continue;
		taken++;
		m = i % 3;
		if (ksc_oci_rewrite(o[m], text, strlen(text), &out, &out_len))
			fail_msg("%s: %s", text, ksc_oci_error(o[m]));
		edited = place_edit(text, strlen(text), &p, &edits[m], &edited_len);
		if (edited_len != out_len || memcmp(edited, out, out_len))
			fail_msg("%s\nis rewritten as\n%s\nand not\n%s", text, edited, out);
		free(edited);
		free(out);
	}
	print_message("# %zu of %d altered configurations are taken, and all of them as the "
		      "library takes them\n", taken, ROUNDS);
	assert_true(taken > ROUNDS / 20);
	for (m = 0; m < 3; m++) {
		free((char *)edits[m].seccomp);
		free((char *)edits[m].annotations);
		ksc_oci_free(o[m]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_edits),
		cmocka_unit_test(test_surroundings),
		cmocka_unit_test(test_as_the_library),
	};

	return cmocka_run_group_tests_name("place", tests, open_tree, close_tree);
}
