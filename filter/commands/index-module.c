#include "commands/index-module.h"

#include <stddef.h>

#include "commands/cmd-index.h"

static const struct command *const commands[] = {
        &command_addresses,
        &command_clean,
        &command_explain,
        &command_forget,
        &command_handled,
        &command_report,
        &command_resend,
        &command_sample,
        &command_send,
        &command_setup,
        &command_silent,
        &command_status,
        &command_tag,
        NULL,
};

const struct index_module module_index = {commands, call_run, delivered_record};
