#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The table of successors is as it should be, and one that is not ends the build with
# a line that says where and why.

data=${KSC_SOURCE:?run me by make check}/data
# shellcheck source-path=SCRIPTDIR source=../tap.sh
. "$(dirname "$0")/../tap.sh"

table()
{
	run awk -f "$data/successor-table.awk" "$data/releases.csv" "$1"
}

# refused WHY LINE: the table with one more line is refused, and this is said of it
refused()
{
	cp "$data/successors.csv" "$tmp/table.csv"
	printf '%s\n' "$2" >> "$tmp/table.csv"
	table "$tmp/table.csv"
	ok "refused: $1" says_why "$1"
}

says_why()
{
	[ "$status" != 0 ] && [ ! -s "$tmp/out" ] &&
		grep -q "^$tmp/table.csv:[0-9]*: .*$1" "$tmp/err"
}

is_whole()
{
	[ "$status" = 0 ] && [ "$(grep -c '^	{ [0-9]' "$tmp/out")" -gt 100 ]
}

is_sorted()
{
	sed '/^#/d; /^successors,/d' "$1" | sort -c 2>"$tmp/err"
}

plan 17
table "$data/successors.csv"
ok "the table is taken" is_whole
# shellcheck disable=SC2016 # awk's own
ok "what is made of it is sorted, as its reader wants" \
	awk -F '[{, ]+' '$2 + 0 < last + 0 { exit 1 } { last = $2 }' "$tmp/out"
ok "the table itself is sorted" is_sorted "$data/successors.csv"

refused '"clone4" is not in the table of releases' 'clone4,clone,all,no,-,"x"'
refused '"klone" is not in the table of releases' 'clone3,klone,all,no,-,"x"'
refused '"openat2" (5.6) is older than "fchmodat2" (6.6)' 'openat2,fchmodat2,all,no,-,"x"'
refused 'a cycle: accept' 'accept,accept4,all,no,-,"x"'
refused 'no ABI is called "amd64"' 'mseal,mlock,i386 amd64,no,-,"x"'
refused '"clone3" after "clone" is there twice' 'clone3,clone,i386,no,-,"x"'
refused '"fsopen" is in two families' 'fsopen,umount2,all,no,pidfd,"x"'
refused '"sync_file_range" has a predecessor, and has none' 'sync_file_range,sync,all,no,-,"x"'
refused '"clone3" has a predecessor, and has none' 'clone3,-,all,no,-,"x"'
refused 'nothing is as powerful as nothing' 'mseal,-,all,yes,-,"x"'
refused 'not SUCCESSORS' 'mseal,mlock,all,perhaps,-,"x"'
refused 'not SUCCESSORS' 'mseal,mlock,all,no,-,'
refused 'not SUCCESSORS' 'mseal,mlock,all,no,-'

printf '%s\n' 'successors,predecessors,abis,equal,family,evidence' > "$tmp/table.csv"
table "$tmp/table.csv"
ok "refused: an empty one" says_why 'no line'
done_testing
