/*
 * The load generator: one thread that opens many connections to one server and reads them as fast as the kernel
 * delivers bytes. A client in JavaScript cannot take millions of deliveries a second. This one searches the bytes for
 * marks and parses nothing else, so it works with every protocol.
 *
 *   cc -O2 -o load load.c
 *   load rooms   …   a chat room: receivers, and senders over WebSocket
 *   load pages   …   HTTP requests, one after another on each of some keep-alive connections
 *
 * A message carries the mark `zqm` + its number (10 digits) + `t` + when it was due (16 digits, microseconds). Each
 * connection must see the numbers 0, 1, 2, … in order. A skipped number is lost, a repeated one duplicated, a late one
 * misordered. The report is one line of JSON on standard output.
 */
#define _GNU_SOURCE
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
  int awaits;        /* senders: whether a confirmation is awaited */
  char *head;        /* pages: the start of a head that arrived in pieces */
  long headSize;
} Conn;

static struct {
  const char *host, *path, *sendPath, *header, *hello, *helloFile, *ready, *send, *confirm, *pathsFile;
  int port, receivers, senders, window, bytes, get, connections, status, ramp, from, expect, offset, count;
  double seconds, warmup, rate;
} opt = {.host = "127.0.0.1", .path = "/", .header = "", .bytes = 128, .seconds = 5, .warmup = 1, .status = 200,
         .receivers = 0, .senders = 1, .connections = 16, .ramp = 256};

static Conn *conns;
static int count, opened, ready, closed, ep;
static char buffer[READ + ROOM];
static long sent, completed, deliveries, lost, duplicated, misordered, failures, confirmed, answered, bytesRead;
static uint32_t *got;
static long hist[BUCKETS], lastHist[BUCKETS];
static int measuring;
static double began;
typedef struct { char **line; int count; } Lines;
static Lines paths, hellos;

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

