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
#include "connection.h"
#include "histogram.h"
#include "marks.h"
#include "state.h"

/* From the response to the upgrade until the room was joined. */
static void handshake(Conn *c, char *data, size_t size) {
  int isGet = opt.get && !c->sender;
  if (c->state == 1) {
    int status = c->carried ? 0 : atoi(data + 9);
    if (status && status != (isGet ? 200 : 101)) die("Refused with %d: %.300s", status, data);
    /* Bun writes the head of a delayed response line by line. */
    if (!isNew(c, data, size, "\r\n\r\n")) return;
    c->state = 2;
    const char *hello = hellos.count ? hellos.line[(opt.offset + (c - conns)) % hellos.count] : opt.hello;
    if (hello && !isGet) sendFrame(c, hello, strlen(hello)), flush();
    if (steps.count) {
      sendStep(c);
      return;
    }
  }
  if (c->step < steps.count) {
    if (!isNew(c, data, size, steps.line[c->step + 1])) return;
    c->step += 2;
    if (c->step < steps.count) {
      sendStep(c);
      return;
    }
    c->state = 3;
    ready++;
    return;
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
  if (opt.stepsFile) steps = readLines(opt.stepsFile);
  if (steps.count % 2) die("Each step needs the word that answers it");
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
  for (double limit = now() + 20; now() < limit && deliveries < sent * members && closed == 0;) turn(0, 20);
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
