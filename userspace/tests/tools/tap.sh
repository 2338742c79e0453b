# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# For the tests of the command, and trees for it to read. The caller may say in $KSYSCALLS
# which command to test. Source it first; call done_testing last.

here=$(cd "$(dirname "$0")" && pwd)
KSYSCALLS=${KSYSCALLS:-$here/../../build/ksyscalls}
# shellcheck source-path=SCRIPTDIR source=../tap.sh
. "$here/../tap.sh"

if [ ! -x "$KSYSCALLS" ]; then
	echo "Bail out! no command at $KSYSCALLS: build it first, or set KSYSCALLS"
	exit 1
fi

# exits DESCRIPTION STATUS ARGUMENT...: the command ends with STATUS, and does
# not die of a sanitizer's finding or a signal
exits()
{
	wanted=$2
	label=$1
	shift 2
	run "$KSYSCALLS" "$@"
	ok "$label" [ "$status" = "$wanted" ]
}

# refuses DESCRIPTION STATUS PATTERN ARGUMENT...: as exits, with the reason on
# stderr and nothing on stdout
refuses()
{
	pattern=$3
	exits_label=$1
	wanted_status=$2
	shift 3
	run "$KSYSCALLS" "$@"
	ok "$exits_label" refused "$wanted_status" "$pattern"
}

refused()
{
	[ "$status" = "$1" ] && [ ! -s "$tmp/out" ] && grep -q -e "$2" "$tmp/err"
}

prints()
{
	grep -q -x -e "$1" "$tmp/out"
}

says()
{
	grep -q -e "$1" "$tmp/err"
}

# make_abi TREE ABI AUDIT_ARCH BASE NR_SYSCALLS <"nr name" lines, in order
make_abi()
{
	abi_dir=$1/sys/kernel/syscalls/$2
	mkdir -p "$abi_dir"
	echo 1 >"$1/sys/kernel/syscalls/version"
	echo "$3" >"$abi_dir/audit_arch"
	echo "$4" >"$abi_dir/base"
	echo "$5" >"$abi_dir/nr_syscalls"
	cat >"$abi_dir/names"
	awk -v bits="$5" '
	{ set[$1] = 1 }
	END {
		# %*pb: words of 32 bits, the highest first and as wide as it has to be
		for (word = int((bits - 1) / 32); word >= 0; word--) {
			top = bits - word * 32
			if (top > 32)
				top = 32
			for (nibble = int((top - 1) / 4); nibble >= 0; nibble--) {
				value = 0
				for (bit = 3; bit >= 0; bit--)
					value = value * 2 + ((word * 32 + nibble * 4 + bit) in set)
				text = text sprintf("%x", value)
			}
			if (word)
				text = text ","
		}
		print text
	}' "$abi_dir/names" >"$abi_dir/bitmap"
	awk '
	function flush() {
		if (first == "")
			return
		out = out (out == "" ? "" : ",") (first == last ? first : first "-" last)
	}
	first != "" && $1 == last + 1 { last = $1; next }
	{ flush(); first = last = $1 }
	END { flush(); print out }' "$abi_dir/names" >"$abi_dir/list"
}

# A small amd64 host: a hole at 3, nothing after 6, i386 on and x32 off.
make_small_tree()
{
	make_abi "$1" x86_64 0xc000003e 0x0 9 <<-NAMES
		0 read
		1 write
		2 open
		4 stat
		5 fstat
		6 lstat
	NAMES
	make_abi "$1" i386 0x40000003 0x0 5 <<-NAMES
		1 exit
		3 read
		4 write
	NAMES
	make_abi "$1" x32 0xc000003e 0x40000000 9 </dev/null
}

# What this machine is called as an ABI, and its AUDIT_ARCH_*; fails if unknown.
machine_abi()
{
	case $(uname -m) in
	x86_64)		echo x86_64 0xc000003e ;;
	aarch64)	echo arm64 0xc00000b7 ;;
	ppc64le)	echo ppc64 0xc0000015 ;;
	s390x)		echo s390x 0x80000016 ;;
	riscv64)	echo riscv64 0xc00000f3 ;;
	loongarch64)	echo loong64 0xc0000102 ;;
	*)		return 1 ;;
	esac
}

# The machine's syscalls by its own headers, "nr name" in order
machine_names()
{
	echo '#include <sys/syscall.h>' | "${CC:-cc}" -E -dM - |
	sed -n 's/^#define __NR_\([a-z0-9_]*\) \([0-9]*\)$/\2 \1/p' | sort -n -u -k1,1
}
