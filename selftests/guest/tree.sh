#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Every published file: mode, format, and that the three views of the
# implemented numbers (bitmap, list, names) are the same set.
. "$(dirname "$0")/ktap.sh"

# bits: the numbers set in a "%*pb" text on stdin, one a line.
bits()
{
	awk '{
		n = 0
		for (i = length($0); i > 0; i--) {
			c = substr($0, i, 1)
			if (c == ",")
				continue
			v = index("0123456789abcdef", c) - 1
			if (v < 0) {
				print "bad digit " c
				exit
			}
			for (b = 0; b < 4; b++) {
				if (v % 2)
					print n + b
				v = int(v / 2)
			}
			n += 4
		}
	}' | sort -n
}

# matches FILE REGEX: one line of that form and nothing else.
matches()
{
	[ "$(wc -l <"$1")" = 1 ] && grep -qE "^$2\$" "$1"
}

# facts ABI: its audit_arch and base, as the kernel's headers and libseccomp have them.
facts()
{
	case $1 in
	x86_64) echo 0xc000003e 0x0 ;;
	i386) echo 0x40000003 0x0 ;;
	x32) echo 0xc000003e 0x40000000 ;;
	arm64) echo 0xc00000b7 0x0 ;;
	arm) echo 0x40000028 0x0 ;;
	arm_private) echo 0x40000028 0xf0000 ;;
	ppc64) echo 0xc0000015 0x0 ;;
	ppc) echo 0x14 0x0 ;;
	s390x) echo 0x80000016 0x0 ;;
	s390) echo 0x16 0x0 ;;
	riscv64) echo 0xc00000f3 0x0 ;;
	riscv32) echo 0x400000f3 0x0 ;;
	mips64) echo 0xc0000008 0x1388 ;;
	mipsn32) echo 0xe0000008 0x1770 ;;
	mips) echo 0x40000008 0xfa0 ;;
	loong64) echo 0xc0000102 0x0 ;;
	esac
}

need_module
abis=$(published)
expected=$(echo "$KSC_ABIS" | tr ',' ' ')
[ -n "$abis$expected" ] || skip_all "no ABI is published: $(dmesg | grep ksyscalls | tail -n1)"
# shellcheck disable=SC2086 # one word per ABI
set -- $expected
tests=$((3 + $#))
# shellcheck disable=SC2086
set -- $abis
ktap_plan $((tests + 9 * $#))

for abi in $expected; do
	[ -d "$sysfs/$abi" ]
	ktap $? "$abi: is published"
done
[ "$(cat "$sysfs/version")" = 1 ]
ktap $? "version is 1"
[ -z "$(find "$sysfs" -type f ! -perm 444)" ]
ktap $? "every file has mode 0444"
! grep -rqE '(^|[^0-9a-f])(0x)?[89a-f][0-9a-f]{15}([^0-9a-f]|$)' "$sysfs"
ktap $? "nothing looks like a kernel address"

for abi; do
	d=$sysfs/$abi
	[ "$(cd "$d" && echo *)" = "audit_arch base bitmap list names nr_syscalls" ]
	ktap $? "$abi: has its six files"
	read -r arch base <<-EOF
		$(facts "$abi")
	EOF
	matches "$d/audit_arch" "$arch"
	ktap $? "$abi: audit_arch"
	matches "$d/base" "$base"
	ktap $? "$abi: base"
	matches "$d/nr_syscalls" '[1-9][0-9]*'
	ktap $? "$abi: nr_syscalls"
	matches "$d/bitmap" '[0-9a-f]{1,8}(,[0-9a-f]{8})*'
	ktap $? "$abi: bitmap"
	bits <"$d/bitmap" >"$tmp/bits"
	ranges <"$d/list" >"$tmp/list"
	# A number with two names has two lines.
	sed 's/ .*//' "$d/names" | uniq >"$tmp/names"
	cmp -s "$tmp/bits" "$tmp/list"
	ktap $? "$abi: list agrees with bitmap"
	case $abi in
	# Its number 0 is answered, but has no name.
	arm_private) sed -i '/^0$/d' "$tmp/bits" ;;
	# Until Linux 5.3 one table served both: each has names for its own numbers alone.
	x86_64 | x32)
		if [ "$(cat "$sysfs/x86_64/nr_syscalls")" -gt 512 ]; then
			grep -xFf "$tmp/names" "$tmp/bits" >"$tmp/named"
			mv "$tmp/named" "$tmp/bits"
		fi
		;;
	esac
	cmp -s "$tmp/bits" "$tmp/names"
	ktap $? "$abi: names agrees with bitmap"
	# A format error of a line, or a name given to two numbers.
	! grep -qvE '^[0-9]+ [a-z_][a-z0-9_]*$' "$d/names" &&
		[ -z "$(sed 's/.* //' "$d/names" | sort | uniq -d)" ]
	ktap $? "$abi: names has \"nr name\" lines, each name once"
	[ "$(tail -n1 "$tmp/bits" | grep . || echo -1)" -lt "$(cat "$d/nr_syscalls")" ]
	ktap $? "$abi: no number beyond nr_syscalls"
done
ktap_end
