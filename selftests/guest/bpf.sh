#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Loading while BPF programs are attached to what the module reads. They sit at the
# tracer's site, which hides nothing: the answer must stay the same.
. "$(dirname "$0")/ktap.sh"

need_module
[ -r /sys/kernel/btf/vmlinux ] || skip_all "no /sys/kernel/btf/vmlinux: needs CONFIG_DEBUG_INFO_BTF"
cp -r "$sysfs" "$tmp/first"
unload

# Loads the module while they are attached. Sets same.
load_beside()
{
	log_mark
	if ! load || ! diff -r "$tmp/first" "$sysfs" >"$tmp/differences"; then
		head -n 3 "$tmp/differences" | cut -c -200 | sed 's/^/# /'
		log_since | grep 'ksyscalls: .*not published' | sed 's/^/# /'
		same=1
	fi
	! loaded || unload
}

# attached KIND NEEDS CONFIG SYMBOL...: to all of them at once, where the kernel has the
# function NEEDS.
attached()
{
	kind=$1 needs=$2 config=$3 same=0 status=0
	shift 3
	if ! grep -q " $needs\$" "$tmp/symbols"; then
		ktap_skip "$kind: needs $config"
		return
	fi
	"$here/attach" "$kind" "$@" >"$tmp/attached" 2>"$tmp/why" || status=$?
	sed 's/^/# /' "$tmp/why"
	if [ $status = 4 ]; then
		ktap_skip "$kind: $(tail -n 1 "$tmp/why")"
		return
	fi
	read -r pid functions <"$tmp/attached"
	echo "# $kind on $functions"
	load_beside
	[ -z "$pid" ] || kill "$pid"
	[ $same = 0 ] && [ $status = 0 ]
	ktap $? "with $kind programs in system calls and stubs: the same"
}

ktap_plan 4
# A kernel takes longer to write down its symbols than the module to load.
grep -F -e sys_ -e bpf_trampoline_link_prog -e register_fprobe_ips -e within_error_injection_list \
	/proc/kallsyms >"$tmp/symbols"
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