/* Histogram buckets grow by 1/64 of a power of two: an error below 1.6 %. */
static int bucketOf(double seconds) {
  uint64_t us = seconds <= 0 ? 0 : (uint64_t)(seconds * 1e6);
  if (us < 64) return (int)us;
  int shift = 57 - __builtin_clzll(us);
  int bucket = 64 * (shift + 1) + (int)((us >> shift) - 64);
  return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static double valueOf(int bucket) {
  if (bucket < 64) return bucket;
  int shift = bucket / 64 - 1;
  return (double)((uint64_t)(64 + bucket % 64) << shift);
}

static double percentile(const long *h, double share) {
  long total = 0, seen = 0;
  for (int i = 0; i < BUCKETS; i++) total += h[i];
  if (!total) return 0;
  for (int i = 0; i < BUCKETS; i++) {
    seen += h[i];
    if (seen >= total * share) return valueOf(i) / 1000;
  }
  return 0;
}

static void writeAll(Conn *c, const char *data, size_t size) {
  while (size) {
    ssize_t n = write(c->fd, data, size);
    if (n < 0 && errno == EAGAIN) {
      usleep(50);
      continue;
    }
    if (n <= 0) return;
    data += n;
    size -= n;
  }
}

static char frames[1 << 20];
static size_t framed;
static Conn *framedFor;

/* Frames sent on one connection in one turn are batched into one write. */
static void flush(void) {
  if (framed) writeAll(framedFor, frames, framed);
  framed = 0;
}

/* A masked text frame whose mask is zero, so the text needs no masking. */
static void sendFrame(Conn *c, const char *text, size_t size) {
  if (framedFor != c || framed + size + 8 > sizeof frames) flush();
  framedFor = c;
  char *frame = frames + framed;
  size_t head = size < 126 ? 6 : 8;
  frame[0] = (char)0x81;
  if (size < 126) frame[1] = (char)(0x80 | size);
  else {
    frame[1] = (char)(0x80 | 126);
    frame[2] = (char)(size >> 8);
    frame[3] = (char)size;
  }
  memset(frame + head - 4, 0, 4);
  memcpy(frame + head, text, size);
  framed += head + size;
}

/* In `--send`, `%m` becomes a text of `--bytes` with a mark, `%i` a new UUID, `%c` the connection's number. */
static void sendMessage(Conn *c, double intended) {
  static char text[66000], mark[66000];
  if (sent >= MAX_MESSAGES || (opt.count && sent >= opt.count)) return;
  int length = snprintf(mark, sizeof mark, "zqm%010ldt%016.0f ", sent++, intended * 1e6);
  while (length < opt.bytes) mark[length] = (length % 7) ? 'a' + length % 23 : ' ', length++;
  if (mark[length - 1] == ' ') mark[length - 1] = '.';
  mark[length] = 0;

  size_t at = 0;
  for (const char *from = opt.send; *from; from++) {
    if (from[0] == '%' && from[1] == 'm') at += sprintf(text + at, "%s", mark), from++;
    else if (from[0] == '%' && from[1] == 'i') {
      at += sprintf(text + at, "%08x-%04x-4%03x-8%03x-%04x%08x", (unsigned)random(), (unsigned)random() & 0xffff,
                    (unsigned)random() & 0xfff, (unsigned)random() & 0xfff, (unsigned)random() & 0xffff,
                    (unsigned)random());
      from++;
    } else if (from[0] == '%' && from[1] == 'c') at += sprintf(text + at, "%ld", (long)(opt.offset + (c - conns))), from++;
    else text[at++] = *from;
  }
  c->awaits = 1;
  sendFrame(c, text, at);
}

/* In `--header` too, `%c` becomes the connection's number, so that each connection can be another user. */
static const char *ownHeader(const Conn *c) {
  static char text[2048];
  const char *number = strstr(opt.header, "%c");
  if (!number) return opt.header;
  snprintf(text, sizeof text, "%.*s%ld%s", (int)(number - opt.header), opt.header, (long)(opt.offset + (c - conns)), number + 2);
  return text;
}

static void request(Conn *c, int upgrade, const char *path) {
  char text[4096];
  int size = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: %s:%d\r\n%s%s%s\r\n", path, opt.host, opt.port,
                      ownHeader(c), *opt.header ? "\r\n" : "", upgrade ? "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                          : "");
  writeAll(c, text, size);
}

/* With `--paths`, pages are requested at random; in rooms each connection has its own path. */
static const char *anyPath(void) { return paths.count ? paths.line[random() % paths.count] : opt.path; }
static const char *ownPath(const Conn *c) { return paths.count ? paths.line[(c - conns) % paths.count] : opt.path; }

static void openOne(void) {
  Conn *c = &conns[opened];
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (c->fd < 0) die("No more sockets: raise the limit of open files (ulimit -n)");
  int one = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  /* One IP has some 28,000 ports for one server, so connections are spread over loopback IPs. */
  struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + opened / 20000)};
  if (opened >= 20000) bind(c->fd, (struct sockaddr *)&from, sizeof from);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(opt.port)};
  inet_pton(AF_INET, opt.host, &to.sin_addr);
  connect(c->fd, (struct sockaddr *)&to, sizeof to);
  c->left = -1;
  struct epoll_event event = {.events = EPOLLOUT | EPOLLIN, .data.ptr = c};
  epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &event);
  opened++;
}

static void closeConn(Conn *c) {
  if (c->state == 4) return;
  if (c->state == 3) ready--;
  c->state = 4;
  closed++;
  close(c->fd);
}

static double digits(const char *text, int count) {
  uint64_t value = 0;
  while (count--) value = value * 10 + (uint64_t)(*text++ - '0');
  return (double)value;
}

