#include "cmd-held.h"

#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "cmd.h"
#include "hold.h"
#include "io.h"

void held_forget(void)
{
	hold_forget("text");
	hold_forget("neomutt");
	hold_forget("mutt");
}

/* Keep the explanation, and where the other mail is. */
enum status held_put(const void *ctx, const char *text, const struct others *others)
{
	char *path = hold_path(ctx, "mail");
	bool is_put = path != NULL && others_put(ctx, others, path);
	char *neomutt = others_neomutt(ctx, others, path, is_put), *mutt = others_mutt(ctx, path, is_put);

	if (neomutt == NULL || mutt == NULL)
		return STATUS_TRY_LATER;
	hold_put("neomutt", neomutt);
	hold_put("mutt", mutt);
	return hold_put("text", text);
}

/* As a filter: what the pager would show is left unread, and the explanation comes in its place; once. A filter that was left behind by accident shows the
 * next mail as it is. */
static enum status print_text(const void *ctx)
{
	char *text = hold_get(ctx, "text");

	if (text == NULL)
		return io_copy(STDIN_FILENO, STDOUT_FILENO);
	io_drain(STDIN_FILENO);
	hold_forget("text");
	return cmd_print(text);
}

/* As a file of commands. */
static enum status print_command(const void *ctx, const char *name)
{
	char *text = hold_get(ctx, name);

	return cmd_print(text != NULL ? text : "echo 'notmuch-bounce: there is nothing to open'\n");
}

enum status held_print(const void *ctx, const char *what)
{
	return strcmp(what, "text") == 0 ? print_text(ctx) : print_command(ctx, what);
}
