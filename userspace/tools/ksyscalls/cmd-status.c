// SPDX-License-Identifier: GPL-2.0-only
/*
 * status: what is used on this host, what is not, and the line that mends it. It reads,
 * and starts programs for their versions; it changes nothing and does not guess.
 */
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ksyscalls-seccomp.h>

#include "../../lib/shared.h"
#include "../text.h"
#include "../view.h"
#include "../which.h"
#include "explain.h"
#include "status.h"

/* What engines leave a container by default, which profiles have rules for. */
#define DEFAULT_CAPS	"CAP_CHOWN,CAP_DAC_OVERRIDE,CAP_FOWNER,CAP_FSETID,CAP_KILL," \
			"CAP_NET_BIND_SERVICE,CAP_SETFCAP,CAP_SETGID,CAP_SETPCAP,CAP_SETUID," \
			"CAP_SYS_CHROOT"

static const struct program {
	const char *name, *binary;
	void (*read)(struct status_conf *c);	/* NULL: it is no engine */
	const char *wrapper, *mend;	/* a line that leads through the wrapper, its path for %s */
} programs[] = {
	{ "runc", "runc", NULL, NULL, NULL },
	{ "crun", "crun", NULL, NULL, NULL },
	{ "lxc", "lxc-start", NULL, NULL, NULL },
	{ "podman", "podman", status_podman, "ksyscalls-crun",
	  "below [engine] in /etc/containers/containers.conf: runtime = \"%s\"" },
	{ "docker", "dockerd", status_docker, "ksyscalls-runc",
	  "in /etc/docker/daemon.json, then restart it: \"runtimes\": {\"ksyscalls\": {\"path\": "
	  "\"%s\"}}, \"default-runtime\": \"ksyscalls\"" },
	{ "containerd", "containerd", status_containerd, "ksyscalls-runc",
	  "in /etc/containerd/config.toml, in the options of its runtime: BinaryName = \"%s\"" },
	{ "crio", "crio", status_crio, "ksyscalls-crun",
	  "below [crio.runtime.runtimes.crun] in /etc/crio/crio.conf: runtime_path = \"%s\"" },
};

#define CRUN		(EXPLAIN_RUNTIMES - 1)

enum through {
	THROUGH_NO,
	THROUGH_YES,
	THROUGH_UNKNOWN,
};

struct count {
	unsigned int wrong[EXPLAIN_RUNTIMES], of;
	unsigned int left[EXPLAIN_RUNTIMES];	/* to what rules can say */
	bool exact;				/* crun takes a program, too */
};

/* One program that was found. */
struct finding {
	const struct program *p;
	char path[PATH_MAX];
	char version[128];		/* "": cannot tell */
	const char *no_version;		/* why not */
	struct status_conf conf;
	enum through through;
	char how[PATH_MAX + 128];
	char mend[PATH_MAX + 256];	/* "": nothing is to be done */
	const char *profile;		/* a file; NULL: cannot tell */
	struct count count;
	bool counted;
};

struct status {
	struct tool *t;
	struct ksc *k;			/* NULL: no view */
	struct status_wrapper wrapper;
	struct status_view view;
	struct status_store store;	/* if runtime.conf has no mistake */
	const char *profile;		/* of engines that have theirs built in */
	struct count count;		/* under it, if there is one and a view */
	struct finding *found;
	size_t n;
	unsigned int todo;
};

/* ---- whether it leads through us -------------------------------------------- */

/* The default runtime's program, as far as the files say it. */
static const char *runtime_path(const struct status_conf *c, char found[PATH_MAX])
{
	size_t i;

	for (i = 0; i < c->nr_runtimes; i++) {
		if (!strcmp(c->runtimes[i].name, c->runtime) && *c->runtimes[i].path)
			return c->runtimes[i].path;
	}
	if (strchr(c->runtime, '/') || tool_which(c->runtime, found))
		return c->runtime;
	return found;
}

/* What the wrapper starts that is called by @path. */
static const char *runtime_behind(const struct conf *c, const char *path)
{
	return conf_linked_runtime(path) ?: (*c->runtime ? c->runtime : "runc");
}

