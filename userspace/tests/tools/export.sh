#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# export: read back by the programs that it is for, where they are at hand.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

trees=$here/../trees
new=$trees/amd64-7.3
old=$trees/amd64-5.10
prometheus=$tmp/node.prom

has()		# FILE LINE
{
	grep -qxF -e "$2" "$1"
}

exits "for Prometheus" 0 export --sysroot="$old" --format=prometheus -o "$prometheus"
ok "there is a view" has "$prometheus" 'ksyscalls_view 1'
ok "of this kernel" grep -q "^ksyscalls_view_info{source=\".*\",release=\"$(cat "$old/sys/kernel/syscalls/release")\"} 1\$" "$prometheus"
ok "a call that it has" has "$prometheus" 'ksyscalls_syscall{abi="x86_64",name="openat2"} 1'
ok "a call that it has not" has "$prometheus" 'ksyscalls_syscall{abi="x86_64",name="mseal"} 0'
ok "on i386, too" has "$prometheus" 'ksyscalls_syscall{abi="i386",name="mseal"} 0'
ok "none of the calls that all have" not grep -q 'name="read"' "$prometheus"
ok "none of an ABI that is disabled" not grep -q 'syscall{abi="x32"' "$prometheus"
ok "but that it is" has "$prometheus" 'ksyscalls_implemented{abi="x32"} 0'
ok "counted as the tree has it" has "$prometheus" \
	"ksyscalls_implemented{abi=\"x86_64\"} $(wc -l <"$old/sys/kernel/syscalls/x86_64/names")"

# Each answer against the tree's own file of names.
wrong=0
asked=0
for tree in "$old" "$new" "$trees/arm64-6.12" "$trees/s390x-6.12" "$trees/armhf-6.12"; do
	"$KSYSCALLS" export --sysroot="$tree" --format=prometheus |
		sed -n 's/^ksyscalls_syscall{abi="\(.*\)",name="\(.*\)"} \([01]\)$/\1 \2 \3/p' >"$tmp/answers"
	while read -r abi name answer; do
		asked=$((asked + 1))
		grep -q " $name\$" "$tree/sys/kernel/syscalls/$abi/names"
		[ $((answer + $?)) = 1 ] || wrong=$((wrong + 1))
	done <"$tmp/answers"
done
ok "$asked answers are the trees'" [ "$asked.$wrong" = "$asked.0" ]
ok "which are many" [ "$asked" -gt 500 ]

if command -v promtool >/dev/null; then
	for tree in "$old" "$new" "$trees/s390x-6.12"; do
		"$KSYSCALLS" export --sysroot="$tree" --format=prometheus >"$tmp/metrics"
		run promtool check metrics <"$tmp/metrics"
		ok "promtool finds nothing in $(basename "$tree")" [ "$status:$(cat "$tmp/out" "$tmp/err")" = 0: ]
	done
	sed 's/^# TYPE ksyscalls_view gauge/# TYPE ksyscalls_view counter/' "$tmp/metrics" >"$tmp/bad"
	run promtool check metrics <"$tmp/bad"
	ok "and it would" [ "$status" != 0 ]
else
	skip "promtool check metrics" "promtool is not installed: apt-get install prometheus"
fi

# The collector itself: what it reads from the directory it serves.
if command -v prometheus-node-exporter >/dev/null && command -v curl >/dev/null; then
	mkdir "$tmp/textfile"
	"$KSYSCALLS" export --sysroot="$old" --format=prometheus -o "$tmp/textfile/ksyscalls.prom"
	grep -v '^#' "$tmp/textfile/ksyscalls.prom" >"$tmp/written"
	port=$((20000 + $$ % 10000))
	prometheus-node-exporter --web.listen-address=127.0.0.1:$port --collector.disable-defaults \
		--collector.textfile --collector.textfile.directory="$tmp/textfile" 2>"$tmp/err" &
	run curl -s --noproxy '*' --retry 20 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$port/metrics"
	kill $!
	ok "node_exporter reads the file" prints 'node_textfile_scrape_error 0'
	# Labels come in the order of their names there.
	grep '^ksyscalls_' "$tmp/out" | grep -v _info | sort >"$tmp/served"
	grep -v _info "$tmp/written" | sort >"$tmp/sorted"
	ok "node_exporter serves all of it" cmp "$tmp/sorted" "$tmp/served"
else
	skip "node_exporter" "it or curl is not installed: apt-get install prometheus-node-exporter curl"
fi

exits "for Node Feature Discovery" 0 export --sysroot="$old" --format=nfd -o "$tmp/nfd"
ok "a label that is true" has "$tmp/nfd" feature.node.kubernetes.io/syscall-openat2=true
ok "a label that is false" has "$tmp/nfd" feature.node.kubernetes.io/syscall-mseal=false
ok "every line is a label, or a comment" not grep -qvE \
	'^(#.*|feature\.node\.kubernetes\.io/syscall-[a-z0-9_]{1,54}=(true|false))$' "$tmp/nfd"
ok "no label twice" [ -z "$(cut -d = -f 1 "$tmp/nfd" | sort | uniq -d)" ]
ok "not more than is read" [ "$(wc -c <"$tmp/nfd")" -lt 65536 ]

# A kernel that is newer than all tables, and a survey that cannot tell.
make_small_tree "$tmp/small"
rm -r "$tmp/small/sys/kernel/syscalls/x86_64"
make_abi "$tmp/small" x86_64 0xc000003e 0x0 900 <<NAMES
0 read
437 openat2
899 brandnew
NAMES
echo survey >"$tmp/small/sys/kernel/syscalls/source"
echo 439,462 >"$tmp/small/sys/kernel/syscalls/x86_64/unknown"
exits "a view with a new call" 0 export --sysroot="$tmp/small" --format=nfd
ok "has it" prints feature.node.kubernetes.io/syscall-brandnew=true
ok "and what is absent" prints feature.node.kubernetes.io/syscall-clone3=false
ok "nothing of what it cannot tell" not grep -q -e -mseal -e -faccessat2= "$tmp/out"

# That of an earlier boot would be believed.
refuses "no view" 3 'no such tree' export --sysroot="$tmp/nowhere" --format=prometheus -o "$prometheus"
ok "is written" [ "$(grep -v '^#' "$prometheus")" = 'ksyscalls_view 0' ]
refuses "no view, for NFD" 3 'no such tree' export --sysroot="$tmp/nowhere" --format=nfd -o "$tmp/nfd"
ok "leaves no label" not grep -q '^[^#]' "$tmp/nfd"

refuses "no format" 2 'name a format' export --sysroot="$old"
refuses "another format" 2 'takes prometheus or nfd' export --sysroot="$old" --format=yaml
refuses "a place that is none" 2 'cannot write' export --sysroot="$old" --format=nfd -o "$tmp/no/nfd"

for unit in service timer; do
	if ! command -v systemd-analyze >/dev/null; then
		skip "systemd understands the $unit" "no systemd-analyze: install the package systemd"
		continue
	fi
	for unit_ in service timer; do
		sed "s|^ExecStart=[^ ]*|ExecStart=$KSYSCALLS|" "$KSC_BUILD/systemd/ksyscalls-export@.$unit_" \
			>"$tmp/ksyscalls-export@.$unit_"
	done
	run systemd-analyze verify --man=no "$tmp/ksyscalls-export@.$unit"
	ok "systemd understands the $unit" [ "$status:$(cat "$tmp/err")" = 0: ]
done
for format in prometheus nfd; do
	ok "$format: it is told where to" grep -q '^OUTPUT=/' "$here/../../tools/etc/ksyscalls/export-$format.conf"
done
done_testing
