#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# bpf: what it writes, where to, and what it refuses.
# Conditions are evaluated by ok, once what they are about is there.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

tree=$tmp/small
make_small_tree "$tree"
K="--sysroot=$tree"

cat >"$tmp/profile.json" <<'JSON'
{ "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1,
  "architectures": ["SCMP_ARCH_X86_64"],
  "syscalls": [ { "names": ["read", "write", "close"], "action": "SCMP_ACT_ALLOW" } ] }
JSON

exits "a filter on stdout" 0 bpf "$K"
ok "a filter is not empty" [ -s "$tmp/out" ]
ok "a filter is whole instructions" [ $(($(wc -c <"$tmp/out") % 8)) = 0 ]
cp "$tmp/out" "$tmp/full"
exits "--full" 0 bpf "$K" --full
ok "--full is the default" cmp -s "$tmp/out" "$tmp/full"
exits "--prefix" 0 bpf "$K" --prefix
size=$(wc -c <"$tmp/out")
head -c "$size" "$tmp/full" >"$tmp/want"
ok "--prefix is the beginning" cmp -s "$tmp/out" "$tmp/want"
ok "--prefix is one instruction shorter" [ $((size + 8)) = "$(wc -c <"$tmp/full")" ]
exits "-o FILE" 0 bpf "$K" -o "$tmp/file"
ok "-o FILE has the filter" cmp -s "$tmp/file" "$tmp/full"
ok "-o FILE prints nothing" [ ! -s "$tmp/out" ]
(umask 027; exec "$KSYSCALLS" bpf "$K" -o "$tmp/masked")
ok "-o FILE heeds the umask" [ "$(stat -c %a "$tmp/masked")" = 640 ]
exits "-o - is stdout" 0 bpf "$K" -o -
ok "-o - has the filter" cmp -s "$tmp/out" "$tmp/full"

exits "--disassemble" 0 bpf "$K" --disassemble
cat >"$tmp/lines" <<'LINES'
 *[0-9]*: jeq  0xc000003e, [0-9]*, [0-9]*.; x86_64
 *[0-9]*: jeq  0x40000003, [0-9]*, [0-9]*.; i386
 *[0-9]*: jeq  3, [0-9]*, [0-9]*.; x86_64 close
 *[0-9]*: ret  errno 38.; ENOSYS
 *[0-9]*: ret  allow
LINES
while read -r line; do
	label=$(echo "$line" | sed 's/.*: //; s/\[0-9\]\*/N/g; s/\.;/ ;/')
	ok "--disassemble: $label" prints " *$line"
done <"$tmp/lines"
ok "--disassemble: a line for each instruction" \
	[ "$(wc -l <"$tmp/out")" = $(($(wc -c <"$tmp/full") / 8)) ]
exits "--disassemble --prefix" 0 bpf "$K" -d --prefix
ok "--disassemble --prefix falls off the end" grep -q ', end' "$tmp/out"
ok "--disassemble --prefix allows nothing" not prints '.*ret  allow'
exits "--abi covers one ABI" 0 bpf "$K" -d --abi=i386
ok "--abi leaves out the others" not prints '.*x86_64.*'

exits "--profile" 0 bpf "$K" -p "$tmp/profile.json" --abi=x86_64 -o "$tmp/with"
ok "--profile tells the baseline it took" says 'note: baseline [0-9.]*, inferred'
exits "--profile --baseline" 0 bpf "$K" -p "$tmp/profile.json" --abi=x86_64 --baseline=5.0 -d
ok "--profile --baseline has nothing to tell" [ ! -s "$tmp/err" ]
ok "--profile: its own program follows" prints '.*ret  errno 1.; EPERM'
# What no table has cannot be told apart.
bpf="bpf --sysroot=$here/../trees/amd64-7.3 -p $tmp/profile.json --abi=x86_64"
newest=$("$KSYSCALLS" releases | awk '{ print $2 }' | sort -V | tail -n 1)
# shellcheck disable=SC2086 # words
exits "--baseline of the newest release" 0 $bpf --baseline="$newest"
ok "it has nothing to tell" [ ! -s "$tmp/err" ]
cp "$tmp/out" "$tmp/newest"
# shellcheck disable=SC2086 # words
exits "--baseline of a later one" 0 $bpf --baseline="${newest%.*}.4095"
ok "it counts as the newest" cmp -s "$tmp/out" "$tmp/newest"
ok "and that is told" says "note: --baseline=${newest%.*}.4095 counts as $newest,"
ok "once" [ "$(wc -l <"$tmp/err")" = 1 ]
printf '{"linux":{"seccomp":%s}}' "$(cat "$tmp/profile.json")" >"$tmp/config.json"
run "$KSYSCALLS" oci "$K" --mode=flip --baseline="${newest%.*}.4095" <"$tmp/config.json"
ok "oci: the same" says "note: --baseline=${newest%.*}.4095 counts as $newest,"
exits "--profile --prefix" 0 bpf "$K" -p "$tmp/profile.json" --abi=x86_64 --baseline=5.0 --prefix -d
ok "--profile --prefix: nothing follows" not prints '.*ret  errno 1.; EPERM'

