#ifndef HISTOGRAM_H
#define HISTOGRAM_H
#include "state.h"

static long hist[BUCKETS], lastHist[BUCKETS];

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
#endif