/* Without what comes behind us, the engine starts nothing. */
static void need(struct finding *f, const char *program, const char *instead)
{
	char found[PATH_MAX];

	if (strchr(program, '/') ? !access(program, X_OK) : !tool_which_runtime(program, found))
		return;
	snprintf(f->mend, sizeof(f->mend), "%.*s is not there, so no container is started: "
		 "install it, or change %s", PATH_MAX, program, instead);
}

static void set_through(struct finding *f, const struct conf *wrapper)
{
	const struct status_conf *c = &f->conf;
	char found[PATH_MAX];
	const char *path = runtime_path(c, found);

	if (*c->hook) {
		f->through = THROUGH_YES;
		snprintf(f->how, sizeof(f->how), "the hook %s", c->hook);
		need(f, c->hook_program, "that hook");
	} else if (*path && tool_is_wrapper(path)) {
		f->through = THROUGH_YES;
		snprintf(f->how, sizeof(f->how), "its runtime is %.*s", PATH_MAX, path);
		need(f, runtime_behind(wrapper, path), "the runtime");
	} else if (*c->unsure) {
		f->through = THROUGH_UNKNOWN;
		snprintf(f->how, sizeof(f->how), "%s", c->unsure);
	} else if (!*c->runtime) {
		snprintf(f->how, sizeof(f->how), "its runtime is the one that is built in");
	} else if (*path == '/' && access(path, X_OK)) {
		snprintf(f->how, sizeof(f->how), "its runtime %.*s is not there", PATH_MAX, path);
	} else {
		snprintf(f->how, sizeof(f->how), "its runtime is %.*s", PATH_MAX, path);
	}
}

static void set_mend(struct finding *f)
{
	char wrapper[PATH_MAX];

	if (f->through != THROUGH_NO)
		return;
	if (tool_which(f->p->wrapper, wrapper))
		snprintf(f->mend, sizeof(f->mend), "install ksyscalls-runtime(8) first: %s is not "
			 "in PATH", f->p->wrapper);
	else
		snprintf(f->mend, sizeof(f->mend), f->p->mend, wrapper);
}

/* ---- how much is wrong ------------------------------------------------------- */

/* By name where it is not in PATH, which stands for one of today. */
static int set_runtime(struct ksc_oci *o, size_t runtime)
{
	const char *name = explain_runtimes[runtime].name;
	char path[PATH_MAX];

	return ksc_oci_set_runtime(o, tool_which_runtime(name, path) ? name : path);
}

/* Before 0.18 it has nothing but rules. */
static bool crun_takes_program(const struct ksc *k)
{
	static const char config[] = "{ \"ociVersion\": \"1.0.2\" }";
	struct ksc_oci *o = NULL;
	char *out = NULL;
	size_t len;
	int ret;

	ret = ksc_oci_new(&o, k);
	if (!ret)
		ret = ksc_oci_set_mode(o, KSC_OCI_BPF);
	if (!ret)
		ret = set_runtime(o, CRUN);
	if (!ret)
		ret = ksc_oci_rewrite(o, config, strlen(config), &out, &len);
	free(out);
	ksc_oci_free(o);
	return !ret;
}

/* What the runtime makes of the profile after it was rewritten by rules. */
static int rewritten_program(const struct question *q, size_t runtime, struct tool_prog *prog)
{
	const struct ksc_abi *abi = view_native(q->k) ?: ksc_abi_native(q->k);
	struct ksc_profile *p = NULL;
	struct ksc_oci *o = NULL;
	char *text = NULL;
	int ret;

	ret = ksc_oci_new(&o, q->k);
	if (!ret)
		ret = set_runtime(o, runtime);
	if (!ret)
		ret = ksc_oci_profile(o, q->filter.profile, &text);
	if (!ret)
		ret = ksc_profile_new(&p);
	if (!ret)
		ret = ksc_profile_set_arch(p, ksc_abi_scmp_arch(abi));
	if (!ret)
		ret = ksc_profile_load_mem(p, text, strlen(text));
	if (!ret)
		ret = ksc_profile_program(p, explain_runtimes[runtime].runtime, &prog->insns,
					  &prog->len);
	ksc_profile_free(p);
	free(text);
	ksc_oci_free(o);
	return ret;
}

