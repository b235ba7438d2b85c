/* SPDX-License-Identifier: ISC */
/* Where the server listens, and that a change of it or of anything else turns nobody away. */
#include "base/mem.h"
#include "http/activation.h"
#include "tests/http/tls_client.h"
#include "tests/unit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LAST " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
#define FIRST_FD 3 /* of those that systemd hands over */

struct place {
	char folder[40], path[64], socket[72], certificate[64], key[80];
	struct world w;
	struct au_http_config config;
};

static int
setup(void **state)
{
	static struct place p;
	struct pki own = pki_make(NULL, "localhost", NULL, 3600);

	memset(&p, 0, sizeof(p));
	snprintf(p.folder, sizeof(p.folder), "/tmp/apiuserd-http-XXXXXX");
	assert_non_null(mkdtemp(p.folder));
	snprintf(p.path, sizeof(p.path), "%s/socket", p.folder);
	snprintf(p.socket, sizeof(p.socket), "unix:%s", p.path);
	snprintf(p.certificate, sizeof(p.certificate), "%s/cert.pem", p.folder);
	snprintf(p.key, sizeof(p.key), "file:%s/key.pem", p.folder);
	pki_write_certificate(&own, p.certificate);
	pki_write_key(&own, p.key + 5);
	pki_done(&own);
	p.config = world_config();
	p.config.unix_mode = 0600;
	world_start(&p.w, &p.config);
	*state = &p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	world_stop(&p->w);
	unlink(p->certificate);
	unlink(p->key + 5);
	return rmdir(p->folder);
}

/* Configure another list of addresses, up to NULL. */
static int
listen_at(struct place *p, const char *const *addresses, struct au_err *err)
{
	p->config.listen = addresses;
	p->config.listen_count = 0;
	while (addresses[p->config.listen_count] != NULL)
		p->config.listen_count++;
	return au_http_server_configure(p->w.server, &p->config, err);
}

#define LISTEN(p, err, ...) listen_at(p, (const char *const[]){ __VA_ARGS__, NULL }, err)

static char *
where(const struct place *p)
{
	struct au_str text = AU_STR_INIT;

	au_http_server_addresses(p->w.server, &text);
	return au_str_take(&text);
}

