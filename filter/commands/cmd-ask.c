#include "commands/cmd-ask.h"

#include <fcntl.h>
#include <strings.h>
#include <unistd.h>

#include "commands/cmd.h"

int cmd_terminal(void)
{
	if (!isatty(STDOUT_FILENO))
		return -1;
	return isatty(STDIN_FILENO) ? STDIN_FILENO : open("/dev/tty", O_RDONLY | O_CLOEXEC);
}

bool cmd_answer(int terminal, char *answer, size_t size)
{
	size_t length = 0;
	ssize_t n;
	char c = '\0';

	while ((n = read(terminal, &c, 1)) == 1 && c != '\n')
		if (length < size - 1)
			answer[length++] = c;
	answer[length] = '\0';
	return n == 1;
}

bool cmd_ask(int answers, const char *question)
{
	char answer[8];
	bool answered;

	if (cmd_print(question) != STATUS_OK || cmd_print(" [y/N] ") != STATUS_OK)
		return false;
	answered = cmd_answer(answers, answer, sizeof answer);
	if (!answered)
		cmd_print("\n");
	return answered && (strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0);
}