static int count_wrong(struct status *s, const char *profile, struct count *sum)
{
	struct tool_filter_args args = { .profile = profile };
	struct question q = { .t = s->t }, after;
	struct tool_prog rewritten[EXPLAIN_RUNTIMES] = {};
	const struct ksc_abi *abi;
	struct explain_count n;
	size_t i;
	int ret;

	args.caps = strdup(DEFAULT_CAPS);
	ret = args.caps ? explain_load(&q, s->k, &args) : TOOL_USAGE;
	for (i = 0; !ret && i < EXPLAIN_RUNTIMES; i++) {
		if (!rewritten_program(&q, i, &rewritten[i]))
			continue;
		tool_error(s->t, "%s cannot be rewritten; 'ksyscalls profile' says why",
			   profile);
		ret = TOOL_USAGE;
	}
	if (ret)
		goto out_free;
	sum->exact = crun_takes_program(q.k);
	/* The last program of a question is the measure, and stays. */
	after = q;
	ksc_abi_foreach(abi, q.k) {
		for (i = 0; i < EXPLAIN_RUNTIMES; i++) {
			after.progs[0] = rewritten[i];
			explain_count(&after, 0, abi, &n);
			sum->left[i] += n.reachable;
			explain_count(&q, i, abi, &n);
			sum->wrong[i] += n.reachable;
		}
		sum->of += n.reachable_of;
	}
out_free:
	for (i = 0; i < EXPLAIN_RUNTIMES; i++)
		free(rewritten[i].insns);
	explain_free(&q);
	tool_filter_args_free(&args);
	return ret;
}

/* The command line's has to be a profile, whether or not an engine asks for it. */
static int judge_given(struct status *s)
{
	struct tool_filter_args args = { .profile = s->profile };

	if (!s->profile)
		return TOOL_OK;
	return s->k ? count_wrong(s, s->profile, &s->count) : tool_check_profile(s->t, &args);
}

/* The host's may be anything. */
static void judge_profile(struct status *s, struct finding *f)
{
	const char *said = f->conf.profile;
	const struct finding *other;

	if (!f->p->read || !strcmp(said, "unconfined"))
		return;
	f->profile = *said == '/' ? said : s->profile;
	if (!f->profile || !s->k)
		return;
	for (other = s->found; other < f; other++) {
		if (!other->counted || strcmp(other->profile, f->profile))
			continue;
		f->count = other->count;
		f->counted = true;
		return;
	}
	if (f->profile == s->profile)
		f->count = s->count;
	f->counted = f->profile == s->profile || !count_wrong(s, f->profile, &f->count);
}

/* ---- all of it --------------------------------------------------------------- */

static void look_at(struct status *s, const struct program *p)
{
	struct finding *f = &s->found[s->n];
	int ret;

	if (tool_which(p->binary, f->path))
		return;
	s->n++;
	f->p = p;
	ret = tool_version(f->path, f->version, sizeof(f->version));
	if (ret)
		*f->version = '\0';
	f->no_version = ret == -ETIMEDOUT ? "it does not answer" : "it does not say";
	if (!p->read)
		return;
	p->read(&f->conf);
	set_through(f, &s->wrapper.conf);
	set_mend(f);
	s->todo += !!*f->mend;
	judge_profile(s, f);
}

/* By the wrapper crun gets the exact program; a hook cannot know who reads its rules. */
static unsigned int left(const struct finding *f, size_t runtime)
{
	bool exact = runtime == CRUN && !*f->conf.hook && f->count.exact;

	return exact ? 0 : f->count.left[runtime];
}

