#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Section 3 of the manual has each function, constant and error of the headers, and
# none that is not there. What the libraries export and what the compiler sees in the
# headers decide, since the pages are made from the headers' text.

build=${KSC_BUILD:?run me by make check}
source=${KSC_SOURCE:?run me by make check}
work=$(mktemp -d "${TMPDIR:-/tmp}/man.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
failed=0
n=0

# has WHAT FILE-WANTED FILE-THERE: what is wanted and not there is told.
has()
{
	n=$((n + 1))
	comm -23 "$2" "$3" >"$work/missing"
	if [ -s "$2" ] && [ ! -s "$work/missing" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		sed 's/^/# missing: /' "$work/missing"
		failed=1
	fi
}

# page LIBRARY
page()
{
	header=$source/include/${1#lib}.h
	# Items alone: a name that the text mentions is not told.
	sed -n 's/^\.It [A-Z][a-z] \([A-Za-z0-9_]*\).*/\1/p' "$build/man/$1.3" | sort -u >"$work/items"
	sed -n 's/^\.Fn \(ksc_[a-z0-9_]*\) ".*/\1/p' "$build/man/$1.3" | sort -u >"$work/synopsis"

	nm -D --defined-only "$build/$1.so" |
		sed -n 's/.* T \(ksc_[a-z0-9_]*\).*/\1/p' | sort >"$work/functions"
	has "$1: functions" "$work/functions" "$work/items"
	has "$1: functions, in the synopsis" "$work/functions" "$work/synopsis"

	# Macros of this header, and what its enums declare.
	{
		sed -n 's/^#define \([A-Za-z0-9_]*[a-zA-Z0-9]\).*/\1/p' "$header" | grep -v '_H$'
		"${CC:-cc}" -I"$source/include" -fpreprocessed -dD -E -P "$header" 2>"$work/err" |
			tr -d '\n' | grep -o 'enum [a-z_]* *{[^}]*}' | grep -o 'KSC_[A-Z0-9_]*'
	} | sort -u >"$work/constants"
	has "$1: constants" "$work/constants" "$work/items"

	sed -n '/^ \*/s/-\(E[A-Z0-9]*\)/\n\1\n/gp' "$header" | grep -x 'E[A-Z0-9]*' | sort -u \
		>"$work/errors"
	has "$1: errors" "$work/errors" "$work/items"

	# The other way round: what the page tells of is there.
	grep -E '^(ksc|KSC)_' "$work/items" | sort -u >"$work/told"
	sort -u "$work/functions" "$work/constants" >"$work/known"
	has "$1: nothing else" "$work/told" "$work/known"

	n=$((n + 1))
	if ! command -v groff >"$work/which"; then
		echo "ok $n - $1: well-formed # SKIP install the package groff-base"
	elif groff -mdoc -dAD=l -Tutf8 -ww "$build/man/$1.3" >"$work/text" 2>"$work/warnings" &&
			[ ! -s "$work/warnings" ]; then
		echo "ok $n - $1: well-formed"
	else
		echo "not ok $n - $1: well-formed"
		sed 's/^/# /' "$work/warnings"
		failed=1
	fi
}

LC_ALL=C
export LC_ALL
echo 1..18
page libksyscalls
page libksyscalls-seccomp
page libksyscalls-oci
exit $failed
