/* SPDX-License-Identifier: ISC */
/* From the command line to the loop, and back to nothing left. */
#include "../common/process.h"
#include "exchange.h"
#include "route.h"

#include <string.h>

int
main(int argc, char **argv)
{
	struct options options = { 0 };
	struct process process;
	struct room room;

	switch_defaults(&option_table, &options);
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		switch_help(&option_table, stdout);
		return 0;
	}
	if (!switch_parse(&option_table, &options, argc, argv))
		return 2;
	process_start(&process);
	room_start(&room, &options, process.base);
	process_listen(&process, options.port, options.port_file, route_request, &room);
	event_base_dispatch(process.base);
	while (room.waiting != NULL)
		exchange_free(room.waiting);
	process_stop_listening(&process);
	room_done(&room);
	process_done(&process);
	return 0;
}
