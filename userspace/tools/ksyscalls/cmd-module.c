// SPDX-License-Identifier: GPL-2.0-only
/*
 * load and unload: the module's way in and out, through libkmod, with what the
 * kernel means by its error numbers.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <libkmod.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <linux/ksyscalls.h>

#include "../../lib/shared.h"
#include "../file.h"
#include "../view.h"
#include "tool.h"

/* KMOD_REMOVE_NOLOG, which libkmod has since 30 and overlooked before. */
#define REMOVE_NOLOG	1

#define MODULE_NAME	"ksyscalls"

/*
 * libkmod is opened only here, when it is needed: with the cryptography it
 * brings along it would triple the time in which "check" answers a script, and
 * a static binary or an initramfs can do without.
 */
#define KMOD_FUNCTIONS(X)		\
	X(kmod_new)			\
	X(kmod_unref)			\
	X(kmod_set_log_priority)	\
	X(kmod_list_next)		\
	X(kmod_module_new_from_name)	\
	X(kmod_module_new_from_path)	\
	X(kmod_module_unref)		\
	X(kmod_module_get_initstate)	\
	X(kmod_module_get_path)		\
	X(kmod_module_get_info)		\
	X(kmod_module_info_get_key)	\
	X(kmod_module_info_get_value)	\
	X(kmod_module_info_free_list)	\
	X(kmod_module_insert_module)	\
	X(kmod_module_probe_insert_module) \
	X(kmod_module_remove_module)

struct kmod {
	void *library;
	struct kmod_ctx *ctx;
#define FIELD(name)	__typeof__(name) *name;
	KMOD_FUNCTIONS(FIELD)
#undef FIELD
};

static int kmod_open(const struct tool *t, struct kmod *km)
{
	km->library = dlopen("libkmod.so.2", RTLD_NOW | RTLD_LOCAL);
	if (!km->library) {
		tool_error(t, "needs libkmod: %s", dlerror());
		return TOOL_USAGE;
	}
#define RESOLVE(name)	(*(void **)&km->name = dlsym(km->library, #name)) &&
	if (!(KMOD_FUNCTIONS(RESOLVE) true)) {
		tool_error(t, "libkmod is too old: %s", dlerror());
		goto err_close;
	}
#undef RESOLVE
	km->ctx = km->kmod_new(NULL, NULL);
	if (!km->ctx) {
		tool_error(t, "libkmod does not start: %s", strerror(errno));
		goto err_close;
	}
	/* We tell the errors ourselves. */
	km->kmod_set_log_priority(km->ctx, 0);
	return TOOL_OK;

err_close:
	dlclose(km->library);
	return TOOL_USAGE;
}

static void kmod_close(struct kmod *km)
{
	km->kmod_unref(km->ctx);
	dlclose(km->library);
}

/* ---- what the kernel means ---------------------------------------------- */

static bool has_cap_sys_module(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	return !syscall(SYS_capget, &header, data) &&
	       (data[CAP_TO_INDEX(CAP_SYS_MODULE)].effective & CAP_TO_MASK(CAP_SYS_MODULE));
}

/**
 * tool_is_locked_down() - does the kernel take signed modules only?
 *
 * Secure Boot makes it so, in distributions.
 */
bool tool_is_locked_down(void)
{
	static const char path[] = "/sys/kernel/security/lockdown";

	return file_says(path, "[integrity]") || file_says(path, "[confidentiality]");
}

static const char *explain_eperm(void)
{
	if (!has_cap_sys_module())
		return "this needs root, or CAP_SYS_MODULE; containers rarely have it";
	if (file_says("/proc/sys/kernel/modules_disabled", "1"))
		return "kernel.modules_disabled is 1: no module comes or goes until the next boot";
	if (tool_is_locked_down())
		return "the kernel is locked down and takes signed modules only: "
		       "sign the module with an enrolled key (mokutil --import), "
		       "or boot without lockdown";
	return "a security policy of this system forbids it, such as kernel lockdown; "
	       "the kernel log says which";
}

/**
 * explain() - cause and cure of what the kernel answered
 * @err: errno, positive
 *
 * Return: one line, or NULL if there is no more to say than strerror() does.
 */
