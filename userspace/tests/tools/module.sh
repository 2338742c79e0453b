#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# load and unload: what is refused before the kernel is asked, and by the kernel.
# That the module goes in and out is for the selftests, in a machine of their own.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

if [ -e /sys/module/ksyscalls ]; then
	echo "1..0 # SKIP the module is loaded, and stays as it is; 'rmmod ksyscalls' first"
	exit 0
fi

refuses "load takes no --sysroot before" 2 'running kernel' --sysroot="$tmp" load
refuses "load takes no --sysroot behind" 2 'unknown option' load --sysroot="$tmp"
refuses "load takes no operand" 2 'unexpected operand' load ksyscalls.ko
refuses "unload takes no operand" 2 'unexpected operand' unload ksyscalls
run "$KSYSCALLS" unload
if says 'needs libkmod'; then
	skip "unload of what is not loaded" "libkmod is not installed"
	done_testing
	exit 0
fi
ok "unload of what is not loaded is no error" [ "$status" = 0 ]
ok "unload of what is not loaded is told" says 'note: not loaded'
refuses "no module file" 2 'No such file' load --module "$tmp/none.ko"
echo junk >"$tmp/ksyscalls.ko"
refuses "a file that is no module" 2 'not a kernel module' load --module="$tmp/ksyscalls.ko"
if [ ! -e "/lib/modules/$(uname -r)/modules.dep" ]; then
	refuses "a module that is not installed" 3 'not installed for this kernel.*dkms' load
else
	skip "a module that is not installed" "this kernel has modules; ksyscalls may be one"
fi

# A file that only says which module it is: enough for libkmod, never for a kernel.
cat >"$tmp/mod.c" <<'C'
#define INFO __attribute__((section(".modinfo"), used)) static const char
INFO name[] = NAME;
INFO magic[] = "vermagic=0.0.0-not-this-one SMP";
C
if ! "${CC:-cc}" -c '-DNAME="name=ksyscalls"' -o "$tmp/ksyscalls.ko" "$tmp/mod.c" 2>"$tmp/err"; then
	skip "module files" "no C compiler: $(head -n 1 "$tmp/err")"
	done_testing
	exit 0
fi
"${CC:-cc}" -c '-DNAME="name=other"' -o "$tmp/other.ko" "$tmp/mod.c"
refuses "another module" 2 'another module, not ksyscalls' load -m "$tmp/other.ko"
run "$KSYSCALLS" load -m "$tmp/ksyscalls.ko"
ok "the kernel refuses it, and why is told" refused 1 'cannot load the module: .*: .*'
ok "it is not loaded" not test -e /sys/module/ksyscalls
if says 'Exec format error'; then
	ok "another kernel's module: both versions are told" \
		says "is for '0.0.0-not-this-one SMP', the kernel is '$(uname -r)'"
else
	skip "another kernel's module" "this kernel refuses with: $(head -n 1 "$tmp/err")"
fi
chmod 755 "$tmp"
if says 'Function not implemented'; then
	skip "no privilege" "this kernel has no CONFIG_MODULES and refuses everybody"
elif [ "$(id -u)" != 0 ]; then
	run "$KSYSCALLS" load -m "$tmp/ksyscalls.ko"
	ok "no privilege: the cure is told" refused 1 'needs root, or CAP_SYS_MODULE'
elif setpriv --bounding-set=-sys_module --inh-caps=-sys_module true 2>/dev/null; then
	run setpriv --bounding-set=-sys_module --inh-caps=-sys_module \
		"$KSYSCALLS" load -m "$tmp/ksyscalls.ko"
	ok "no privilege: the cure is told" refused 1 'needs root, or CAP_SYS_MODULE'
else
	skip "no privilege" "root, and setpriv cannot drop CAP_SYS_MODULE; run it as another user"
fi
done_testing
