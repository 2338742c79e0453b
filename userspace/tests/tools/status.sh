#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# status: against configurations as administrators write them, in a mount namespace whose
# /etc is the test's. The runtimes are real; engines are asked for nothing but a version,
# and a line of shell gives that.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

trees=$here/../trees
tree=$trees/amd64-6.1
if ! unshare -rm true 2>/dev/null; then
	skip "status" "no mount namespace: run it as root, or allow user namespaces"
	done_testing
	exit 0
fi

mkdir -p "$tmp/etc" "$tmp/bin" "$tmp/none"
cp /etc/passwd /etc/ld.so.cache "$tmp/etc"
ln -s "${KSC_BUILD:-$here/../../build}/ksyscalls-runtime" "$tmp/bin/ksyscalls-runc"
ln -s ksyscalls-runc "$tmp/bin/ksyscalls-crun"
engine()	# BINARY TEXT
{
	printf '#!/bin/sh\n%s\n' "$2" >"$tmp/bin/$1"
	chmod +x "$tmp/bin/$1"
}
engine podman 'echo podman version 4.3.1'
for name in runc crun; do
	command -v $name >/dev/null || engine $name 'exit 1'
done
# Those of the host are none of the test's.
for name in dockerd containerd crio lxc-start; do
	engine $name 'exit 1'
done

cat >"$tmp/inside" <<'EOF2'
mount --bind "$1" /etc && shift
[ ! -d /usr/share/containers ] || mount --bind "$1" /usr/share/containers
shift
exec "$@"
EOF2
status_()	# ARGUMENT...
{
	run env PATH="$tmp/bin:$PATH" KSYSCALLS_RUNTIME_CONF="$tmp/runtime.conf" unshare -rm sh "$tmp/inside" "$tmp/etc" "$tmp/none" \
		"$KSYSCALLS" status --sysroot="$tree" "$@"
}

echo "store = $tmp/store" >"$tmp/runtime.conf"

conf()	# FILE <text
{
	mkdir -p "$(dirname "$tmp/etc/$1")"
	cat >"$tmp/etc/$1"
}

# About one engine, from its line to the next one's.
about()	# ENGINE PATTERN
{
	sed -n "/^$1 /,/^[a-z]/{/^$1 /p;/^ /p;}" "$tmp/out" | grep -q -e "$2"
}

status_
ok "the view" prints 'view  *[a-z]*, Linux .*'
ok "an engine and its version" about podman ": podman version 4.3.1"
ok "one that does not say it" about docker "cannot tell its version: it does not say"
for name in podman docker containerd crio; do
	ok "$name: not through us" about $name "not through ksyscalls"
done
ok "a line that mends it" about docker "mend: in /etc/docker/daemon.json.*$tmp/bin/ksyscalls-runc"
ok "a profile that is built in is not guessed at" about docker 'profile: built in, cannot tell'
ok "something is to be done" [ "$status" = 1 ]
ok "of each of four" prints 'to do  *4'
ok "it fits a screen" [ "$(wc -l <"$tmp/out")" -le 24 ]
for runtime in runc crun; do
	if command -v $runtime >/dev/null; then
		ok "$runtime says its version" about $runtime ": $runtime version [0-9]"
	else
		skip "$runtime says its version" "$runtime is not installed: apt-get install $runtime"
	fi
done

conf docker/daemon.json <<CONF
{ "runtimes": { "ksyscalls": { "path": "$tmp/bin/ksyscalls-runc" } }, "default-runtime": "ksyscalls" }
CONF
conf containers/containers.conf <<CONF
[containers]
seccomp_profile = "$tmp/profile.json"	# by hand
[engine]
runtime = "$tmp/bin/ksyscalls-crun"
CONF
conf containerd/config.toml <<CONF
version = 2
[plugins."io.containerd.grpc.v1.cri".containerd]
  default_runtime_name = "runc"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      BinaryName = '$tmp/bin/ksyscalls-runc'
