#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Sandboxes that read no OCI configuration, as they are installed here and on this kernel:
# systemd-nspawn and lxc-start behind libksyscalls-preload.so, and a service of systemd's
# with the drop-in that "ksyscalls profile --format=systemd" writes. What is asked in them
# are calls that this kernel lacks, clone3 and openat2, keyctl, which is denied on purpose,
# and a number that is nobody's. Needs root. KSC_SYSTEMD=DIR: the service is that of the
# systemd in another Debian's root, instead of this machine's.

build=${KSC_BUILD:?set KSC_BUILD to the build directory}
source=${KSC_SOURCE:?set KSC_SOURCE to the userspace directory}
work=$(mktemp -d "${TMPDIR:-/tmp}/ksyscalls-sandboxes.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
preload=$build/libksyscalls-preload.so
# What is built with sanitizers wants theirs first.
! ldd "$preload" | grep -q libasan || preload=$("${CC:-cc}" -print-file-name=libasan.so):$preload
ASAN_OPTIONS=detect_leaks=0
KSYSCALLS_RUNTIME_CONF=$work/conf
export ASAN_OPTIONS KSYSCALLS_RUNTIME_CONF
n=0 failed=0

ok()
{
	n=$((n + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		head -n 20 "$work/out" "$work/log" 2>/dev/null | sed 's/^/# /'
		failed=$((failed + 1))
	fi
}

skip()
{
	n=$((n + 1))
	echo "ok $n # SKIP $1: $2"
}

echo "1..11"
if [ "$(id -u)" -ne 0 ] || [ "$(uname -m)" != x86_64 ]; then
	while [ $n -lt 11 ]; do skip sandboxes "needs root, and numbers of x86_64"; done
	exit 0
fi
# Exact for this kernel, whether the module is there or not.
view=$work/view/sys/kernel/syscalls/x86_64
if ! "$build/ksyscalls" survey "$work/view" >"$work/log" 2>&1; then
	while [ $n -lt 11 ]; do skip sandboxes "needs a kernel that can be surveyed: $(tail -n 1 "$work/log")"; done
	exit 0
fi
echo "sysroot = $work/view" >"$work/conf"
absent=$(awk '{ has[$1] } END { for (nr = 0; nr < 450; nr++) if (!(nr in has)) print nr }' "$view/names")

# A root of one static program, which asks and keeps the answers.
mkdir -p "$work/root/bin" "$work/root/etc" "$work/root/usr" "$work/root/proc" "$work/root/sys" \
	"$work/root/dev" "$work/root/tmp" "$work/root/run" "$work/root/var/log"
cp "$(command -v busybox)" "$work/root/bin/sh"
"${CC:-cc}" -static -O2 -o "$work/root/bin/probe" "$source/tests/tools/probe.c" || exit 1
: >"$work/root/etc/os-release"
# runs COMMAND...: what /bin/ask is from now on.
runs() { echo "$* >/out" >"$work/root/bin/ask"; }

# alone COMMAND...: with mounts and a /run of its own, and one version of cgroups.
alone()
{
	rm -f "$work/root/out" "$work/out"
	# shellcheck disable=SC2016 # that shell expands
	timeout 300 unshare -m --propagation private sh -c '
		mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null
		mount -t tmpfs none /run
		exec "$@"' sh "$@" </dev/null >"$work/log" 2>&1
	cp "$work/root/out" "$work/out" 2>/dev/null
}

# answers NR=ERRNO...
answers()
{
	for word; do
		grep -qx "$(echo "$word" | tr '=' ' ')" "$work/out" 2>/dev/null || return 1
	done
}

# all_absent ERRNO: what this kernel lacks is answered so, or by none but that
all_absent()
{
	for nr in $absent; do
		answers "$nr=$1" || return 1
	done
}

not() { ! "$@"; }

# starts PROGRAM PACKAGE FUNCTION TEST...: whether a container that asks nothing starts here, under
# no filter of ours; else the tests are skipped. Where it does, whatever fails is a failure.
starts()
{
	program=$1 why="install $2" by=$3
	shift 3
	if command -v "$program" >/dev/null; then
		runs echo started
		if "$by" env; then
			# shellcheck disable=SC2086 # words
			runs /bin/probe $absent 435 437 250 1000
			return
		fi
		sed 's/^/# /' "$work/log"
		why="not even an empty container starts here: run this as root of a machine, or of a"
		why="$why container that may mount and has a writable cgroup2"
	fi
	for test; do
		skip "$test" "$why"
	done
	return 1
}

# ---- systemd-nspawn: ENOSYS by default, EPERM for what its libseccomp knows

nspawn()
{
	alone "$@" systemd-nspawn -q --register=no --keep-unit -D "$work/root" /bin/sh /bin/ask
	[ -s "$work/out" ]
}

no_service=
if starts systemd-nspawn systemd-container nspawn systemd-nspawn "systemd-nspawn behind us"; then
	ok "systemd-nspawn denies what this kernel lacks" eval 'nspawn env && not all_absent 38'
	nspawn env "LD_PRELOAD=$preload"
	ok "behind us it is all ENOSYS, and keyctl is denied" eval 'all_absent 38 && answers 1000=38 250=1'
else
	no_service=$why
fi

# ---- LXC: a list of what is allowed

cat >"$work/policy" <<-EOF
	2
	allowlist errno 1
	$(awk '$2 !~ /^(clone3|openat2|keyctl|add_key)$/ { print $2 }' "$view/names")
EOF
mkdir -p "$work/lxc/box"
cat >"$work/lxc/box/config" <<-EOF
	lxc.rootfs.path = dir:$work/root
	lxc.net.0.type = none
	lxc.namespace.clone = pid mnt ipc uts
	lxc.pty.max = 0
	lxc.tty.max = 0
	lxc.console.path = none
	lxc.init.cmd = /bin/sh /bin/ask
EOF
lxc()
{
	alone "$@" lxc-start -F -P "$work/lxc" -n box
	[ -s "$work/out" ]
}

if starts lxc-start lxc lxc lxc-start "lxc-start behind us"; then
	echo "lxc.seccomp.profile = $work/policy" >>"$work/lxc/box/config"
	ok "lxc-start denies what is not allowed" eval 'lxc env && all_absent 1 && answers 435=1 437=1 250=1 1000=1'
	lxc env "LD_PRELOAD=$preload"
	ok "behind us it is ENOSYS but for keyctl" eval 'all_absent 38 && answers 435=38 437=38 250=1 1000=38'
fi

# ---- a service: systemd itself, started in a container with this machine's /usr

# As short a list as a program comes along with, by what systemd adds itself. Of the calls
# behind i386's socketcall it has one.
allowed="access clone close fstat newfstatat openat pread64 read socket wait4 write"
{
	echo '{ "defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],'
	echo "\"syscalls\": [{ \"names\": [$(echo "$allowed" | sed 's/[a-z0-9]*/"&"/g; s/ /, /g')],"
	echo '"action": "SCMP_ACT_ALLOW" }, { "names": ["sync"], "errnoRet": 0, "action": "SCMP_ACT_ERRNO" },'
	echo '{ "names": ["syslog"], "errnoRet": 38, "action": "SCMP_ACT_ERRNO" }] }'
} >"$work/profile.json"
units=$work/root/etc/systemd/system
mkdir -p "$units/ask.service.d"
cat >"$units/ask.service" <<-EOF
	[Unit]
	DefaultDependencies=no
	[Service]
	Type=oneshot
	ExecStart=/usr/bin/sleep 0.01
	ExecStart=/bin/probe 435 437 250 1000 162 103 i386:102/1 i386:102/2
	StandardOutput=file:/out
	ExecStopPost=+/usr/bin/systemctl --force poweroff
EOF
cat >"$units/ask.service.d/list.conf" <<-EOF
	[Service]
	SystemCallErrorNumber=EPERM
	SystemCallFilter=$allowed syslog
EOF
printf '[Unit]\nRequires=ask.service\n' >"$units/ask.target"
service()
{
	alone env SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn -q --register=no --keep-unit \
		-D "$work/root" --bind-ro="${KSC_SYSTEMD-}/usr:/usr" --bind-ro="${KSC_SYSTEMD-}/usr/lib:/lib" \
		--bind-ro="${KSC_SYSTEMD-}/usr/lib64:/lib64" /usr/lib/systemd/systemd --unit=ask.target
	[ -s "$work/out" ]
}

# group NAME: the calls in a group of systemd's, those of groups in it, too
group()
{
	systemd-analyze syscall-filter "$1" | sed -n 's/^ *\([@a-z][-a-z0-9_]*\)$/\1/p' | sed 1d |
		while read -r name; do
			case $name in
			@*) group "$name" ;;
			*) echo "$name" ;;
			esac
		done
}

"$build/ksyscalls" profile --sysroot="$work/view" --format=systemd --baseline=5.10 \
	-p "$work/profile.json" -o "$work/drop-in" 2>"$work/log" || exit 1
cp "$work/drop-in" "$work/out"
if ! command -v systemd-analyze >/dev/null; then
	skip "systemd-analyze verify" "install systemd"
	skip "what the drop-in has" "install systemd"
	skip "what systemd adds" "install systemd"
else
	# It tells of each name that it does not know, in the unit's own list, too.
	sed -e 's|/bin/probe.*|/bin/true|' -e '/poweroff/d' "$units/ask.service" >"$work/ask.service"
	cat "$units/ask.service.d/list.conf" >>"$work/ask.service"
	systemd-analyze verify "$work/ask.service" >"$work/want" 2>&1
	cat "$work/drop-in" >>"$work/ask.service"
	systemd-analyze verify "$work/ask.service" >"$work/log" 2>&1
	ok "systemd-analyze verify has nothing to say about the drop-in" cmp -s "$work/want" "$work/log"
	ok "which has what is meant to be denied" grep -q keyctl:EPERM "$work/drop-in"
	sed -n 's/^SystemCallFilter=~//p' "$work/drop-in" | tr ' ' '\n' | sed 's/:.*//' >"$work/denied"
	group @default >"$work/default"
	ok "and nothing that systemd allows by itself" \
		eval "grep -qx rt_sigreturn $work/default && ! grep -Fx -f $work/default $work/denied"
fi
drop_in=$units/ask.service.d/zz.conf
systemd=${KSC_SYSTEMD-}/usr/lib/systemd/systemd
[ -n "$no_service" ] || [ -x "$systemd" ] || no_service="$systemd is missing: install systemd"
if [ -n "$no_service" ]; then
	for of in "its own list" "the drop-in" "socketcall" "an early drop-in"; do
		skip "a service with $of" "$no_service"
	done
else
	ok "a service is denied what it is not allowed" \
		eval 'service && answers 435=1 437=1 250=1 162=1 103=1 i386:102/1=14 i386:102/2=1'
	cp "$work/drop-in" "$drop_in"
	service
	ok "with the drop-in it is ENOSYS but for what is denied by name" \
		answers 435=38 437=38 250=1 1000=38 162=0 103=38
	ok "and a part of socketcall is allowed as before" answers i386:102/1=14 i386:102/2=1
	mv "$drop_in" "$units/ask.service.d/early.conf"
	sed -i -e /ErrorNumber/d -e 's/ syslog//' "$units/ask.service.d/list.conf"
	service
	ok "read before the list it makes that no list of what is denied" \
		answers 435=38 437=38 250=1 1000=38 162=0 103=38
fi
[ $failed -eq 0 ]
