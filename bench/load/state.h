/* Shared by the parts below: the clock, failing, options and counters. All parts are one translation unit. */
#ifndef STATE_H
#define STATE_H
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { MARK = 30, CARRY = MARK - 1, MAX_MESSAGES = 4000000, BUCKETS = 4096, READ = 256 * 1024, ROOM = 16 * 1024 };

typedef struct {
  int fd, sender, state; /* 0 connecting, 1 awaiting the response, 2 awaiting `ready`, 3 ready, 4 closed */
  int carried;
  char carry[CARRY];
  long next;         /* the number expected next */
  double requestedAt; /* pages: when the current request was sent */
  long left;         /* pages: missing bytes of the response; -1 before its head was read */
  int step;          /* rooms: the line of `--steps` that was sent last */
  int awaits;        /* senders: whether a confirmation is awaited */
  char *head;        /* pages: the start of a head that arrived in pieces */
  long headSize;
} Conn;

static struct {
  const char *host, *path, *sendPath, *header, *hello, *helloFile, *ready, *send, *confirm, *pathsFile, *stepsFile, *ports, *receiverPorts;
  int port, receivers, senders, window, bytes, get, connections, status, ramp, from, expect, offset, count, people;
  double seconds, warmup, rate;
} opt = {.host = "127.0.0.1", .path = "/", .header = "", .bytes = 128, .seconds = 5, .warmup = 1, .status = 200,
         .receivers = 0, .senders = 1, .connections = 16, .ramp = 256};

static Conn *conns;
static int count, opened, ready, closed, ep;
static char buffer[READ + ROOM];
static long sent, completed, deliveries, lost, duplicated, misordered, failures, confirmed, answered, bytesRead;
static uint32_t *got;
static int measuring;
static double began;
typedef struct { char **line; int count; } Lines;
static Lines paths, hellos, steps;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static double cpu(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void die(const char *format, ...) {
  va_list args;
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
  exit(2);
}

static Lines readLines(const char *path) {
  Lines lines = {0};
  FILE *file = fopen(path, "r");
  if (!file) die("Cannot read %s", path);
  char *line = NULL;
  size_t room = 0;
  ssize_t size;
  while ((size = getline(&line, &room, file)) > 0) {
    if (line[size - 1] == '\n') line[size - 1] = 0;
    lines.line = realloc(lines.line, (lines.count + 1) * sizeof *lines.line);
    lines.line[lines.count++] = strdup(line);
  }
  fclose(file);
  if (!lines.count) die("%s is empty", path);
  return lines;
}

static void options(int argc, char **argv) {
  struct { const char *name; const char **text; int *number; double *real; } known[] = {
      {"--host", &opt.host}, {"--path", &opt.path}, {"--send-path", &opt.sendPath}, {"--header", &opt.header},
      {"--hello", &opt.hello}, {"--hello-file", &opt.helloFile}, {"--ready", &opt.ready}, {"--send", &opt.send},
      {"--confirm", &opt.confirm}, {"--paths", &opt.pathsFile}, {"--steps", &opt.stepsFile}, {"--port", 0, &opt.port},
      {"--ports", &opt.ports}, {"--receiver-ports", &opt.receiverPorts},
      {"--receivers", 0, &opt.receivers}, {"--senders", 0, &opt.senders}, {"--window", 0, &opt.window},
      {"--bytes", 0, &opt.bytes}, {"--get", 0, &opt.get}, {"--connections", 0, &opt.connections},
      {"--status", 0, &opt.status}, {"--from", 0, &opt.from}, {"--expect", 0, &opt.expect},
      {"--offset", 0, &opt.offset}, {"--count", 0, &opt.count}, {"--people", 0, &opt.people}, {"--ramp", 0, &opt.ramp}, {"--seconds", 0, 0, &opt.seconds},
      {"--warmup", 0, 0, &opt.warmup}, {"--rate", 0, 0, &opt.rate}};
  for (int i = 2; i + 1 < argc; i += 2) {
    size_t k = 0;
    while (k < sizeof known / sizeof *known && strcmp(known[k].name, argv[i])) k++;
    if (k == sizeof known / sizeof *known) die("Unknown option: %s", argv[i]);
    if (known[k].text) *known[k].text = argv[i + 1];
    else if (known[k].number) *known[k].number = atoi(argv[i + 1]);
    else *known[k].real = atof(argv[i + 1]);
  }
}
#endif
