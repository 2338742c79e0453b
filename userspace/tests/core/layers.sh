#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The files of a library call each other in one direction: who reads one needs those
# below it and no other. What the objects define and use decides.

build=${KSC_BUILD:?run me by make check}
source=${KSC_SOURCE:?run me by make check}
# shellcheck source-path=SCRIPTDIR source=../tap.sh
. "$(dirname "$0")/../tap.sh"

in_order()
{
	[ -s "$tmp/calls" ] && tsort "$tmp/calls" >"$tmp/order"
}

plan 3
for library in core seccomp oci; do
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
		}' | sort -u >"$tmp/calls"
	run in_order
	ok "lib/$library: no file calls one that calls it" [ "$status" = 0 ]
done
done_testing