/* ---- text -------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3)))
static void print_row(const char *name, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) >= 0) {
		printf("%-11s ", name);
		text_print(stdout, text);
		putchar('\n');
		free(text);
	}
	va_end(ap);
}

static void print_profile(const struct status *s, const struct finding *f)
{
	const struct count *n = &f->count;

	if (f->counted)
		print_row("", "profile %s: of %u reachable numbers plain runc answers %u wrongly, "
			  "plain crun %u; through ksyscalls runc %u, crun %u", f->profile, n->of,
			  n->wrong[0], n->wrong[CRUN], left(f, 0), left(f, CRUN));
	else if (!strcmp(f->conf.profile, "unconfined"))
		print_row("", "no profile: nothing is answered in the kernel's place");
	else if (f->profile)
		print_row("", "profile %s: cannot tell what is wrong %s", f->profile, s->k ?
			  "under it, see above" : "without a view");
	else
		print_row("", "profile: built in, cannot tell; --profile=FILE judges by a copy");
}

static void print_finding(const struct status *s, const struct finding *f)
{
	static const char *const words[] = {
		[THROUGH_NO] = "not through ksyscalls",
		[THROUGH_YES] = "through ksyscalls",
		[THROUGH_UNKNOWN] = "cannot tell whether through ksyscalls",
	};

	print_row(f->p->name, "%s: %s%s", f->path, *f->version ? "" : "cannot tell its version: ",
		  *f->version ? f->version : f->no_version);
	if (!f->p->read)
		return;
	print_row("", "%s: %s%s%s", words[f->through], f->how, *f->conf.from ? ", by " : "",
		  f->conf.from);
	print_profile(s, f);
	if (*f->mend)
		print_row("", "mend: %s", f->mend);
}

static void print_store(const struct status_store *s)
{
	if (*s->mend)
		print_row("store", "mend: %s", s->mend);
	else if (s->why)
		print_row("store", "none: %s", s->why);
	else
		print_row("store", "%s: %zu files, %llu bytes", s->path, s->files, s->bytes);
}

/* Only what is unusual, for there is little room. */
static void print_wrapper(const struct status *s)
{
	const struct conf *c = &s->wrapper.conf;

	if (*c->error)
		print_row("conf", "%s until this is mended", c->strict ?
			  "strict: no container is started" : "each container keeps its profile");
	else if (c->strict && !s->k)
		print_row("conf", "strict: no container is started until there is a view");
	if (*c->error)
		print_row("", "mend: %s", c->error);
	if (*s->wrapper.note)
		print_row("conf", "%s", s->wrapper.note);
}

static void print_status(const struct status *s)
{
	size_t i;

	print_row("view", "%s", s->view.what);
	if (*s->view.why)
		print_row("", "%s", s->view.why);
	if (*s->view.mend)
		print_row("", "mend: %s", s->view.mend);
	print_wrapper(s);
	if (!*s->wrapper.conf.error)
		print_store(&s->store);
	for (i = 0; i < s->n; i++)
		print_finding(s, &s->found[i]);
	if (!s->n)
		print_row("programs", "no runtime and no engine is in PATH");
	print_row("to do", "%u", s->todo);
}

/* ---- JSON -------------------------------------------------------------------- */

static void put_count(struct json_object *obj, const struct finding *f)
{
	const struct count *n = &f->count;
	char key[32];
	size_t i;

	json_object_object_add(obj, "reachable", json_object_new_int64(n->of));
	for (i = 0; i < EXPLAIN_RUNTIMES; i++) {
		json_object_object_add(obj, explain_runtimes[i].name,
				       json_object_new_int64(n->wrong[i]));
		snprintf(key, sizeof(key), "ksyscalls_%s", explain_runtimes[i].name);
		json_object_object_add(obj, key, json_object_new_int64(left(f, i)));
	}
}

static struct json_object *json_finding(const struct finding *f)
{
	struct json_object *obj = json_object_new_object(), *wrong = NULL;

	tool_json_text(obj, "name", f->p->name);
	tool_json_text(obj, "path", f->path);
	tool_json_text(obj, "version", f->version);
	if (!f->p->read)
		return obj;
	json_object_object_add(obj, "through", f->through == THROUGH_UNKNOWN ? NULL :
			       json_object_new_boolean(f->through == THROUGH_YES));
	tool_json_text(obj, "how", f->how);
	tool_json_text(obj, "profile", f->profile ?: f->conf.profile);
	if (f->counted) {
		wrong = json_object_new_object();
		put_count(wrong, f);
	}
	json_object_object_add(obj, "wrong", wrong);
	tool_json_text(obj, "mend", f->mend);
	return obj;
}

