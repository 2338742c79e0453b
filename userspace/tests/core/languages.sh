#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Other languages read a tree without the library, and read the same in every tree
# that is recorded.

build=${KSC_BUILD:?run me by make check}
source=${KSC_SOURCE:?run me by make check}
# shellcheck source-path=SCRIPTDIR source=../tap.sh
. "$(dirname "$0")/../tap.sh"

# reads COMMAND...: every tree as the library does.
reads()
{
	trees=0
	for tree in "$source"/tests/trees/*; do
		"$build/tests/core/print-tree" "$tree" | sort >"$tmp/library"
		"$@" "$tree" 2>"$tmp/err" | sort >"$tmp/other"
		[ -s "$tmp/library" ] || return
		diff "$tmp/library" "$tmp/other" >"$tmp/out" || return
		trees=$((trees + 1))
	done
	[ "$trees" -gt 10 ]
}

# own_go WORD...: all that go writes besides its output, telemetry included, it has below a home.
own_go()
{
	env -i PATH="$PATH" TMPDIR="$tmp" HOME="$tmp/home" GO111MODULE=off go "$@"
}

# keeps_own: no place that go writes to by itself is anybody else's.
keeps_own()
{
	own_go env GOCACHE GOENV GOMODCACHE GOPATH GOTELEMETRYDIR | sed '/^$/d' >"$tmp/places"
	[ -s "$tmp/places" ] && ! grep -v "^$tmp/" "$tmp/places" >"$tmp/out"
}

plan 3
python="Python reads what the library reads, in every recorded tree"
go="Go reads what the library reads, in every recorded tree"
kept="Go leaves nothing outside the test's own folder"
if command -v python3 >"$tmp/which"; then
	ok "$python" reads python3 "$source/examples/tree.py"
else
	skip "$python" "install the package python3"
fi
if command -v go >"$tmp/which"; then
	mkdir "$tmp/home"
	own_go build -o "$tmp/tree" "$source/examples/tree.go"
	ok "$go" reads "$tmp/tree"
	ok "$kept" keeps_own
else
	skip "$go" "install the package golang-go"
	skip "$kept" "install the package golang-go"
fi
done_testing
