#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The names that are published against those that programs of each ABI are
# compiled with, both ways: every line is an __NR_ macro with that number, and
# every __NR_ macro of an implemented number has its line.
. "$(dirname "$0")/ktap.sh"

[ -e "$here/tables" ] || skip_all "built without HEADERS=, so the kernel's own names are not known"
need_module
# shellcheck disable=SC2046 # one word per ABI
set -- $(published)
[ $# -gt 0 ] || skip_all "no ABI is published"
ktap_plan $#

for abi; do
	if ! grep -q "^name $abi " "$here/tables"; then
		ktap_skip "$abi: the kernel's headers have no <asm/unistd.h> for it; a kernel that has the ABI tells"
		continue
	fi
	if [ -z "$(cat "$sysfs/$abi/list")" ]; then
		ktap_skip "$abi: nothing is implemented on this boot; one with this ABI on tells"
		continue
	fi
	ranges <"$sysfs/$abi/list" | awk -v abi="$abi" '
		FILENAME == "-" { implemented[$1] = 1; next }
		$1 == "name" && $2 == abi && ($3 in implemented) { print $3, $4 }
		' - "$here/tables" | sort >"$tmp/headers"
	sort "$sysfs/$abi/names" >"$tmp/names"
	diff "$tmp/headers" "$tmp/names" |
		sed -n "s/^[-<]\([0-9]\)/# $abi: only the headers have \1/p;s/^[+>]\([0-9]\)/# $abi: only names has \1/p"
	cmp -s "$tmp/headers" "$tmp/names"
	ktap $? "$abi: $(wc -l <"$tmp/names") names, those of the kernel's headers"
done
ktap_end
