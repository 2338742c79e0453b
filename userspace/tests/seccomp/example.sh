#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The example for runtimes compiles and does what it says: under its filter, the
# number 1000, which no kernel has, is ENOSYS, and keyctl(), which the profile
# denies, is EPERM. Without a tree it is as before: both are EPERM.

build=${KSC_BUILD:?set KSC_BUILD to the build directory}
source=${KSC_SOURCE:?set KSC_SOURCE to the userspace directory}
# shellcheck source-path=SCRIPTDIR source=../tap.sh
. "$(dirname "$0")/../tap.sh"

plan 3
if [ "$(uname -m)" != x86_64 ]; then
	for name in compiled with without; do
		skip "$name" "its tree is made for x86_64"
	done
	done_testing
	exit
fi
tree=$tmp/tree/sys/kernel/syscalls/x86_64
mkdir -p "$tree"
cp -r "$source/tests/trees/amd64-6.1/sys/kernel/syscalls/." "$tmp/tree/sys/kernel/syscalls"
# Everything of 6.1 is allowed but what a program starts without.
awk 'BEGIN { printf "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"openat2\"" }
	$2 != "keyctl" && $2 != "add_key" { printf ",\"%s\"", $2 }
	END { print "],\"action\":\"SCMP_ACT_ALLOW\"}]}" }' "$tree/names" >"$tmp/profile.json"

cat >"$tmp/probe.c" <<-'EOF'
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
	"${CC:-cc}" -Wall -Wextra -Werror $flags -I"$source/include" -o "$tmp/runtime" \
		"$source/examples/runtime.c" "$build/libksyscalls-oci.a" \
		"$build/libksyscalls-seccomp.a" \
		"$build/libksyscalls.a" $(pkg-config --libs json-c libseccomp) 2>"$tmp/err" && break
done
"${CC:-cc}" -o "$tmp/probe" "$tmp/probe.c" || exit
ok "it compiles" [ -x "$tmp/runtime" ]

# answers WANTED TREE
answers()
{
	run env ASAN_OPTIONS=detect_leaks=0 "$tmp/runtime" "$tmp/profile.json" "$2" -- "$tmp/probe"
	ok "keyctl and 1000 answer $1" [ "$(cat "$tmp/out")" = "$1" ]
}

answers "1 38" "$tmp/tree"
answers "1 1" "$tmp/none"
done_testing
