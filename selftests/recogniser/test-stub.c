// SPDX-License-Identifier: GPL-2.0-only
/*
 * test-stub - replay recorded code to a recogniser
 *
 * test-stub MATCHING... [--foreign OTHER...]
 *
 * Built once per architecture with that architecture's recogniser. Files named
 * first hold code of it: each entry must be told for what it is, and must not
 * be once it is damaged. Files of other architectures follow: whatever their
 * code is, it must never be taken for a stub.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../../module/stub.h"

#define MAX_TARGETS	512
#define MAX_CODE	256
#define RECORDED	64	/* bytes of an entry that record.c writes down */

struct entry {
	enum ksc_code code;
	unsigned long long addr;
	char name[128];
	u8 bytes[MAX_CODE];
	size_t len;
};

static struct {
	unsigned long long addr;
	char name[128];
} targets[MAX_TARGETS];
static unsigned int nr_targets;

/* Code elsewhere that the current entry branches to. */
static struct entry away;
static struct entry current;
/* What every other one of the first readings of the current entry finds instead. */
static struct entry torn;
static unsigned int nr_torn, nr_readings;
static struct ksc_reader reader;
static unsigned int nr_tests, nr_failed;

static const char *const code_names[] = { "stub", "body", "unknown" };
static const char *const expectations[] = {
	"is a stub, got ", "does something, got ", "cannot be told, got "
};

static int read_from(const struct entry *e, unsigned long addr, void *buf, size_t len)
{
	if (addr < e->addr || addr - e->addr + len > e->len)
		return -EFAULT;
	memcpy(buf, e->bytes + (addr - e->addr), len);
	return 0;
}

static int read_entry(unsigned long addr, void *buf, size_t len)
{
	/* The recogniser goes on by bytes where it cannot have all that it wants. */
	if (addr == current.addr && len > 1)
		nr_readings++;
	if (nr_readings <= nr_torn && nr_readings % 2 && !read_from(&torn, addr, buf, len))
		return 0;
	return read_from(&current, addr, buf, len) ? read_from(&away, addr, buf, len) : 0;
}

static enum ksc_target target(unsigned long addr)
{
	char symbol[160];
	unsigned int i;

	/* A call may enter a function a little later: MIPS's tracer at its third instruction. */
	for (i = 0; i < nr_targets; i++)
		if (addr >= targets[i].addr && addr - targets[i].addr <= 8)
			break;
	if (i == nr_targets)
		return KSC_TARGET_OTHER;

	/* As sprint_symbol() writes it. */
	if (!strcmp(targets[i].name, "-"))
		snprintf(symbol, sizeof(symbol), "0x%lx", addr);
	else
		snprintf(symbol, sizeof(symbol), "%s+0x%llx/0x10", targets[i].name,
			 addr - targets[i].addr);
	return ksc_name_target(symbol);
}

static enum ksc_code classify(void)
{
	nr_readings = 0;
	return ksc_classify(&reader, current.addr);
}

static void result(bool ok, const char *file, const char *what, enum ksc_code got)
{
	const char *base = strrchr(file, '/');

	nr_tests++;
	if (!ok)
		nr_failed++;
	printf("%sok %u %s: %s: %s%s\n", ok ? "" : "not ", nr_tests, base ? base + 1 : file,
	       current.name, what, ok ? "" : code_names[got]);
}

static void expect(const char *file, const char *what, enum ksc_code want)
{
	enum ksc_code got = classify();

	result(got == want, file, what, got);
}

static void expect_not_stub(const char *file, const char *what)
{
	enum ksc_code got = classify();

	result(got != KSC_CODE_STUB, file, what, got);
}

static void damage(const char *file)
{
	const struct entry whole = current;
	size_t i;

	memset(current.bytes, 0, current.len);
	expect(file, "zeros are unknown, got ", KSC_CODE_UNKNOWN);

	current.len = 0;
	expect(file, "unreadable is unknown, got ", KSC_CODE_UNKNOWN);

	current = whole;
	/* Too little code, and it means the same afterwards. */
	if (whole.len < RECORDED)
		return;

	for (i = 0; i < current.len; i++)
		current.bytes[i] = whole.bytes[current.len - 1 - i];
	expect_not_stub(file, "reversed is no stub, got ");

	current = whole;
	for (i = 0; i + 8 <= current.len; i += 8) {
		memcpy(current.bytes + i, whole.bytes + i + 4, 4);
		memcpy(current.bytes + i + 4, whole.bytes + i, 4);
	}
	expect_not_stub(file, "shuffled is no stub, got ");
	current = whole;
}

static bool kind_of(const char *name, enum ksc_code *code)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(code_names); i++) {
		if (!strcmp(name, code_names[i])) {
			*code = i;
			return true;
		}
	}
	return false;
}

/*
 * Writes a kprobe's breakpoint over an instruction. Returns the instruction's
 * length, 0 where bytes alone do not tell it.
 */
