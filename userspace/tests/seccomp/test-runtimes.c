// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a runtime heeds is found in its program, and is not guessed where that cannot be read.
 */
#include <errno.h>
#include <json-c/json.h>
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixtures.h"
#include "json.h"
#include "rewriting.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static const char config[] = PROFILE(READ(""));

static char *dir, path[4096];

static int set_up(void **state)
{
	dir = fixture_mkdir();
	return rewriting_setup(state);
}

static int tear_down(void **state)
{
	fixture_rmdir(dir);
	return rewriting_teardown(state);
}

static FILE *open_runtime(const char *name)
{
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	return f;
}

/* The runtime at @path gets its configuration in @mode. */
static void check_choice(const char *mode)
{
	struct ksc_oci *o = in_mode(KSC_OCI_AUTO);
	struct json_object *report, *used;
	size_t len;
	char *out;

	assert_int_equal(ksc_oci_set_runtime(o, path), 0);
	assert_int_equal(ksc_oci_rewrite(o, config, strlen(config), &out, &len), 0);
	report = json_report(o);
	assert_true(json_object_object_get_ex(report, "mode", &used));
	assert_string_equal(json_object_get_string(used), mode);
	json_object_put(report);
	free(out);
	ksc_oci_free(o);
}

/* What is in programs of crun's, since 0.18 and since 0.19. */
#define CRUN_18	"run.oci.seccomp_bpf_data"
#define CRUN_19	CRUN_18 "\0errno value specified for action `%s`"

static void test_old(void **state)
{
	static const struct {
		const char *name, *text, *mode;
		size_t len;
		bool flips;		/* if it is told to */
	} cases[] = {
#define CASE(name, text, mode, flips)	{ name, text, mode, sizeof(text) - 1, flips }
		CASE("runc", "... default_errno_ret ...", "flip", true),
		CASE("runc", "... default_action ...", "explicit", false),
		CASE("runc", "", "explicit", false),
		CASE("docker-runc", "...", "explicit", false),
		CASE("crun", CRUN_19, "bpf", true),
		CASE("crun", CRUN_18, "bpf", false),
		CASE("crun", "... run.oci.handler ...", "explicit", false),
		CASE("youki", "...", "flip", true),
	};
	struct ksc_oci *o;
	size_t i, len;
	char *out;
	FILE *f;
	int ret;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		f = open_runtime(cases[i].name);
		fwrite(cases[i].text, 1, cases[i].len, f);
		fclose(f);
		check_choice(cases[i].mode);
		o = in_mode(KSC_OCI_FLIP);
		assert_int_equal(ksc_oci_set_runtime(o, path), 0);
		ret = ksc_oci_rewrite(o, config, strlen(config), &out, &len);
		assert_int_equal(ret, cases[i].flips ? 0 : -EOPNOTSUPP);
		if (ret)
			assert_non_null(strstr(ksc_oci_error(o), "defaultErrnoRet"));
		free(out);
		ksc_oci_free(o);
	}
}

/* Wherever in a long program the word lies, it is found; a half of it is none. */
static void test_long(void **state)
{
	static const char word[] = CRUN_18;
	int part, at;
	FILE *f;

	(void)state;
	/* Whatever the parts are that it is read in. */
	for (part = 1 << 12; part <= 1 << 17; part *= 2) {
		for (at = part - (int)sizeof(word); at <= part; at++) {
			f = open_runtime("crun");
			fprintf(f, "%*s%s%40000s", at, "", word, "");
			fclose(f);
			check_choice("bpf");
		}
	}
	f = open_runtime("crun");
	fprintf(f, "%40000s%.12s %s%40000s", "", word, word + 12, "");
	fclose(f);
	check_choice("explicit");
}

/* Not known is not old. */
static void test_unreadable(void **state)
{
	static const struct {
		const char *name, *target;
		int err;
	} cases[] = {
		{ "runc-none", "nowhere", -ENOENT },
		{ "crun-none", "nowhere", -ENOENT },
		{ "runc-dir", ".", -EISDIR },
		{ "runc-device", "/dev/null", -EINVAL },
		/* A regular file, and there is nothing at its beginning. */
		{ "runc-memory", "/proc/self/mem", -EIO },
		{ "crun-memory", "/proc/self/mem", -EIO },
	};
	struct ksc_oci *o;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, cases[i].name);
		assert_false(symlink(cases[i].target, path));
		o = in_mode(KSC_OCI_AUTO);
		assert_int_equal(ksc_oci_set_runtime(o, path), cases[i].err);
		assert_non_null(strstr(ksc_oci_error(o), path));
		assert_non_null(strstr(ksc_oci_error(o), strerror(-cases[i].err)));
		ksc_oci_free(o);
	}
}

/* Whoever else is in the name: another kernel answers there. */
static void test_vm(void **state)
{
	static const struct {
		const char *name;
		int err;
	} cases[] = {
		{ "kata-qemu", -EOPNOTSUPP }, { "containerd-shim-kata-v2", -EOPNOTSUPP },
		{ "io.containerd.runsc.v1", -EOPNOTSUPP }, { "crun-krun", -EOPNOTSUPP },
		{ "urunc", -EOPNOTSUPP }, { "runnc", -EOPNOTSUPP }, { "Kata", -EOPNOTSUPP },
		{ "runc", 0 }, { "sysbox-runc", 0 }, { "crun-wasm", 0 }, { "youki", 0 },
		{ "nvidia-container-runtime", 0 }, { "balakata", 0 }, { "", 0 },
	};
	struct ksc_oci *o;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		o = in_mode(KSC_OCI_AUTO);
		assert_int_equal(ksc_oci_set_runtime(o, cases[i].name), cases[i].err);
		ksc_oci_free(o);
	}
}

