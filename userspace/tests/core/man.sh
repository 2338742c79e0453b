#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Section 3 of the manual has each function, constant and error of the headers, and
# none that is not there. What the libraries export and what the compiler sees in the
# headers decide, since the pages are made from the headers' text.

build=${KSC_BUILD:?run me by make check}
source=${KSC_SOURCE:?run me by make check}
# shellcheck source-path=SCRIPTDIR source=../tap.sh
. "$(dirname "$0")/../tap.sh"

# has WHAT FILE-WANTED FILE-THERE: what is wanted and not there is told.
has()
{
	ok "$1" lacks_nothing "$2" "$3"
}

lacks_nothing()
{
	comm -23 "$1" "$2" >"$tmp/out"
	[ -s "$1" ] && [ ! -s "$tmp/out" ]
}

well_formed()
{
	groff -mdoc -dAD=l -Tutf8 -ww "$1" >"$tmp/text" 2>"$tmp/err" && [ ! -s "$tmp/err" ]
}

# page LIBRARY
page()
{
	header=$source/include/${1#lib}.h
	# Items alone: a name that the text mentions is not told.
	sed -n 's/^\.It [A-Z][a-z] \([A-Za-z0-9_]*\).*/\1/p' "$build/man/$1.3" | sort -u >"$tmp/items"
	sed -n 's/^\.Fn \(ksc_[a-z0-9_]*\) ".*/\1/p' "$build/man/$1.3" | sort -u >"$tmp/synopsis"

	nm -D --defined-only "$build/$1.so" |
		sed -n 's/.* T \(ksc_[a-z0-9_]*\).*/\1/p' | sort >"$tmp/functions"
	has "$1: functions" "$tmp/functions" "$tmp/items"
	has "$1: functions, in the synopsis" "$tmp/functions" "$tmp/synopsis"

	# Macros of this header, and what its enums declare.
	{
		sed -n 's/^#define \([A-Za-z0-9_]*[a-zA-Z0-9]\).*/\1/p' "$header" | grep -v '_H$'
		"${CC:-cc}" -I"$source/include" -fpreprocessed -dD -E -P "$header" 2>"$tmp/err" |
			tr -d '\n' | grep -o 'enum [a-z_]* *{[^}]*}' | grep -o 'KSC_[A-Z0-9_]*'
	} | sort -u >"$tmp/constants"
	has "$1: constants" "$tmp/constants" "$tmp/items"

	sed -n '/^ \*/s/-\(E[A-Z0-9]*\)/\n\1\n/gp' "$header" | grep -x 'E[A-Z0-9]*' | sort -u \
		>"$tmp/errors"
	has "$1: errors" "$tmp/errors" "$tmp/items"

	# The other way round: what the page tells of is there.
	grep -E '^(ksc|KSC)_' "$tmp/items" | sort -u >"$tmp/told"
	sort -u "$tmp/functions" "$tmp/constants" >"$tmp/known"
	has "$1: nothing else" "$tmp/told" "$tmp/known"

	if command -v groff >"$tmp/which"; then
		ok "$1: well-formed" well_formed "$build/man/$1.3"
	else
		skip "$1: well-formed" "install the package groff-base"
	fi
}

plan 18
page libksyscalls
page libksyscalls-seccomp
page libksyscalls-oci
done_testing