static struct json_object *json_store(const struct status_store *s)
{
	struct json_object *obj = json_object_new_object();

	tool_json_text(obj, "path", s->path);
	json_object_object_add(obj, "files", json_object_new_int64((int64_t)s->files));
	json_object_object_add(obj, "bytes", json_object_new_int64((int64_t)s->bytes));
	tool_json_text(obj, "why", s->why);
	tool_json_text(obj, "mend", s->mend);
	return obj;
}

static struct json_object *json_wrapper(const struct status_wrapper *w)
{
	struct json_object *obj = json_object_new_object();

	json_object_object_add(obj, "strict", json_object_new_boolean(w->conf.strict));
	tool_json_text(obj, "sysroot", w->conf.sysroot);
	tool_json_text(obj, "mend", w->conf.error);
	tool_json_text(obj, "note", w->note);
	return obj;
}

static int print_json(const struct status *s)
{
	struct json_object *obj = json_object_new_object(), *view = json_object_new_object();
	struct json_object *list = json_object_new_array();
	size_t i;

	tool_json_text(view, "source", s->k ? ksc_source(s->k) : NULL);
	tool_json_text(view, "release", s->k ? ksc_release(s->k) : NULL);
	tool_json_text(view, "why", s->view.why);
	tool_json_text(view, "mend", s->view.mend);
	json_object_object_add(obj, "view", view);
	json_object_object_add(obj, "conf", json_wrapper(&s->wrapper));
	json_object_object_add(obj, "store", *s->wrapper.conf.error ? NULL :
			       json_store(&s->store));
	for (i = 0; i < s->n; i++)
		json_object_array_add(list, json_finding(&s->found[i]));
	json_object_object_add(obj, "programs", list);
	json_object_object_add(obj, "todo", json_object_new_int64(s->todo));
	return tool_print_json(s->t, obj);
}

static int run_status(struct tool *t, int argc, char **argv)
{
	struct status s = { .t = t };
	bool json = false;
	size_t i;
	int c, ret;

	while ((c = tool_getopt(t, argc, argv)) != -1) {
		if (c == 'j')
			json = true;
		else if (c == 'p')
			s.profile = optarg;
	}
	ret = tool_no_operands(t, argc, argv);
	if (ret)
		return ret;
	s.found = calloc(ARRAY_SIZE(programs), sizeof(*s.found));
	if (!s.found) {
		tool_error(t, "out of memory");
		return TOOL_USAGE;
	}
	status_wrapper(&s.wrapper);
	status_view(&s.view, t->sysroot, s.wrapper.conf.sysroot, &s.k);
	status_wrapper_names(&s.wrapper, s.k);
	if (!*s.wrapper.conf.error)
		status_store(&s.store, s.wrapper.conf.store);
	s.todo = !!*s.view.mend + !!*s.wrapper.conf.error + !!*s.store.mend;
	ret = judge_given(&s);
	for (i = 0; !ret && i < ARRAY_SIZE(programs); i++)
		look_at(&s, &programs[i]);
	if (!ret && json)
		ret = print_json(&s);
	else if (!ret)
		print_status(&s);
	free(s.found);
	ksc_close(s.k);
	return ret ?: (s.todo ? TOOL_NO : TOOL_OK);
}

static const struct tool_opt status_opts[] = {
	{ "profile", 'p', "FILE", "a copy of the profile that engines have built in" },
	TOOL_OPT_JSON,
	{}
};

const struct tool_cmd cmd_status = {
	.name = "status",
	.operands = "",
	.brief = "tell what is used on this host, what is not, and what mends it",
	.about = "Exit status 0: nothing is to be done; 1: something is. Nothing is changed.\n",
	.example = "ksyscalls status --profile=profile.json",
	.opts = status_opts,
	.run = run_status,
};
