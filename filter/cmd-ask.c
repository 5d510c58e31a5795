#include "cmd-ask.h"

#include <fcntl.h>
#include <strings.h>
#include <unistd.h>

#include "cmd.h"

int cmd_terminal(void)
{
	if (!isatty(STDOUT_FILENO))
		return -1;
	return isatty(STDIN_FILENO) ? STDIN_FILENO : open("/dev/tty", O_RDONLY | O_CLOEXEC);
}

bool cmd_ask(int answers, const char *question)
{
	char answer[8], c = '\0';
	size_t length = 0;
	ssize_t n;

	if (cmd_print(question) != STATUS_OK || cmd_print(" [y/N] ") != STATUS_OK)
		return false;
	while ((n = read(answers, &c, 1)) == 1 && c != '\n')
		if (length < sizeof answer - 1)
			answer[length++] = c;
	answer[length] = '\0';
	if (n != 1)
		cmd_print("\n");
	return n == 1 && (strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0);
}
