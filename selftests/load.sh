#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Loading and unloading, alone, again, under readers, under a tracer, refused.
. "$(dirname "$0")/lib.sh"

need_module
tracing=/sys/kernel/tracing
# A load takes seconds where an emulated kernel searches its symbols one by one.
reloads=${KSC_RELOADS:-50}

snapshot() { rm -rf "$1"; cp -r "$sysfs" "$1"; }
same() { diff -r "$1" "$2" >/dev/null; }

# read_all: reads whatever is there until told to stop; files may vanish any time.
read_all()
{
	while [ ! -e "$tmp/stop" ]; do
		find "$sysfs" -type f -exec cat {} + >/dev/null 2>&1
	done
}

# refused ERROR PARAMETER...: the load fails and the module's last line in the log says why.
refused()
{
	want=$1
	shift
	dmesg -c >/dev/null
	! load "$@" 2>/dev/null && ! loaded && dmesg | grep 'ksyscalls: ' | tail -n1 |
		grep -qF "$want"
}

ktap_plan 12
snapshot "$tmp/first"

load 2>"$tmp/err"
grep -q 'File exists' "$tmp/err" && loaded && snapshot "$tmp/now" && same "$tmp/first" "$tmp/now"
ktap $? "a second load says EEXIST and changes nothing"

# Another module that wants the same directory: this one under another name.
if grep -qx Y /sys/module/module/parameters/sig_enforce 2>/dev/null; then
	ktap_skip "a directory that exists already: this kernel takes signed modules only"
elif [ -n "$KSC_MODULE" ]; then
	sed 's/ksyscalls/ksyscallz/g' "$KSC_MODULE" >"$tmp/other.ko"
	dmesg -c >/dev/null
	insmod "$tmp/other.ko" 2>"$tmp/err"
	# Linux 7.x keeps EEXIST for a module that is loaded, and turns ours into EBUSY.
	grep -qE 'File exists|resource busy' "$tmp/err" && dmesg | grep -q 'syscalls exists already' &&
		[ ! -e /sys/module/ksyscallz ] && snapshot "$tmp/now" && same "$tmp/first" "$tmp/now"
	ktap $? "a directory that exists already says EEXIST, one line, and stays"
else
	ktap_skip "a directory that exists already: needs the module's file, KSC_MODULE"
fi

# sysfs must let the module go and fail the reader, not the other way round.
exec 3<"$sysfs/version"
unload
status=$?
cat <&3 >"$tmp/late" 2>/dev/null
[ $status = 0 ] && ! loaded && [ ! -s "$tmp/late" ]
ktap $? "unloads under an open file, which then reads nothing"
exec 3<&-

load && snapshot "$tmp/now" && same "$tmp/first" "$tmp/now"
ktap $? "loads again with the same content"

read_all &
read_all &
failed=0 n=0
while [ $n -lt "$reloads" ]; do
	unload && load || failed=$((failed + 1))
	n=$((n + 1))
done
touch "$tmp/stop"
wait
[ $failed = 0 ]
ktap $? "unloads and loads $reloads times under readers"
snapshot "$tmp/now" && same "$tmp/first" "$tmp/now"
ktap $? "the content is the same after that"
unload

if [ -w /proc/sys/kernel/kptr_restrict ]; then
	echo 2 >/proc/sys/kernel/kptr_restrict
	load && snapshot "$tmp/now" && same "$tmp/first" "$tmp/now"
	ktap $? "loads with kptr_restrict=2, same content"
	echo 0 >/proc/sys/kernel/kptr_restrict
	unload
else
	ktap_skip "loading with kptr_restrict=2: no sysctl in this kernel"
fi

if grep -qw function "$tracing/available_tracers" 2>/dev/null; then
	echo function >"$tracing/current_tracer"
	load && snapshot "$tmp/now" && same "$tmp/first" "$tmp/now"
	ktap $? "loads while every function is traced, same content"
	echo nop >"$tracing/current_tracer"
	unload
else
	ktap_skip "loading while every function is traced: no function tracer in this kernel"
fi

addr=$(awk '$3 == "kallsyms_lookup_name" { print "0x" $1; exit }' /proc/kallsyms)
load "lookup_addr=$addr" && snapshot "$tmp/now" && same "$tmp/first" "$tmp/now"
ktap $? "loads with lookup_addr=, same content"
unload
wrong=$(awk '$3 == "kernel_restart" { print "0x" $1; exit }' /proc/kallsyms)
refused "lookup_addr= is not the address of" "lookup_addr=$wrong"
ktap $? "refuses the address of another function"
refused "lookup_addr= is not the address of" "lookup_addr=0x1000"
ktap $? "refuses an address of no function"

load && snapshot "$tmp/now" && same "$tmp/first" "$tmp/now"
ktap $? "loads after refusals, same content"
ktap_end