/* Larger than any runtime is: not read to its end. */
static void test_huge(void **state)
{
	struct ksc_oci *o = in_mode(KSC_OCI_AUTO);
	FILE *f = open_runtime("runc");

	(void)state;
	assert_false(ftruncate(fileno(f), (256 << 20) + 1));
	fclose(f);
	assert_int_equal(ksc_oci_set_runtime(o, path), -EFBIG);
	ksc_oci_free(o);
	/* Nobody's name says that it is looked into. */
	o = in_mode(KSC_OCI_AUTO);
	assert_int_equal(ksc_oci_set_runtime(o, "/nowhere/youki"), 0);
	ksc_oci_free(o);
}

/* ---- sections ------------------------------------------------------------ */

static char *program;
static size_t program_len;

static bool read_program(const char *name)
{
	FILE *f;

	free(program);
	program = malloc(64 << 20);
	assert_non_null(program);
	f = fopen(name, "r");
	if (!f)
		return false;
	program_len = fread(program, 1, 64 << 20, f);
	fclose(f);
	return program_len < 32 << 20;
}

static ElfW(Ehdr) *header(void)
{
	return (ElfW(Ehdr) *)program;
}

static ElfW(Shdr) *section(unsigned int i)
{
	return (ElfW(Shdr) *)(program + header()->e_shoff) + i;
}

static struct ksc_oci *weighed_by(const char *name)
{
	struct ksc_oci *o = in_mode(KSC_OCI_AUTO);
	size_t len;
	char *out;
	FILE *f = open_runtime(name);

	assert_int_equal(fwrite(program, 1, program_len, f), program_len);
	fclose(f);
	assert_int_equal(ksc_oci_set_runtime(o, path), 0);
	assert_int_equal(ksc_oci_rewrite(o, config, strlen(config), &out, &len), 0);
	free(out);
	return o;
}

static const char *report_on(const char *name)
{
	struct ksc_oci *o = weighed_by(name);
	struct json_object *report = json_report(o);
	static char text[2][1 << 16];
	static int turn;

	turn = !turn;
	snprintf(text[turn], sizeof(text[turn]), "%s", json_object_to_json_string(report));
	json_object_put(report);
	ksc_oci_free(o);
	return text[turn];
}

/* A runtime is the same without sections, when all of its file is looked at. */
static void test_sections(void **state)
{
	static const struct {
		const char *file, *as;
	} programs[] = {
		{ "/usr/sbin/runc", "runc" }, { "/usr/bin/runc", "runc" },
		{ "/usr/bin/crun", "crun" }, { "/proc/self/exe", "runc" },
		{ "/proc/self/exe", "crun" },
	};
	const char *with;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(programs); i++) {
		if (!read_program(programs[i].file))
			continue;
		with = report_on(programs[i].as);
		header()->e_shnum = 0;
		assert_string_equal(report_on(programs[i].as), with);
	}
}

/* What is behind a program is looked at, too. */
static void test_behind(void **state)
{
	static const char word[] = CRUN_18;

	(void)state;
	assert_true(read_program("/bin/sh"));
	assert_non_null(strstr(report_on("crun"), "\"explicit\""));
	memcpy(program + program_len, word, sizeof(word));
	program_len += sizeof(word);
	assert_non_null(strstr(report_on("crun"), "\"bpf\""));
}

/* This program has the words. */
static void test_broken_sections(void **state)
{
	ElfW(Shdr) *s, whole;
	unsigned int i;

	(void)state;
	assert_true(read_program("/proc/self/exe"));
	assert_non_null(strstr(report_on("crun"), "\"bpf\""));
	/* A section that lies has the whole file looked at. */
	for (i = 1; i < header()->e_shnum; i++) {
		s = section(i);
		whole = *s;
		s->sh_name = UINT32_MAX;
		assert_non_null(strstr(report_on("crun"), "\"bpf\""));
		*s = whole;
		s->sh_offset = program_len + 1;
		assert_non_null(strstr(report_on("crun"), "\"bpf\""));
		*s = whole;
	}
	header()->e_shstrndx = header()->e_shnum;
	assert_non_null(strstr(report_on("crun"), "\"bpf\""));
	assert_true(read_program("/proc/self/exe"));
	/* What is not loaded, or is instructions, is no text of the program's. */
	for (i = 1; i < header()->e_shnum; i++)
		section(i)->sh_flags = i % 2 ? 0 : SHF_ALLOC | SHF_EXECINSTR;
	assert_non_null(strstr(report_on("crun"), "\"bpf\""));
	section(1)->sh_flags = SHF_ALLOC;
	section(1)->sh_type = SHT_PROGBITS;
	assert_non_null(strstr(report_on("crun"), "\"explicit\""));
	free(program);
	program = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_old),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_vm),
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_behind),
		cmocka_unit_test(test_broken_sections),
	};

	return cmocka_run_group_tests_name("runtimes", tests, set_up, tear_down);
}
