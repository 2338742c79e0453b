#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The table of successors is as it should be, and one that is not ends the build with
# a line that says where and why.

data=${KSC_SOURCE:?run me by make check}/data
work=$(mktemp -d "${TMPDIR:-/tmp}/successors.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
LC_ALL=C
export LC_ALL
failed=0
n=0

result()
{
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		sed 's/^/# /' "$work/err"
		failed=1
	fi
}

table()
{
	awk -f "$data/successor-table.awk" "$data/releases.csv" "$1" > "$work/out" 2> "$work/err"
}

# refused WHY LINE: the table with one more line is refused, and this is said of it
refused()
{
	cp "$data/successors.csv" "$work/table.csv"
	printf '%s\n' "$2" >> "$work/table.csv"
	! table "$work/table.csv" && [ ! -s "$work/out" ] &&
		grep -q "^$work/table.csv:[0-9]*: .*$1" "$work/err"
	result $? "refused: $1"
}

echo 1..17
table "$data/successors.csv" && [ "$(grep -c '^	{ [0-9]' "$work/out")" -gt 100 ]
result $? "the table is taken"
awk -F '[{, ]+' '$2 + 0 < last + 0 { exit 1 } { last = $2 }' "$work/out"
result $? "what is made of it is sorted, as its reader wants"
sed '/^#/d; /^successors,/d' "$data/successors.csv" | sort -c 2> "$work/err"
result $? "the table itself is sorted"

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

printf '%s\n' 'successors,predecessors,abis,equal,family,evidence' > "$work/table.csv"
! table "$work/table.csv" && grep -q 'no line' "$work/err"
result $? "refused: an empty one"
exit $failed
