# SPDX-License-Identifier: GPL-2.0-only
# An OCI profile as LXC would have it. OCI has a mask first and then what it leaves, LXC the
# other way round.
def condition: if .op == "SCMP_CMP_MASKED_EQ"
	then "[\(.index),\(.valueTwo // 0),\(.op),\(.value)]"
	else "[\(.index),\(.value),\(.op)]" end;
def default: { SCMP_ACT_KILL: "kill", SCMP_ACT_TRAP: "trap" }[.defaultAction] //
	"errno \(.defaultErrnoRet // 1)";
"2", "allowlist \(default)", "[all]", (.syscalls[] |
	(if .action == "SCMP_ACT_ALLOW" then "allow"
	else "errno \(.errnoRet // 1)" end) as $action |
	"\(.names[]) \($action) \([.args[]? | condition] | join(","))")
