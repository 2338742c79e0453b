// SPDX-License-Identifier: GPL-2.0-only
/*
 * The names of Linux's capabilities, for who types them: a profile may name any.
 */
#include <stdio.h>
#include <string.h>

#include "../../lib/shared.h"
#include "tool.h"

/* As linux/capability.h numbers them. */
static const char *const caps[] = {
	"CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID",
	"SETUID", "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST",
	"NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO",
	"SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
	"SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE",
	"AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM",
	"BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
};

/* A kernel that is newer than the list; what it calls its own cannot be told. */
static bool kernel_has_more(void)
{
	FILE *f = fopen("/proc/sys/kernel/cap_last_cap", "re");
	unsigned int last = 0;

	if (!f)
		return false;
	if (fscanf(f, "%u", &last) != 1)
		last = 0;
	fclose(f);
	return last >= ARRAY_SIZE(caps);
}

/**
 * tool_is_cap() - is it the name of a capability, with CAP_ and in capitals?
 * @name: the name
 */
bool tool_is_cap(const char *name)
{
	size_t i;

	if (strncmp(name, "CAP_", 4))
		return false;
	for (i = 0; i < ARRAY_SIZE(caps); i++) {
		if (!strcmp(caps[i], name + 4))
			return true;
	}
	return kernel_has_more();
}
