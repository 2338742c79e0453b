#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check-syscalls.sh TREE...
#
# Check syscalls.csv against what kernels published: in each ABI of each TREE (as in
# tests/trees; its directory is named ARCHITECTURE-RELEASE) every name has the number
# that the table has for that release, an implemented number is in the table with every
# name, and no number is beyond the table's last or the table's last beyond it.
#
# Prints each disagreement and ends with their number; exit status 1 if any.
set -eu

table=$(dirname "$0")/syscalls.csv
LC_ALL=C
export LC_ALL
[ $# -gt 0 ] || { echo "usage: check-syscalls.sh TREE..." >&2; exit 2; }

# lines ABI RELEASE: "number name", as the table has them for that release.
lines()
{
	awk -F, -v abi=" $1 " -v release="$2" '
		function order(text,	part) {
			split(text, part, ".")
			return part[1] * 100 + part[2]
		}
		/^#/ || $1 == "since" || !index(" " $6 " ", abi) || order($1) > order(release) { next }
		{ entry[$3 " " $4] = $5 }
		END { for (line in entry) if (entry[line] != "sys_ni_syscall") print line }' "$table"
}

work=$(mktemp -d "${TMPDIR:-/tmp}/check-syscalls.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 2' INT TERM HUP
abis=0 names=0 bad=0

for tree; do
	top=${tree##*/}
	release=${top##*-}
	[ -r "$tree/sys/kernel/syscalls/version" ] || { echo "$tree has no tree" >&2; exit 2; }
	for dir in "$tree"/sys/kernel/syscalls/*/; do
		abi=$(basename "$dir")
		key=$abi
		# What a 64-bit kernel has for programs of 32 bits is a table of its own.
		case $top-$abi in
		*amd64-*-i386 | *arm64-*-arm | *arm64-*-arm_private | ppc64*-ppc | riscv64-*-riscv32 | \
			mips64*-mips) key=$abi/64 ;;
		esac
		lines "$key" "$release" | sort >"$work/table"
		cut -d' ' -f1 "$work/table" | sort -un >"$work/numbers"
		sort "$dir/names" >"$work/names"
		end=$(tail -n1 "$work/numbers")
		# A kernel without an ABI publishes it empty, with as many numbers as it likes.
		if [ -s "$work/names" ] && [ "$((end + 1))" != "$(cat "$dir/nr_syscalls")" ]; then
			echo "$top $abi: the table ends at $end, nr_syscalls is $(cat "$dir/nr_syscalls")"
			bad=$((bad + 1))
		fi
		# Lines that only the tree has, and names that the table has more for an implemented number.
		cut -d' ' -f1 "$work/names" | sort -u >"$work/implemented"
		{
			comm -13 "$work/table" "$work/names" | sed 's/$/: not in the table/'
			join "$work/implemented" "$work/table" | sort | comm -23 - "$work/names" |
				sed 's/$/: only in the table/'
		} | sed "s/^/$top $abi: /" >"$work/differ"
		cat "$work/differ"
		bad=$((bad + $(wc -l <"$work/differ")))
		names=$((names + $(wc -l <"$work/names")))
		abis=$((abis + 1))
	done
done
echo "$# trees, $abis ABIs, $names names, $bad disagreements"
[ "$bad" = 0 ] && [ "$names" -gt 0 ]
