#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The version script, the header and the shared library have to name the same
# functions.

build=${KSC_BUILD:?run me by make check}
source=${KSC_SOURCE:?run me by make check}
work=$(mktemp -d "${TMPDIR:-/tmp}/exports.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
n=0

same()
{
	n=$((n + 1))
	if diff "$2" "$3" > "$work/diff" && [ -s "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		sed 's/^/# /' "$work/diff"
		failed=1
	fi
}

echo 1..4
sed -n 's/^\t\(ksc_[a-z0-9_]*\);$/\1/p' "$source/lib/libksyscalls.map" > "$work/map"
LC_ALL=C sort "$work/map" > "$work/map.sorted"
# Declarations alone: comments and macros go first.
sed -e ':a' -e '/\\$/{N;ba' -e '}' "$source/include/ksyscalls.h" |
	sed -e 's/^ \*.*//' -e 's/^\/\*.*//' -e '/^#define/d' |
	grep -o 'ksc_[a-z0-9_]*(' | tr -d '(' | LC_ALL=C sort -u > "$work/header"
nm -D --defined-only "$build/libksyscalls.so" |
	awk '$2 == "T" { sub(/@.*/, "", $3); print $3 }' | LC_ALL=C sort > "$work/so"
nm -D --defined-only "$build/libksyscalls.so" |
	awk '$2 != "A" && $3 !~ /@@LIBKSYSCALLS_0$/' > "$work/unversioned"
echo "none unversioned" > "$work/none"
[ -s "$work/unversioned" ] || cp "$work/none" "$work/unversioned"

same "the version script is sorted" "$work/map.sorted" "$work/map"
same "the version script and the header agree" "$work/map.sorted" "$work/header"
same "the version script and the library agree" "$work/map.sorted" "$work/so"
same "every symbol has a version" "$work/none" "$work/unversioned"
exit $failed