CONF
conf crio/crio.conf.d/10-crun.conf <<CONF
[crio.runtime]
default_runtime = "crun"
conmon_env = [
	"PATH=/usr/bin", # ] and "
]
[crio.runtime.runtimes.crun]
runtime_path = "$tmp/bin/ksyscalls-crun"
CONF
cat >"$tmp/profile.json" <<CONF
{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
  { "names": [ "read", "write", "openat", "clone", "exit_group" ], "action": "SCMP_ACT_ALLOW" } ] }
CONF
status_
for name in podman docker containerd crio; do
	ok "$name: through us" about $name " through ksyscalls: its runtime is $tmp/bin/ksyscalls-"
	ok "$name: nothing to mend" not about $name 'mend:'
done
ok "nothing is to be done" [ "$status" = 0 ]
ok "a profile that is told is judged" about podman "profile $tmp/profile.json: of [0-9]* reachable"

# The figures are explain's.
"$KSYSCALLS" explain --sysroot="$tree" --profile="$tmp/profile.json" 2>"$tmp/err" >"$tmp/explained"
sum()	# RUNTIME
{
	awk -v name="$1:" '$1 == name { n += $3 } END { print n }' "$tmp/explained"
}
ok "there are answers that are wrong" [ "$(sum crun)" -gt 0 ]
ok "as many as explain has" about podman "plain runc answers $(sum runc) wrongly, plain crun $(sum crun);"

# Which crun there is tells whether it gets a program; one before 0.18 knows of rules alone.
mkdir "$tmp/kept"
mv "$tmp/bin/crun" "$tmp/kept" 2>/dev/null
engine crun 'echo crun version 0.17'
status_
ok "an old crun is left some" about podman 'through ksyscalls runc [0-9]*, crun [1-9][0-9]*$'
engine crun 'echo crun version 1.8.1 # run.oci.seccomp_bpf_data'
status_
ok "a newer one none" about podman 'through ksyscalls runc [0-9]*, crun 0$'
mkdir "$tmp/behind"
mv "$tmp/bin/crun" "$tmp/behind"
cp "$tmp/bin/ksyscalls-runc" "$tmp/bin/crun"
PATH=$tmp/behind:$PATH status_
ok "nor behind a copy of the wrapper" about podman 'through ksyscalls runc [0-9]*, crun 0$'
rm -r "$tmp/bin/crun" "$tmp/behind"
mv "$tmp/kept/crun" "$tmp/bin" 2>/dev/null

# What ksyscalls-runtime(8) tells for Kubernetes, as the default here.
manual()	# MARK
{
	sed -n "/$1:begin/,/$1:end/{/^[.]/!p;}" "$here/../../man/ksyscalls-runtime.8" |
		sed "s/\\\\-/-/g; s|/usr/local/bin|$tmp/bin|"
}
{
	echo '[plugins."io.containerd.grpc.v1.cri".containerd]'
	echo 'default_runtime_name = "ksyscalls"'
	manual containerd
} | conf containerd/config.toml
{
	echo '[crio.runtime]'
	echo 'default_runtime = "ksyscalls"'
	manual crio
} | conf crio/crio.conf.d/10-crun.conf
status_
ok "containerd: what the manual tells" about containerd " through ksyscalls: its runtime is $tmp/bin/ksyscalls-runc"
ok "crio: what the manual tells" about crio " through ksyscalls: its runtime is $tmp/bin/ksyscalls-crun"