static char *
talk_unix(struct place *p, const char *request)
{
	int fd = client_open_unix(p->path);
	char *text;

	client_send(fd, request);
	text = client_read_all(&p->w, fd);
	close(fd);
	return text;
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

static void
set_of_addresses_follows_the_configuration(void **state)
{
	struct place *p = *state;
	AU_CLEANUP(au_freep) char *before = NULL, *both = NULL, *kept = NULL, *after = NULL;

	before = where(p); /* what the world itself has opened */
	assert_int_equal(LISTEN(p, NULL, "127.0.0.1:0", p->socket), 0);
	both = where(p);
	assert_int_equal(client_count(both, "(clear text)"), 3);
	assert_non_null(strstr(both, p->socket));
	/* Port 0 is another one each time, so what is equal has stayed open. */
	assert_int_equal(LISTEN(p, NULL, p->socket, "127.0.0.1:0"), 0);
	kept = where(p);
	assert_string_equal(kept, both);
	assert_int_equal(LISTEN(p, NULL, NULL), 0);
	after = where(p);
	assert_string_equal(after, before);
	assert_int_equal(mode_of(p->path), 0);
}

static void
address_that_cannot_be_had_changes_nothing(void **state)
{
	struct place *p = *state;
	AU_CLEANUP(au_freep) char *before = NULL, *after = NULL;
	char taken[32];
	struct au_err err = { 0 };

	snprintf(taken, sizeof(taken), "127.0.0.1:%d", p->w.port);
	assert_int_equal(LISTEN(p, NULL, "127.0.0.1:0"), 0);
	before = where(p);
	p->config.max_head = 1024;
	assert_int_equal(LISTEN(p, &err, p->socket, "127.0.0.2:0", taken), AU_EIO);
	assert_non_null(strstr(err.text, taken));
	assert_int_equal(LISTEN(p, &err, "unix:/nonexistent/socket"), AU_EIO);
	assert_int_equal(LISTEN(p, &err, "nonsense"), AU_EINVAL);
	p->config.tls_certificate = p->key + 5;
	assert_true(LISTEN(p, &err, "127.0.0.2:0") < 0);
	after = where(p);
	assert_string_equal(after, before);
	assert_int_equal(mode_of(p->path), 0);
}

static void
unix_socket_has_its_mode_and_comes_back(void **state)
{
	struct place *p = *state;
	char *text;

	assert_int_equal(LISTEN(p, NULL, p->socket), 0);
	assert_int_equal(mode_of(p->path), 0600);
	p->config.unix_mode = 0666;
	assert_int_equal(LISTEN(p, NULL, p->socket), 0);
	assert_int_equal(mode_of(p->path), 0666);
	assert_int_equal(unlink(p->path), 0);
	assert_int_equal(LISTEN(p, NULL, p->socket), 0);
	text = talk_unix(p, "GET /peer" LAST);
	assert_non_null(strstr(text, "unix me"));
	free(text);
}

static void
unix_socket_is_clear_text_beside_tls(void **state)
{
	struct place *p = *state;
	struct tls_client client;
	char *text, *addresses;

	p->config.tls_certificate = p->certificate;
	p->config.tls_key = p->key;
	assert_int_equal(LISTEN(p, NULL, p->socket), 0);
	addresses = where(p);
	assert_non_null(strstr(addresses, "/socket (clear text)"));
	assert_non_null(strstr(addresses, " (TLS)"));
	free(addresses);
	text = talk_unix(p, "GET /echo" LAST);
	assert_int_equal(client_status(text), 200);
	free(text);
	tls_client_init(&client, TLS1_2_VERSION, TLS1_3_VERSION, NULL);
	text = tls_talk(&p->w, &client, "GET /echo" LAST);
	assert_int_equal(client_status(text), 200);
	free(text);
	tls_client_done(&client);
}

/* ---- reloads ---- */

/* One request on a connection of its own; false when anything but a good answer comes of it. */
static bool
ask_once(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char buf[512];
	size_t have = 0;
	ssize_t got;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return false;
	client_send(fd, "GET /echo" LAST);
	while ((got = recv(fd, buf + have, sizeof(buf) - have, 0)) > 0)
		have += (size_t)got;
	close(fd);
	return got == 0 && have > 12 && memcmp(buf, "HTTP/1.1 200", 12) == 0;
}

/* In a process of its own; its exit status is the number of requests that failed. */
static pid_t
start_asking(int port, unsigned times)
{
	pid_t pid = fork();
	int failed = 0;

	if (pid != 0)
		return pid;
	alarm(60);
	for (; times > 0; times--)
		failed += !ask_once(port);
	_exit(failed < 100 ? failed : 100);
}

static void
nobody_is_refused_while_configurations_change(void **state)
{
	struct place *p = *state;
	char *addresses, *ours;
	pid_t pids[4];
	size_t i, left = AU_COUNT(pids);
	unsigned reloads = 0;
	int port, status;

	assert_int_equal(LISTEN(p, NULL, "127.0.0.1:0"), 0);
	addresses = where(p);
	ours = strstr(addresses, "127.0.0.1:");
	port = (int)strtol(ours + strlen("127.0.0.1:"), NULL, 10);
	if (port == p->w.port)
		port = (int)strtol(strstr(ours + 1, "127.0.0.1:") + strlen("127.0.0.1:"), NULL, 10);
	free(addresses);
	for (i = 0; i < AU_COUNT(pids); i++)
		pids[i] = start_asking(port, 300);
	while (left > 0) {
		if (reloads++ % 2 == 0)
			assert_int_equal(LISTEN(p, NULL, p->socket, "127.0.0.1:0", "127.0.0.2:0"), 0);
		else
			assert_int_equal(LISTEN(p, NULL, "127.0.0.1:0"), 0);
		world_turn(&p->w);
		for (i = 0; i < AU_COUNT(pids); i++)
			if (pids[i] > 0 && waitpid(pids[i], &status, WNOHANG) == pids[i]) {
				assert_true(WIFEXITED(status));
				assert_int_equal(WEXITSTATUS(status), 0);
				pids[i] = 0;
				left--;
			}
	}
	assert_int_equal(p->w.handled, 300 * AU_COUNT(pids));
	assert_true(reloads > 100);
}

static void
open_connection_and_running_request_outlive_a_change(void **state)
{
	struct place *p = *state;
	int fd;
	char *text;

	assert_int_equal(LISTEN(p, NULL, p->socket), 0);
	fd = client_open_unix(p->path);
	client_send(fd, "GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
	while (p->w.held_count == 0)
		world_turn(&p->w);
	p->config.tls_certificate = p->certificate;
	p->config.tls_key = p->key;
	assert_int_equal(LISTEN(p, NULL, NULL), 0);
	world_reply_held(&p->w, "as before");
	client_send(fd, "GET /echo" LAST);
	text = client_read_all(&p->w, fd);
	assert_non_null(strstr(text, "as before"));
	free(text);
	close(fd);
}

/* ---- sockets from systemd ---- */

static int
bound_socket(const char *host)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, host, &address.sin_addr);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* Hand two sockets over as systemd does it; what lay there before comes back with give_back. */
struct handed {
	int saved[2];
	struct au_http_activation *activation;
};

static void
hand_over(struct handed *handed, int one, int two, const char *names)
{
	int fds[] = { one, two }, i;
	char pid[16];

	for (i = 0; i < 2; i++)
		handed->saved[i] = dup(FIRST_FD + i);
	for (i = 0; i < 2; i++) {
		/* Out of the way first: it may lie where the other one shall. */
		int fd = fcntl(fds[i], F_DUPFD_CLOEXEC, 100);

		close(fds[i]);
		fds[i] = fd;
	}
	for (i = 0; i < 2; i++) {
		assert_int_equal(dup2(fds[i], FIRST_FD + i), FIRST_FD + i);
		close(fds[i]);
	}
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "2", 1);
	setenv("LISTEN_FDNAMES", names, 1);
	assert_int_equal(au_http_activation_new(&handed->activation, NULL), 0);
	assert_null(getenv("LISTEN_FDS"));
}

