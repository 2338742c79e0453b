#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Loading and unloading, alone, again, under readers, under a tracer.
. "$(dirname "$0")/ktap.sh"

need_module
tracing=/sys/kernel/tracing
kmemleak=/sys/kernel/debug/kmemleak
# A load takes seconds where an emulated kernel searches its symbols one by one.
pairs=5 reloads=${KSC_SOAK:-50}
[ -z "$KSC_BRIEF" ] || pairs=2 reloads=${KSC_SOAK:-2}

snapshot() { rm -rf "$1"; cp -r "$sysfs" "$1"; }
same() { diff -r "$1" "$2" >/dev/null; }

# read_all: reads whatever is there until told to stop; files may vanish any time. While
# nothing is there it waits: where programs take turns, an emulator was seen to run the
# module's walk thirty times slower.
# shellcheck disable=SC2034 # of no interest
read_all()
{
	while [ ! -e "$tmp/stop" ]; do
		loaded || sleep 0.1 || sleep 1
		for f in "$sysfs"/* "$sysfs"/*/*; do
			while read -r line; do :; done <"$f"
		done
	done
} 2>/dev/null

# What this machine had, where a test stopped half way.
kptr='' kptr_was='' traced_by="nothing was changed"
restore()
{
	[ -z "$kptr_was" ] || echo "$kptr_was" >"$kptr"
	kptr_was=
	[ -z "$traced_by" ] || return 0
	echo nop >$tracing/current_tracer
	echo 0 >$tracing/events/syscalls/enable
	echo >$tracing/set_ftrace_filter
} 2>/dev/null

if [ -w $kmemleak ]; then
	# What others left behind before is not ours.
	echo clear >$kmemleak
	ktap_plan 13
else
	ktap_plan 12
fi
snapshot "$tmp/first"
# One with names to read: an ABI that is switched off has none.
abi=$(cd "$sysfs" && for a in $(published); do echo "$(wc -c <"$a/names") $a"; done |
	sort -rn | head -n 1 | cut -d' ' -f2)

# part FILE OFFSET COUNT: by calls of one byte each, from the middle.
part() { dd if="$1" bs=1 skip="$2" count="$3" 2>/dev/null; }

names=$sysfs/$abi/names size=$(wc -c <"$sysfs/$abi/names")
[ "$size" -gt 0 ] && dd if="$names" bs=7 2>/dev/null | cmp -s - "$tmp/first/$abi/names" &&
	[ "$(part "$names" 4093 7)" = "$(part "$tmp/first/$abi/names" 4093 7)" ] &&
	[ -z "$(part "$names" "$size" 1)$(part "$names" $((size + 8191)) 1)" ]
ktap $? "$abi: names reads the same in odd pieces, and ends where it ends"

load 2>"$tmp/err"
grep -q 'File exists' "$tmp/err" && loaded && snapshot "$tmp/now" && same "$tmp/first" "$tmp/now"
ktap $? "a second load says EEXIST and changes nothing"

# Another module that wants the same directory: this one under another name.
if grep -qx Y /sys/module/module/parameters/sig_enforce 2>/dev/null; then
	ktap_skip "a directory that exists already: needs a kernel without module.sig_enforce"
elif [ -n "$KSC_MODULE" ]; then
	sed 's/ksyscalls/ksyscallz/g' "$KSC_MODULE" >"$tmp/other.ko"
	log_mark
	insmod "$tmp/other.ko" 2>"$tmp/err"
	# Linux 7.x keeps EEXIST for a module that is loaded, and turns ours into EBUSY.
	grep -qE 'File exists|resource busy' "$tmp/err" && log_since | grep -q 'syscalls exists already' &&
		[ ! -e /sys/module/ksyscallz ] && snapshot "$tmp/now" && same "$tmp/first" "$tmp/now"
	ktap $? "a directory that exists already says EEXIST, one line, and stays"
else
	ktap_skip "a directory that exists already: needs the module's file, KSC_MODULE"
fi

