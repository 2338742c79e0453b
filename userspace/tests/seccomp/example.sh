#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The example for runtimes compiles and does what it says: under its filter, the
# number 1000, which no kernel has, is ENOSYS, and keyctl(), which the profile
# denies, is EPERM. Without a tree it is as before: both are EPERM.

build=${KSC_BUILD:?set KSC_BUILD to the build directory}
source=${KSC_SOURCE:?set KSC_SOURCE to the userspace directory}
work=$(mktemp -d "${TMPDIR:-/tmp}/ksyscalls-example.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
echo "1..3"

if [ "$(uname -m)" != x86_64 ]; then
	for n in 1 2 3; do
		echo "ok $n # SKIP its tree is made for x86_64"
	done
	exit 0
fi
tree=$work/tree/sys/kernel/syscalls/x86_64
mkdir -p "$tree"
cp -r "$source/tests/trees/amd64-6.1/sys/kernel/syscalls/." "$work/tree/sys/kernel/syscalls"
# Everything of 6.1 is allowed but what a program starts without.
awk 'BEGIN { printf "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"openat2\"" }
	$2 != "keyctl" && $2 != "add_key" { printf ",\"%s\"", $2 }
	END { print "],\"action\":\"SCMP_ACT_ALLOW\"}]}" }' "$tree/names" >"$work/profile.json"

cat >"$work/probe.c" <<-'EOF'
	#include <errno.h>
	#include <stdio.h>
	#include <sys/syscall.h>
	#include <unistd.h>

	int main(void)
	{
		int a = syscall(SYS_keyctl, -1) ? errno : 0;
		int b = syscall(1000) ? errno : 0;

		printf("%d %d\n", a, b);
		return 0;
	}
EOF
for flags in '' -fsanitize=address,undefined; do
	# shellcheck disable=SC2046,SC2086 # words
	"${CC:-cc}" -Wall -Wextra -Werror $flags -I"$source/include" -o "$work/runtime" \
		"$source/examples/runtime.c" "$build/libksyscalls-oci.a" \
		"$build/libksyscalls-seccomp.a" \
		"$build/libksyscalls.a" $(pkg-config --libs json-c libseccomp) 2>"$work/err" && break
done
if [ -x "$work/runtime" ] && "${CC:-cc}" -o "$work/probe" "$work/probe.c"; then
	echo "ok 1 - it compiles"
else
	sed 's/^/# /' "$work/err"
	echo "not ok 1 - it compiles"
	exit 1
fi
failed=0
expect()	# NUMBER WANTED TREE
{
	got=$(ASAN_OPTIONS=detect_leaks=0 "$work/runtime" "$work/profile.json" "$3" -- "$work/probe" 2>&1)
	if [ "$got" = "$2" ]; then
		echo "ok $1 - keyctl and 1000 answer $2"
	else
		echo "# $got"
		echo "not ok $1 - keyctl and 1000 answer $2"
		failed=1
	fi
}
expect 2 "1 38" "$work/tree"
expect 3 "1 1" "$work/none"
exit $failed
