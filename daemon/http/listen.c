/* SPDX-License-Identifier: ISC */
/*
 * Listening sockets.  A configuration names the whole set of them: what it
 * names again stays open, and what is new is open before anything is closed,
 * so that no client finds nobody at home.
 */
#include "base/mem.h"
#include "base/str.h"
#include "http/activation.h"
#include "http/bind.h"
#include "http/instance.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BACKLOG 1024
#define ACCEPT_PAUSE_MS 200 /* when file descriptors have run out */

static const char unix_word[] = "unix:", systemd_word[] = "systemd:";

struct au_http_listener {
	LIST_ENTRY(au_http_listener) entry;
	struct au_http_server *server;
	struct evconnlistener *events;
	struct event *resume;
	char *name;        /* of the configuration's list; NULL = opened by a call of its own */
	bool named, fresh; /* while a configuration is taken over: it is in the new list; it was opened for it */
	char *path;        /* of our unix socket, to be removed; NULL otherwise */
	dev_t device;
	ino_t inode;
};

static void
on_accept(struct evconnlistener *events, evutil_socket_t fd, struct sockaddr *address, int len, void *ctx)
{
	struct au_http_listener *listener = ctx;

	(void)events;
	(void)len;
	au_http_conn_accept(listener->server, fd, address);
}

/* Without the pause the loop would spin on a connection that cannot be accepted. */
static void
on_accept_error(struct evconnlistener *events, void *ctx)
{
	struct au_http_listener *listener = ctx;
	struct timeval tv = { .tv_usec = ACCEPT_PAUSE_MS * 1000 };

	evconnlistener_disable(events);
	event_add(listener->resume, &tv);
}

static void
on_resume(evutil_socket_t fd, short what, void *ctx)
{
	struct au_http_listener *listener = ctx;

	(void)fd;
	(void)what;
	evconnlistener_enable(listener->events);
}

/* Serve an already bound socket.  Takes it from *fd. */
static int
add_listener(struct au_http_server *server, int *fd, struct au_http_listener **ret, struct au_err *err)
{
	struct au_http_listener *listener = au_xcalloc(1, sizeof(*listener));

	listener->server = server;
	listener->events = evconnlistener_new(
	    server->base, on_accept, listener, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, BACKLOG, *fd);
	if (listener->events == NULL) {
		free(listener);
		return au_fail(err, AU_EIO, "listen: %s", strerror(errno));
	}
	*fd = -1;
	evconnlistener_set_error_cb(listener->events, on_accept_error);
	listener->resume = evtimer_new(server->base, on_resume, listener);
	LIST_INSERT_HEAD(&server->listeners, listener, entry);
	*ret = listener;
	return 0;
}

static bool
is_at_its_path(const struct au_http_listener *listener)
{
	struct stat st;

	return lstat(listener->path, &st) == 0 && st.st_dev == listener->device && st.st_ino == listener->inode;
}

void
au_http_listener_free(struct au_http_listener *listener)
{
	LIST_REMOVE(listener, entry);
	if (listener->path != NULL && is_at_its_path(listener))
		unlink(listener->path);
	event_free(listener->resume);
	evconnlistener_free(listener->events);
	free(listener->name);
	free(listener->path);
	free(listener);
}

/* ---- one socket ---- */

static int
open_tcp(struct au_http_server *server, const char *address, struct au_http_listener **ret, struct au_err *err)
{
	AU_CLEANUP(au_http_bind_closep) int fd = -1;
	int rc;

	if ((rc = au_http_bind_tcp(address, &fd, err)) < 0)
		return rc;
	return add_listener(server, &fd, ret, err);
}

static int
open_unix(
    struct au_http_server *server, const char *path, mode_t mode, struct au_http_listener **ret, struct au_err *err)
{
	AU_CLEANUP(au_http_bind_closep) int fd = -1;
	struct stat st;
	int rc;

	if ((rc = au_http_bind_unix(path, mode, &fd, err)) < 0)
		return rc;
	if (lstat(path, &st) < 0)
		return au_fail(err, AU_EIO, "'%s': %s", path, strerror(errno));
	if ((rc = add_listener(server, &fd, ret, err)) < 0)
		return rc;
	(*ret)->path = au_xstrdup(path);
	(*ret)->device = st.st_dev;
	(*ret)->inode = st.st_ino;
	return 0;
}

static int
open_fd(struct au_http_server *server, int fd, struct au_http_listener **ret, struct au_err *err)
{
	AU_CLEANUP(au_http_bind_closep) int taken = fd;
	int rc;

	if ((rc = au_http_bind_prepare(taken, err)) < 0)
		return rc;
	return add_listener(server, &taken, ret, err);
}

int
au_http_listen(struct au_http_server *server, const char *address, int *ret_port, struct au_err *err)
{
	struct au_http_listener *listener;
	int rc = open_tcp(server, address, &listener, err);

	if (rc == 0 && ret_port != NULL)
		*ret_port = au_http_bind_port(evconnlistener_get_fd(listener->events));
	return rc;
}

