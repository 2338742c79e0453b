#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The facts about libseccomp under its other releases, which are in the chroots
# that the builds of the kernel module have made.

cache=${KSC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ksyscalls}
test=${KSC_BUILD:?set KSC_BUILD to the build directory}/tests/seccomp/test-libseccomp
work=$(mktemp -d "${TMPDIR:-/tmp}/ksyscalls-libseccomp.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
n=0 failed=0

for suite in bullseye trixie; do
	n=$((n + 1))
	for lib in "$cache/chroot/$suite/usr/lib/$(uname -m)-linux-gnu"/libseccomp.so.2.*; do
		break
	done
	if [ ! -e "$lib" ]; then
		echo "ok $n # SKIP libseccomp of $suite: there is no chroot of it"
		continue
	fi
	mkdir -p "$work/$suite"
	cp "$lib" "$work/$suite/libseccomp.so.2"
	if LD_LIBRARY_PATH=$work/$suite "$test" >"$work/out" 2>&1 &&
	   grep -qx "libseccomp ${lib##*.so.}" "$work/out"; then
		echo "ok $n - libseccomp ${lib##*.so.} of $suite"
	else
		sed 's/^/# /' "$work/out"
		echo "not ok $n - libseccomp ${lib##*.so.} of $suite"
		failed=1
	fi
done
echo "1..$n"
exit $failed
