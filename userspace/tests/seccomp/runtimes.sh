#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Our models of runc and crun against the real ones: each starts a container
# under each field profile, the program that the kernel got is read back, and
# must answer every number as the model does. And crun with libksyscalls-preload.so in
# front of its libseccomp against the program that the command makes; whichever came first,
# for crun may keep its filters. Needs root and the runtimes.

build=${KSC_BUILD:?set KSC_BUILD to the build directory}
tests=$build/tests/seccomp
work=$(mktemp -d "${TMPDIR:-/tmp}/ksyscalls-runtimes.XXXXXX") || exit 1
id=ksyscalls-test-$$
preload=$build/libksyscalls-preload.so
# What is built with sanitizers wants theirs first.
! ldd "$preload" | grep -q libasan || preload=$("${CC:-cc}" -print-file-name=libasan.so):$preload
planned=7 n=0 failed=0

clean()
{
	for rt in runc crun; do
		command -v $rt >/dev/null && $rt --root "$work/$rt" delete -f "$id" 2>/dev/null
	done
	rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' INT TERM HUP

# Before 1.1.15 runc gave architectures that are not listed no stub.
model_of()
{
	[ "$1" = runc ] || { echo "$1"; return; }
	version=$(runc --version | sed -n 's/^runc version \([0-9.]*\).*/\1/p')
	oldest=$(printf '%s\n' "$version" 1.1.15 | sort -V | head -n 1)
	if [ "$oldest" = 1.1.15 ]; then echo runc; else echo runc-old; fi
}

# bundle [PROFILE]: a container of one static program, without anything that a sandbox may
# lack.
bundle()
{
	rm -rf "$work/bundle"
	mkdir -p "$work/bundle/rootfs/bin" "$work/bundle/rootfs/proc" "$work/bundle/rootfs/dev"
	cp "$(command -v busybox)" "$work/bundle/rootfs/bin/busybox"
	echo null > "$work/seccomp.json"
	[ -z "${1:-}" ] || "$tests/runtime-model" oci "$1" > "$work/seccomp.json" 2>"$work/log" || return
	cat > "$work/bundle/config.json" <<-EOF
	{ "ociVersion": "1.0.2", "root": { "path": "rootfs", "readonly": true },
	  "process": { "user": { "uid": 0, "gid": 0 }, "cwd": "/", "noNewPrivileges": true,
		"args": [ "/bin/busybox", "sleep", "60" ], "env": [ "PATH=/bin" ] },
	  "mounts": [ { "destination": "/proc", "type": "proc", "source": "proc" },
		{ "destination": "/dev", "type": "tmpfs", "source": "tmpfs" } ],
	  "linux": { "namespaces": [ { "type": "pid" }, { "type": "mount" }, { "type": "ipc" } ],
		"seccomp": $(cat "$work/seccomp.json") } }
	EOF
}

# crun refuses a mixture of cgroup versions; a namespace with version 2 alone does.
start()
{
	options=
	[ "$1" = runc ] || options=--cgroup-manager=disabled
	# shellcheck disable=SC2016 # that shell expands
	(cd "$work/bundle" && ahead=$ahead unshare -m --propagation private sh -c '
		mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null
		exec env $ahead "$@"' sh "$1" $options --root "$work/$1" run -d \
		--pid-file "$work/pid" "$id") </dev/null >"$work/log" 2>&1
}

delete() { "$1" --root "$work/$1" delete -f "$id" >/dev/null 2>&1; }

# runs RUNTIME: whether a container of its can be started here; what is tested is skipped if not.
runs()
{
	if [ "$(id -u)" -ne 0 ]; then
		echo "ok $n # SKIP $name: needs root"
		return 1
	fi
	for need in "$1" busybox unshare; do
		command -v "$need" >/dev/null && continue
		echo "ok $n # SKIP $name: $need is not installed, 'make deps' does"
		return 1
	done
	if ! bundle || ! start "$1"; then
		sed 's/^/# /' "$work/log"
		echo "ok $n # SKIP $name: $1 starts no container here, not even without a filter;" \
			"needs a machine that lets root mount and make namespaces"
		return 1
	fi
	delete "$1"
}

# dump RUNTIME PROFILE: the filter of a container with that profile.
dump()
{
	if ! bundle "$2" || ! start "$1"; then
		sed 's/^/# /' "$work/log"
		echo "# no container with that profile, though one without"
		return 1
	fi
	"$tests/dump-filter" "$(cat "$work/pid")" > "$work/dump"
	status=$?
	delete "$1"
	return $status
}

result()
{
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		failed=$((failed + 1))
	fi
}

check()
{
	rt=$1 profile=$KSC_PROFILES/$2.json n=$((n + 1)) ahead=
	name="the model of $rt answers as the real one under $2"
	runs "$rt" || return
	dump "$rt" "$profile" &&
		"$tests/runtime-model" same "$(model_of "$rt")" "$profile" "$work/dump" > "$work/out"
	status=$?
	[ $status -ne 0 ] || sed "s/^/# $($rt --version | head -n 1), /" "$work/out"
	result $status
}

# A bundle has what applies of a profile, and so has what is made of it here.
check_preload()
{
	profile=$KSC_PROFILES/$1.json n=$((n + 1))
	ahead="LD_PRELOAD=$preload KSYSCALLS_RUNTIME_CONF=$work/conf"
	name="crun behind libksyscalls-preload.so has our filter under $1"
	if [ "$(uname -m)" != x86_64 ]; then
		echo "ok $n # SKIP $name: its tree is made for x86_64"
		return
	fi
	runs crun || return
	rm -rf "$work/tree"
	cp -r "$KSC_SOURCE/tests/trees/amd64-6.1" "$work/tree"
	rm "$work/tree/sys/kernel/syscalls/release"
	echo "sysroot = $work/tree" > "$work/conf"
	dump crun "$profile" &&
		"$build/ksyscalls" bpf --sysroot="$work/tree" -p "$work/seccomp.json" \
			-o "$work/wanted" 2>/dev/null &&
		"$tests/runtime-model" alike "$profile" "$work/wanted" "$work/dump" > "$work/out"
	status=$?
	[ $status -ne 0 ] || sed "s/^/# $(crun --version | head -n 1), /" "$work/out"
	result $status
}

echo "1..$planned"
for rt in runc crun; do
	for profile in moby-trixie containers-trixie; do
		check "$rt" "$profile"
	done
done
check_preload moby-bullseye
check crun moby-bullseye
check_preload containers-trixie
[ "$failed" -eq 0 ]