static void recordMark(Conn *c, const char *mark, double at) {
  long number = (long)digits(mark + 3, 10);
  if (number < 0 || number >= MAX_MESSAGES) return;
  if (number == c->next) c->next++;
  else if (number > c->next) lost += number - c->next, c->next = number + 1;
  else if (number == c->next - 1) { duplicated++; return; }
  else misordered++, lost--; /* It was counted as lost. */

  deliveries++;
  int isLast = ++got[number] == (uint32_t)(opt.get ? opt.receivers : opt.receivers + opt.senders);
  completed += isLast;
  /* When saturated, latency is sampled from one delivery in sixteen; all are counted. */
  int isSample = opt.rate > 0 || (deliveries & 15) == 0;
  if (!measuring || (!isLast && !isSample)) return;
  int bucket = bucketOf(at - digits(mark + 14, 16) / 1e6);
  hist[bucket] += isSample;
  lastHist[bucket] += isLast;
}

/* The next complete mark. `z` is rare, and memchr compares 32 bytes at once. */
static const char *nextMark(const char *from, const char *end) {
  while (end - from >= MARK && (from = memchr(from, 'z', end - from - MARK + 1))) {
    if (from[1] == 'q' && from[2] == 'm') return from;
    from++;
  }
  return NULL;
}

/* Whether the word ends in the new bytes. A match in the carried bytes alone was found before. */
static int isNew(const Conn *c, const char *data, size_t size, const char *word) {
  size_t before = strlen(word) - 1 < (size_t)c->carried ? strlen(word) - 1 : (size_t)c->carried;
  return memmem(data - before, size + before, word, strlen(word)) != NULL;
}

/* A mark is longer than the carried bytes, so none is counted twice. */
static void scan(Conn *c, const char *data, size_t size, double at) {
  const char *end = data + size, *from = data - c->carried;
  if (!c->sender || !opt.get)
    while ((from = nextMark(from, end))) recordMark(c, from, at), from += MARK;
  if (!c->sender || !opt.confirm || !c->awaits || !isNew(c, data, size, opt.confirm)) return;
  c->awaits = 0;
  confirmed++;
}

/* From the response to the upgrade until the room was joined. */
static void handshake(Conn *c, char *data, size_t size) {
  int isGet = opt.get && !c->sender;
  if (c->state == 1) {
    if (!memmem(data, size, "\r\n\r\n", 4)) die("A response's head arrived in pieces");
    int status = atoi(data + 9);
    if (status != (isGet ? 200 : 101)) die("Refused with %d: %.300s", status, data);
    c->state = 2;
    const char *hello = hellos.count ? hellos.line[(opt.offset + (c - conns)) % hellos.count] : opt.hello;
    if (hello && !isGet) sendFrame(c, hello, strlen(hello)), flush();
  }
  if (!opt.ready || isGet || isNew(c, data, size, opt.ready)) {
    c->state = 3;
    ready++;
  }
}

static void pageBytes(Conn *c, char *data, ssize_t size, double at) {
  if (c->head) {
    data -= c->headSize, size += c->headSize;
    memcpy(data, c->head, c->headSize);
    free(c->head), c->head = NULL;
  }
  while (size > 0) {
    if (c->left < 0) {
      char *head = memmem(data, size, "\r\n\r\n", 4);
      if (!head) {
        if (size > ROOM) die("A response's head does not end");
        c->head = memcpy(malloc(size), data, size), c->headSize = size;
        return;
      }
      if (atoi(data + 9) != opt.status) failures++;
      *head = 0;
      char *length = strcasestr(data, "content-length:");
      c->left = length ? atol(length + 15) : 0;
      size -= head + 4 - data;
      data = head + 4;
    }
    long take = size < c->left ? size : c->left;
    c->left -= take;
    data += take;
    size -= take;
    if (c->left == 0) {
      answered++;
      if (measuring) hist[bucketOf(at - c->requestedAt)]++;
      c->left = -1;
      c->requestedAt = now();
      request(c, 0, anyPath());
    }
  }
}