static size_t set_probe(u8 *code)
{
#if defined(RECOGNISER_arm64)
	memcpy(code, (u8[]){ 0x80, 0x00, 0x20, 0xd4 }, 4);	/* brk #4 */
	return 4;
#elif defined(RECOGNISER_arm)
	if (reader.thumb && code[1] < 0xe8) {
		memcpy(code, (u8[]){ 0x18, 0xde }, 2);		/* udf #24 */
		return 2;
	}
	if (reader.thumb) {
		memcpy(code, (u8[]){ 0xf0, 0xf7, 0x18, 0xa0 }, 4);	/* udf.w #24 */
		return 4;
	}
	memcpy(code, (u8[]){ 0xf8, 0x01, 0xf0, 0xe7 }, 4);	/* udf #24 */
	return 4;
#elif defined(RECOGNISER_powerpc)
	memcpy(code, (u8[]){ 0x08, 0x00, 0xe0, 0x7f }, 4);	/* trap */
	return 4;
#elif defined(RECOGNISER_mips)
	memcpy(code, (u8[]){ 0x0d, 0x00, 0x0a, 0x00 }, 4);	/* break 10 */
	return 4;
#elif defined(RECOGNISER_loongarch)
	memcpy(code, (u8[]){ 0x0a, 0x00, 0x2a, 0x00 }, 4);	/* break 10 */
	return 4;
#elif defined(RECOGNISER_riscv)
	size_t len = (code[0] & 3) == 3 ? 4 : 2;

	if (len == 4)
		memcpy(code, (u8[]){ 0x73, 0x00, 0x10, 0x00 }, 4);	/* ebreak */
	else
		memcpy(code, (u8[]){ 0x02, 0x90 }, 2);			/* c.ebreak */
	return len;
#elif defined(RECOGNISER_s390)
	static const u8 lengths[] = { 2, 4, 4, 6 };
	size_t len = lengths[code[0] >> 6];

	memcpy(code, (u8[]){ 0x00, 0x02 }, 2);
	return len;
#else
	(void)code;
	return 0;
#endif
}

/* What is not there or hidden may make code unknown, but never what it is not. */
static void hide(const char *file)
{
	const enum ksc_code wrong = current.code == KSC_CODE_STUB ? KSC_CODE_BODY : KSC_CODE_STUB;
	const struct entry whole = current;
	enum ksc_code got = KSC_CODE_UNKNOWN;
	size_t i, len = 1;

	for (i = 0; i < whole.len && got != wrong; i++) {
		current.len = i;
		got = classify();
	}
	result(got != wrong, file, "cut off anywhere it is nothing else, got ", got);

	got = KSC_CODE_UNKNOWN;
	for (i = 0; len && i + 4 <= whole.len && got != wrong; i += len) {
		current = whole;
		len = set_probe(current.bytes + i);
		if (len)
			got = classify();
	}
	result(got != wrong, file, "with a probe anywhere it is nothing else, got ", got);
	current = whole;
}

static void parse_hex(struct entry *e, const char *hex)
{
	unsigned int byte;

	e->len = 0;
	while (e->len < MAX_CODE && sscanf(hex + 2 * e->len, "%2x", &byte) == 1)
		e->bytes[e->len++] = byte;
}

static void die(const char *file, unsigned int line, const char *why)
{
	printf("Bail out! %s:%u: %s\n", file, line, why);
	exit(1);
}

/* Targets may follow the entries that use them, so the file is read twice. */
static void replay(const char *file, bool foreign, bool entries)
{
	char line[1024], kind[16], hex[2 * MAX_CODE + 1];
	unsigned int nr = 0, number;
	FILE *f = fopen(file, "r");

	if (!f)
		die(file, 0, strerror(errno));

	reader.thumb = false;
	while (fgets(line, sizeof(line), f)) {
		nr++;
		if (line[0] == '#' || line[0] == '\n')
			continue;
		if (sscanf(line, "bits %u", &number) == 1) {
			reader.bits = number;
		} else if (sscanf(line, "ftrace %u", &number) == 1) {
			reader.ftrace = number;
		} else if (sscanf(line, "thumb %u", &number) == 1) {
			reader.thumb = number;
		} else if (!strncmp(line, "target ", 7)) {
			if (entries)
				continue;
			if (nr_targets == MAX_TARGETS ||
			    sscanf(line, "target %llx %127s", &targets[nr_targets].addr,
				   targets[nr_targets].name) != 2)
				die(file, nr, "bad target");
			nr_targets++;
		} else if (sscanf(line, "code %llx %512s", &away.addr, hex) == 2) {
			parse_hex(&away, hex);
		} else if (sscanf(line, "torn %u %llx %512s", &number, &torn.addr, hex) == 3) {
			parse_hex(&torn, hex);
			nr_torn = entries ? number : 0;
		} else if (sscanf(line, "entry %15s %llx %127s %512s", kind, &current.addr,
				  current.name, hex) == 4) {
			if (!entries)
				continue;
			parse_hex(&current, hex);
			if (!kind_of(kind, &current.code))
				die(file, nr, "neither stub nor body nor unknown");
			if (foreign)
				expect_not_stub(file, "foreign code is no stub, got ");
			else
				expect(file, expectations[current.code], current.code);
			nr_torn = 0;
			if (!foreign && current.code == KSC_CODE_STUB)
				damage(file);
			if (!foreign && current.code != KSC_CODE_UNKNOWN)
				hide(file);
		} else {
			die(file, nr, "bad line");
		}
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	bool foreign = false;
	int i;

	reader.read = read_entry;
	reader.target = target;
#ifdef RECOGNISER_mips
	reader.no_syscall = 89;
#else
	reader.no_syscall = ENOSYS;
#endif

	puts("TAP version 13");
	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--foreign")) {
			foreign = true;
			continue;
		}
		nr_targets = 0;
		replay(argv[i], foreign, false);
		if (foreign)
			nr_targets = 0;
		replay(argv[i], foreign, true);
	}
	printf("1..%u\n", nr_tests);
	return nr_failed || !nr_tests;
}
