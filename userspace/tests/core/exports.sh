#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The version script, the headers and the shared library of each of the three
# libraries have to name the same functions.

build=${KSC_BUILD:?run me by make check}
source=${KSC_SOURCE:?run me by make check}
work=$(mktemp -d "${TMPDIR:-/tmp}/exports.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
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

# library NAME VERSION MAP HEADER...
library()
{
	so=$build/$1.so version=$2 map=$3
	name=$1
	shift 3

	sed -n 's/^\t\(ksc_[a-z0-9_]*\);$/\1/p' "$map" > "$work/map"
	LC_ALL=C sort "$work/map" > "$work/map.sorted"
	# Declarations alone: comments and macros go first.
	sed -e ':a' -e '/\\$/{N;ba' -e '}' "$@" |
		sed -e 's/^ \*.*//' -e 's/\/\*.*//' -e '/^\t* \* /d' -e '/^#define/d' |
		grep -o 'ksc_[a-z0-9_]*(' | tr -d '(' | LC_ALL=C sort -u > "$work/header"
	nm -D --defined-only "$so" |
		awk '$2 == "T" { sub(/@.*/, "", $3); print $3 }' | LC_ALL=C sort > "$work/so"
	echo "none unversioned" > "$work/none"
	nm -D --defined-only "$so" |
		awk -v v="@@$version" '$2 != "A" && substr($3, length($3) - length(v) + 1) != v' \
		> "$work/unversioned"
	[ -s "$work/unversioned" ] || cp "$work/none" "$work/unversioned"
	nm -g --defined-only "$build/$name.a" | awk 'NF == 3 { print $3 }' |
		LC_ALL=C sort > "$work/archive"
	echo "$name.so.0" > "$work/soname"
	readelf -d "$so" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p' > "$work/soname.so"

	same "$name: the version script is sorted" "$work/map.sorted" "$work/map"
	same "$name: the version script and the headers agree" "$work/map.sorted" "$work/header"
	same "$name: the version script and the library agree" "$work/map.sorted" "$work/so"
	same "$name: the version script and the archive agree" "$work/map.sorted" "$work/archive"
	same "$name: every symbol has a version" "$work/none" "$work/unversioned"
	# What Debian's packages promise to programs that are built with them.
	sed -n "s/^ \(ksc_[a-z0-9_]*\)@$version .*/\1/p" "$source/packaging/debian/${name}0.symbols" \
		> "$work/symbols"
	same "$name: the version script and debian/*.symbols agree" "$work/map.sorted" "$work/symbols"
	same "$name: its name has the ABI's number" "$work/soname" "$work/soname.so"
}

echo 1..22
library libksyscalls LIBKSYSCALLS_0 "$source/lib/core/libksyscalls.map" "$source/include/ksyscalls.h"
library libksyscalls-seccomp LIBKSYSCALLS_SECCOMP_0 \
	"$source/lib/seccomp/libksyscalls-seccomp.map" \
	"$source/include/ksyscalls-seccomp.h"
library libksyscalls-oci LIBKSYSCALLS_OCI_0 "$source/lib/oci/libksyscalls-oci.map" \
	"$source/include/ksyscalls-oci.h"
readelf -d "$build/libksyscalls-seccomp.so" >"$work/needed"
n=$((n + 1))
if grep -q 'NEEDED.*libseccomp' "$work/needed" && ! grep -q json "$work/needed"; then
	echo "ok $n - libksyscalls-seccomp needs libseccomp, and no json-c"
else
	echo "not ok $n - libksyscalls-seccomp needs libseccomp, and no json-c"
	failed=1
fi
exit $failed