# What the wrapper starts, by its name and by runtime.conf.
ln -s ksyscalls-runc "$tmp/bin/ksyscalls-gone"
ln -s ksyscalls-runc "$tmp/bin/ksyscalls-runtime"
conf docker/daemon.json <<CONF
{ "runtimes": { "a": { "path": "$tmp/bin/ksyscalls-gone" } }, "default-runtime": "a" }
CONF
status_
ok "nothing behind the wrapper" about docker "mend: gone is not there, so no container"
conf docker/daemon.json <<CONF
{ "runtimes": { "a": { "path": "$tmp/bin/ksyscalls-runtime" } }, "default-runtime": "a" }
CONF
echo "runtime = /usr/bin/gone" >"$tmp/runtime.conf"
status_
ok "nor by runtime.conf" about docker "mend: /usr/bin/gone is not there, so no container"
cp "$tmp/bin/ksyscalls-runc" "$tmp/bin/gone"
echo "runtime = gone" >"$tmp/runtime.conf"
status_
ok "nor if it is a copy" about docker "mend: gone is not there, so no container"
conf docker/daemon.json <<CONF
{ "runtimes": { "a": { "path": "$tmp/bin/gone" } }, "default-runtime": "a" }
CONF
echo "store = $tmp/store" >"$tmp/runtime.conf"
status_
ok "a copy by another name" about docker " through ksyscalls: its runtime is $tmp/bin/gone"
rm "$tmp/bin/gone" "$tmp/bin/ksyscalls-gone" "$tmp/bin/ksyscalls-runtime"

# What a container is started by that is registered, and not the default.
conf docker/daemon.json <<CONF
{ "runtimes": { "ksyscalls": { "path": "$tmp/bin/ksyscalls-runc" } }, "seccomp-profile": "unconfined" }
CONF
rm "$tmp/etc/containers/containers.conf"
conf containers/oci/hooks.d/ksyscalls.json <<CONF
{ "version": "1.0.0", "hook": { "path": "$tmp/bin/ksyscalls", "args": ["ksyscalls", "oci"] },
  "when": { "always": true }, "stages": ["precreate"] }
CONF
conf containerd/config.toml <<'CONF'
imports = ["/etc/containerd/conf.d/*.toml"]
CONF
conf crio/crio.conf.d/10-crun.conf <<'CONF'
[crio.runtime]
default_runtime = """crun"""
CONF
status_
ok "a hook whose program is gone" about podman "mend: $tmp/bin/ksyscalls is not there, so no container"
engine ksyscalls 'exit 1'
status_
ok "a runtime that is not the default" about docker 'not through ksyscalls'
ok "no profile at all" about docker 'no profile: nothing is answered'
ok "a hook" about podman ' through ksyscalls: the hook /etc/containers/oci/hooks.d/ksyscalls.json'
ok "a file that names others" about containerd 'cannot tell whether .* names other files'
ok "what is not understood" about crio 'cannot tell whether .* is not understood'
ok "what cannot be told is nothing to do" prints 'to do  *1'

# What the wrapper keeps, of a bundle that it was given.
ok "a store that is not there yet" about store "$tmp/store: 0 files, 0 bytes"
ok "and is not made" [ ! -e "$tmp/store" ]
mkdir "$tmp/b"
printf '{"linux":{"seccomp":%s}}\n' "$(cat "$tmp/profile.json")" >"$tmp/b/config.json"
printf '%s\n' "store = $tmp/store" "sysroot = $tree" "runtime = /bin/true" >"$tmp/runtime.conf"
KSYSCALLS_RUNTIME_CONF=$tmp/runtime.conf "${KSC_BUILD:-$here/../../build}/ksyscalls-runtime" \
	run -b "$tmp/b" x 2>"$tmp/err"
kept=$(find "$tmp/store" -name '[0-9a-f]*' -type f -exec stat -c %s {} +)
ln -s x "$tmp/store/$(printf %064d 1)"
status_
ok "what is kept" about store "$tmp/store: 1 files, $kept bytes"
todo=$(sed -n 's/^to do  *//p' "$tmp/out")
chmod g+w "$tmp/store"
status_
ok "a store that is not used is to be mended" about store "mend: $tmp/store: others may write to it"
ok "and counts" prints "to do  *$((todo + 1))"
chmod g-w "$tmp/store"
cp "$tmp/runtime.conf" "$tmp/right.conf"
for line in 'baseline = x' 'mode = fast' 'runtime = bin/runc' 'strict = maybe' 'enosys = no_such_call'; do
	{ cat "$tmp/right.conf"; echo "$line"; } >"$tmp/runtime.conf"
	status_
	ok "'$line' is to be mended" about conf "mend: $tmp/runtime.conf:4: ${line%% *}"
	case $line in
	strict*) told='strict: no container is started until' ;;
	*) told='each container keeps its profile until' ;;
	esac
	ok "and what comes of it is told" about conf "$told"