static void readable(Conn *c, int pages) {
  char *data = buffer + ROOM;
  ssize_t n = read(c->fd, data, READ);
  if (n == 0 || (n < 0 && errno != EAGAIN)) { closeConn(c); return; }
  if (n < 0) return;
  bytesRead += n;
  double at = now();
  if (pages) { pageBytes(c, data, n, at); return; }

  /* The last bytes may be the start of a mark or word: they are carried over to the next read. */
  char *start = data - c->carried;
  memcpy(start, c->carry, c->carried);
  if (c->state < 3) handshake(c, data, n);
  scan(c, data, n, at);
  size_t size = n + c->carried;
  c->carried = size < CARRY ? size : CARRY;
  memcpy(c->carry, start + size - c->carried, c->carried);
}

static void handle(struct epoll_event *event, int pages) {
  Conn *c = event->data.ptr;
  if (c->state == 4) return;
  if (c->state == 0 && (event->events & EPOLLOUT)) {
    struct epoll_event next = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &next);
    c->state = pages ? 3 : 1;
    if (pages) {
      ready++;
      c->requestedAt = now();
      request(c, 0, anyPath());
    } else request(c, c->sender || !opt.get, c->sender && opt.sendPath ? opt.sendPath : ownPath(c));
    return;
  }
  if (event->events & (EPOLLIN | EPOLLHUP | EPOLLERR)) readable(c, pages);
}

