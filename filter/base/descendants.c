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

/* False if it has just gone. */
static bool process_read(const char *name, struct process *process)
{
	char path[64], text[512];
	const char *rest;
	ssize_t length;
	int fd;

	snprintf(path, sizeof path, "/proc/%.20s/stat", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
	if (fd >= 0)
		close(fd);
	text[length > 0 ? length : 0] = '\0';
	rest = strrchr(text, ')'); /* behind the name of its program, which may hold anything */
	if (rest == NULL || strlen(rest) < 5)
		return false;
	*process = (struct process){.pid = (pid_t)strtol(name, NULL, 10),
	        .state = rest[2],
	        .parent = (pid_t)strtol(rest + 4, NULL, 10)};
	return true;
}

/* Uses realloc(): want of memory must not end the program, as the caller still has a mail to answer
 * for. */
static bool table_add(struct table *table, const struct process *process)
{
	struct process *list = table->list;

	if (table->count == table->room) {
		table->room = 2 * table->room + 256;
		list = realloc(table->list, table->room * sizeof *list);
		if (list == NULL)
			return false;
		table->list = list;
	}
	list[table->count++] = *process;
	return true;
}

static int by_pid(const void *a, const void *b)
{
	const struct process *first = a, *second = b;

	return (first->pid > second->pid) - (first->pid < second->pid);
}

/* All processes that there are. False if they can't be listed. */
static bool table_read(struct table *table)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	struct process process;
	bool found_us = false;

	table->count = 0;
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] < '0' || entry->d_name[0] > '9' ||
		        !process_read(entry->d_name, &process))
			continue;
		found_us = found_us || process.pid == getpid();
		if (!table_add(table, &process)) {
			found_us = false;
			break;
		}
	}
	if (folder != NULL)
		closedir(folder);
	if (found_us)
		qsort(table->list, table->count, sizeof *table->list, by_pid);
	return found_us;
}

static bool is_chosen(const struct table *table, pid_t pid)
{
	const struct process key = {.pid = pid},
	                     *found = bsearch(&key, table->list, table->count, sizeof key, by_pid);

	return found != NULL && found->chosen;
}

/* Mark what comes from PID, and what we adopted. */
static void table_choose(struct table *table, pid_t pid, pid_t except)
{
	bool more = true;
	size_t i;

	while (more)
		for (more = false, i = 0; i < table->count; i++) {
			struct process *process = &table->list[i];
			bool is_ours = process->parent == getpid() && process->pid != except;

			if (process->chosen || !(process->pid == pid || is_ours ||
			                               is_chosen(table, process->parent)))
				continue;
			process->chosen = more = true;
		}
}

/* Send SIGSTOP to those that run. *RUNNING is whether any does; false if one can't be stopped. */
static bool table_stop(const struct table *table, bool *running)
{
	size_t i;

	*running = false;
	for (i = 0; i < table->count; i++) {
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
	int tries;

	for (tries = 0; running && tries < STOPPING_MS_MAX; tries++) {
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

static void signal_all(const struct table *table, int number)
{
	size_t i;

	for (i = 0; i < table->count; i++)
		if (table->list[i].chosen)
			kill(table->list[i].pid, number);
}

/* Wait until PID is gone, which becomes our child once its parent is. */
static void wait_until_gone(pid_t pid, int *outcome)
{
	while (kill(pid, 0) == 0 && waitpid(pid, outcome, WNOHANG) != pid)
		pause_briefly();
}

bool descendants_end(
        pid_t pid, pid_t except, bool (*is_to_end)(void *argument), void *argument, int *outcome)
{
	struct table table = {.list = NULL};
	bool stopped = stop_all(&table, pid, except), ends = stopped && is_to_end(argument);
	int ended;
	size_t i;

	signal_all(&table, ends ? SIGKILL : SIGCONT);
	for (i = 0; ends && i < table.count; i++)
		if (table.list[i].chosen)
			wait_until_gone(
			        table.list[i].pid, table.list[i].pid == pid ? outcome : &ended);
	free(table.list);
	return ends;
}
