/* SPDX-License-Identifier: ISC */
/* From the command line to the loop, and back to nothing left. */
#include "../common/process.h"
#include "exchange.h"

#include <string.h>

int
main(int argc, char **argv)
{
	struct options options = { 0 };
	struct process process;
	struct tenant tenant;

	switch_defaults(&option_table, &options);
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		switch_help(&option_table, stdout);
		return 0;
	}
	if (!switch_parse(&option_table, &options, argc, argv))
		return 2;
	process_start(&process);
	tenant_start(&tenant, &options, process.base);
	process_listen(&process, options.port, options.port_file, route_request, &tenant);
	event_base_dispatch(process.base);
	while (tenant.waiting != NULL)
		exchange_free(tenant.waiting);
	process_stop_listening(&process);
	tenant_done(&tenant);
	process_done(&process);
	return 0;
}
