# SPDX-License-Identifier: LGPL-2.1-or-later
# reference.awk HEADER PAGE.in: a page of section 3, whose reference is what the header
# says, so that each function, constant, error and flag is there and as it is. In the
# page the lines @SYNOPSIS@, @FUNCTIONS@, @CONSTANTS@ and @ERRORS@ stand for that.

function text(s)
{
	gsub(/\\/, "\\e", s)
	sub(/ Since 0\.1\.$/, "", s)
	s = parameters(s)
	gsub(/ksc_[a-z0-9_]+\(\)/, "\\fB&\\fP", s)
	gsub(/\(\)\\fP/, "\\fP()", s)
	sub(/^[.']/, "\\\\\\&&", s)
	# A sentence has a line of its own.
	while (match(s, /\. [A-Z]/))
		s = substr(s, 1, RSTART) "\n" substr(s, RSTART + 2)
	return s
}

# @name is a parameter.
function parameters(s,	out)
{
	while (match(s, /@[a-z_]+/)) {
		out = out substr(s, 1, RSTART - 1) "\\fI" substr(s, RSTART + 1, RLENGTH - 1) "\\fP"
		s = substr(s, RSTART + RLENGTH)
	}
	return out s
}

function trim(s)
{
	gsub(/^[ \t]+|[ \t]+$/, "", s)
	return s
}

# The words of a comment without its marks.
function bare(s)
{
	sub(/^[ \t]*\/\*+[ \t]*/, "", s)
	sub(/[ \t]*\*\/[ \t]*$/, "", s)
	sub(/^[ \t]+\*[ \t]?/, "", s)
	return trim(s)
}

function add_function(proto, doc,	at, name, type)
{
	sub(/;.*/, "", proto)
	gsub(/[ \t]+/, " ", proto)
	match(proto, /ksc_[a-z0-9_]+\(/)
	name = substr(proto, RSTART, RLENGTH - 1)
	type = trim(substr(proto, 1, RSTART - 1))
	at = ++nr_functions
	fn[at] = name
	fn_section[at] = section
	fn_doc[at] = doc
	proto = substr(proto, RSTART + RLENGTH)
	sub(/\)[^)]*$/, "", proto)
	gsub(/"/, "", proto)
	gsub(/, /, "\" \"", proto)
	fn_synopsis[at] = ".Ft " type "\n.Fn " name " \"" proto "\""
}

function add_constant(name, doc)
{
	constant[++nr_constants] = name
	constant_doc[nr_constants] = doc
	constant_section[nr_constants] = section
}

function errors_of(name, s,	e)
{
	while (match(s, /-E[A-Z0-9]+/)) {
		e = substr(s, RSTART + 1, RLENGTH - 1)
		s = substr(s, RSTART + RLENGTH)
		if (!(e in errors))
			error_order[++nr_errors] = e
		if (!index(errors[e] " ", "\n.Fn " name " "))
			errors[e] = errors[e] "\n.Fn " name " "
	}
}

# What a kernel-doc comment says, as a list's item.
function print_function(i,	lines, n, j, s, part, open_list)
{
	blank = 0
	print ".It Fn " fn[i]
	n = split(fn_doc[i], lines, "\n")
	part = "text"
	for (j = 1; j <= n; j++) {
		s = lines[j]
		if (s ~ /^@[a-z_]+:/) {
			if (!open_list)
				print ".Bl -tag -width Ds -compact"
			open_list = 1
			part = "parameter"
			match(s, /^@[a-z_]+:/)
			print ".It Fa " substr(s, 2, RLENGTH - 2)
			s = trim(substr(s, RLENGTH + 1))
		} else if (part == "parameter" && s == "") {
			print ".El"
			open_list = 0
			part = "text"
		}
		if (s ~ /^Return: /) {
			part = "return"
			print ".Pp"
			sub(/^Return: /, "Returns ", s)
		}
		if (part == "return")
			errors_of(fn[i], s)
		if (s ~ /^Since: /)
			continue
		if (s == "")
			blank = 1
		else {
			if (blank && part == "text")
				print ".Pp"
			blank = 0
			print text(s)
		}
	}
	if (open_list)
		print ".El"
}

FNR == 1 { file++ }

file == 1 && /^\/\* ---- / {
	section = $0
	gsub(/^\/\* -+ | -+ \*\/$/, "", section)
	comment = ""
	next
}
file == 1 && /^\/\*\*$/ { in_doc = 1; doc = ""; next }
file == 1 && in_doc && /^ \*\/$/ { in_doc = 0; wants_proto = 1; proto = ""; next }
file == 1 && in_doc {
	sub(/^ \*[ ]?/, "")
	# The first line names the function, which the item does already.
	if (doc == "")
		sub(/^ksc_[a-z0-9_]+\(\) - /, "")
	doc = doc (doc == "" ? "" : "\n") trim($0)
	next
}
file == 1 && in_comment {
	comment = comment " " bare($0)
	if (/\*\//)
		in_comment = 0
	next
}
file == 1 && /^\/\*/ {
	comment = bare($0)
	in_comment = !/\*\//
	next
}
file == 1 && in_enum {
	if (/^};/) {
		in_enum = 0
		next
	}
	match($0, /KSC_[A-Z0-9_]+/)
	if (RSTART)
		add_constant(substr($0, RSTART, RLENGTH), index($0, "/*") ? bare(substr($0, index($0, "/*"))) : comment)
	next
}
file == 1 && /^enum [a-z_]+ \{/ {
	in_enum = 1
	if (index($0, "/*"))
		comment = bare(substr($0, index($0, "/*")))
	next
}
file == 1 && /^#define (KSC|ksc)_/ && !/_H$/ {
	name = $2
	if (match($0, /(KSC|ksc)_[A-Za-z0-9_]+\([a-z, ]*\)/))
		name = substr($0, RSTART, RLENGTH)
	add_constant(name, index($0, "/*") ? bare(substr($0, index($0, "/*"))) : comment)
	continued = /\\$/
	next
}
file == 1 && continued { continued = /\\$/; next }
file == 1 && (wants_proto || /^[a-z].*ksc_[a-z0-9_]+\(/) {
	if (!wants_proto) {
		doc = comment
		proto = ""
		wants_proto = 1
	}
	proto = proto " " trim($0)
	if (/;/) {
		add_function(proto, doc)
		wants_proto = 0
	}
	next
}
file == 1 && /^$/ { comment = "" }
file == 1 { next }

$0 == "@SYNOPSIS@" {
	last = ""
	for (i = 1; i <= nr_functions; i++) {
		if (fn_section[i] != last)
			print ".Ss " toupper(substr(fn_section[i], 1, 1)) substr(fn_section[i], 2)
		last = fn_section[i]
		print fn_synopsis[i]
	}
	next
}
$0 == "@FUNCTIONS@" {
	print ".Bl -tag -width Ds"
	for (i = 1; i <= nr_functions; i++)
		print_function(i)
	print ".El"
	next
}
$0 == "@CONSTANTS@" {
	print ".Bl -tag -width Ds"
	for (i = 1; i <= nr_constants; i++) {
		print ".It Dv " constant[i]
		if (constant_doc[i] != "")
			print text(constant_doc[i])
	}
	print ".El"
	next
}
$0 == "@ERRORS@" {
	print ".Bl -tag -width Er"
	for (i = 1; i <= nr_errors; i++) {
		print ".It Er " error_order[i]
		s = substr(errors[error_order[i]], 2)
		gsub(/ \n/, " ,\n", s)
		sub(/ $/, "", s)
		print s
	}
	print ".El"
	next
}
{ print }
