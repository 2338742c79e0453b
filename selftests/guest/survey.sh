#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A survey without the module against what the module publishes, file by file.
. "$(dirname "$0")/ktap.sh"

[ -x "$here/survey" ] || skip_all "built without the sources of ksyscalls survey"
[ -r /proc/kallsyms ] || skip_all "this kernel has no CONFIG_KALLSYMS"
need_module
# shellcheck disable=SC2046 # one word per ABI
set -- $(published)
[ $# -gt 0 ] || skip_all "no ABI is published"
root=$tmp/survey
made=$root/sys/kernel/syscalls

# Link time optimisation makes weak symbols local ones; then nobody can tell. What
# compilers put before a function has a symbol of its own.
unclear()
{
	grep -F -e sys_spu_run -e sys_vm86 /proc/kallsyms |
		awk '$3 ~ /sys_(spu_run|vm86)$/ && $3 !~ /^__(cfi|pfx)_/ && $2 != "t" { told = 1 }
			END { exit told }'
}

# same ABI: of one that nothing is in, the size says nothing.
same()
{
	if [ -e "$made/$1/unknown" ]; then
		echo "# $1: unknown: $(cat "$made/$1/unknown")"
		unclear || return 1
	fi
	files="audit_arch base nr_syscalls bitmap list names"
	[ -s "$sysfs/$1/names" ] || files="audit_arch base list names"
	for f in $files; do
		cmp -s "$sysfs/$1/$f" "$made/$1/$f" || {
			echo "# $1/$f differs:"
			diff "$sysfs/$1/$f" "$made/$1/$f" | head -n 20 | sed 's/^/# /'
			return 1
		}
	done
}

ktap_plan $(($# + 3))
"$here/survey" "$root" >"$tmp/out" 2>"$tmp/err"
status=$?
sed 's/^/# /' "$tmp/out" "$tmp/err"
[ "$status" = 0 ] || { [ "$status" = 1 ] && unclear; }
ktap $? "survey ends well"
for abi; do
	if [ ! -d "$made/$abi" ] && unclear; then
		ktap_skip "$abi: the symbols of this kernel do not tell weak ones apart"
		continue
	fi
	same "$abi"
	ktap $? "$abi: $(wc -l <"$made/$abi/names") names, as the module has it"
done
if [ "$status" = 0 ]; then
	[ "$(cat "$made/source" "$made/release")" = "survey
$(uname -r)" ]
	ktap $? "tells where it is from"
	(cd "$made" && ls) | sed '/^source$/d; /^release$/d' >"$tmp/made"
	(cd "$sysfs" && ls) | cmp -s - "$tmp/made"
	ktap $? "has the same ABIs, and no other"
else
	[ ! -e "$made" ]
	ktap $? "nothing is made"
	ktap_skip "there is no tree"
fi
ktap_end