# sysfs must let the module go and fail the reader, not the other way round; the
# files of an ABI's directory are of two kinds, and each is open here.
fd=3
# shellcheck disable=SC2034 # for eval
for f in "$sysfs/version" "$sysfs/$abi"/*; do
	eval "exec $fd<\"\$f\""
	fd=$((fd + 1))
done
unload
status=$?
opened=$((fd - 3))
while [ $fd -gt 3 ]; do
	fd=$((fd - 1))
	eval "cat <&$fd" >>"$tmp/late" 2>/dev/null && status=1
	eval "exec $fd<&-"
done
[ $status = 0 ] && ! loaded && [ $opened = 7 ] && [ ! -s "$tmp/late" ]
ktap $? "unloads under $opened open files, which then fail to read"

# One of them gets in. Since Linux 6.5 the kernel may give its success to the other
# too, that loads the same file meanwhile; else that one is told that it is late.
attempt()
{
	load 2>"$tmp/err.$1" || grep -qE 'File exists|resource busy' "$tmp/err.$1" || touch "$tmp/odd"
}

failed=0 n=0
while [ $n -lt $pairs ]; do
	attempt 1 &
	attempt 2 &
	wait
	{ [ ! -s "$tmp/err.1" ] || [ ! -s "$tmp/err.2" ]; } && snapshot "$tmp/now" &&
		same "$tmp/first" "$tmp/now" && unload && ! loaded || failed=$((failed + 1))
	n=$((n + 1))
done
[ $failed = 0 ] && [ ! -e "$tmp/odd" ]
ktap $? "two loads at once load it once, $n times"

load && snapshot "$tmp/now" && same "$tmp/first" "$tmp/now"
ktap $? "loads again with the same content"

# Last in line, so that they hold files open and yet leave the processor to the load.
for _ in 1 2; do
	read_all &
	renice -n 19 -p $! >/dev/null
done
failed=0 n=0
while [ $n -lt "$reloads" ]; do
	unload && load || failed=$((failed + 1))
	n=$((n + 1))
	[ $((n % 100)) != 0 ] || echo "# $n of $reloads"
done
touch "$tmp/stop"
wait
[ $failed = 0 ]
ktap $? "unloads and loads $reloads times under readers"
snapshot "$tmp/now" && same "$tmp/first" "$tmp/now"
ktap $? "the content is the same after that"
unload

kptr=/proc/sys/kernel/kptr_restrict
if [ -w $kptr ]; then
	kptr_was=$(cat $kptr)
	echo 2 >$kptr
	load && snapshot "$tmp/now" && same "$tmp/first" "$tmp/now"
	ktap $? "loads with kptr_restrict=2, same content"
	restore
	unload
else
	ktap_skip "loading with kptr_restrict=2: no sysctl in this kernel, which needs CONFIG_SYSCTL"
fi

# traced WHAT FILE VALUE: with VALUE in FILE below $tracing, which is as it was afterwards.
traced()
{
	what=$1 file=$tracing/$2
	if [ -n "$traced_by" ]; then
		ktap_skip "loading under $what: $traced_by"
		return
	fi
	if ! echo "$3" 2>/dev/null >"$file"; then
		ktap_skip "loading under $what: not in this kernel, which needs CONFIG_FUNCTION_TRACER, \
CONFIG_FUNCTION_GRAPH_TRACER and CONFIG_FTRACE_SYSCALLS"
		return
	fi
	load && snapshot "$tmp/now" && same "$tmp/first" "$tmp/now"
	ktap $? "loads under $what, same content"
	restore
	unload
}

# Who traces this machine would lose what they set.
in_use()
{
	[ "$(cat $tracing/current_tracer 2>/dev/null || echo nop)" = nop ] ||
		echo "the tracer is in use: 'echo nop >$tracing/current_tracer' ends that"
	[ "$(cat $tracing/events/syscalls/enable 2>/dev/null || echo 0)" = 0 ] ||
		echo "system call events are in use: 'echo 0 >$tracing/events/syscalls/enable' ends that"
	! grep -qsv '^#' $tracing/set_ftrace_filter ||
		echo "the tracer has a filter: 'echo >$tracing/set_ftrace_filter' clears it"
}

# All functions on one kernel of each architecture. Elsewhere, and where each call costs
# most, those that the module reads.
read_alone() { [ -n "$traced_by" ] || echo "$1" 2>/dev/null >$tracing/set_ftrace_filter || :; }

traced_by=$(in_use | head -n 1)
[ -z "$KSC_BRIEF" ] || read_alone '*sys_*'
traced "the function tracer" current_tracer function
read_alone '*sys_*'
traced "the function graph tracer" current_tracer function_graph
traced "all system call events" events/syscalls/enable 1

# By who asked for the memory: of a module that is gone there are no names. Nothing that
# is younger than five seconds is told, and what is found only once may be on its way.
if [ -w $kmemleak ]; then
	sleep 6
	echo scan >$kmemleak
	echo scan >$kmemleak
	grep -A 20 -E 'comm "(insmod|modprobe|rmmod)"' $kmemleak >"$tmp/leaks"
	sed 's/^/# /' "$tmp/leaks"
	[ ! -s "$tmp/leaks" ]
	ktap $? "kmemleak finds nothing that loading or unloading left behind"
fi

ktap_end
