#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Our models of runc and crun against the real ones: each starts a container
# under each field profile, the program that the kernel got is read back, and
# must answer every number as the model does. Needs root and the runtimes.

build=${KSC_BUILD:?set KSC_BUILD to the build directory}
tests=$build/tests/seccomp
work=$(mktemp -d "${TMPDIR:-/tmp}/ksyscalls-runtimes.XXXXXX") || exit 1
id=ksyscalls-test-$$
planned=4 n=0 failed=0

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
	(cd "$work/bundle" && unshare -m --propagation private sh -c '
		mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null
		exec "$@"' sh "$1" $options --root "$work/$1" run -d \
		--pid-file "$work/pid" "$id") </dev/null >"$work/log" 2>&1
}

delete() { "$1" --root "$work/$1" delete -f "$id" >/dev/null 2>&1; }

check()
{
	rt=$1 profile=$2 n=$((n + 1))
	name="the model of $rt answers as the real one under $profile"
	if [ "$(id -u)" -ne 0 ]; then
		echo "ok $n # SKIP $name: needs root"
		return
	fi
	for need in "$rt" busybox unshare; do
		command -v "$need" >/dev/null && continue
		echo "ok $n # SKIP $name: $need is not installed, 'make deps' does"
		return
	done
	profile=$KSC_PROFILES/$profile.json
	if ! bundle || ! start "$rt"; then
		sed 's/^/# /' "$work/log"
		echo "ok $n # SKIP $name: $rt starts no container here, not even without a filter;" \
			"needs a machine that lets root mount and make namespaces"
		return
	fi
	delete "$rt"
	if ! bundle "$profile" || ! start "$rt"; then
		sed 's/^/# /' "$work/log"
		echo "not ok $n - $name: no container with that profile, though one without"
		failed=$((failed + 1))
		return
	fi
	"$tests/dump-filter" "$(cat "$work/pid")" > "$work/dump" &&
		"$tests/runtime-model" same "$(model_of "$rt")" "$profile" "$work/dump" > "$work/out"
	status=$?
	sed "s/^/# $($rt --version | head -n 1), /" "$work/out"
	delete "$rt"
	if [ $status -eq 0 ]; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		failed=$((failed + 1))
	fi
}

echo "1..$planned"
for rt in runc crun; do
	for profile in moby-trixie containers-trixie; do
		check "$rt" "$profile"
	done
done
[ "$failed" -eq 0 ]
