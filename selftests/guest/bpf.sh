#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Loading while BPF programs are attached to what the module reads. They sit at the
# tracer's site, which hides nothing: the answer must stay the same.
. "$(dirname "$0")/ktap.sh"

need_module
[ -r /sys/kernel/btf/vmlinux ] || skip_all "no /sys/kernel/btf/vmlinux: needs CONFIG_DEBUG_INFO_BTF"
cp -r "$sysfs" "$tmp/first"
unload

# try KIND SYMBOL: loads the module while that is attached. Sets tried or why, and same.
try()
{
	status=0
	pid=$("$here/attach" "$1" "$2" 2>"$tmp/why") || status=$?
	case $status in
	0) ;;
	4)
		why=$(tail -n 1 "$tmp/why")
		return
		;;
	*)
		echo "# $1 on $2:"
		sed 's/^/# /' "$tmp/why"
		same=1
		return
		;;
	esac
	tried=$((tried + 1))
	log_mark
	if load && diff -r "$tmp/first" "$sysfs" >"$tmp/differences"; then
		echo "# $1 on $2: the same"
	else
		echo "# $1 on $2:"
		head -n 3 "$tmp/differences" | cut -c -200 | sed 's/^/# /'
		log_since | grep 'ksyscalls: .*not published' | sed 's/^/# /'
		same=1
	fi
	! loaded || unload
	kill "$pid"
}

# attached KIND NEEDS CONFIG SYMBOL...: where the kernel has the function NEEDS.
attached()
{
	kind=$1 needs=$2 config=$3 tried=0 same=0 why=
	shift 3
	if ! grep -q " $needs\$" /proc/kallsyms; then
		ktap_skip "$kind: needs $config"
		return
	fi
	for function; do
		try "$kind" "$function"
	done
	if [ $tried = 0 ] && [ $same = 0 ]; then
		ktap_skip "$kind: $why"
	else
		[ $same = 0 ]
		ktap $? "with $kind programs in system calls and stubs: the same"
	fi
}

ktap_plan 4
body=$(symbol T openat)
# shellcheck disable=SC2086 # several names
stub=$(symbol W $often_absent)
# shellcheck disable=SC2086 # one stub or none
for kind in fentry fexit; do
	attached $kind bpf_trampoline_link_prog CONFIG_BPF_JIT "$body" $stub sys_ni_syscall
done
# shellcheck disable=SC2086
attached kprobe.multi register_fprobe_ips CONFIG_FPROBE "$body" $stub sys_ni_syscall
# The kernel lets these change the result of none but the calls that it has.
attached fmod_ret within_error_injection_list CONFIG_FUNCTION_ERROR_INJECTION "$body"
ktap_end
