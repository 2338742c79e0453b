#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Loading while probes sit in what the module reads. A breakpoint, or the jump that
# replaces one, hides code: the answer must stay the same, or that ABI must be
# absent and the log have one line that says why. It must never be another one.
. "$(dirname "$0")/ktap.sh"

need_module
tracing=/sys/kernel/tracing
[ -w $tracing/kprobe_events ] || skip_all "no $tracing/kprobe_events: needs CONFIG_KPROBE_EVENTS"
# Every place where an instruction may start. Where that depends on the code, the
# kernel refuses a probe in the middle of one; elsewhere it must not be asked for.
case $(uname -m) in
x86_64 | i?86) step=1 ;;
riscv* | s390x) step=2 ;;
*) step=4 ;;
esac
offsets=$(seq 0 $step "$([ -z "$KSC_BRIEF" ] && echo 20 || echo 12)")
cp -r "$sysfs" "$tmp/first"
unload

# probe SYMBOL+OFFSET: false if the kernel will not have one there.
probe()
{
	echo "p:ksc/p $1" 2>/dev/null >>$tracing/kprobe_events || return 1
	if ! echo 1 >$tracing/events/ksc/p/enable 2>/dev/null; then
		echo '-:ksc/p' >>$tracing/kprobe_events
		return 1
	fi
	# A kernel that replaces breakpoints by jumps does so a little later.
	[ ! -e /proc/sys/debug/kprobes-optimization ] || sleep 0.3 2>/dev/null || sleep 1
}

unprobe()
{
	echo 0 >$tracing/events/ksc/p/enable
	echo '-:ksc/p' >>$tracing/kprobe_events
}

# Other people's probes stay.
# shellcheck disable=SC2317 # by clean_up
restore()
{
	[ ! -d "$tracing/events/ksc/p" ] || unprobe
}

# Sets same, absent or wrong to one more.
compare()
{
	verdict=same
	for dir in "$tmp/first"/*/; do
		abi=$(basename "$dir")
		if [ -d "$sysfs/$abi" ]; then
			diff -r "$dir" "$sysfs/$abi" >/dev/null && continue
			echo "# $1: $abi is another one"
		elif [ "$(grep -c "ksyscalls: $abi: not published: " "$tmp/log")" = 1 ]; then
			[ $verdict = wrong ] || verdict=absent
			continue
		else
			echo "# $1: $abi is absent, and not one line says why"
		fi
		verdict=wrong
	done
	eval "$verdict=\$(($verdict + 1))"
}

# under_probes WHAT SYMBOL: sets n, same, absent, wrong.
under_probes()
{
	n=0 same=0 absent=0 wrong=0
	for offset in $offsets; do
		probe "$2+$offset" || continue
		n=$((n + 1))
		log_mark
		load
		log_since >"$tmp/log"
		compare "$2+$offset"
		unload
		unprobe
	done
	echo "# $1 $2: $n probes, $same times the same, $absent times absent"
}

ktap_plan 4
if [ -n "$KSC_BRIEF" ]; then
	ktap_skip "a probe in a system call: another kernel of this architecture has it, or this one without KSC_BRIEF"
	ktap_skip "a probe in a stub of a name: another kernel of this architecture has it, or this one without KSC_BRIEF"
else
	under_probes "the body" "$(symbol T getpid)"
	[ $n -gt 0 ] && [ $wrong = 0 ]
	ktap $? "with a probe in a system call: the same, or absent with a line"

	# Rather one that a table here has: only such a bit can go wrong.
	# shellcheck disable=SC2086 # several names
	if stub=$(symbol W $often_absent); then
		under_probes "the stub" "$stub"
		[ $n -gt 0 ] && [ $wrong = 0 ]
		ktap $? "with a probe in a stub: the same, or absent with a line"
	else
		ktap_skip "a probe in a stub: none of those looked for is one here"
	fi
fi

under_probes "the stub" sys_ni_syscall
[ $n -gt 0 ] && [ $wrong = 0 ]
ktap $? "with a probe in sys_ni_syscall: the same, or absent with a line"
[ $absent -gt 0 ]
ktap $? "where that hides its code, ABIs are absent"
ktap_end
