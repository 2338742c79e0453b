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

# skip RESULT PACKAGE
skip()
{
	n=$((n + 1))
	echo "ok $n - $1 # SKIP install the package $2"
}

# own_go WORD...: all that go writes besides its output, telemetry included, it has below a home.
own_go()
{
	env -i PATH="$PATH" TMPDIR="$work" HOME="$work/home" GO111MODULE=off go "$@"
}

# keeps_own: no place that go writes to by itself is anybody else's.
keeps_own()
{
	n=$((n + 1))
	own_go env GOCACHE GOENV GOMODCACHE GOPATH GOTELEMETRYDIR | sed '/^$/d' >"$work/places"
	if [ ! -s "$work/places" ] || grep -v "^$work/" "$work/places" | sed 's/^/# /' | grep .; then
		printf 'not '
		failed=1
	fi
	echo "ok $n - Go leaves nothing outside the test's own folder"
}

echo 1..3
if command -v python3 >"$work/which"; then
	reads Python python3 "$source/examples/tree.py"
else
	skip "Python reads what the library reads, in every recorded tree" python3
fi
if command -v go >"$work/which"; then
	mkdir "$work/home"
	own_go build -o "$work/tree" "$source/examples/tree.go"
	reads Go "$work/tree"
	keeps_own
else
	skip "Go reads what the library reads, in every recorded tree" golang-go
	skip "Go leaves nothing outside the test's own folder" golang-go
fi
exit $failed
