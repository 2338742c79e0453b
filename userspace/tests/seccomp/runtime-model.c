// SPDX-License-Identifier: GPL-2.0-only
/*
 * runtime-model oci PROFILE: the profile as a runtime gets it, plain JSON.
 * runtime-model same RUNTIME PROFILE DUMP: is the program that a real runtime
 * loaded, as dump-filter wrote it, the same in effect as our model of it?
 * runtime-model alike PROFILE DUMP DUMP: are these two the same in effect?
 */
#include <errno.h>
#include <json-c/json.h>
#include <linux/audit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../bpfsim.h"

#include <ksyscalls-oci.h>

#include "judge.h"

#define NUMBERS	1200
#define TOLD	20	/* of the differences */

static void die(const char *what, const char *why)
{
	fprintf(stderr, "runtime-model: %s: %s\n", what, why);
	exit(2);
}

static struct ksc_profile *load(const char *path)
{
	struct ksc_profile *p;

	if (ksc_profile_new(&p))
		die(path, "out of memory");
	if (ksc_profile_load_file(p, path))
		die(path, ksc_profile_error(p));
	return p;
}

static int print_oci(const char *path)
{
	struct ksc_profile *p = load(path);
	char *text;

	if (ksc_profile_to_oci(p, &text))
		die(path, "out of memory");
	puts(text);
	free(text);
	ksc_profile_free(p);
	return 0;
}

static size_t differences(const struct ksc_profile *p, const struct sock_filter *model,
			  const struct sock_filter *real, size_t *checks)
{
	static const uint64_t values[] = {
		0, 1, 8, 16, 38, 39, 40, 41, 0x20000, 0x20008, 0x7e020000, 0x10000000, 0xffffffff,
		1ULL << 32, UINT64_MAX,
	};
	static const uint32_t bases[] = { 0, 0x40000000, 0xf0000, 0x7ffffff0, 0xfffffff0 };
	const size_t n = sizeof(values) / sizeof(values[0]);
	size_t i, b, v, j, found = 0;
	uint32_t arch, nr, one, other;

	*checks = 0;
	for (i = 0; (arch = ksc_profile_arch(p, i)); i++) {
		if (arch == SCMP_ARCH_X32)
			arch = AUDIT_ARCH_ALPHA;	/* x32 lies in x86_64; a stranger instead */
		for (b = 0; b < sizeof(bases) / sizeof(bases[0]); b++) {
			for (nr = bases[b]; nr - bases[b] < NUMBERS; nr++) {
				for (v = 0; v < n; v++) {
					struct seccomp_data sd = { .nr = (int)nr, .arch = arch };

					for (j = 0; j < 6; j++)
						sd.args[j] = values[(v * (2 * j + 1)) % n];
					one = bpfsim_run(model, &sd, false, NULL);
					other = bpfsim_run(real, &sd, false, NULL);
					++*checks;
					if (one != other && found++ < TOLD)
						fprintf(stderr, "# %#x %u: %#x, %#x\n", arch, nr,
							one, other);
				}
			}
		}
	}
	return found;
}

static void read_program(const char *path, struct sock_filter *prog)
{
	if (!bpfsim_read(path, prog))
		die(path, strerror(errno));
}

static int compare_dumps(const char *path, const char *a, const char *b)
{
	static struct sock_filter prog_a[BPF_MAXINSNS], prog_b[BPF_MAXINSNS];
	struct ksc_profile *p = load(path);
	size_t checks, found;

	read_program(a, prog_a);
	read_program(b, prog_b);
	found = differences(p, prog_a, prog_b, &checks);
	printf("%zu of %zu answers differ\n", found, checks);
	ksc_profile_free(p);
	return found ? 1 : 0;
}

static int compare(const char *name, const char *path, const char *dump)
{
	static struct sock_filter real[BPF_MAXINSNS];
	struct ksc_profile *p = load(path);
	size_t len, real_len, checks, found;
	struct sock_filter *model;
	enum ksc_runtime runtime;

	if (judge_runtime(name, &runtime))
		die(name, "is no runtime with a model");
	if (ksc_profile_program(p, runtime, &model, &len))
		die(path, ksc_profile_error(p));
	real_len = bpfsim_read(dump, real);
	if (!real_len)
		die(dump, strerror(errno));
	found = differences(p, model, real, &checks);
	printf("%s: model %zu instructions, real %zu%s, %zu of %zu answers differ\n", name, len,
	       real_len, len == real_len && !memcmp(model, real, len * sizeof(*model)) ?
	       " (byte for byte the same)" : "", found, checks);
	free(model);
	ksc_profile_free(p);
	return found ? 1 : 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "oci"))
		return print_oci(argv[2]);
	if (argc == 5 && !strcmp(argv[1], "same"))
		return compare(argv[2], argv[3], argv[4]);
	if (argc == 5 && !strcmp(argv[1], "alike"))
		return compare_dumps(argv[2], argv[3], argv[4]);
	fputs("usage: runtime-model oci PROFILE | same RUNTIME PROFILE DUMP | "
	      "alike PROFILE DUMP DUMP\n", stderr);
	return 2;
}
