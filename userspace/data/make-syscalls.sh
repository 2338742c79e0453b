#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# make-syscalls.sh RELEASE=DIR...
#
# Writes syscalls.csv to stdout: what the source trees of these Linux
# releases say about the number, the name and the entry of every syscall. DIR has the
# release's source; only the tables below arch/ and scripts/ and the headers with
# numbers are read. CC is a C preprocessor with -E, default cc.
#
# Of each syscall the first release is written, and every later one with another entry.
# Where releases between two that are given are not, releases.csv tells when a syscall
# came, if it can.
set -eu

CC=${CC:-cc}
LC_ALL=C
export LC_ALL
releases=$(cd "$(dirname "$0")" && pwd)/releases.csv

die() { echo "make-syscalls.sh: $*" >&2; exit 2; }

[ $# -gt 0 ] || die "name the trees, as RELEASE=DIR..."
work=$(mktemp -d "${TMPDIR:-/tmp}/make-syscalls.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 2' INT TERM HUP
mkdir "$work/asm" "$work/linux"
# What the headers with numbers include and do not need.
: >"$work/linux/export.h"

# table ABI GROUPS COLUMN FILE: of a table with the columns number, group, name, entry,
# compat entry. COLUMN is the entry's: with 5, one that has no compat entry has that of
# column 4.
table()
{
	[ -e "$4" ] || return 0
	awk -v abi="$1" -v groups=" $2 " -v column="$3" '
		/^#/ || NF < 3 || !index(groups, " " $2 " ") { next }
		{
			entry = column == 5 && NF >= 5 && $5 != "-" ? $5 : $4
			print abi, $1, $3, entry == "" || entry == "-" ? "sys_ni_syscall" : entry
		}' "$4"
}

# cpp BITS ARCH HEADER FLAG...: a header as the kernel itself sees it.
cpp()
{
	bits=$1 arch=$2 header=$3
	shift 3
	echo "#define __BITS_PER_LONG $bits" >"$work/asm/bitsperlong.h"
	[ "$bits" = 32 ] || set -- -D__LP64__ "$@"
	echo "#include <$header>" | "$CC" -E -P -undef -nostdinc -D__KERNEL__ \
		-D__SYSCALL=__SYSCALL "-I$work" "-I$dir/arch/$arch/include" \
		"-I$dir/arch/$arch/include/uapi" "-I$dir/include" "-I$dir/include/uapi" "$@" -
}

# header ABI BITS ARCH HEADER [FLAG]: of a header that defines the numbers and has the
# entries, too.
header()
{
	abi=$1
	shift
	if ! cpp "$@" -dM >"$work/header" || ! cpp "$@" >>"$work/header"; then
		die "$release: cannot preprocess arch/$2/include/$3"
	fi
	awk -v abi="$abi" '
		function value(text,	term, n, i, sum) {
			gsub(/[() \t]/, "", text)
			n = split(text, term, "+")
			for (i = 1; i <= n; i++)
				sum += term[i] ~ /^[0-9]+$/ ? term[i] : \
				       term[i] in body ? value(body[term[i]]) : -100000
			return sum
		}
		$1 == "#define" { name = $2; $1 = $2 = ""; body[name] = $0; next }
		match($0, /__SYSCALL\([^)]*\)*/) {
			n = split(substr($0, RSTART + 10), arg, ",")
			gsub(/[() \t;]/, "", arg[2])
			entry[value(arg[1])] = arg[2]
		}
		END {
			for (name in body) {
				if (name !~ /^__NR_[a-z_]/ || name ~ /^__NR_(syscalls|arch_specific_syscall)$/)
					continue
				nr = value(body[name])
				if (nr >= 0 && nr in entry)
					print abi, nr, substr(name, 6), entry[nr]
			}
		}' "$work/header"
}

# private ABI FILE PREFIX ENTRY: the calls of arm beyond its table, which one function
# answers.
private()
{
	sed -nE "s!^#define[[:space:]]+$3([a-z][a-z0-9_]*)[[:space:]]+\([A-Z_]+ ?\+ ?([0-9]+)\).*!$1 \2 \1 $4!p" "$2"
}

groups()
{
	sed -n "s/^syscall_abis_$2[[:space:]]*+=//p" "$dir/arch/$1/kernel/Makefile.syscalls"
}

x86()
{
	syscalls=$dir/arch/x86/entry/syscalls
	table x86_64 "common 64" 4 "$syscalls/syscall_64.tbl"
	table x32 "common x32" 4 "$syscalls/syscall_64.tbl"
	table i386 i386 4 "$syscalls/syscall_32.tbl"
	table i386/64 i386 5 "$syscalls/syscall_32.tbl"
}

# second_name DIR: adds the one that arm's headers have besides the table's.
second_name()
{
	if grep -qs 'define __NR_sync_file_range2[[:space:]]*__NR_arm_sync_file_range' \
		"$dir/arch/$1/asm"/unistd*.h; then
		sed 'p; / arm_sync_file_range /!d; s// sync_file_range2 /'
	else
		cat
	fi
}

arm()
{
	table arm "common eabi" 4 "$dir/arch/arm/tools/syscall.tbl" | second_name arm/include/uapi
	private arm_private "$dir/arch/arm/include/uapi/asm/unistd.h" __ARM_NR_ arm_syscall
	# Answered by a signal, but answered.
	echo "arm_private 0 - arm_syscall"
}

arm64()
{
	if [ -e "$dir/arch/arm64/tools/syscall_32.tbl" ]; then
		table arm64 "common 64 $(groups arm64 64)" 4 "$dir/arch/arm64/tools/syscall_64.tbl"
		table arm/64 "common 32" 5 "$dir/arch/arm64/tools/syscall_32.tbl" |
			second_name arm64/include
	else
		header arm64 64 arm64 asm/unistd.h
		header arm/64 64 arm64 asm/unistd32.h
	fi
	private arm_private/64 "$dir/arch/arm64/include/asm/unistd.h" __ARM_NR_compat_ \
		compat_arm_syscall
}

# systbl ABI COLUMN FLAG...: of powerpc's table until 4.20, which had one line a number
# and no numbers. COLUMN: 1 a 64-bit kernel, 2 its 32-bit programs, 3 a 32-bit kernel.
systbl()
{
	abi=$1 column=$2
	shift 2
	cpp 64 powerpc uapi/asm/unistd.h -dM "$@" >"$work/header" ||
		die "$release: cannot preprocess powerpc's asm/unistd.h"
	awk -v abi="$abi" -v column="$column" '
		$1 == "#define" { if ($2 ~ /^__NR_[a-z_]/ && $3 ~ /^[0-9]+$/) names[$3] = substr($2, 6); next }
		!match($0, /^[A-Z0-9_]+\(/) { next }
		{
			macro = substr($0, 1, RLENGTH - 1)
			n = split(substr($0, RLENGTH + 1), f, /[(), \t]+/)
			sub(/_SPU(_NEW)?$/, "", macro)
			if (macro == "COMPAT")
				macro = "COMPAT_SYS"
			sys = "sys_" f[1]
			entry = macro == "SYSCALL" ? sys : \
				macro == "COMPAT_SYS" ? (column == 2 ? "compat_" : "") sys : \
				macro == "PPC_SYS" ? "ppc_" f[1] : \
				macro == "OLDSYS" ? (column == 3 ? sys : "sys_ni_syscall") : \
				macro == "SYS32ONLY" ? (column == 1 ? "sys_ni_syscall" : \
							(column == 2 ? "compat_" : "") sys) : \
				macro == "PPC64ONLY" ? (column == 1 ? "ppc_" f[1] : "sys_ni_syscall") : \
				macro == "SYSX" ? f[column] : "?"
			# That is how the header spells it, in a macro.
			if (entry == "compat_sys_sigsuspend")
				entry = sys
			if (nr in names)
				print abi, nr, names[nr], entry
			nr++
		}
		BEGIN { nr = 0 }' "$work/header" "$dir/arch/powerpc/include/asm/systbl.h"
}

powerpc()
{
	if [ -e "$dir/arch/powerpc/include/asm/systbl.h" ]; then
		systbl ppc64 1 -D__powerpc64__
		systbl ppc 3
		systbl ppc/64 2
	fi
	syscalls=$dir/arch/powerpc/kernel/syscalls/syscall.tbl
	table ppc64 "common nospu 64" 4 "$syscalls"
	table ppc "common nospu 32" 4 "$syscalls"
	table ppc/64 "common nospu 32" 5 "$syscalls"
}

s390()
{
	syscalls=$dir/arch/s390/kernel/syscalls/syscall.tbl
	table s390x "common 64" 4 "$syscalls"
	# Its last release had a column more than the first without it.
	! grep -q '[[:space:]]compat_sys_' "$syscalls" || table s390 "common 32" 5 "$syscalls"
}

riscv()
{
	if [ -e "$dir/arch/riscv/kernel/Makefile.syscalls" ]; then
		table riscv64 "common 64 $(groups riscv 64)" 4 "$dir/scripts/syscall.tbl"
		table riscv32 "common 32 $(groups riscv 32)" 4 "$dir/scripts/syscall.tbl"
		table riscv32/64 "common 32 $(groups riscv 32)" 5 "$dir/scripts/syscall.tbl"
		return
	fi
	# Before 4.20 it had no header of its own.
	[ -e "$dir/arch/riscv/include/uapi/asm/unistd.h" ] || return 0
	header riscv64 64 riscv asm/unistd.h
	header riscv32 32 riscv asm/unistd.h
	! grep -q __SYSCALL_COMPAT "$dir/arch/riscv/include/uapi/asm/unistd.h" ||
		header riscv32/64 64 riscv asm/unistd.h -D__SYSCALL_COMPAT
}

mips()
{
	syscalls=$dir/arch/mips/kernel/syscalls
	table mips64 "common n64" 4 "$syscalls/syscall_n64.tbl"
	table mipsn32 "common n32" 4 "$syscalls/syscall_n32.tbl"
	table mips "common o32" 4 "$syscalls/syscall_o32.tbl"
	table mips/64 "common o32" 5 "$syscalls/syscall_o32.tbl"
}

loongarch()
{
	if [ -e "$dir/arch/loongarch/kernel/Makefile.syscalls" ]; then
		table loong64 "common 64 $(groups loongarch 64)" 4 "$dir/scripts/syscall.tbl"
	elif [ -d "$dir/arch/loongarch" ]; then
		header loong64 64 loongarch asm/unistd.h
	fi
}

for pair; do
	release=${pair%%=*} dir=${pair#*=}
	case $pair in
	*=*) ;;
	*) die "'$pair' is not RELEASE=DIR" ;;
	esac
	[ -d "$dir/arch" ] || die "$dir has no source of a kernel"
	for arch in x86 arm arm64 powerpc s390 riscv mips loongarch; do
		$arch
	done >"$work/tree"
	# Until 5.7 x86's tables had the prefixes of the entries, and how they are called.
	# arm64 has one call under another name: it refuses 32-bit personalities at times.
	sed -E "s|/ptregs\$||; s/ __(x64|x32|ia32)_/ /
		s/^(arm64 .* sys)_personality\$/\1_arm64_personality/; s/^/$release /" "$work/tree"
done >"$work/read"

cat <<EOF
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The number, the name and the entry of every syscall of Linux, for a survey without
# the module: it has to know what to look for in /proc/kallsyms.
#
# A line holds from the release "since" on, until a later one of the same number and
# name; "maybe", if not empty, is the first release for which it may hold already:
# those between were not read, or stable series differ. The entry is the one in the
# kernel's table, without the prefix that an architecture's wrappers put before it;
# sys_ni_syscall: no more. ABI/64 is what a 64-bit kernel has for 32-bit programs.
# arm_private has no table: one function answers, and number 0 has no name.
#
# Made by make-syscalls.sh, checked by check-syscalls.sh. 4.18 is Red Hat's.
# Read:$(cut -d' ' -f1 "$work/read" | sort -uV | tr '\n' ' ' | sed 's/^/ /; s/ $//')
since,maybe,number,name,entry,abis
EOF
# Release, ABI, number, name, entry; all of one release before the next.
sort -V -k1,1 -s "$work/read" | awk -v OFS=, '
	function order(release,	part) {
		split(release, part, ".")
		return part[1] * 100 + part[2]
	}
	# The release after it.
	function next_of(release,	part) {
		split(release, part, ".")
		if (part[2] == (part[1] == 4 ? 20 : 19))
			return part[1] + 1 ".0"
		return part[1] "." part[2] + 1
	}
	# Of a call that no table had in release number i - 1: when it came, if that is known.
	function came(name, i) {
		if (i > 1 && order(known[name]) > order(list[i - 1]) &&
		    order(known[name]) <= order(list[i]))
			return known[name]
		return list[i]
	}
	function put(since, maybe, line) {
		line = since OFS (maybe == since ? "" : maybe) OFS line
		lines[line] = line in lines ? lines[line] " " abi : abi
	}
	# One name of one number, through the releases that have a table of its ABI: what
	# it leads to may change, come and go.
	function history(nr, name,	i, j, first, now, was, what, since, maybe, at) {
		was = NI
		first = 0
		for (i = 1; i <= count; i++) {
			if (!((abi, i) in has))
				continue
			first = first ? first : i
			at = abi SUBSEP nr SUBSEP name SUBSEP i
			what = at in entry ? entry[at] : NI
			if (what == was)
				continue
			# Away and back again: a stable series got it later, or only a part
			# of them did. From the first time to the last, either may be right.
			for (j = count; j > i; j--)
				if ((abi, j) in has && value(nr, name, j) == what &&
				    value(nr, name, j - 1) != what && ((abi, j - 1) in has))
					break
			if (j > i) {
				for (now = i + 1; !((abi, now) in has) || value(nr, name, now) == what; now++)
					;
				if (value(nr, name, now) != was)
					put(list[i], list[i], nr OFS name OFS value(nr, name, now))
				put(list[j], list[i], nr OFS name OFS what)
				i = j
			} else if (i == first) {
				put(list[i], list[i], nr OFS name OFS what)
			} else {
				since = was == NI ? came(name, i) : list[i]
				maybe = since == list[i] && !(was == NI && known[name] == since) ? \
					next_of(list[i - 1]) : since
				put(since, maybe, nr OFS name OFS what)
			}
			was = what
		}
	}
	function value(nr, name, i,	at) {
		at = abi SUBSEP nr SUBSEP name SUBSEP i
		return at in entry ? entry[at] : NI
	}
	BEGIN { NI = "sys_ni_syscall" }
	FILENAME == ARGV[1] {
		if (!/^#/ && split($0, f, ",") >= 2)
			known[f[1]] = f[2]
		next
	}
	# Not of Linux: somebody has added it to the tree. Some of MIPS without a name are used.
	$4 != "-" && !($4 in known) && ($4 !~ /^unused[0-9]+$/ || $5 == NI) {
		if ($5 != NI && !told[$4]++)
			print $1 ": left out, not in releases.csv: " $4 >"/dev/stderr"
		next
	}
	{
		if ($1 != list[count])
			list[++count] = $1
		has[$2, count] = 1
		entry[$2, $3, $4, count] = $5
		if (!(($2, $3, $4) in numbers))
			numbers[$2, $3, $4] = ++total
		key[numbers[$2, $3, $4]] = $2 SUBSEP $3 SUBSEP $4
	}
	END {
		for (k = 1; k <= total; k++) {
			split(key[k], f, SUBSEP)
			abi = f[1]
			history(f[2], f[3])
		}
		for (line in lines)
			print line, lines[line]
	}' "$releases" - | sort -t, -k1,1V -k3,3n -k4,4 -k6,6