static void
give_back(struct handed *handed)
{
	int i;

	au_http_activation_free(handed->activation);
	for (i = 0; i < 2; i++)
		if (handed->saved[i] >= 0) {
			dup2(handed->saved[i], FIRST_FD + i);
			close(handed->saved[i]);
		}
}

static int
port_of(int fd)
{
	struct sockaddr_in address;
	socklen_t len = sizeof(address);

	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	return ntohs(address.sin_port);
}

static void
sockets_from_systemd_are_served_by_their_name(void **state)
{
	struct place *p = *state;
	struct handed handed;
	struct au_err err = { 0 };
	int own_port = p->w.port, on = 0;
	socklen_t len = sizeof(on);
	char *text;

	hand_over(&handed, bound_socket("127.0.0.1"), bound_socket("127.0.0.1"), "scim:other");
	assert_string_equal(au_http_activation_name(handed.activation, 1), "other");
	assert_null(au_http_activation_name(handed.activation, 2));
	p->config.activation = handed.activation;
	assert_int_equal(LISTEN(p, &err, "systemd:nobody"), AU_ENOENT);
	assert_int_equal(LISTEN(p, &err, "systemd:scim"), 0);
	assert_int_equal(getsockopt(FIRST_FD, IPPROTO_TCP, TCP_NODELAY, &on, &len), 0);
	assert_true(on);
	p->w.port = port_of(FIRST_FD);
	text = client_talk(&p->w, "GET /echo" LAST);
	assert_int_equal(client_status(text), 200);
	free(text);
	/* Left out and named again: systemd's queue stays, and so do we. */
	assert_int_equal(LISTEN(p, &err, NULL), 0);
	assert_int_equal(LISTEN(p, &err, "systemd:scim"), 0);
	text = client_talk(&p->w, "GET /echo" LAST);
	assert_int_equal(client_status(text), 200);
	free(text);
	p->w.port = own_port;
	assert_int_equal(LISTEN(p, &err, NULL), 0);
	give_back(&handed);
}

