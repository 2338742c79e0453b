#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the kernel answers to a plain insmod, and what the ksyscalls command makes of
# it. KSC_REFUSAL is what the kernel's log must say: that it is refused, or, where it
# begins with "not published", that the module does not understand this kernel's code;
# empty where it does.
# shellcheck source=../guest/ktap.sh
. "$(dirname "$0")/ktap.sh"

[ -n "$KSC_MODULE" ] || skip_all "needs the module's file, KSC_MODULE"
tmp=$(mktemp -d)
tool() { ksyscalls "$@" >"$tmp/out" 2>"$tmp/err"; }
# said TEXT: all that the command said is shown if the text is not there.
said() { grep -qF "$1" "$tmp/err" || { sed 's/^/# /' "$tmp/err"; false; }; }
# plain FILE: insmod's own words in $tmp/err.
plain() { insmod "$1" 2>"$tmp/err"; }

case $KSC_REFUSAL in
*CONFIG_KALLSYMS*) plan=2 ;;
"not published"*) plan=4 ;;
*) plan=6 ;;
esac
[ ! -e /unsigned.ko ] || plan=$((plan + 1))
[ ! -e /foreign.ko ] || plan=$((plan + 2))
ktap_plan $plan
! loaded || unload

log_mark
plain "$KSC_MODULE"
status=$?
case $KSC_REFUSAL in
*CONFIG_KALLSYMS*)
	[ $status != 0 ] && ! loaded && said "Operation not supported" &&
		log_since | grep 'ksyscalls: ' | tail -n1 | grep -F "lookup failed: $KSC_REFUSAL"
	ktap $? "insmod is refused with EOPNOTSUPP: $KSC_REFUSAL"
	! tool load --module "$KSC_MODULE" && ! loaded && said "$KSC_REFUSAL"
	ktap $? "ksyscalls load names the CONFIG"
	;;
"not published"*)
	[ $status = 0 ] && loaded && [ ! -e "$sysfs/x86_64" ] && unload &&
		log_since | grep -F "ksyscalls: x86_64: $KSC_REFUSAL"
	ktap $? "insmod loads it, and it does not publish x86_64: $KSC_REFUSAL"
	tool load --module "$KSC_MODULE"
	[ $? = 3 ] && said "x86_64: $KSC_REFUSAL" && said "'ksyscalls survey'"
	ktap $? "ksyscalls load tells what the module says, and what to do"
	tool unload && mkdir -p /run && tool survey && tool check statx
	ktap $? "ksyscalls survey finds statx"
	tool check mq_open
	[ $? = 1 ]
	ktap $? "ksyscalls survey does not find mq_open, which is not configured"
	rm -rf /run/ksyscalls
	;;
*)
	[ $status = 0 ] && loaded && unload
	ktap $? "insmod loads it"
	tool load --module "$KSC_MODULE" && loaded && [ ! -s "$tmp/err" ]
	ktap $? "ksyscalls load loads it"
	tool load --module "$KSC_MODULE"
	[ $? = 1 ] && said "is loaded"
	ktap $? "ksyscalls load says that it is loaded"
	tool check statx
	ktap $? "ksyscalls check finds statx"
	tool abis && grep -q '^x86_64 ' "$tmp/out"
	ktap $? "ksyscalls abis shows x86_64"
	tool unload && ! loaded
	ktap $? "ksyscalls unload unloads it"
	;;
esac

if [ -e /unsigned.ko ]; then
	! tool load --module /unsigned.ko && ! loaded && said "enforces module signatures"
	ktap $? "ksyscalls load explains that the kernel wants a signature"
fi
# Of a kernel whose symbols have the same versions, and which has a syscall less: only
# the module itself can tell.
if [ -e /foreign.ko ]; then
	theirs=$(tr '\0' '\n' </foreign.ko | sed -n 's/^vermagic=\([^ ]*\) .*/\1/p')
	log_mark
	! plain /foreign.ko && ! loaded && said "invalid module format" &&
		log_since | grep -F "ksyscalls: built for $theirs, but this is $(uname -r): "
	ktap $? "insmod is refused with ENOEXEC: the module of another kernel"
	! tool load --module /foreign.ko && ! loaded && said "built for another kernel" &&
		said "built for $theirs, but this is $(uname -r): "
	ktap $? "ksyscalls load tells whose module that is"
fi
rm -rf "$tmp"
ktap_end
