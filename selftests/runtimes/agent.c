// SPDX-License-Identifier: GPL-2.0-only
/*
 * agent SOCKET: who a profile's listenerPath names. Takes the descriptors of filters that
 * runtimes send, and answers what containers ask, one container after the other: fchownat is
 * said to have worked and is not done, all else goes on. Prints a line for each of them.
 *
 * agent -l SOCKET: the same for LXC, whose monitor keeps the descriptor and sends what it
 * is asked.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "agent: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int listen_at(const char *path, int type)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	snprintf(name.sun_path, sizeof(name.sun_path), "%s", path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(name)) || listen(fd, 8))
		die(path);
	return fd;
}

/* Beside it comes what the container is, in JSON, which nobody here needs. */
static int receive(int connection)
{
	static char state[65536];
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { state, sizeof(state) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;
	int fd;

	if (recvmsg(connection, &msg, MSG_CMSG_CLOEXEC) < 0)
		die("recvmsg");
	c = CMSG_FIRSTHDR(&msg);
	if (!c || c->cmsg_type != SCM_RIGHTS)
		return -1;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

static void answer(const struct seccomp_notif *ask, struct seccomp_notif_resp *say)
{
	say->id = ask->id;
	if (ask->data.nr != SYS_fchownat)
		say->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	puts(say->flags ? "goes on" : "fchownat");
	fflush(stdout);
}

/* Until nobody is left who has the filter. */
static void serve(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	while (poll(&p, 1, -1) > 0 && !(p.revents & POLLHUP)) {
		/* A newer kernel's may be larger. */
		union {
			struct seccomp_notif ask;
			char space[1024];
		} in = { 0 };
		union {
			struct seccomp_notif_resp say;
			char space[1024];
		} out = { 0 };

		if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &in))
			continue;
		answer(&in.ask, &out.say);
		/* Who asked may be gone by now. */
		ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &out);
	}
}

/*
 * Until the container's monitor is gone. This, what is asked and room for the answer go to
 * and fro; the descriptors beside nobody here needs.
 */
static void serve_monitor(int connection)
{
	static struct {
		uint64_t reserved;
		pid_t monitor, init;
		struct seccomp_notif_sizes sizes;
		uint64_t cookie_len;
		char space[2048];
	} m;
	size_t len;

	while (recv(connection, &m, sizeof(m), 0) > 0) {
		len = sizeof(m) - sizeof(m.space) + m.sizes.seccomp_notif;
		answer((void *)m.space, (void *)(m.space + m.sizes.seccomp_notif));
		send(connection, &m, len + m.sizes.seccomp_notif_resp, MSG_NOSIGNAL);
	}
}

int main(int argc, char **argv)
{
	bool monitors = argc == 3 && !strcmp(argv[1], "-l");
	int fd, connection, filter;

	if (argc != (monitors ? 3 : 2)) {
		fputs("usage: agent [-l] SOCKET\n", stderr);
		return 2;
	}
	fd = listen_at(argv[argc - 1], monitors ? SOCK_SEQPACKET : SOCK_STREAM);
	while ((connection = accept(fd, NULL, NULL)) >= 0) {
		if (monitors)
			serve_monitor(connection);
		filter = monitors ? -1 : receive(connection);
		close(connection);
		if (filter < 0)
			continue;
		serve(filter);
		close(filter);
	}
	die("accept");
	return 1;
}
