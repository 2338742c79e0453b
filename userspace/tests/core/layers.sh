#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The files of a library call each other in one direction: who reads one needs those
# below it and no other. What the objects define and use decides.

build=${KSC_BUILD:?run me by make check}
source=${KSC_SOURCE:?run me by make check}
work=$(mktemp -d "${TMPDIR:-/tmp}/layers.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
n=0
failed=0

echo 1..3
for library in core seccomp oci; do
	n=$((n + 1))
	for c in "$source/lib/$library"/*.c; do
		nm "$build/obj/lib/$library/$(basename "$c" .c).o" | sed "s|^|$(basename "$c") |"
	done | awk '
		$(NF - 1) == "U" { uses[$1 " " $NF] }
		$(NF - 1) ~ /^[TDRB]$/ { has[$NF] = $1 }
		END {
			for (u in uses) {
				split(u, part, " ")
				if (has[part[2]] != "" && has[part[2]] != part[1])
					print part[1], has[part[2]]
			}
		}' | sort -u >"$work/calls"
	if [ -s "$work/calls" ] && tsort "$work/calls" >"$work/order" 2>"$work/loop"; then
		echo "ok $n - lib/$library: no file calls one that calls it"
	else
		echo "not ok $n - lib/$library: no file calls one that calls it"
		sed 's/^/# /' "$work/loop"
		failed=1
	fi
done
exit $failed
