#include "base/descendants.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Milliseconds that it may take until all have stopped: a process that waits for a disk stops
 * late. */
#define STOPPING_MS_MAX 2000

struct process {
	pid_t pid, parent;
	char state; /* as in proc(5): T stopped, Z ended, X gone */
	bool chosen;
};

struct table {
	struct process *list;
	size_t count, room;
};

void descendants_adopt(void)
{
#ifdef PR_SET_CHILD_SUBREAPER
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#endif
}

/* Reads what /proc says of the process NAME. Returns false if it has just gone. */
static bool process_read(const char *name, struct process *process)
{
	char path[64], text[512];

	snprintf(path, sizeof path, "/proc/%.20s/stat", name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
	if (fd >= 0)
		close(fd);
	text[length > 0 ? length : 0] = '\0';
	const char *rest = strrchr(text, ')'); /* the end of the program's name: any characters */
	if (rest == NULL || strlen(rest) < 5)
		return false;
	*process = (struct process){.pid = (pid_t)strtol(name, NULL, 10),
	        .state = rest[2],
	        .parent = (pid_t)strtol(rest + 4, NULL, 10)};
	return true;
}

/* Uses realloc(): want of memory must not end the program, as the caller still has a mail to answer
 * for. */
static bool table_add(struct table *table, struct process process)
{
	if (table->count == table->room) {
		size_t room = 2 * table->room + 256;
		struct process *list = realloc(table->list, room * sizeof *list);

		if (list == NULL)
			return false;
		*table = (struct table){list, table->count, room};
	}
	table->list[table->count++] = process;
	return true;
}

/* Lists all processes. Returns false if that fails. */
static bool table_read(struct table *table)
{
	DIR *folder = opendir("/proc");
	struct process process;
	bool found_us = false, has_room = true;

	table->count = 0;
	for (struct dirent *entry; folder != NULL && has_room && (entry = readdir(folder)) != NULL;)
		if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9' &&
		        process_read(entry->d_name, &process)) {
			found_us = found_us || process.pid == getpid();
			has_room = table_add(table, process);
		}
	if (folder != NULL)
		closedir(folder);
	return found_us && has_room;
}

/* Marks PID, its descendants, and those that we adopted, except EXCEPT. */
static void table_choose(struct table *table, pid_t pid, pid_t except)
{
	for (size_t i = 0; i < table->count; i++) {
		struct process *process = &table->list[i];

		process->chosen = process->pid == pid ||
		                  (process->parent == getpid() && process->pid != except);
	}
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < table->count; i++)
			for (size_t j = 0; table->list[i].chosen && j < table->count; j++) {
				struct process *other = &table->list[j];

				if (other->parent == table->list[i].pid && !other->chosen)
					other->chosen = more = true;
			}
	}
}

/* Sends SIGSTOP to the marked processes that run. *RUNNING is whether any does. Returns false if
 * one can't be stopped. */
static bool table_stop(const struct table *table, bool *running)
{
	*running = false;
	for (size_t i = 0; i < table->count; i++) {
		const struct process *process = &table->list[i];

		if (!process->chosen || strchr("TtZX", process->state) != NULL)
			continue;
		*running = true;
		if (kill(process->pid, SIGSTOP) != 0)
			return false;
	}
	return true;
}

static void pause_briefly(void)
{
	const struct timespec moment = {.tv_nsec = 1000000};

	nanosleep(&moment, NULL);
}

/* Stopped processes start no others: once all that are found are stopped, there are no more. */
static bool stop_all(struct table *table, pid_t pid, pid_t except)
{
	bool running = true;

	for (int tries = 0; running && tries < STOPPING_MS_MAX; tries++) {
		if (tries > 0)
			pause_briefly();
		if (!table_read(table))
			return false;
		table_choose(table, pid, except);
		if (!table_stop(table, &running))
			return false;
	}
	return !running;
}

bool descendants_end(
        pid_t pid, pid_t except, bool (*is_to_end)(void *argument), void *argument, int *outcome)
{
	struct table table = {.list = NULL};
	bool stopped = stop_all(&table, pid, except), ends = stopped && is_to_end(argument);
	int others;

	for (size_t i = 0; i < table.count; i++)
		if (table.list[i].chosen)
			kill(table.list[i].pid, ends ? SIGKILL : SIGCONT);
	for (size_t i = 0; ends && i < table.count; i++) {
		pid_t one = table.list[i].pid;

		/* It becomes our child once its parent is gone. */
		while (table.list[i].chosen && kill(one, 0) == 0 &&
		        waitpid(one, one == pid ? outcome : &others, WNOHANG) != one)
			pause_briefly();
	}
	free(table.list);
	return ends;
}
