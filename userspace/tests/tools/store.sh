#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the wrapper keeps of one container for the next: the same bytes, without json-c and
# libseccomp; nothing if anything that they depend on is another.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=stub.sh
. "$here/stub.sh"
# shellcheck source=kept.sh
. "$here/kept.sh"

for mode in flip explicit auto bpf; do
	for runtime in runc crun; do
		[ "$mode $runtime" != 'bpf runc' ] || continue
		rm -rf "$store"
		make_real "$runtime"
		conf "runtime = $real" "mode = $mode" "sysroot = $tmp/tree"
		without
		ok "$mode, $runtime: without a store nothing is kept" [ ! -e "$store" ]
		ok "$mode, $runtime: it is rewritten" not cmp -s "$tmp/original" "$tmp/without"
		once
		ok "$mode, $runtime, cold: made by json-c and libseccomp, in a process of its own" \
			eval 'is_cold && [ "$(processes)" = 2 ] && quiet'
		ok "$mode, $runtime, cold: as without a store" as_without
		ok "$mode, $runtime, cold: one is kept" [ "$(entries)" = 1 ]
		once
		ok "$mode, $runtime, warm: neither is loaded, by one process" \
			eval 'is_warm && [ "$(processes)" = 1 ] && quiet'
		ok "$mode, $runtime, warm: as without a store" as_without
	done
done
ok "nobody else can read what is kept" [ "$(find "$store" -perm -077)" = '' ]

# ---- everything that it depends on ------------------------------------------

conf "runtime = $real" "sysroot = $tmp/tree"
warm_up
touch "$real"
misses "another time of the runtime"
echo >>"$real"
touch -r "$tmp/original" "$real"
misses "another runtime with an old time"
conf "runtime = $real" "sysroot = $tmp/tree" "mode = flip"
misses "another mode"
for knob in 'baseline = 5.4' 'explicit = respect' 'allow-unknown-to-libseccomp = yes' \
		'keep-fatal = yes' 'successors = eperm' 'enosys = mount' 'eperm = mount' 'strict = yes'; do
	conf "runtime = $real" "sysroot = $tmp/tree" "$knob"
	misses "$knob"
done
conf "runtime = $real" "sysroot = $tmp/tree"
once
ok "as it was first: warm" is_warm
# As after a boot, which makes /sys and /run anew.
cp -r "$tmp/tree" "$tmp/tree2"
rm -r "$tmp/tree"
mv "$tmp/tree2" "$tmp/tree"
without
once
ok "a view that was made anew and says the same: warm" eval 'is_warm && as_without'
cp -r "$tmp/tree" "$tmp/tree2"
conf "runtime = $real" "sysroot = $tmp/tree2"
misses "another place of the view"
sed -i '/lstat/d' "$tmp/tree2/sys/kernel/syscalls/x86_64/names"
misses "a view that cannot be read any more"
echo 2 >"$tmp/tree2/sys/kernel/syscalls/version"
misses "a view that cannot be read for another reason"
rm -rf "$tmp/tree2"
make_lesser_tree "$tmp/tree2"
misses "a view with less in it"
conf "runtime = $real" "sysroot = $tmp/tree"
sed 's/openat2/openat3/' "$tmp/original" >"$tmp/o3"
original=$tmp/o3
misses "another byte of the profile"
sed 's/"seccomp":{/"seccomp": {/' "$tmp/original" >"$tmp/o3"
original=
once
original=$tmp/o3
without
once
ok "another space in front of the profile: warm" eval 'is_warm && as_without'
sed 's|"/x"|"/y"|' "$tmp/original" >"$tmp/o3"
without
once
ok "another container with that profile: warm" eval 'is_warm && as_without'
original=
LD_BIND_NOW=1
export LD_BIND_NOW
misses "another word to the dynamic linker"
unset LD_BIND_NOW

# ---- what is not kept -------------------------------------------------------

rm -rf "$store"
conf "runtime = $real" "sysroot = $tmp/nowhere"
once
ok "without a view: one line" eval 'is_cold && warned_once "the profile alone decides"'
cp "$tmp/err" "$tmp/said"
once
ok "without a view, warm: the same line" eval 'is_warm && cmp -s "$tmp/err" "$tmp/said"'
rm -rf "$store"
conf "runtime = $real" "sysroot = $tmp/nowhere" "strict = yes"
once
once
ok "what strict refuses is not kept" eval '[ "$status" = 1 ] && [ "$(entries)" = 0 ]'
conf "runtime = $real" "sysroot = $tmp/tree"
printf '{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","defaultAction":"SCMP_ACT_ALLOW"}}}' \
	>"$tmp/twice"
original=$tmp/twice
once
once
ok "what is not rewritten for an error is not kept" \
	eval '[ "$status" = 0 ] && warned_once twice && [ "$(entries)" = 0 ]'
for text in '{"linux":{"seccomp":null}}' '{"ociVersion":"1.0.2"}' \
		'{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW"}}}'; do
	echo "$text" >"$tmp/nought"
	original=$tmp/nought
	once
	once
	ok "$text: nothing to do, warm" eval 'is_warm && quiet && cmp -s "$tmp/nought" "$tmp/b/config.json"'
done
original=
for word in '"annotations":{"run.oci.systemd.subgroup":""},' '"annotations":{"a\u0026b":"\u003c"},'; do
	rm -rf "$store"
	sed "s/^{/{$(printf '%s' "$word" | sed 's/\\/\\\\/g')/" "$tmp/original" >"$tmp/common"
	original=$tmp/common
	without
	once
	once
	ok "$word: of no concern, warm" eval 'is_warm && quiet && as_without'
done
for word in '"annotations":{"run.oci.handler":"wasm"},' '"l\u0069nux2":{},' '"x":1.5,'; do
	rm -rf "$store"
	sed "s/^{/{$(printf '%s' "$word" | sed 's/\\/\\\\/g')/" "$tmp/original" >"$tmp/rare"
	original=$tmp/rare
	once
	once
	ok "$word: rare, so made anew" eval 'is_cold && [ "$(entries)" = 0 ] && quiet'
done
original=
done_testing
