/* SPDX-License-Identifier: ISC */
/*
 * Bytes of the product that come after bytes of the plugin begin an answer; no
 * more is known of HTTP here.  Parent and child share three numbers.
 */
#include "plugincheck/cutter.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_PAIRS 32

struct shared {
	atomic_uint answers; /* begun since it was armed */
	atomic_uint cut_at;  /* 0: none */
	atomic_bool has_cut;
};

struct cutter {
	struct shared *shared;
	pid_t pid;
};

struct pair {
	int plugin, product; /* -1: free */
	bool asked;          /* the plugin spoke last */
};

struct forwarder {
	struct shared *shared;
	int listener;
	struct addrinfo *product;
	struct pair pairs[MOST_PAIRS];
};

/* ---- the child ------------------------------------------------------------------- */

static void
hang_up(struct pair *pair)
{
	close(pair->plugin);
	close(pair->product);
	pair->plugin = pair->product = -1;
}

static void
accept_one(struct forwarder *f)
{
	int plugin = accept4(f->listener, NULL, NULL, SOCK_CLOEXEC), product;

	if (plugin < 0)
		return;
	product = socket(f->product->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	for (size_t i = 0; product >= 0 && i < MOST_PAIRS; i++) {
		if (f->pairs[i].plugin >= 0)
			continue;
		if (connect(product, f->product->ai_addr, f->product->ai_addrlen) != 0)
			break;
		f->pairs[i] = (struct pair){ .plugin = plugin, .product = product };
		return;
	}
	if (product >= 0)
		close(product);
	close(plugin);
}

static bool
forward(int from, int to)
{
	char bytes[16384];
	ssize_t len = read(from, bytes, sizeof(bytes)), done = 0;

	while (len > 0 && done < len) {
		ssize_t n = send(to, bytes + done, (size_t)(len - done), MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		done += n;
	}
	return len > 0;
}

static bool
is_time_to_cut(struct shared *shared)
{
	unsigned at = atomic_load(&shared->cut_at);

	if (at == 0 || atomic_fetch_add(&shared->answers, 1) + 1 != at)
		return false;
	atomic_store(&shared->has_cut, true);
	return true;
}

static void
serve_pair(struct forwarder *f, struct pair *pair, const struct pollfd fds[2])
{
	bool goes_on = true;

	if (fds[1].revents != 0) {
		if (pair->asked && is_time_to_cut(f->shared)) {
			hang_up(pair);
			return;
		}
		pair->asked = false;
		goes_on = forward(pair->product, pair->plugin);
	}
	if (goes_on && fds[0].revents != 0) {
		goes_on = forward(pair->plugin, pair->product);
		pair->asked = true;
	}
	if (!goes_on)
		hang_up(pair);
}

static void
serve(struct forwarder *f)
{
	struct pollfd fds[1 + 2 * MOST_PAIRS];

	for (;;) {
		fds[0] = (struct pollfd){ .fd = f->listener, .events = POLLIN };
		for (size_t i = 0; i < MOST_PAIRS; i++) {
			fds[1 + 2 * i] = (struct pollfd){ .fd = f->pairs[i].plugin, .events = POLLIN };
			fds[2 + 2 * i] = (struct pollfd){ .fd = f->pairs[i].product, .events = POLLIN };
		}
		if (poll(fds, AU_COUNT(fds), -1) < 0)
			continue;
		for (size_t i = 0; i < MOST_PAIRS; i++)
			if (f->pairs[i].plugin >= 0)
				serve_pair(f, &f->pairs[i], &fds[1 + 2 * i]);
		if (fds[0].revents != 0)
			accept_one(f);
	}
}

/* ---- the parent ------------------------------------------------------------------- */

/* Host, port and the rest of "http://HOST[:PORT][/PATH]". */
static int
take_url(const char *url, char **ret_host, char **ret_port, const char **ret_path, struct au_err *err)
{
	const char *at = url + 7, *colon;
	size_t len;

	if (url == NULL || strncmp(url, "http://", 7) != 0 || *at == '[')
		return au_fail(err, AU_EINVAL, "answers can be cut off on the way to an http:// URL only");
	len = strcspn(at, "/?#");
	colon = memchr(at, ':', len);
	*ret_path = at + len;
	*ret_host = au_xstrndup(at, colon != NULL ? (size_t)(colon - at) : len);
	*ret_port = colon != NULL ? au_xstrndup(colon + 1, (size_t)(at + len - colon - 1)) : au_xstrdup("80");
	return 0;
}

static int
listen_on_loopback(unsigned *ret_port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, MOST_PAIRS) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		return -1;
	*ret_port = ntohs(address.sin_port);
	return fd;
}

static int
begin(struct forwarder *f, const char *host, const char *port, struct cutter **ret, struct au_err *err)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct cutter *cutter;
	int r = getaddrinfo(host, port, &hints, &f->product);

	if (r != 0)
		return au_fail(err, AU_EINVAL, "host '%s': %s", host, gai_strerror(r));
	f->shared = mmap(NULL, sizeof(*f->shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (f->shared == MAP_FAILED)
		abort();
	cutter = au_xcalloc(1, sizeof(*cutter));
	cutter->shared = f->shared;
	cutter->pid = fork();
	if (cutter->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(f);
	}
	freeaddrinfo(f->product);
	*ret = cutter;
	return cutter->pid > 0 ? 0 : au_fail(err, AU_EIO, "fork: %s", strerror(errno));
}

int
cutter_start(const char *url, struct cutter **ret, char **ret_url, struct au_err *err)
{
	struct forwarder f = { 0 };
	AU_CLEANUP(au_freep) char *host = NULL, *port = NULL;
	const char *path;
	unsigned own_port = 0;
	int r = take_url(url, &host, &port, &path, err);

	if (r != 0)
		return r;
	for (size_t i = 0; i < MOST_PAIRS; i++)
		f.pairs[i].plugin = f.pairs[i].product = -1;
	if ((f.listener = listen_on_loopback(&own_port)) < 0)
		return au_fail(err, AU_EIO, "no port on loopback: %s", strerror(errno));
	r = begin(&f, host, port, ret, err);
	close(f.listener);
	if (r == 0)
		*ret_url = au_xasprintf("http://127.0.0.1:%u%s", own_port, path);
	return r;
}

void
cutter_stop(struct cutter *cutter)
{
	if (cutter == NULL)
		return;
	kill(cutter->pid, SIGKILL);
	while (waitpid(cutter->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	munmap(cutter->shared, sizeof(*cutter->shared));
	free(cutter);
}

void
cutter_arm(struct cutter *cutter, unsigned number)
{
	atomic_store(&cutter->shared->cut_at, 0);
	atomic_store(&cutter->shared->answers, 0);
	atomic_store(&cutter->shared->has_cut, false);
	atomic_store(&cutter->shared->cut_at, number);
}

bool
cutter_has_cut(const struct cutter *cutter)
{
	return atomic_load(&cutter->shared->has_cut);
}
