#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The version script, the headers and the shared library of each of the three
# libraries have to name the same functions.

build=${KSC_BUILD:?run me by make check}
source=${KSC_SOURCE:?run me by make check}
# shellcheck source-path=SCRIPTDIR source=../tap.sh
. "$(dirname "$0")/../tap.sh"

# same WHAT FILE FILE
same()
{
	ok "$1" alike "$2" "$3"
}

alike()
{
	diff "$1" "$2" >"$tmp/out" && [ -s "$1" ]
}

# library NAME VERSION MAP HEADER...
library()
{
	so=$build/$1.so version=$2 map=$3
	name=$1
	shift 3

	sed -n 's/^\t\(ksc_[a-z0-9_]*\);$/\1/p' "$map" > "$tmp/map"
	LC_ALL=C sort "$tmp/map" > "$tmp/map.sorted"
	# Declarations alone: comments and macros go first.
	sed -e ':a' -e '/\\$/{N;ba' -e '}' "$@" |
		sed -e 's/^ \*.*//' -e 's/\/\*.*//' -e '/^\t* \* /d' -e '/^#define/d' |
		grep -o 'ksc_[a-z0-9_]*(' | tr -d '(' | LC_ALL=C sort -u > "$tmp/header"
	nm -D --defined-only "$so" |
		awk '$2 == "T" { sub(/@.*/, "", $3); print $3 }' | LC_ALL=C sort > "$tmp/so"
	echo "none unversioned" > "$tmp/none"
	nm -D --defined-only "$so" |
		awk -v v="@@$version" '$2 != "A" && substr($3, length($3) - length(v) + 1) != v' \
		> "$tmp/unversioned"
	[ -s "$tmp/unversioned" ] || cp "$tmp/none" "$tmp/unversioned"
	nm -g --defined-only "$build/$name.a" | awk 'NF == 3 { print $3 }' |
		LC_ALL=C sort > "$tmp/archive"
	echo "$name.so.0" > "$tmp/soname"
	readelf -d "$so" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p' > "$tmp/soname.so"

	same "$name: the version script is sorted" "$tmp/map.sorted" "$tmp/map"
	same "$name: the version script and the headers agree" "$tmp/map.sorted" "$tmp/header"
	same "$name: the version script and the library agree" "$tmp/map.sorted" "$tmp/so"
	same "$name: the version script and the archive agree" "$tmp/map.sorted" "$tmp/archive"
	same "$name: every symbol has a version" "$tmp/none" "$tmp/unversioned"
	# What Debian's packages promise to programs that are built with them.
	sed -n "s/^ \(ksc_[a-z0-9_]*\)@$version .*/\1/p" "$source/packaging/debian/${name}0.symbols" \
		> "$tmp/symbols"
	same "$name: the version script and debian/*.symbols agree" "$tmp/map.sorted" "$tmp/symbols"
	same "$name: its name has the ABI's number" "$tmp/soname" "$tmp/soname.so"
}

plan 22
library libksyscalls LIBKSYSCALLS_0 "$source/lib/core/libksyscalls.map" "$source/include/ksyscalls.h"
library libksyscalls-seccomp LIBKSYSCALLS_SECCOMP_0 \
	"$source/lib/seccomp/libksyscalls-seccomp.map" \
	"$source/include/ksyscalls-seccomp.h"
library libksyscalls-oci LIBKSYSCALLS_OCI_0 "$source/lib/oci/libksyscalls-oci.map" \
	"$source/include/ksyscalls-oci.h"
needs_no_json()
{
	readelf -d "$1" >"$tmp/out"
	grep -q 'NEEDED.*libseccomp' "$tmp/out" && ! grep -q json "$tmp/out"
}

ok "libksyscalls-seccomp needs libseccomp, and no json-c" \
	needs_no_json "$build/libksyscalls-seccomp.so"
done_testing