int
au_http_listen_unix(struct au_http_server *server, const char *path, mode_t mode, struct au_err *err)
{
	struct au_http_listener *listener;

	return open_unix(server, path, mode, &listener, err);
}

/* ---- the set ---- */

static void
mark_fresh(struct au_http_listener *listener, const char *name)
{
	listener->name = au_xstrdup(name);
	listener->named = listener->fresh = true;
}

/* All sockets of that name; each is our own descriptor beside the one that stays with the activation. */
static int
open_activated(struct au_http_server *server, const struct au_http_config *config, const char *name, struct au_err *err)
{
	size_t cursor = 0, count = 0;
	int fd, rc;

	while ((fd = au_http_activation_next(config->activation, name + sizeof(systemd_word) - 1, &cursor)) >= 0) {
		struct au_http_listener *listener;

		if ((fd = fcntl(fd, F_DUPFD_CLOEXEC, 0)) < 0)
			return au_fail(err, AU_EIO, "listen '%s': %s", name, strerror(errno));
		if ((rc = open_fd(server, fd, &listener, err)) < 0)
			return rc;
		mark_fresh(listener, name);
		count++;
	}
	if (count == 0)
		return au_fail(err, AU_ENOENT,
		    "listen '%s': systemd handed no socket of that name over (FileDescriptorName= of the socket unit)",
		    name);
	return 0;
}

static int
open_named(struct au_http_server *server, const struct au_http_config *config, const char *name, struct au_err *err)
{
	struct au_http_listener *listener;
	int rc;

	if (strncmp(name, systemd_word, sizeof(systemd_word) - 1) == 0)
		return open_activated(server, config, name, err);
	if (strncmp(name, unix_word, sizeof(unix_word) - 1) == 0)
		rc = open_unix(server, name + sizeof(unix_word) - 1, config->unix_mode, &listener, err);
	else
		rc = open_tcp(server, name, &listener, err);
	if (rc == 0)
		mark_fresh(listener, name);
	return rc;
}

/* Mark what is open already under that name; a unix socket whose file somebody took away must be made again. */
static bool
keep_named(struct au_http_server *server, const char *name)
{
	struct au_http_listener *listener;
	bool found = false;

	LIST_FOREACH(listener, &server->listeners, entry)
	{
		if (!au_streq(listener->name, name) || (listener->path != NULL && !is_at_its_path(listener)))
			continue;
		listener->named = found = true;
	}
	return found;
}

/* What systemd hands over is the administrator's choice too, but nobody could check it before. */
static int
check_clear_text(const struct au_http_server *server, const struct au_http_config *config, struct au_err *err)
{
	const struct au_http_listener *listener;

	if (config->tls_certificate != NULL || config->clear_text_anywhere)
		return 0;
	LIST_FOREACH(listener, &server->listeners, entry)
	{
		if (listener->named && strncmp(listener->name, systemd_word, sizeof(systemd_word) - 1) == 0 &&
		    !au_http_bind_is_local(evconnlistener_get_fd(listener->events)))
			return au_fail(err, AU_EINVAL,
			    "listen '%s': the socket would be served in clear text beyond this machine: give "
			    "tls_certificate and tls_key, or set insecure",
			    listener->name);
	}
	return 0;
}

/* End the taking over: keep either what is named or what was there before. */
static void
settle(struct au_http_server *server, bool keep_named_ones)
{
	struct au_http_listener *listener, *next;

	for (listener = LIST_FIRST(&server->listeners); listener != NULL; listener = next) {
		bool keep = keep_named_ones ? listener->named : !listener->fresh;

		next = LIST_NEXT(listener, entry);
		if (listener->name != NULL && !keep)
			au_http_listener_free(listener);
		else
			listener->named = listener->fresh = false;
	}
}

static void
set_modes(struct au_http_server *server, mode_t mode)
{
	struct au_http_listener *listener;

	LIST_FOREACH(listener, &server->listeners, entry)
	{
		/* clang's analyzer does not see that freed listeners left the list */
		if (listener->name != NULL && listener->path != NULL) /* NOLINT(clang-analyzer-unix.Malloc) */
			(void)!chmod(listener->path, mode);
	}
}

int
au_http_listen_as_configured(struct au_http_server *server, const struct au_http_config *config, struct au_err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < config->listen_count; i++)
		if (!keep_named(server, config->listen[i]))
			rc = open_named(server, config, config->listen[i], err);
	if (rc == 0)
		rc = check_clear_text(server, config, err);
	settle(server, rc == 0);
	if (rc == 0)
		set_modes(server, config->unix_mode);
	return rc;
}

void
au_http_server_addresses(const struct au_http_server *server, struct au_str *out)
{
	const struct au_http_listener *listener;

	LIST_FOREACH(listener, &server->listeners, entry)
	{
		int fd = evconnlistener_get_fd(listener->events);

		au_str_put(out, out->len > 0 ? ", " : "");
		au_http_bind_text(fd, out);
		au_str_put(out, server->tls.ctx != NULL && !au_http_bind_is_unix(fd) ? " (TLS)" : " (clear text)");
	}
}
