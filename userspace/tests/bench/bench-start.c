// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench-start: what starting a container costs this machine's runc and crun: with moby's
 * default profile as it is, with each mode's rewriting of it made before, and through
 * ksyscalls-runtime, as the first container of that profile and as one that follows. A
 * busybox that ends at once, in turns, medians of the time, and of user instructions where
 * the machine counts them, else of CPU seconds. In front of true(1) what is over is ours.
 * And the time on one processor: a virtual machine can need as long to wake another as the
 * work takes, for runc's threads as for the process that rewrites a first configuration.
 *
 * Bundles and what is kept of them are in memory, as below /run, where engines have them.
 * The view is the newest recorded tree of this architecture. A time is no reason to
 * fail; exit status 77 without root, busybox or a runtime that starts containers here.
 */
#include <fcntl.h>
#include <glob.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ksyscalls-oci.h>
#include <ksyscalls-seccomp.h>

#include "bench.h"

#define TURNS	25
#define WAYS	5

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* What is started in turn; what has a mode is rewritten in it before the clock runs. */
static const struct way {
	const char *name;
	bool rewritten, wrapped, first;
	enum ksc_oci_mode mode;
} runc_ways[WAYS] = {
	{ .name = "as it is" },
	{ .name = "rewritten, explicit", .rewritten = true, .mode = KSC_OCI_EXPLICIT },
	{ .name = "rewritten, flip", .rewritten = true, .mode = KSC_OCI_FLIP },
	{ .name = "through ksyscalls-runc, first", .wrapped = true, .first = true },
	{ .name = "second and on", .wrapped = true },
}, crun_ways[WAYS] = {
	{ .name = "as it is" },
	{ .name = "rewritten, bpf", .rewritten = true, .mode = KSC_OCI_BPF },
	{ .name = "rewritten, flip", .rewritten = true, .mode = KSC_OCI_FLIP },
	{ .name = "through ksyscalls-crun, first", .wrapped = true, .first = true },
	{ .name = "second and on", .wrapped = true },
}, true_ways[WAYS] = {
	{ .name = "as it is" },
	{ .name = "through ksyscalls-true, first", .wrapped = true, .first = true },
	{ .name = "second and on", .wrapped = true },
};

struct cost {
	double wall, cpu, instructions;
};

enum place { ALL, ONE, PLACES };	/* processors */

static char work[64], tree[4096], *plain;
static double *from;	/* shared with who starts, whose namespace is none of a runtime's cost */

static void die(const char *what)
{
	fprintf(stderr, "bench-start: %s\n", what);
	exit(1);
}

static int skip(const char *why)
{
	printf("# starting containers: %s\n", why);
	return 77;
}

static void shell(const char *fmt, const char *arg)
{
	char command[8192];

	snprintf(command, sizeof(command), fmt, arg);
	if (system(command))
		die(command);
}

static void write_config(const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/config.json", work);
	f = fopen(path, "we");
	if (!f || fputs(text, f) < 0 || fclose(f))
		die("config.json cannot be written");
}

static void forget(void)
{
	shell("rm -rf '%s/store'", work);
}

/* ---- one start ---------------------------------------------------------- */

static int count_instructions(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE, .size = sizeof(attr),
		.config = PERF_COUNT_HW_INSTRUCTIONS, .exclude_kernel = 1, .inherit = 1,
	};

	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

