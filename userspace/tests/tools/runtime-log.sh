#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What ksyscalls-runtime cannot do is told where an engine and an administrator look: in
# the runtime's log, beside the real runtime's own lines, and once a boot in syslog.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

wrapper=${KSC_BUILD:-$here/../../build}/ksyscalls-runtime
bundle="$tmp/a \"bundle\""
mkdir -p "$bundle"
echo '{ "ociVersion": "1.0.0", "linux": { "seccomp": { "defaultAction": "SCMP_ACT_ERRNO", "defaultAction": "SCMP_ACT_ALLOW" } } }' \
	>"$bundle/config.json"

start()		# RUNTIME STRICT WORD...: the log is $tmp/log
{
	printf 'runtime = %s\nstrict = %s\nsysroot = %s\nstore = no\n' "$1" "$2" \
		"$here/../trees/amd64-6.1" >"$tmp/conf"
	shift 2
	rm -f "$tmp/log"
	run timeout 20 env KSYSCALLS_RUNTIME_CONF="$tmp/conf" "$wrapper" "$@"
}

logged()	# PATTERN
{
	grep -q -e "$1" "$tmp/log"
}

# keys JQ: of all lines in the log
keys()
{
	jq -r "$1" "$tmp/log" | sort -u | tr '\n' ' '
}

stamp='[0-9]\{4\}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]'
for runtime in runc crun; do
	if ! command -v $runtime >/dev/null; then
		skip "$runtime" "$runtime is not installed: apt-get install $runtime"
		continue
	fi
	start $runtime yes --log "$tmp/log" --log-format text run -b "$bundle" id
	ok "$runtime, text: refused" [ "$status" = 1 ]
	ok "$runtime, text: on stderr, too" says 'strict=yes: the container is not started'
	case $runtime in
	runc)	ok "$runtime, text: as it writes" logged \
			"^time=\"${stamp}Z\" level=error msg=\"ksyscalls-runtime: .*strict=yes.*\"\$" ;;
	crun)	ok "$runtime, text: as it writes" logged '^ksyscalls-runtime: .*strict=yes: .* not started$' ;;
	esac
	start $runtime no --log="$tmp/log" run -b "$bundle" id
	ok "$runtime, no format: text" logged 'ksyscalls-runtime: .*keeps its own seccomp profile'
	if ! command -v jq >/dev/null; then
		skip "$runtime, JSON" "jq is not installed: apt-get install jq"
		continue
	fi
	start $runtime yes --log="$tmp/log" --log-format=json run -b "$bundle" id
	ok "$runtime, JSON: an error" [ "$(keys '.level')" = 'error ' ]
	ok "$runtime, JSON: the cause" [ "$(keys '.msg | contains("strict=yes")')" = 'true ' ]
	# The real one's own line beside ours: same keys, same kind of time.
	start $runtime no --log="$tmp/log" --log-format=json run -b "$bundle" id
	ok "$runtime, JSON: a warning" [ "$(jq -r 'select(.msg | startswith("ksyscalls-runtime")) | .level' "$tmp/log")" = warning ]
	"$runtime" --log="$tmp/log" --log-format=json delete nosuch 2>/dev/null
	ok "$runtime, JSON: and its own line" [ "$(wc -l <"$tmp/log")" -ge 2 ]
	ok "$runtime, JSON: the same keys" [ "$(keys 'keys | join(",")')" = 'level,msg,time ' ]
	ok "$runtime, JSON: the same time" [ "$(keys '.time | gsub("[0-9]"; "9")' | wc -w)" = 1 ]
done

start nosuch no --log "$tmp/log" --log-format json create -b "$bundle" id
ok "no such runtime" [ "$status" = 127 ]
ok "nobody else could log it" logged "\"level\":\"error\",\"msg\":\"ksyscalls-runtime: no runtime 'nosuch'"
# Whatever a message has, its line is JSON.
printf 'runtime = no\\such"\303\244\377\001x\n' >"$tmp/conf"
rm "$tmp/log"
run env KSYSCALLS_RUNTIME_CONF="$tmp/conf" "$wrapper" --log "$tmp/log" --log-format json create id
if command -v jq >/dev/null; then
	ok "JSON of any message" [ "$(jq -r .msg "$tmp/log" | sed 's/ in PATH.*//')" = \
		"ksyscalls-runtime: no runtime 'no\such\"$(printf '\303\244')?\x01x'" ]
else
	skip "JSON of any message" "jq is not installed: apt-get install jq"
fi
start runc yes --log "$tmp/none/log" run -b "$bundle" id
ok "a log that cannot be written" [ "$status" = 1 ]
mkfifo "$tmp/fifo"
ln -s fifo "$tmp/link"
start runc yes --log "$tmp/link" run -b "$bundle" id
ok "a log that nobody reads" [ "$status" = 1 ]
start runc yes run -b "$bundle" id
ok "no log at all" [ "$status" = 1 ]

# syslog, and the journal that has its socket: in a namespace whose /dev and /run are ours.
if ! unshare -rm true 2>/dev/null || ! command -v python3 >/dev/null; then
	skip "syslog" "it needs a mount namespace (root, or user namespaces) and python3"
	done_testing
	exit 0
fi
cat >"$tmp/listen" <<'PYTHON'
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("/dev/log")
if os.fork():
    sys.exit()
os.close(1)
s.settimeout(20)
with open(sys.argv[1], "wb", 0) as f:
    while True:
        line = s.recv(65536)
        if line == b"end":
            break
        f.write(line + b"\n")
    f.write(b"end\n")
PYTHON
cat >"$tmp/inside" <<'EOF2'
tmp=$1 wrapper=$2 bundle=$3
mkdir "$tmp/dev" "$tmp/run"
for f in null urandom; do : >"$tmp/dev/$f"; mount --bind /dev/$f "$tmp/dev/$f"; done
mount --rbind "$tmp/dev" /dev
mount --bind "$tmp/run" /run
python3 "$tmp/listen" "$tmp/syslog"
export KSYSCALLS_RUNTIME_CONF=$tmp/conf
for strict in no no yes yes; do
	printf 'runtime = runc\nstrict = %s\n' $strict >"$tmp/conf"
	"$wrapper" --root "$tmp/state" run -b "$bundle" id 2>/dev/null
done
python3 -c 'import socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.connect("/dev/log"); s.send(b"end")'
EOF2
run unshare -rm sh "$tmp/inside" "$tmp" "$wrapper" "$bundle"
i=0
while ! grep -qx end "$tmp/syslog" 2>/dev/null && [ $i -lt 50 ]; do
	sleep 0.1
	i=$((i + 1))
done
ok "syslog: what the container keeps, once" [ "$(grep -c 'keeps its own' "$tmp/syslog")" = 1 ]
ok "syslog: what is refused, once" [ "$(grep -c 'strict=yes' "$tmp/syslog")" = 1 ]
ok "syslog: by name, process and priority" grep -q '^<28>[A-Z][a-z][a-z] [ 0-9][0-9] [0-9:]* ksyscalls-runtime\[[0-9]*\]: ' "$tmp/syslog"
ok "syslog: nothing more" [ "$(wc -l <"$tmp/syslog")" = 3 ]
done_testing
