#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Every number under the filters that libksyscalls makes of what is published.
. "$(dirname "$0")/ktap.sh"

[ -x "$here/prefix" ] || skip_all "built without libksyscalls' sources"
# The one needs no sysctl, the other is older than 5.9.
grep -q ^Seccomp_filters: /proc/self/status || [ -e /proc/sys/kernel/seccomp/actions_avail ] ||
	skip_all "this kernel has no CONFIG_SECCOMP_FILTER"
need_module
"$here/prefix"