static const char *explain(int err)
{
	static const struct {
		int err;
		const char *text;
	} table[] = {
		{ EKEYREJECTED,	"the kernel enforces module signatures and this module has none "
				"that it trusts: sign it with an enrolled key (mokutil --import)" },
		{ ENOKEY,	"the module's signing key is not in the kernel's keyring: "
				"enrol it (mokutil --import)" },
		{ EBADMSG,	"the module's signature is damaged: build or install it again" },
		{ ENOPKG,	"the kernel lacks the signature's hash: sign with another" },
		{ EEXIST,	"a module of that name is loaded, or " KSYSCALLS_SYSFS_DIR
				" belongs to something else" },
		{ ENOEXEC,	"not a module, or built for another kernel" },
		{ ENOENT,	"the kernel lacks a symbol that the module needs: "
				"built for another kernel" },
		{ EOPNOTSUPP,	"this kernel lacks what the module needs to look around" },
		{ EINVAL,	"the kernel does not take this module: built with other options, "
				"or for another architecture" },
		{ ENOSYS,	"this kernel loads no modules at all (CONFIG_MODULES)" },
		/* Linux 7 turns a module's own EEXIST into this. */
		{ EBUSY,	"in use, or coming or going right now: try again; or something "
				"else publishes " KSYSCALLS_SYSFS_DIR " already, see dmesg" },
		{ EAGAIN,	"something holds the module; 'lsmod' may say what" },
	};
	size_t i;

	if (err == EPERM)
		return explain_eperm();
	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].err == err)
			return table[i].text;
	return NULL;
}

