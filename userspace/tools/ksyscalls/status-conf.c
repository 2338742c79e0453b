// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the files of the engines say of runtime, profile and hooks. Options of a daemon's
 * command line, and files of a user, are not seen.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/shared.h"
#include "../file.h"
#include "status.h"

#define JSON_MAX	(1u << 20)

/* Where TOML of an engine has what we ask for. */
struct keys {
	const char *runtime, *profile, *hooks;	/* NULL: it has none */
	const char *path;		/* a pattern, with the runtime's name for the '*' */
	const char *more;		/* names other files; NULL: it does not */
};

static const struct keys podman_keys = {
	"engine.runtime", "containers.seccomp_profile", "engine.hooks_dir",
	"engine.runtimes.*", NULL
};

/* Of version 2 and 3 of its configuration. */
static const struct keys containerd_keys[] = {
	{ "plugins.io.containerd.grpc.v1.cri.containerd.default_runtime_name", NULL, NULL,
	  "plugins.io.containerd.grpc.v1.cri.containerd.runtimes.*.options.BinaryName", "imports" },
	{ "plugins.io.containerd.cri.v1.runtime.containerd.default_runtime_name", NULL, NULL,
	  "plugins.io.containerd.cri.v1.runtime.containerd.runtimes.*.options.BinaryName",
	  "imports" },
};

static const struct keys crio_keys = {
	"crio.runtime.default_runtime", "crio.runtime.seccomp_profile", "crio.runtime.hooks_dir",
	"crio.runtime.runtimes.*.runtime_path", NULL
};

struct reading {
	struct status_conf *c;
	const struct keys *keys;
	const char *path;
};

/* The first reason counts. */
__attribute__((format(printf, 2, 3)))
static void doubt(struct status_conf *c, const char *fmt, ...)
{
	va_list ap;

	if (*c->unsure)
		return;
	va_start(ap, fmt);
	vsnprintf(c->unsure, sizeof(c->unsure), fmt, ap);
	va_end(ap);
}

static void add_runtime(struct status_conf *c, const char *name, size_t len, const char *path)
{
	size_t i;

	for (i = 0; i < c->nr_runtimes; i++) {
		if (strlen(c->runtimes[i].name) == len && !strncmp(c->runtimes[i].name, name, len))
			break;
	}
	if (i == STATUS_RUNTIMES || len >= sizeof(c->runtimes[i].name)) {
		doubt(c, "more runtimes than are read");
		return;
	}
	snprintf(c->runtimes[i].name, sizeof(c->runtimes[i].name), "%.*s", (int)len, name);
	snprintf(c->runtimes[i].path, sizeof(c->runtimes[i].path), "%s", path);
	c->nr_runtimes += i == c->nr_runtimes;
}

/* ---- hooks ----------------------------------------------------------------- */

static bool fits(const struct dirent *entry, const char *pattern)
{
	return !fnmatch(pattern, entry->d_name, FNM_PERIOD);
}

/* What a hook of ours calls; NULL: it is none. */
static const char *hook_program(struct json_object *root)
{
	struct json_object *hook, *path, *stages, *args;
	const char *program, *text;
	size_t i;

	if (!json_object_object_get_ex(root, "hook", &hook) ||
	    !json_object_object_get_ex(hook, "path", &path) ||
	    !json_object_object_get_ex(hook, "args", &args) ||
	    !json_object_object_get_ex(root, "stages", &stages) ||
	    !json_object_is_type(stages, json_type_array) ||
	    !json_object_is_type(args, json_type_array))
		return NULL;
	program = json_object_get_string(path) ?: "";
	text = strrchr(program, '/') ?: "";
	if (strcmp(text, "/ksyscalls") || !strstr(json_object_get_string(args), "\"oci\""))
		return NULL;
	for (i = 0; i < json_object_array_length(stages); i++) {
		text = json_object_get_string(json_object_array_get_idx(stages, i));
		if (text && !strcmp(text, "precreate"))
			return program;
	}
	return NULL;
}

static void read_hook(struct status_conf *c, const char *path)
{
	struct json_object *root;
	const char *program;
	char *text;
	size_t len;
	int ret = file_read(path, JSON_MAX, &text, &len);

	if (ret) {
		doubt(c, "%s: %s", path, strerror(-ret));
		return;
	}
	root = json_tokener_parse(text);
	program = json_object_is_type(root, json_type_object) ? hook_program(root) : NULL;
	if (program) {
		snprintf(c->hook, sizeof(c->hook), "%s", path);
		snprintf(c->hook_program, sizeof(c->hook_program), "%s", program);
	}
	json_object_put(root);
	free(text);
}

