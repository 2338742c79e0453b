#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Other languages read a tree without the library, and read the same in every tree
# that is recorded.

build=${KSC_BUILD:?run me by make check}
source=${KSC_SOURCE:?run me by make check}
work=$(mktemp -d "${TMPDIR:-/tmp}/languages.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
n=0
failed=0

# reads LANGUAGE COMMAND...: every tree as the library does.
reads()
{
	language=$1 trees=0
	shift
	for tree in "$source"/tests/trees/*; do
		"$build/tests/core/print-tree" "$tree" | sort >"$work/library"
		"$@" "$tree" 2>"$work/err" | sort >"$work/other"
		if [ ! -s "$work/library" ] || ! cmp -s "$work/library" "$work/other"; then
			echo "# ${tree##*/} differs:"
			diff "$work/library" "$work/other" | head -n 5 | cat - "$work/err" | sed 's/^/# /'
			failed=1
			trees=-1000
		fi
		trees=$((trees + 1))
	done
	n=$((n + 1))
	[ "$trees" -gt 10 ] || { printf 'not '; failed=1; }
	echo "ok $n - $language reads what the library reads, in every recorded tree"
}

# skip LANGUAGE PACKAGE
skip()
{
	n=$((n + 1))
	echo "ok $n - $1 reads what the library reads # SKIP install the package $2"
}

echo 1..2
if command -v python3 >"$work/which"; then
	reads Python python3 "$source/examples/tree.py"
else
	skip Python python3
fi
if command -v go >"$work/which"; then
	GOCACHE=$work/cache GO111MODULE=off go build -o "$work/tree" "$source/examples/tree.go"
	reads Go "$work/tree"
else
	skip Go golang-go
fi
exit $failed