static int open_kernel_log(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/* What the module has said since open_kernel_log(): it names the missing CONFIG. */
static void tell_kernel_log(const struct tool *t, int fd)
{
	char record[2048];
	char *text, *end;
	ssize_t n;

	if (fd < 0)
		return;
	/* EPIPE: the ring overtook us, and the next read goes on behind. */
	while ((n = read(fd, record, sizeof(record) - 1)) > 0 || (n < 0 && errno == EPIPE)) {
		if (n < 0)
			continue;
		record[n] = '\0';
		text = strchr(record, ';');
		if (!text || !strstr(text, MODULE_NAME))
			continue;
		end = strchr(text, '\n');
		if (end)
			*end = '\0';
		tool_error(t, "the kernel says: %s", text + 1);
	}
}

static void tell_refusal(const struct tool *t, const char *what, int err)
{
	const char *why = explain(err);

	tool_error(t, "%s: %s%s%s", what, strerror(err), why ? ": " : "", why ?: "");
}

/* ---- load --------------------------------------------------------------- */

static char *module_info(const struct kmod *km, const struct kmod_module *mod, const char *key)
{
	struct kmod_list *list = NULL, *i;
	char *value = NULL;

	if (km->kmod_module_get_info(mod, &list) < 0)
		return NULL;
	for (i = list; i && !value; i = km->kmod_list_next(list, i))
		if (!strcmp(km->kmod_module_info_get_key(i), key))
			value = strdup(km->kmod_module_info_get_value(i));
	km->kmod_module_info_free_list(list);
	return value;
}

static void tell_vermagic(const struct tool *t, const struct kmod *km,
			  const struct kmod_module *mod)
{
	char *vermagic = module_info(km, mod, "vermagic");
	struct utsname uts;

	if (vermagic && !uname(&uts))
		tool_error(t, "the module is for '%s', the kernel is '%s'; build it for this one",
			   vermagic, uts.release);
	free(vermagic);
}

static int insert(const struct kmod *km, struct kmod_module *mod, bool from_file)
{
	if (from_file)
		return km->kmod_module_insert_module(mod, 0, NULL);
	return km->kmod_module_probe_insert_module(mod, 0, NULL, NULL, NULL, NULL);
}

static int find_installed(const struct tool *t, const struct kmod *km, struct kmod_module **mod)
{
	struct utsname uts = {};
	int ret;

	ret = km->kmod_module_new_from_name(km->ctx, MODULE_NAME, mod);
	if (ret) {
		tool_error(t, "%s: %s", MODULE_NAME, strerror(-ret));
		return TOOL_USAGE;
	}
	/* One that was loaded from elsewhere needs no file. */
	if (km->kmod_module_get_path(*mod) || km->kmod_module_get_initstate(*mod) >= 0)
		return TOOL_OK;
	tool_error(t, "the module is not installed for this kernel%s%s: 'make dkms-install' in its "
		      "sources does that; --module takes a file",
		   uname(&uts) ? "" : ", ", uts.release);
	km->kmod_module_unref(*mod);
	return TOOL_NO_TREE;
}

static int find_file(const struct tool *t, const struct kmod *km, const char *path,
		     struct kmod_module **mod)
{
	char *name;
	bool ours;
	int ret;

	ret = km->kmod_module_new_from_path(km->ctx, path, mod);
	if (ret) {
		tool_error(t, "%s: %s", path, strerror(-ret));
		return TOOL_USAGE;
	}
	name = module_info(km, *mod, "name");
	ours = name && !strcmp(name, MODULE_NAME);
	if (!ours) {
		tool_error(t, "%s: %s", path, name ? "another module, not " MODULE_NAME :
			   "not a kernel module, or damaged");
		km->kmod_module_unref(*mod);
	}
	free(name);
	return ours ? TOOL_OK : TOOL_USAGE;
}

static int load(const struct tool *t, const struct kmod *km, const char *path)
{
	struct kmod_module *mod;
	int log, ret, status;
	struct ksc *k;

	ret = path ? find_file(t, km, path, &mod) : find_installed(t, km, &mod);
	if (ret)
		return ret;
	if (km->kmod_module_get_initstate(mod) >= 0) {
		tool_error(t, "%s", path ? "a module " MODULE_NAME " is loaded; unload that "
			   "one first" : "note: loaded already");
		status = path ? TOOL_NO : TOOL_OK;
		goto out_unref;
	}
	log = open_kernel_log();
	ret = insert(km, mod, path);
	if (ret) {
		/* Above zero is libkmod's own: a blacklist stopped it. */
		tell_refusal(t, "cannot load the module", ret < 0 ? -ret : EPERM);
		if (ret == -ENOEXEC)
			tell_vermagic(t, km, mod);
		tell_kernel_log(t, log);
		status = TOOL_NO;
		goto out_close_log;
	}
	status = tool_open(t, &k);
	if (status)
		goto out_close_log;
	if (!view_native(k)) {
		tell_kernel_log(t, log);
		tool_error(t, "the module does not understand this kernel: 'ksyscalls unload', "
			   "then 'ksyscalls survey'");
		status = TOOL_NO_TREE;
	}
	ksc_close(k);
out_close_log:
	if (log >= 0)
		close(log);
out_unref:
	km->kmod_module_unref(mod);
	return status;
}

static int run_load(struct tool *t, int argc, char **argv)
{
	const char *path = NULL;
	struct kmod km = {};
	int ret;

	while (tool_getopt(t, argc, argv) != -1)
		path = optarg;
	ret = tool_no_operands(t, argc, argv) ?: kmod_open(t, &km);
	if (ret)
		return ret;
	ret = load(t, &km, path);
	kmod_close(&km);
	return ret;
}

static const struct tool_opt load_opts[] = {
	{ "module", 'm', "FILE", "load this file; default: the module installed for this kernel" },
	{}
};

const struct tool_cmd cmd_load = {
	.name = "load",
	.operands = "",
	.brief = "load the kernel module",
	.about = "Needs root. If the kernel refuses, the reason and the cure are told.\n",
	.example = "ksyscalls load",
	.opts = load_opts,
	.flags = TOOL_LIVE,
	.run = run_load,
};

/* ---- unload ------------------------------------------------------------- */

static int run_unload(struct tool *t, int argc, char **argv)
{
	struct kmod_module *mod;
	struct kmod km = {};
	int ret, status;

	while (tool_getopt(t, argc, argv) != -1)
		;
	status = tool_no_operands(t, argc, argv) ?: kmod_open(t, &km);
	if (status)
		return status;
	ret = km.kmod_module_new_from_name(km.ctx, MODULE_NAME, &mod);
	if (ret) {
		tool_error(t, "%s: %s", MODULE_NAME, strerror(-ret));
		status = TOOL_USAGE;
		goto out_close;
	}
	if (km.kmod_module_get_initstate(mod) < 0) {
		tool_error(t, "note: not loaded");
		goto out_unref;
	}
	ret = km.kmod_module_remove_module(mod, REMOVE_NOLOG);
	if (ret) {
		tell_refusal(t, "cannot unload the module", -ret);
		status = TOOL_NO;
	}
out_unref:
	km.kmod_module_unref(mod);
out_close:
	kmod_close(&km);
	return status;
}

const struct tool_cmd cmd_unload = {
	.name = "unload",
	.operands = "",
	.brief = "unload the kernel module",
	.about = "Needs root. /sys/kernel/syscalls goes with it; what is not loaded is no error.\n",
	.example = "ksyscalls unload",
	.flags = TOOL_LIVE,
	.run = run_unload,
};