static void
several_sockets_of_one_name_are_served_all(void **state)
{
	struct place *p = *state;
	struct handed handed;
	int i;

	hand_over(&handed, bound_socket("127.0.0.1"), bound_socket("127.0.0.1"), "scim:scim");
	p->config.activation = handed.activation;
	assert_int_equal(LISTEN(p, NULL, "systemd:scim"), 0);
	for (i = 0; i < 2; i++) {
		char *text;

		p->w.port = port_of(FIRST_FD + i);
		text = client_talk(&p->w, "GET /echo" LAST);
		assert_int_equal(client_status(text), 200);
		free(text);
	}
	assert_int_equal(LISTEN(p, NULL, NULL), 0);
	give_back(&handed);
}

static void
socket_from_systemd_that_others_reach_needs_tls(void **state)
{
	struct place *p = *state;
	struct handed handed;
	struct au_err err = { 0 };

	hand_over(&handed, bound_socket("127.0.0.1"), bound_socket("0.0.0.0"), "near:far");
	p->config.activation = handed.activation;
	assert_int_equal(LISTEN(p, &err, "systemd:near"), 0);
	assert_int_equal(LISTEN(p, &err, "systemd:far"), AU_EINVAL);
	assert_non_null(strstr(err.text, "clear text"));
	p->config.clear_text_anywhere = true;
	assert_int_equal(LISTEN(p, &err, "systemd:far"), 0);
	p->config.clear_text_anywhere = false;
	assert_int_equal(LISTEN(p, &err, "systemd:far"), AU_EINVAL);
	p->config.tls_certificate = p->certificate;
	p->config.tls_key = p->key;
	assert_int_equal(LISTEN(p, &err, "systemd:far"), 0);
	assert_int_equal(LISTEN(p, &err, NULL), 0);
	give_back(&handed);
}

static void
datagram_socket_from_systemd_is_refused(void **state)
{
	struct place *p = *state;
	struct handed handed;
	struct au_err err = { 0 };

	hand_over(&handed, socket(AF_INET, SOCK_DGRAM, 0), open("/dev/null", O_RDONLY | O_CLOEXEC), "scim:null");
	p->config.activation = handed.activation;
	assert_int_equal(LISTEN(p, &err, "systemd:scim"), AU_EINVAL);
	assert_int_equal(LISTEN(p, &err, "systemd:null"), AU_EIO);
	give_back(&handed);
}

#define LIVE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* The places of systemd's sockets are taken before a loop or a log takes them. */
static void
occupy_places(void)
{
	int fd;

	while ((fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0 && fd < FIRST_FD + 2)
		;
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(set_of_addresses_follows_the_configuration),
		LIVE(address_that_cannot_be_had_changes_nothing),
		LIVE(unix_socket_has_its_mode_and_comes_back),
		LIVE(unix_socket_is_clear_text_beside_tls),
		LIVE(nobody_is_refused_while_configurations_change),
		LIVE(open_connection_and_running_request_outlive_a_change),
		LIVE(sockets_from_systemd_are_served_by_their_name),
		LIVE(several_sockets_of_one_name_are_served_all),
		LIVE(socket_from_systemd_that_others_reach_needs_tls),
		LIVE(datagram_socket_from_systemd_is_refused),
	};

	occupy_places();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
