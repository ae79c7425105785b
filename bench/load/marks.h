/* Finding the marks of messages in the bytes that were read, and counting them. */
#ifndef MARKS_H
#define MARKS_H
#include "histogram.h"
#include "connection.h"

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
  if (!c->sender || !opt.confirm || !c->awaits || !isNew(c, data, size, numbered(c, opt.confirm))) return;
  c->awaits = 0;
  confirmed++;
}
#endif