/* The view as the module would show it, and one version of cgroups, which is all crun takes. */
static void enter_namespace(void)
{
	char target[4200];

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		_exit(126);
	mount("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, NULL);
	snprintf(target, sizeof(target), "%s/view", work);
	if (mount("tmpfs", "/sys/kernel", "tmpfs", 0, NULL) ||
	    mkdir("/sys/kernel/syscalls", 0755) ||
	    mount(target, "/sys/kernel/syscalls", NULL, MS_BIND, NULL))
		_exit(126);
}

static void stay_here(void)
{
	cpu_set_t here;

	CPU_ZERO(&here);
	CPU_SET((size_t)sched_getcpu(), &here);
	if (sched_setaffinity(0, sizeof(here), &here))
		_exit(126);
}

static bool start(const char *runtime, const struct way *way, enum place place, struct cost *c)
{
	bool crun = !strcmp(runtime, "crun");
	char root[128], program[256];
	const char *argv[16];
	struct rusage before, after;
	int fd, out, status, n = 0;
	uint64_t counted = 0;
	pid_t pid;

	snprintf(root, sizeof(root), "%s/root-%s", work, runtime);
	if (way->wrapped)
		snprintf(program, sizeof(program), "%s/ksyscalls-%s", work, runtime);
	else
		snprintf(program, sizeof(program), "%s", runtime);
	argv[n++] = program;
	if (crun)
		argv[n++] = "--cgroup-manager=disabled";
	argv[n++] = "--root";
	argv[n++] = root;
	argv[n++] = "run";
	argv[n++] = "-b";
	argv[n++] = work;
	argv[n++] = "ksyscalls-bench";
	argv[n] = NULL;
	getrusage(RUSAGE_CHILDREN, &before);
	fd = count_instructions();
	pid = fork();
	if (!pid) {
		enter_namespace();
		out = open("/dev/null", O_RDWR | O_CLOEXEC);
		dup2(out, 0);
		dup2(out, 1);
		dup2(out, 2);
		if (place == ONE)
			stay_here();
		*from = now();
		execvp(program, (char *const *)argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die("fork fails");
	c->wall = now() - *from;
	getrusage(RUSAGE_CHILDREN, &after);
	c->cpu = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) +
		 (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec) * 1e-6 +
		 (double)(after.ru_stime.tv_sec - before.ru_stime.tv_sec) +
		 (double)(after.ru_stime.tv_usec - before.ru_stime.tv_usec) * 1e-6;
	if (fd >= 0 && read(fd, &counted, sizeof(counted)) != sizeof(counted))
		counted = 0;
	if (fd >= 0)
		close(fd);
	c->instructions = (double)counted;
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

/* ---- configurations ----------------------------------------------------- */

static bool find_tree(const char *source)
{
	char path[4096];
	glob_t found;
	struct ksc *k;
	size_t i;

	snprintf(path, sizeof(path), "%s/tests/trees/*", source);
	if (glob(path, GLOB_ONLYDIR, NULL, &found))
		return false;
	for (i = 0; i < found.gl_pathc; i++) {
		if (!ksc_open(&k, found.gl_pathv[i]) &&
		    ksc_abi_scmp_arch(ksc_abi_native(k)) == seccomp_arch_native())
			*tree = realpath(found.gl_pathv[i], tree) ? *tree : '\0';
		ksc_close(k);
	}
	globfree(&found);
	return *tree;
}

static void make_plain(void)
{
	struct ksc_profile *p;
	char path[4096], *seccomp;

	snprintf(path, sizeof(path), "%s/moby-trixie.json", getenv("KSC_PROFILES") ?: ".");
	if (ksc_profile_new(&p) || ksc_profile_load_file(p, path) ||
	    ksc_profile_to_oci(p, &seccomp))
		die(ksc_profile_error(p));
	if (asprintf(&plain, "{\"ociVersion\":\"1.0.2\",\"root\":{\"path\":\"rootfs\"},"
		     "\"process\":{\"user\":{\"uid\":0,\"gid\":0},\"cwd\":\"/\","
		     "\"noNewPrivileges\":true,\"args\":[\"/busybox\",\"true\"]},"
		     "\"mounts\":[{\"destination\":\"/proc\",\"type\":\"proc\","
		     "\"source\":\"proc\"},{\"destination\":\"/dev\",\"type\":\"tmpfs\","
		     "\"source\":\"tmpfs\"}],\"linux\":{\"namespaces\":[{\"type\":\"pid\"},"
		     "{\"type\":\"mount\"},{\"type\":\"ipc\"}],\"seccomp\":%s}}", seccomp) < 0)
		die("out of memory");
	free(seccomp);
	ksc_profile_free(p);
}

static char *make_config(const struct way *way)
{
	struct ksc_oci *o;
	struct ksc *k;
	size_t len;
	char *text;

	if (!way->rewritten)
		return plain;
	if (ksc_open(&k, tree) || ksc_oci_new(&o, k) || ksc_oci_set_mode(o, way->mode))
		die("the tree cannot be read");
	if (ksc_oci_rewrite(o, plain, strlen(plain), &text, &len))
		die(ksc_oci_error(o));
	ksc_oci_free(o);
	ksc_close(k);
	return text;
}

/* ---- all of them -------------------------------------------------------- */

static bool measure(const char *runtime, const struct way *ways)
{
	static double wall[PLACES][WAYS][TURNS], cpu[PLACES][WAYS][TURNS];
	static double counted[PLACES][WAYS][TURNS];
	double each[PLACES][WAYS], work_done[WAYS];
	char *configs[WAYS];
	struct cost c;
	bool exact;
	int i, w, p;

	for (w = 0; w < WAYS && ways[w].name; w++)
		configs[w] = make_config(&ways[w]);
	for (i = 0; i < TURNS * PLACES; i++) {
		p = i % PLACES;
		for (w = 0; w < WAYS && ways[w].name; w++) {
			/* What was rewritten once is left alone. */
			write_config(configs[w]);
			if (ways[w].first)
				forget();
			if (!start(runtime, &ways[w], p, &c))
				return false;
			wall[p][w][i / PLACES] = c.wall;
			cpu[p][w][i / PLACES] = c.cpu;
			counted[p][w][i / PLACES] = c.instructions;
		}
	}
	exact = median(counted[ALL][0], TURNS) > 0;
	printf("%s run\n", runtime);
	for (w = 0; w < WAYS && ways[w].name; w++) {
		for (p = ALL; p < PLACES; p++)
			each[p][w] = median(wall[p][w], TURNS);
		work_done[w] = exact ? median(counted[ALL][w], TURNS) / 1e6 :
				       median(cpu[ALL][w], TURNS) * 1e3;
		printf("  %-30s %6.1f ms, %.2f of that; on one processor %6.1f ms, %.2f; "
		       "%6.1f %s, %.2f\n", ways[w].name, each[ALL][w] * 1e3,
		       each[ALL][w] / each[ALL][0], each[ONE][w] * 1e3,
		       each[ONE][w] / each[ONE][0], work_done[w],
		       exact ? "million user instructions" : "ms of CPU",
		       work_done[w] / work_done[0]);
	}
	return true;
}

int main(void)
{
	const char *source = getenv("KSC_SOURCE");
	char *build = realpath(getenv("KSC_BUILD") ?: "build", NULL);
	int status = 0;

	if (geteuid())
		return skip("needs root");
	if (system("command -v busybox >/dev/null"))
		return skip("busybox is not installed, 'make deps' does");
	if (!find_tree(source ? source : "."))
		return skip("no tree of this architecture");
	if (!build)
		die("there is no build");
	snprintf(work, sizeof(work), "/tmp/ksyscalls-bench.XXXXXX");
	if (!mkdtemp(work) || unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", work, "tmpfs", 0, NULL) || chdir(work))
		die("there is no place in memory to work in");
	shell("mkdir rootfs rootfs/proc rootfs/dev view && cp \"$(command -v busybox)\" rootfs/ && "
	      "cp -r '%s'/sys/kernel/syscalls/. view/ && rm -f view/release view/source", tree);
	shell("ln -s '%s/ksyscalls-runtime' ksyscalls-runc && cp -d ksyscalls-runc ksyscalls-crun "
	      "&& cp -d ksyscalls-runc ksyscalls-true", build);
	shell("echo 'store = %s/store' >conf", work);
	setenv("KSYSCALLS_RUNTIME_CONF", "conf", true);
	from = mmap(NULL, sizeof(*from), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (from == MAP_FAILED)
		die("out of memory");
	make_plain();
	if (!measure("runc", runc_ways))
		status = skip("this machine's runc starts none");
	if (!measure("crun", crun_ways))
		status = skip("this machine's crun starts none");
	if (!measure("true", true_ways))
		status = skip("the wrapper fails");
	free(plain);
	free(build);
	if (chdir("/") || umount2(work, MNT_DETACH) || rmdir(work))
		die("the place of work stays");
	return status;
}
