#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The facts about libseccomp, and what the oracle says of it, under its other releases,
# which are in the chroots that the builds of the kernel module have made.

cache=${KSC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ksyscalls}
tests_dir=${KSC_BUILD:?set KSC_BUILD to the build directory}/tests/seccomp
# shellcheck source-path=SCRIPTDIR source=../tap.sh
. "$(dirname "$0")/../tap.sh"

# copy SUITE: sets lib; under the lock of who makes the chroot or installs in it.
copy()
{
	[ -e "$cache/chroot/$1.lock" ] || return 1
	(
		flock 9
		[ -e "$cache/chroot/$1.ready" ] || exit 1
		for lib in "$cache/chroot/$1/usr/lib/$(uname -m)-linux-gnu"/libseccomp.so.2.*; do
			cp "$lib" "$tmp/$1/" && exit
		done
		exit 1
	) 9<"$cache/chroot/$1.lock" || return 1
	for lib in "$tmp/$1"/libseccomp.so.2.*; do
		ln -s "${lib##*/}" "$tmp/$1/libseccomp.so.2"
	done
}

# passes VERSION: by itself, and it was that libseccomp.
passes()
{
	[ "$status" = 0 ] && cat "$tmp/out" "$tmp/err" | grep -qx "libseccomp $1"
}

for suite in bullseye trixie; do
	mkdir -p "$tmp/$suite"
	if ! copy "$suite"; then
		case $suite in
		bullseye) cure="make check-runtimes ROW=amd64-5.10" ;;
		*) cure="make check ROW=amd64-6.12" ;;
		esac
		skip "libseccomp of $suite" "there is no chroot of it; '$cure' makes one"
		continue
	fi
	for test in test-libseccomp test-oracle; do
		run env LD_LIBRARY_PATH="$tmp/$suite" KSC_SECONDS=10 "$tests_dir/$test"
		ok "libseccomp ${lib##*.so.} of $suite: $test" passes "${lib##*.so.}"
	done
done
done_testing