refuses "--baseline without --profile" 2 '--baseline needs --profile' bpf "$K" --baseline=5.0
refuses "--baseline that is none" 2 "takes a release such as 6.10, or none, not '5'" \
	bpf "$K" -p "$tmp/profile.json" --baseline=5
refuses "--explicit with a word of its own" 2 "takes 'respect'" bpf "$K" --explicit=maybe
refuses "--prefix and --full" 2 'exclude each other' bpf "$K" --prefix --full
refuses "an ABI that is not there" 2 "does not publish the ABI 'vax'" bpf "$K" --abi=vax
refuses "two native ABIs" 2 'one native ABI' bpf "$K" -p "$tmp/profile.json" -a i386 -a x86_64
refuses "no profile at that path" 2 'No such file' bpf "$K" -p "$tmp/none.json" -a x86_64
echo '{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [ {' >"$tmp/bad.json"
echo precious >"$tmp/precious"
refuses "a broken profile" 2 'bad.json' bpf "$K" -p "$tmp/bad.json" -a x86_64 -o "$tmp/precious"
ok "a broken profile leaves -o FILE alone" [ "$(cat "$tmp/precious")" = precious ]

# What is replaced keeps its mode, and a link is not followed behind anybody's back.
chmod 4750 "$tmp/file"
exits "-o over a file" 0 bpf "$K" -o "$tmp/file"
ok "-o keeps its mode, without set-user-ID" [ "$(stat -c %a "$tmp/file")" = 750 ]
# An access list of its own stays, and that of new files in its directory comes to no old one.
access()	# set|get PATH [NAME]: by which user 65534 may read, and the group may not
{
	python3 -c 'if 1:
		import os, struct, sys
		entries = (1, 6, -1), (2, 4, 65534), (4, 0, -1), (16, 4, -1), (32, 0, -1)
		acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *e) for e in entries)
		name = "system.posix_acl_" + (sys.argv[3:] or ["access"])[0]
		if sys.argv[1] == "set":
			os.setxattr(sys.argv[2], name, acl)
		elif name in os.listxattr(sys.argv[2]):
			print("own" if os.getxattr(sys.argv[2], name) == acl else "another")
	' "$@"
}
mkdir "$tmp/acl"
echo old >"$tmp/acl/file"
chmod 640 "$tmp/acl/file"
if access set "$tmp/acl" default 2>"$tmp/err"; then
	exits "-o where new files get an access list" 0 bpf "$K" -o "$tmp/acl/file"
	ok "-o gives an old one none" eval '[ -z "$(access get "$tmp/acl/file")" ] &&
		[ "$(stat -c %a "$tmp/acl/file")" = 640 ]'
	access set "$tmp/acl/file"
	exits "-o over one with an access list" 0 bpf "$K" -o "$tmp/acl/file"
	ok "-o keeps that" [ "$(access get "$tmp/acl/file")" = own ]
else
	skip "-o and access lists" "$(tail -n 1 "$tmp/err"): apt-get install python3, or set TMPDIR to another file system"
fi
echo precious >"$tmp/precious"
ln -s precious "$tmp/link"
refuses "-o a link" 2 'cannot write .*link: a symbolic link' bpf "$K" -o "$tmp/link"
ok "-o a link: what it leads to is as it was" [ "$(cat "$tmp/precious")" = precious ]
ok "-o a link: it is there" test -L "$tmp/link"
ln -s nowhere "$tmp/dangling"
refuses "-o a link to nothing" 2 'a symbolic link' bpf "$K" -o "$tmp/dangling"
ok "-o a link to nothing: nothing is made" not test -e "$tmp/nowhere"
status=0
"$KSYSCALLS" bpf "$K" -o /dev/stdout 2>"$tmp/err" | cmp -s - "$tmp/full" || status=$?
ok "-o /dev/stdout into a pipe" [ "$status" = 0 ]

