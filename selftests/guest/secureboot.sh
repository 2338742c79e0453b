#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# In a guest that is locked down: only a module with a signature that the kernel
# trusts loads, and the command says why another one does not.
. "$(dirname "$0")/ktap.sh"

# refused MODULE WORDS: the command fails, says so, and nothing is loaded.
refused()
{
	ksyscalls load --module "$1" 2>"$tmp/err" && return 1
	sed 's/^/# /' "$tmp/err"
	grep -qF "$2" "$tmp/err" && ! loaded
}

tmp=$(mktemp -d)
mount -t securityfs securityfs /sys/kernel/security
trap 'rm -rf "$tmp"; umount /sys/kernel/security' EXIT
# Debian enforces signatures under Secure Boot, and lockdown itself asks for them.
why="locked down and takes signed modules only" tests=4
[ ! -d /sys/firmware/efi ] || tests=6 \
	why="enforces module signatures and this module has none that it trusts"
ktap_plan $tests

reason=$(dmesg | sed -n 's/.*\(Kernel is locked down from [^;]*\).*/\1/p' | head -n 1)
grep -qF '[integrity]' /sys/kernel/security/lockdown
ktap $? "${reason:-the kernel is locked down}"
refused /unsigned.ko "$why"
ktap $? "refuses a module without a signature"
refused /stranger.ko "$why"
ktap $? "refuses a module with a stranger's signature"
if [ $tests = 4 ]; then
	refused /ksyscalls.ko "$why"
	ktap $? "refuses the signature of a key that only the firmware has"
	ktap_end
fi
refused /forged.ko "Key was rejected"
ktap $? "refuses a module that was changed after signing"
ksyscalls load --module /ksyscalls.ko && loaded
ktap $? "loads a module that is signed with the firmware's key"
ksyscalls check read openat2
ktap $? "tells what is implemented"
ksyscalls unload
ktap_end