/* Calls @read for each file of a directory that @pattern fits, in the order of their names. */
static void each_file(struct status_conf *c, const char *dir, const char *pattern,
		      void (*read)(struct status_conf *c, const char *path))
{
	struct dirent **entries;
	int i, n = scandir(dir, &entries, NULL, alphasort);
	char *path;

	if (n < 0 && errno != ENOENT)
		doubt(c, "%s: %s", dir, strerror(errno));
	for (i = 0; i < n; i++) {
		if (fits(entries[i], pattern) &&
		    asprintf(&path, "%s/%s", dir, entries[i]->d_name) >= 0) {
			read(c, path);
			free(path);
		}
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

static void read_hooks(struct status_conf *c, const char *dir)
{
	each_file(c, dir, "*.json", read_hook);
}

/* ---- TOML ------------------------------------------------------------------ */

static bool is_key(const char *wanted, const char *key)
{
	return wanted && !strcmp(wanted, key);
}

static void set_text(struct status_conf *c, char *to, const char *key, const char *value)
{
	if (!status_toml_string(value, to, PATH_MAX))
		doubt(c, "what %s says is not understood", key);
}

static void take_key(const char *key, const char *value, void *arg)
{
	const struct reading *r = arg;
	struct status_conf *c = r->c;
	size_t before = strcspn(r->keys->path, "*"), after = strlen(r->keys->path) - before - 1;
	size_t len = strlen(key);
	char text[PATH_MAX];

	if (is_key(r->keys->runtime, key)) {
		set_text(c, c->runtime, key, value);
		snprintf(c->from, sizeof(c->from), "%s", r->path);
	} else if (is_key(r->keys->profile, key)) {
		set_text(c, c->profile, key, value);
	} else if (is_key(r->keys->hooks, key) && status_toml_string(value, text, sizeof(text))) {
		read_hooks(c, text);
	} else if (is_key(r->keys->more, key) && strcmp(value, "[]")) {
		doubt(c, "%s names other files", r->path);
	} else if (!fnmatch(r->keys->path, key, 0)) {
		*text = '\0';
		set_text(c, text, key, value);
		add_runtime(c, key + before, len - before - after, text);
	} else if (*value == '{') {
		doubt(c, "%s: what is in braces is not read", r->path);
	}
}

static void read_toml(struct status_conf *c, const char *path, const struct keys *keys)
{
	struct reading r = { c, keys, path };
	int ret = status_toml(path, take_key, &r);

	if (ret == -EINVAL)
		doubt(c, "%s is not understood", path);
	else if (ret && ret != -ENOENT)
		doubt(c, "%s: %s", path, strerror(-ret));
}

static void read_podman(struct status_conf *c, const char *path)
{
	read_toml(c, path, &podman_keys);
}

static void read_crio(struct status_conf *c, const char *path)
{
	read_toml(c, path, &crio_keys);
}

void status_podman(struct status_conf *c)
{
	static const char *const profiles[] = {
		"/etc/containers/seccomp.json", "/usr/share/containers/seccomp.json",
	};
	char *text;
	size_t i, len;

	/* The defaults, when no file says another. */
	read_hooks(c, "/usr/share/containers/oci/hooks.d");
	read_hooks(c, "/etc/containers/oci/hooks.d");
	read_podman(c, "/usr/share/containers/containers.conf");
	read_podman(c, "/etc/containers/containers.conf");
	each_file(c, "/etc/containers/containers.conf.d", "*.conf", read_podman);
	for (i = 0; !*c->profile && i < ARRAY_SIZE(profiles); i++) {
		/* One that cannot be read is none that is built in. */
		if (file_read(profiles[i], JSON_MAX, &text, &len) == -ENOENT)
			continue;
		snprintf(c->profile, sizeof(c->profile), "%s", profiles[i]);
		free(text);
	}
}

void status_containerd(struct status_conf *c)
{
	snprintf(c->runtime, sizeof(c->runtime), "runc");
	snprintf(c->from, sizeof(c->from), "its default");
	read_toml(c, "/etc/containerd/config.toml", &containerd_keys[0]);
	read_toml(c, "/etc/containerd/config.toml", &containerd_keys[1]);
}

void status_crio(struct status_conf *c)
{
	read_hooks(c, "/usr/share/containers/oci/hooks.d");
	read_crio(c, "/etc/crio/crio.conf");
	each_file(c, "/etc/crio/crio.conf.d", "*", read_crio);
}

/* ---- daemon.json ------------------------------------------------------------ */

static void take_string(struct status_conf *c, struct json_object *root, const char *key, char *to)
{
	struct json_object *value;

	if (!json_object_object_get_ex(root, key, &value))
		return;
	if (json_object_is_type(value, json_type_string))
		snprintf(to, PATH_MAX, "%s", json_object_get_string(value));
	else
		doubt(c, "%s of daemon.json is no string", key);
}

void status_docker(struct status_conf *c)
{
	static const char path[] = "/etc/docker/daemon.json";
	struct json_object *root, *runtimes, *program;
	char *text;
	size_t len;
	int ret = file_read(path, JSON_MAX, &text, &len);

	snprintf(c->runtime, sizeof(c->runtime), "runc");
	snprintf(c->from, sizeof(c->from), "its default");
	if (ret == -ENOENT)
		return;
	if (ret) {
		doubt(c, "%s: %s", path, strerror(-ret));
		return;
	}
	root = json_tokener_parse(text);
	free(text);
	if (!json_object_is_type(root, json_type_object)) {
		doubt(c, "%s is no JSON object", path);
		json_object_put(root);
		return;
	}
	if (json_object_object_get_ex(root, "default-runtime", NULL))
		snprintf(c->from, sizeof(c->from), "%s", path);
	take_string(c, root, "default-runtime", c->runtime);
	take_string(c, root, "seccomp-profile", c->profile);
	if (json_object_object_get_ex(root, "runtimes", &runtimes) &&
	    json_object_is_type(runtimes, json_type_object)) {
		json_object_object_foreach(runtimes, name, entry) {
			if (json_object_object_get_ex(entry, "path", &program))
				add_runtime(c, name, strlen(name),
					    json_object_get_string(program) ?: "");
		}
	}
	json_object_put(root);
}
