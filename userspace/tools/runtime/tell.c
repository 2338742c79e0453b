// SPDX-License-Identifier: GPL-2.0-only
/*
 * An engine shows its user what the runtime's log has, and stderr is often nobody's. So
 * what is said on stderr is said there, too, as the runtime behind us would; and once a
 * boot where an administrator looks. Nothing here waits, or fails the container's start.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "../../lib/shared.h"
#include "../text.h"
#include "runtime.h"
#include "tell.h"

#define WHO	"ksyscalls-runtime"

/* In /run, or the directory of a user that is for as long. */
#define TOLD_DIR	"ksyscalls-runtime"

static const struct {
	const char *level, *told;	/* a file of TOLD_DIR: it was told since boot */
	int priority;
} kinds[] = {
	[TELL_NOT_RUN]	= { "error",	"not-run",	LOG_ERR },
	[TELL_REFUSED]	= { "error",	"refused",	LOG_ERR },
	[TELL_KEPT]	= { "warning",	"kept",		LOG_WARNING },
	[TELL_NO_VIEW]	= { "warning",	"no-view",	LOG_WARNING },
	[TELL_STORE]	= { "warning",	"store",	LOG_WARNING },
};

static struct {
	const struct request *r;
	bool crun;
} target;

void tell_log(const struct request *r, bool crun)
{
	target.r = r;
	target.crun = crun;
}

/* ---- the runtime's log ------------------------------------------------------- */

/* In quotes, for JSON and for Go alike; control characters are printed already. */
static void put_quoted(FILE *f, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len;

	fputc('"', f);
	for (; *s; s += len ?: 1) {
		len = ksc_utf8_len(s);
		if (*s == '"' || *s == '\\')
			fputc('\\', f);
		if (len)
			fwrite(s, 1, len, f);
		else
			fputc('?', f);
	}
	fputc('"', f);
}

/* crun's lines have no time in a text file, and its clock is finer. */
static void put_line(FILE *f, enum tell what, const char *message)
{
	const char *format = target.r->log_format;
	char date[32], fraction[16] = "";
	struct timeval now;
	struct tm tm;

	gettimeofday(&now, NULL);
	gmtime_r(&now.tv_sec, &tm);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	if (target.crun)
		snprintf(fraction, sizeof(fraction), ".%06u", (unsigned int)now.tv_usec);
	if (format && !strcmp(format, "json")) {
		fprintf(f, "{\"level\":\"%s\",\"msg\":", kinds[what].level);
		put_quoted(f, message);
		fprintf(f, ",\"time\":\"%s%sZ\"}\n", date, fraction);
	} else if (target.crun) {
		fprintf(f, "%s\n", message);
	} else {
		fprintf(f, "time=\"%sZ\" level=%s msg=", date, kinds[what].level);
		put_quoted(f, message);
		fputc('\n', f);
	}
}

/* crun's log may be syslog or the journal, by name: that is told elsewhere. */
static const char *log_path(void)
{
	const char *path = target.r ? target.r->log : NULL;

	if (!path || !target.crun || !strchr(path, ':'))
		return path;
	return strncmp(path, "file:", 5) ? NULL : path + 5;
}

static void tell_in_log(enum tell what, const char *message)
{
	const char *path = log_path();
	char *line = NULL;
	struct stat st;
	size_t len;
	FILE *f;
	int fd;

	/* A pipe or a terminal may have nobody who reads it. */
	fd = path && *path ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY |
				  O_CLOEXEC, 0644) : -1;
	if (fd < 0)
		return;
	f = fstat(fd, &st) || !S_ISREG(st.st_mode) ? NULL : open_memstream(&line, &len);
	if (f) {
		put_line(f, what, message);
		/* One write, so that the lines of two processes do not mix. */
		if (!fclose(f) && write(fd, line, len) < 0)
			errno = 0;
		free(line);
	}
	close(fd);
}

/* ---- syslog, and the journal behind it ---------------------------------------- */

static int open_syslog(void)
{
	struct sockaddr_un log = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || !connect(fd, (struct sockaddr *)&log, sizeof(log)))
		return fd;
	close(fd);
	return -1;
}

/* Is this the first since boot? Where that cannot be kept in mind, it is not. */
static bool is_first(enum tell what)
{
	const char *dir = geteuid() ? getenv("XDG_RUNTIME_DIR") : "/run";
	char path[PATH_MAX];
	int fd;

	if (!dir || *dir != '/' ||
	    snprintf(path, sizeof(path), "%s/" TOLD_DIR, dir) >= (int)sizeof(path))
		return false;
	mkdir(path, 0755);
	if (snprintf(path, sizeof(path), "%s/" TOLD_DIR "/%s", dir, kinds[what].told) >=
	    (int)sizeof(path))
		return false;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void tell_syslog(enum tell what, const char *message)
{
	time_t now = time(NULL);
	char date[32], *line;
	int fd = open_syslog();
	struct tm tm;
	int len;

	if (fd < 0)
		return;
	if (!is_first(what))
		goto out_close;
	strftime(date, sizeof(date), "%b %e %T", localtime_r(&now, &tm));
	len = asprintf(&line, "<%d>%s " WHO "[%d]: %s", LOG_DAEMON | kinds[what].priority, date,
		       (int)getpid(), message);
	if (len >= 0) {
		send(fd, line, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL);
		free(line);
	}
out_close:
	close(fd);
}

void tell(enum tell what, const char *fmt, ...)
{
	char *raw, *message = NULL;
	va_list ap;
	size_t len;
	FILE *f;

	va_start(ap, fmt);
	text_say(WHO, fmt, ap);
	va_end(ap);
	va_start(ap, fmt);
	if (vasprintf(&raw, fmt, ap) < 0)
		raw = NULL;
	va_end(ap);
	f = raw ? open_memstream(&message, &len) : NULL;
	if (f) {
		fputs(WHO ": ", f);
		text_print(f, raw);
		if (!fclose(f)) {
			tell_in_log(what, message);
			tell_syslog(what, message + strlen(WHO ": "));
		}
		free(message);
	}
	free(raw);
}
