/* Opening connections and writing to them. */
#ifndef CONNECTION_H
#define CONNECTION_H
#include "state.h"

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

/* In `--send`, `%m` becomes a text of `--bytes` with a mark, `%i` a new UUID as the page makes them, `%c` the connection's number. */
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
      struct timespec now;
      clock_gettime(CLOCK_REALTIME, &now);
      unsigned long ms = now.tv_sec * 1000UL + now.tv_nsec / 1000000;
      at += sprintf(text + at, "%08lx-%04lx-7%03x-8%03x-%04x%08x", ms >> 16, ms & 0xffff, (unsigned)random() & 0xfff,
                    (unsigned)random() & 0xfff, (unsigned)random() & 0xffff, (unsigned)random());
      from++;
    } else if (from[0] == '%' && from[1] == 'c') at += sprintf(text + at, "%ld", (long)(opt.offset + (c - conns))), from++;
    else text[at++] = *from;
  }
  c->awaits = 1;
  sendFrame(c, text, at);
}

/* In `--header`, `--steps` and `--confirm` too, `%c` becomes the connection's number, so that each connection can be
 * another user; with `--people` they are so many users in turn. */
static const char *numbered(const Conn *c, const char *pattern) {
  static char text[2048];
  const char *number = strstr(pattern, "%c");
  if (!number) return pattern;
  long person = opt.offset + (c - conns);
  if (opt.people) person %= opt.people;
  snprintf(text, sizeof text, "%.*s%ld%s", (int)(number - pattern), pattern, person, number + 2);
  return text;
}

/* Sends the next line of `--steps`; the line after it is the word that answers it. */
static void sendStep(Conn *c) {
  const char *text = numbered(c, steps.line[c->step]);
  sendFrame(c, text, strlen(text)), flush();
}

static void request(Conn *c, int upgrade, const char *path) {
  char text[4096];
  int size = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: %s:%d\r\n%s%s%s\r\n", path, opt.host, opt.port,
                      numbered(c, opt.header), *opt.header ? "\r\n" : "", upgrade ? "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                          : "");
  writeAll(c, text, size);
}

/* With `--paths`, pages are requested at random; in rooms each connection has its own path. */
static const char *anyPath(void) { return paths.count ? paths.line[random() % paths.count] : opt.path; }
static const char *ownPath(const Conn *c) { return paths.count ? paths.line[(c - conns) % paths.count] : opt.path; }

/* Connections take the ports of `--ports` in turn, receivers those of `--receiver-ports` if there are any. */
static int portOf(const Conn *c) {
  const char *list = !c->sender && opt.receiverPorts ? opt.receiverPorts : opt.ports;
  if (!list) return opt.port;
  int ports = 1;
  for (const char *at = list; (at = strchr(at, ',')); at++) ports++;
  for (int turn = (c - conns) % ports; turn > 0; turn--) list = strchr(list, ',') + 1;
  return atoi(list);
}

static void openOne(void) {
  Conn *c = &conns[opened];
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (c->fd < 0) die("No more sockets: raise the limit of open files (ulimit -n)");
  int one = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  /* The chat limits connections from one IP, as do the ports of one IP: connections are spread over loopback IPs. */
  struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + opened / 1000)};
  if (bind(c->fd, (struct sockaddr *)&from, sizeof from)) die("Cannot connect from another loopback IP");
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(portOf(c))};
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
#endif