static void turn(int pages, int timeout) {
  struct epoll_event events[1024];
  int n = epoll_wait(ep, events, 1024, timeout);
  for (int i = 0; i < n; i++) handle(&events[i], pages);
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
      {"--confirm", &opt.confirm}, {"--paths", &opt.pathsFile}, {"--port", 0, &opt.port},
      {"--receivers", 0, &opt.receivers}, {"--senders", 0, &opt.senders}, {"--window", 0, &opt.window},
      {"--bytes", 0, &opt.bytes}, {"--get", 0, &opt.get}, {"--connections", 0, &opt.connections},
      {"--status", 0, &opt.status}, {"--from", 0, &opt.from}, {"--expect", 0, &opt.expect},
      {"--offset", 0, &opt.offset}, {"--count", 0, &opt.count}, {"--ramp", 0, &opt.ramp}, {"--seconds", 0, 0, &opt.seconds},
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

/* Opens all connections, `--ramp` at a time, and waits until each is ready; returns the seconds it took. */
static double connectAll(int pages) {
  double from = now(), limit = from + 120;
  while (ready + closed < count) {
    while (opened < count && opened - ready - closed < opt.ramp) openOne();
    turn(pages, 100);
    if (now() > limit) die("Only %d of %d connections became ready in time", ready, count);
  }
  return now() - from;
}

static void report(const char *mode, double connectSeconds, double seconds, double cpuSeconds, long counted, long settled) {
  printf("{\"mode\":\"%s\",\"connections\":%d,\"closed\":%d,\"connectSeconds\":%.4f,\"seconds\":%.4f,\"cpuShare\":%.3f,"
         "\"count\":%ld,\"perSecond\":%.1f,\"sent\":%ld,\"completed\":%ld,\"confirmed\":%ld,\"settled\":%ld,\"failures\":%ld,"
         "\"lost\":%ld,\"duplicated\":%ld,\"misordered\":%ld,\"bytes\":%ld,\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"p999\":%.3f,"
         "\"lastP50\":%.3f,\"lastP99\":%.3f}\n",
         mode, count, closed, connectSeconds, seconds, cpuSeconds / seconds, counted, counted / seconds, sent, completed,
         confirmed, settled, failures, lost, duplicated, misordered, bytesRead, percentile(hist, 0.5), percentile(hist, 0.9),
         percentile(hist, 0.99), percentile(hist, 0.999), percentile(lastHist, 0.5), percentile(lastHist, 0.99));
}

/* Sends due messages: at a rate, up to a number in flight, or each sender after its confirmation. */
static void sendDue(double at, int *turnOf) {
  if (opt.rate > 0) {
    double due = began + (sent + 1) / opt.rate;
    while (due <= at) {
      sendMessage(&conns[(*turnOf)++ % opt.senders], due);
      due = began + (sent + 1) / opt.rate;
    }
  } else if (opt.confirm) {
    for (int i = 0; i < opt.senders; i++)
      if (!conns[i].awaits) sendMessage(&conns[i], at);
  } else if (sent - completed <= opt.window / 2) {
    /* In two halves: sent one by one, the server would never have anything to batch. */
    long room = opt.window - (sent - completed);
    while (room-- > 0) sendMessage(&conns[(*turnOf)++ % opt.senders], at);
  }
  flush();
}

static int rooms(void) {
  count = opt.receivers + opt.senders;
  got = calloc(MAX_MESSAGES, sizeof *got);
  conns = calloc(count, sizeof *conns);
  for (int i = 0; i < opt.senders; i++) conns[i].sender = 1;
  for (int i = 0; i < count; i++) conns[i].next = opt.from;
  if (opt.helloFile) hellos = readLines(opt.helloFile);
  if (opt.pathsFile) paths = readLines(opt.pathsFile);
  began = now();
  double connectSeconds = connectAll(0);
  fprintf(stderr, "ready\n");

  if (!opt.send) { /* Idle connections, held until standard input ends. */
    char c;
    fcntl(0, F_SETFL, O_NONBLOCK);
    for (double limit = now() + 20; now() < limit && deliveries + lost < (long)(opt.expect - opt.from) * count;) turn(0, 20);
    double from = now(), used = cpu(), caughtUp = from - began;
    for (int i = 0; i < count && opt.expect; i++) lost += opt.expect - conns[i].next;
    fprintf(stderr, "caught up after %.3f\n", caughtUp);
    while (!(read(0, &c, 1) == 0) && now() - from < opt.seconds) turn(0, 50);
    report("rooms", opt.expect ? caughtUp : connectSeconds, now() - from, cpu() - used, deliveries, 0);
    return 0;
  }

  int turnOf = 0;
  began = now();
  double from = began, until = began + opt.warmup + opt.seconds, used = 0;
  long counted = 0, confirmedBefore = 0;
  for (double at = began; at < until; at = now()) {
    if (!measuring && at >= began + opt.warmup) measuring = 1, from = at, used = cpu(), counted = deliveries, confirmedBefore = confirmed;
    sendDue(at, &turnOf);
    turn(0, opt.rate > 0 ? (1000 / opt.rate > 1 ? 1 : 0) : 1);
  }
  double seconds = now() - from, share = cpu() - used;
  counted = opt.confirm && !opt.receivers ? confirmed - confirmedBefore : deliveries - counted;
  measuring = 0;
  /* Waits for messages in flight: only what never arrives is lost. */
  long members = opt.get ? opt.receivers : count;
  for (double limit = now() + 20; now() < limit && deliveries + lost < sent * members && closed == 0;) turn(0, 20);
  for (int i = opt.get ? opt.senders : 0; i < count; i++) lost += sent - conns[i].next;
  report("rooms", connectSeconds, seconds, share, counted, deliveries);
  return 0;
}

static int pages(void) {
  count = opt.connections;
  conns = calloc(count, sizeof *conns);
  if (opt.pathsFile) paths = readLines(opt.pathsFile);
  double connectSeconds = connectAll(1);
  for (double until = now() + opt.warmup; now() < until;) turn(1, 10);
  measuring = 1;
  double from = now(), used = cpu();
  long before = answered;
  for (double until = from + opt.seconds; now() < until;) turn(1, 10);
  report("pages", connectSeconds, now() - from, cpu() - used, answered - before, answered);
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 2) die("load rooms|pages --port N …");
  options(argc, argv);
  struct rlimit files = {1048576, 1048576};
  if (setrlimit(RLIMIT_NOFILE, &files)) getrlimit(RLIMIT_NOFILE, &files), files.rlim_cur = files.rlim_max, setrlimit(RLIMIT_NOFILE, &files);
  ep = epoll_create1(0);
  /* Ids must differ between runs: the server takes a known id for a message that is stored already. */
  srandom(time(NULL) ^ getpid() << 8);
  return strcmp(argv[1], "pages") ? rooms() : pages();
}
