const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth)
/** Bodies that are hard to read, by what they are. */
export const hostileBodies: [what: string, body: string][] = [
  ["JSON nested 30,000 deep", nested("[", "]", 30_000)],
  ["objects nested 10,000 deep", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`],
  ["maps nested 6,000 deep", `${"map{1:".repeat(6000)}1${"}".repeat(6000)}`],
  ["brackets that nobody closes", "[".repeat(60_000)],
  ["60,000 characters of one number", "9".repeat(60_000)],
  ["60,000 characters of one string", `"${"x".repeat(59_000)}"`],
  ["10,000 keys", `{${Array.from({ length: 6000 }, (_, at) => `"k${at}":1`).join(",")}}`],
  ["escapes without end", `"${"\\u0041".repeat(9000)}`],
  ["one megabyte", "x".repeat(1024 * 1024)],
]
