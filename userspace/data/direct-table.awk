# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The numbers of their own that calls have where socketcall(2) and ipc(2) multiplex them, each
# with the ABIs that have it so. How a line has to look is seen to by syscall-table.awk.

BEGIN {
	FS = ","
	n = split("accept accept4 bind connect getpeername getsockname getsockopt listen msgctl " \
		  "msgget msgrcv msgsnd recv recvfrom recvmmsg recvmsg semctl semget semop " \
		  "semtimedop send sendmmsg sendmsg sendto setsockopt shmat shmctl shmdt shmget " \
		  "shutdown socket socketpair", muxed, " ")
	for (i = 1; i <= n; i++)
		is_muxed[muxed[i]] = 1
	n = split("i386 mips ppc ppc64 s390 s390x", have, " ")
	for (i = 1; i <= n; i++)
		has_mux[have[i]] = 1
}
/^#/ || !header++ || !($4 in is_muxed) || $5 == "sys_ni_syscall" { next }
{
	key = $4 "," $3
	for (i = split($6, abi, " "); i > 0; i--) {
		sub(/\/64/, "", abi[i])
		if (!(abi[i] in has_mux) || index(abis[key], " " abi[i] " "))
			continue
		if (!(key in abis) || abis[key] == "")
			keys[++nr_keys] = key
		abis[key] = (abis[key] == "" ? " " : abis[key]) abi[i] " "
	}
}
END {
	for (i = 1; i <= nr_keys; i++) {
		split(keys[i], part, ",")
		printf "\t{ \"%s\", %d, \"%s\" },\n", part[1], part[2], abis[keys[i]]
	}
}
