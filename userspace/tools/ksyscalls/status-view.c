// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which view this host has, and why it has no better one.
 */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "../file.h"
#include "../view.h"
#include "status.h"

static bool has_dkms_source(void)
{
	glob_t g;
	bool found = !glob("/usr/src/ksyscalls-*/dkms.conf", GLOB_NOSORT, NULL, &g);

	globfree(&g);
	return found;
}

static void why_no_module(struct status_view *v)
{
	char path[PATH_MAX];
	struct utsname u;
	bool locked;

	if (uname(&u))
		return;
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", u.release);
	if (!access("/sys/module/ksyscalls", F_OK)) {
		snprintf(v->why, sizeof(v->why), "the module is loaded and publishes nothing; "
			 "'dmesg' says why");
	} else if (file_says(path, "/ksyscalls.ko")) {
		locked = tool_is_locked_down();
		snprintf(v->why, sizeof(v->why), "the module is installed for Linux %s, not "
			 "loaded%s", u.release, locked ?
			 "; the kernel is locked down, and takes signed modules only" : "");
		snprintf(v->mend, sizeof(v->mend), "ksyscalls load, as root%s", locked ?
			 ", once the module's key is enrolled: mokutil --import" : "");
	} else if (has_dkms_source()) {
		snprintf(v->why, sizeof(v->why), "the module's source is here, but none is built "
			 "for Linux %s", u.release);
		snprintf(v->mend, sizeof(v->mend), "dkms autoinstall -k %s, with that kernel's "
			 "headers installed", u.release);
	} else {
		snprintf(v->why, sizeof(v->why), "the module is not installed for Linux %s",
			 u.release);
		snprintf(v->mend, sizeof(v->mend), "install ksyscalls-dkms, or run 'make "
			 "dkms-install' in the sources");
	}
}

/* That of runtime.conf, as the wrapper takes it or does not. */
static void view_of_conf(struct status_view *v, const char *sysroot, struct ksc **kp)
{
	const char *why = view_open(kp, sysroot, v->why, sizeof(v->why));

	snprintf(v->what, sizeof(v->what), "%s%s, by sysroot = %s in runtime.conf",
		 why ? "none" : ksc_source(*kp), why ? "" : " of this kernel", sysroot);
	if (why)
		snprintf(v->mend, sizeof(v->mend), "ksyscalls snapshot, on this kernel; or no "
			 "sysroot in runtime.conf, but the module or ksyscalls survey");
}

/**
 * status_view() - look which view there is
 * @v: receives what to say of it
 * @root: as for ksc_open()
 * @sysroot: the one that runtime.conf names, which counts if @root is NULL; "": none
 * @kp: receives the view, or NULL if there is none to go by
 */
void status_view(struct status_view *v, const char *root, const char *sysroot, struct ksc **kp)
{
	int ret;

	if (!root && *sysroot) {
		view_of_conf(v, sysroot, kp);
		return;
	}
	ret = ksc_open(kp, root);
	if (!ret && (root || view_native(*kp))) {
		snprintf(v->what, sizeof(v->what), "%s, Linux %s", ksc_source(*kp),
			 ksc_release(*kp) ?: "unknown");
		if (root || strcmp(ksc_source(*kp), "survey"))
			return;
		/* A survey does: what is better is told, and nothing has to be done. */
		why_no_module(v);
		*v->mend = '\0';
		return;
	}
	if (ret == -ENOENT)
		snprintf(v->what, sizeof(v->what), "none: neither module nor survey");
	else
		snprintf(v->what, sizeof(v->what), "none to go by: %s", !ret ?
			 "it does not tell of this machine's own ABI; 'dmesg' says why" :
			 *ksc_error(*kp) ? ksc_error(*kp) : strerror(-ret));
	ksc_close(*kp);
	*kp = NULL;
	if (!root)
		why_no_module(v);
	snprintf(v->mend + strlen(v->mend), sizeof(v->mend) - strlen(v->mend), "%s%s",
		 *v->mend ? "; or: " : "", root ? "ksyscalls snapshot, on the host" :
		 "ksyscalls survey, as root");
}
