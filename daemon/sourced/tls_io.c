/* SPDX-License-Identifier: ISC */
/* The layer below liblber's Sockbuf that reads and writes through OpenSSL; it never blocks and never closes the socket.
 */
#include "sourced/tls.h"

#include <errno.h>
#include <limits.h>
#include <openssl/err.h>

static int
setup(Sockbuf_IO_Desc *layer, void *ssl)
{
	layer->sbiod_pvt = ssl;
	return 0;
}

static int
unset(Sockbuf_IO_Desc *layer)
{
	layer->sbiod_pvt = NULL;
	return 0;
}

/* Decrypted bytes that wait in OpenSSL do not make the socket readable: libldap asks here. */
static int
control(Sockbuf_IO_Desc *layer, int option, void *arg)
{
	if (option == LBER_SB_OPT_DATA_READY && SSL_has_pending(layer->sbiod_pvt))
		return 1;
	return LBER_SBIOD_CTRL_NEXT(layer, option, arg);
}

/* What liblber expects of read(2) and write(2). */
static ber_slen_t
outcome(SSL *ssl, int rc)
{
	switch (SSL_get_error(ssl, rc)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		errno = EAGAIN;
		return -1;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	default:
		if (errno == 0 || errno == EAGAIN)
			errno = EIO;
		return -1;
	}
}

static int
capped(ber_len_t len)
{
	return len > INT_MAX ? INT_MAX : (int)len;
}

static ber_slen_t
read_tls(Sockbuf_IO_Desc *layer, void *data, ber_len_t len)
{
	SSL *ssl = layer->sbiod_pvt;

	ERR_clear_error();
	errno = 0;
	int rc = SSL_read(ssl, data, capped(len));
	return rc > 0 ? rc : outcome(ssl, rc);
}

static ber_slen_t
write_tls(Sockbuf_IO_Desc *layer, void *data, ber_len_t len)
{
	SSL *ssl = layer->sbiod_pvt;

	ERR_clear_error();
	errno = 0;
	int rc = SSL_write(ssl, data, capped(len));
	return rc > 0 ? rc : outcome(ssl, rc);
}

static int
shut(Sockbuf_IO_Desc *layer)
{
	if (layer->sbiod_pvt != NULL)
		SSL_shutdown(layer->sbiod_pvt);
	ERR_clear_error();
	return 0;
}

Sockbuf_IO au_tls_io = {
	.sbi_setup = setup,
	.sbi_remove = unset,
	.sbi_ctrl = control,
	.sbi_read = read_tls,
	.sbi_write = write_tls,
	.sbi_close = shut,
};