# A run that is killed leaves one file at most, which the next run removes.
echo left >"$tmp/.file.ksyscalls"
exits "-o beside what a killed run has left" 0 bpf "$K" -o "$tmp/file"
ok "it is gone" not test -e "$tmp/.file.ksyscalls"
: >"$tmp/.file.ksyscalls"
# shellcheck disable=SC2016 # sh expands
run flock "$tmp/.file.ksyscalls" "$KSYSCALLS" bpf "$K" -o "$tmp/file"
ok "-o what another run is writing" refused 2 'another run is writing it'
ok "the other's file is left alone" test -e "$tmp/.file.ksyscalls"
rm "$tmp/.file.ksyscalls"
ln -s precious "$tmp/.file.ksyscalls"
refuses "-o beside a link of that name" 2 'cannot write' bpf "$K" -o "$tmp/file"
ok "that link is not followed" [ "$(cat "$tmp/precious")" = precious ]
rm "$tmp/.file.ksyscalls"

# "-" is standard input as it is standard output.
run "$KSYSCALLS" bpf "$K" -p - -a x86_64 --baseline=5.0 <"$tmp/profile.json"
cp "$tmp/out" "$tmp/from-stdin"
exits "the same from a file" 0 bpf "$K" -p "$tmp/profile.json" -a x86_64 --baseline=5.0
ok "-p - reads standard input" cmp "$tmp/from-stdin" "$tmp/out"
run "$KSYSCALLS" bpf "$K" -p - -a x86_64 </dev/null
ok "-p - without a profile in it" refused 2 'standard input: '

refuses "-o below a missing directory" 2 'cannot write .*No such file' bpf "$K" -o "$tmp/none/file"
mkdir "$tmp/dir"
refuses "-o a directory" 2 'cannot write .*directory' bpf "$K" -o "$tmp/dir"
if [ -w /dev/full ]; then
	refuses "-o a full disk" 2 'cannot write /dev/full: No space' bpf "$K" -o /dev/full
else
	skip "-o a full disk" "needs /dev/full"
fi
status=0
(
	trap '' XFSZ
	ulimit -f 0
	exec "$KSYSCALLS" bpf "$K" -o "$tmp/precious" >/dev/null 2>&1
) || status=$?
ok "-o FILE that cannot grow: an error" [ "$status" = 2 ]
ok "-o FILE that cannot grow: as it was" [ "$(cat "$tmp/precious")" = precious ]
ok "nothing is left beside" [ -z "$(find "$tmp" -name 'precious.*' -o -name 'file.*')" ]
if script -qec true /dev/null >/dev/null 2>&1; then
	status=0
	script -qec "'$KSYSCALLS' bpf '$K'" "$tmp/typescript" >/dev/null 2>&1 </dev/null ||
		status=$?
	ok "a terminal is refused" [ "$status" = 2 ]
	ok "a terminal is told why" grep -q 'binary output to a terminal' "$tmp/typescript"
else
	skip "a terminal is refused" "needs script(1), of bsdutils, and a machine with terminals"
fi

# s390x is big-endian: its filter is written in its own byte order.
echo "3 read" | make_abi "$tmp/big" s390x 0x80000016 0x0 8
exits "a big-endian tree" 0 bpf --sysroot="$tmp/big"
ok "a big-endian filter begins with ld arch" \
	[ "$(od -An -v -tx1 -N8 "$tmp/out" | tr -d ' \n')" = 0020000000000004 ]
exits "a big-endian tree is disassembled as any" 0 bpf --sysroot="$tmp/big" -d
ok "a big-endian tree: its arch" prints '.*jeq  0x80000016.*s390x'
# MIPS says ENOSYS with another number.
exits "a tree of MIPS" 0 bpf --sysroot="$here/../trees/mips64el-6.1" -d
ok "its ENOSYS is called so" prints '.*ret  errno 89.; ENOSYS'
done_testing
