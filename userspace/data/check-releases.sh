#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check-releases.sh [-l SYSCALLS.CSV] RELEASE=DIR...
#
# Check every line of releases.csv against kernel headers: what a release's
# headers define must be in the table with that release or an older one, and
# what they do not define must be newer. DIR is searched for
# unistd*.h; the more architectures, the better: unpack Debian's linux-libc-dev
# of several architectures into it (one package has all since 6.12). -l is
# libseccomp's own table, src/syscalls.csv of its source, every name of which
# must be in ours.
#
# Prints each disagreement and ends with their number; exit status 1 if any.

table=$(dirname "$0")/releases.csv
libseccomp=

usage()
{
	sed -n 's/^# \(check-releases.sh.*\)/usage: \1/p' "$0" >&2
	exit 2
}

while getopts l: option; do
	case $option in
	l)	libseccomp=$OPTARG ;;
	*)	usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage

work=$(mktemp -d "${TMPDIR:-/tmp}/check-releases.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' INT TERM HUP
LC_ALL=C
export LC_ALL

# The names that headers give numbers to. Limits, bases and spare numbers are
# none. Architectures that have no ABI in our tree are left out.
names_of()
{
	find "$1" -type d \( -name 'alpha*' -o -name 'arc*' -o -name 'sparc*' \) -prune -o \
		-name 'unistd*.h' -path "${2:-*}" -exec cat {} + |
		sed -nE 's/^#[[:space:]]*define[[:space:]]+__(ARM_)?NR_([a-z0-9_]+)[[:space:]].*/\2/p' |
		grep -vxE 'syscalls|syscall_base|arch_specific_syscall|syscall_count|(reserved|unused)[0-9]+' |
		sort -u
}

for pair; do
	release=${pair%%=*}
	dir=${pair#*=}
	if [ "$release" = "$pair" ] || [ ! -d "$dir" ]; then
		echo "'$pair' is not RELEASE=DIR with a directory that exists" >&2
		exit 2
	fi
	names_of "$dir" > "$work/names"
	if [ ! -s "$work/names" ]; then
		echo "$dir has no unistd*.h that defines a number" >&2
		exit 2
	fi
	sed "s/^/$release /" "$work/names" >> "$work/seen"
	names_of "$dir" '*asm-generic*' | sed 's/^/generic /' >> "$work/seen"
done
if [ -n "$libseccomp" ]; then
	sed -n 's/^\([a-z0-9_][a-z0-9_]*\),.*/\1/p' "$libseccomp" > "$work/libseccomp"
	[ -s "$work/libseccomp" ] || { echo "$libseccomp has no names" >&2; exit 2; }
fi
touch "$work/libseccomp"

awk '
	function number(release,	part) {
		split(release, part, ".")
		return part[1] * 65536 + part[2]
	}
	function complain(text) { print text; bad++ }

	FILENAME == ARGV[1] {
		if (split($0, field, ",") >= 2 && $0 !~ /^#/ && field[1] != "name") {
			table[field[1]] = field[2]
			lines++
		}
		next
	}
	FILENAME == ARGV[2] && $1 == "generic" { generic[$2] = 1; next }
	FILENAME == ARGV[2] {
		seen[$1, $2] = 1
		releases[$1] = number($1)
		name[$2] = 1
		if (!($2 in first) || number($1) < number(first[$2]))
			first[$2] = $1
		next
	}
	{
		if (!($1 in table))
			complain($1 ": libseccomp has it, the table does not")
	}
	END {
		for (n in name) {
			if (!(n in table))
				complain(n ": in the headers of " first[n] ", not in the table")
			else if (number(table[n]) > number(first[n]))
				complain(n ": " table[n] " in the table, but in the headers of " first[n])
		}
		for (n in table) {
			if (!(n in name)) {
				old = 0
				for (r in releases)
					old += releases[r] >= number(table[n])
				if (old && table[n] != "2.6")
					complain(n ": " table[n] " in the table, but in no headers given")
				else if (table[n] == "2.6")
					unseen++
				else
					later++
				continue
			}
			# A release that has it already must have it in its headers, but the
			# architecture that it belongs to may not be among those given.
			for (r in releases)
				if (n in generic && releases[r] >= number(table[n]) &&
				    releases[r] < number(first[n]))
					complain(n ": " table[n] " in the table, but not in the headers of " r)
			checked++
		}
		printf "%d lines, %d found in headers of %d releases, %d old ones in none, ",
		       lines, checked, length_of(releases), unseen
		printf "%d newer than all given, %d disagreements\n", later, bad
		exit bad > 0
	}
	function length_of(a,	i, n) { for (i in a) n++; return n }
' "$table" "$work/seen" "$work/libseccomp" > "$work/report"
status=$?
sort -t: -k1,1 "$work/report"
exit $status