done
ok "and counts" prints "to do  *$((todo + 1))"
printf '%s\n' "store = $tmp/store" "baseline = 4095.1" >"$tmp/runtime.conf"
status_
ok "a baseline of the future is told of" about conf 'baseline=4095.1 counts as [0-9]'
echo "store = $tmp/nosuch/store" >"$tmp/runtime.conf"
status_
ok "a store that cannot be made is to be mended" about store "mend: $tmp/nosuch/store: .*No such file"
echo 'store = no' >"$tmp/runtime.conf"
status_
ok "no store" about store 'none: store = no in runtime.conf'
ok "is nothing to do" prints "to do  *$todo"

# The view that the wrapper takes is runtime.conf's, with names that no other knows.
make_small_tree "$tmp/own"
sed -i 's/ lstat$/ own_call/' "$tmp/own/sys/kernel/syscalls/x86_64/names"
of_conf()	# LINE...
{
	printf '%s\n' "$@" >"$tmp/runtime.conf"
	run env PATH="$tmp/none" KSYSCALLS_RUNTIME_CONF="$tmp/runtime.conf" "$KSYSCALLS" status
}
of_conf "store = no" "sysroot = $tmp/own" "enosys = own_call"
ok "sysroot in runtime.conf is the view" prints "view  *snapshot of this kernel, by sysroot = $tmp/own in runtime.conf"
ok "and has the names" prints 'to do  *0'
of_conf "store = no" "sysroot = $tmp/own" "enosys = other_call"
ok "but no others" about conf "runtime.conf:3: enosys: 'other_call'"
of_conf "store = no" "strict = yes" "sysroot = $tmp/gone"
ok "a sysroot that is not there" prints "view  *none, by sysroot = $tmp/gone in runtime.conf"
ok "why" about view "no $tmp/gone/sys/kernel/syscalls"
ok "what mends it" about view "mend: .*no sysroot in runtime.conf"
ok "what strict makes of that" about conf "no container is started until there is a view"
echo 5.0-old >"$tmp/own/sys/kernel/syscalls/release"
of_conf "store = no" "sysroot = $tmp/own"
ok "a copy of another kernel" about view "is of Linux 5.0-old, and this is $(uname -r)"
echo "store = $tmp/store" >"$tmp/runtime.conf"

# A profile of the host's that is none hides nothing else; one of the command line's is wrong.
echo '{' >"$tmp/broken.json"
conf docker/daemon.json <<CONF
{ "seccomp-profile": "$tmp/broken.json" }
CONF
status_
ok "a profile that is none" about docker "profile $tmp/broken.json: cannot tell what is wrong"
ok "and the cause" says 'broken.json: '
ok "and the others" about crio 'cannot tell whether'
status_ --profile="$tmp/broken.json"
ok "--profile that is none" [ "$status" = 2 ]

# A hook of another, and one at another stage.
conf containers/oci/hooks.d/ksyscalls.json <<CONF
{ "version": "1.0.0", "hook": { "path": "/usr/bin/ksyscalls", "args": ["ksyscalls", "oci"] },
  "when": { "always": true }, "stages": ["prestart"] }
CONF
conf docker/daemon.json <<CONF
{ "default-runtime": "gone", "runtimes": { "gone": { "path": "$tmp/bin/ksyscalls-gone" } } }
CONF
engine crio 'trap "" ALRM TERM; sleep 60'
status_
ok "a hook that comes too late" about podman 'not through ksyscalls'
ok "a runtime that is not there" about docker 'ksyscalls-gone is not there'
ok "a program that does not answer" about crio 'cannot tell its version: it does not answer'

