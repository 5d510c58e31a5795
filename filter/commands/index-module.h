/* The part of the program that is linked with libnotmuch. */
#ifndef INDEX_MODULE_H
#define INDEX_MODULE_H

#include "commands/cmd-delivered.h"
#include "commands/command.h"

struct index_module {
	const struct command *const *commands; /* ends with NULL */
	enum status (*run)(struct call *call); /* run one of them, see call_run() */
	void (*record)(struct delivery_record *record, int answer); /* see delivered_record() */
};

extern const struct index_module module_index;

#endif