# What cannot be read may say anything.
mkdir -p "$tmp/etc/containers/oci/hooks.d/a.json" "$tmp/etc/containers/seccomp.json"
status_
ok "a hook that cannot be read" about podman 'cannot tell whether .*/hooks.d/a.json: Is a directory'
ok "a profile that cannot be read" about podman 'profile /etc/containers/seccomp.json: cannot tell'
rmdir "$tmp/etc/containers/oci/hooks.d/a.json" "$tmp/etc/containers/seccomp.json"
mv "$tmp/etc/containers/oci/hooks.d" "$tmp/hooks.d"
: >"$tmp/etc/containers/oci/hooks.d"
status_
ok "hooks that cannot be read" about podman 'cannot tell whether .*/hooks.d: Not a directory'
rm "$tmp/etc/containers/oci/hooks.d"
mv "$tmp/hooks.d" "$tmp/etc/containers/oci/hooks.d"

if command -v jq >/dev/null; then
	engine crio 'echo crio version 1.24'
	status_ --json --profile="$tmp/profile.json"
	ok "the profile is judged once" [ "$(wc -l <"$tmp/err")" = 1 ]
	ok "--json has the same" [ "$(jq -c '[.view.release, .todo, (.programs[] |
		select(.name == "docker" or .name == "containerd") | [.name, .version, .through, .wrong.crun])]' \
		"$tmp/out")" = \
		"[\"$(cat "$tree/sys/kernel/syscalls/release")\",2,[\"docker\",null,false,$(sum crun)],[\"containerd\",null,null,$(sum crun)]]" ]
	ok "--json has the store" [ "$(jq -c .store "$tmp/out")" = \
		"{\"path\":\"$tmp/store\",\"files\":1,\"bytes\":$kept,\"why\":null,\"mend\":null}" ]
	ok "--json has runtime.conf" [ "$(jq -c .conf "$tmp/out")" = \
		'{"strict":false,"sysroot":null,"mend":null,"note":null}' ]
	manual_says()
	{
		section=$(sed -n '/^[.]It Cm status$/,/^[.]It Cm abis$/p' "$here/../../man/ksyscalls.1")
		for key in $(jq -r '[.. | objects | keys[]] | unique[]' "$tmp/out"); do
			echo "$section" | grep -qw "Ql $key" || { echo "# $key"; return 1; }
		done
	}
	ok "and the manual has all its keys" manual_says
else
	skip "--json" "jq is not installed: apt-get install jq"
fi

# --profile is read whether or not any engine asks for it.
asked()	# DESCRIPTION STATUS PATTERN ARGUMENT...
{
	what=$1 wanted=$2 pattern=$3
	shift 3
	run env PATH="$tmp/none" "$KSYSCALLS" status "$@"
	ok "no engine: $what" refused "$wanted" "$pattern"
}
for root in "$tree" "$tmp/none"; do
	view=$([ "$root" = "$tree" ] || echo ", no view")
	asked "--profile that is not there$view" 2 'nosuch: No such file' --sysroot="$root" --profile="$tmp/nosuch"
	asked "a directory$view" 2 'none: Is a directory' --sysroot="$root" --profile="$tmp/none"
	asked "one that is none$view" 2 'broken.json: not JSON' --sysroot="$root" --profile="$tmp/broken.json"
	run env PATH="$tmp/none" "$KSYSCALLS" status --sysroot="$root" --profile="$tmp/profile.json"
	ok "no engine: one that is$view" prints 'to do .*'
done

# Nothing is known of this kernel.
refuses "an operand" 2 'unexpected operand' status x
run "$KSYSCALLS" status --sysroot="$tmp/none"
ok "no view: exit status" [ "$status" = 1 ]
ok "no view: what mends it" grep -q 'mend: ksyscalls snapshot' "$tmp/out"
if [ ! -e /sys/kernel/syscalls ] && [ ! -e /run/ksyscalls ]; then
	run "$KSYSCALLS" status
	ok "no module here: why" grep -q "the module .* for Linux $(uname -r)" "$tmp/out"
	ok "no module here: what mends it" grep -q 'mend: .*ksyscalls survey' "$tmp/out"
else
	skip "no module here" "there is a view: 'rmmod ksyscalls' and 'rm -r /run/ksyscalls' first"
fi
done_testing
