/**
 * A UUID that begins with the time and goes on at random. Messages sent together are neighbours in a database's index by
 * id, and storing them writes few of its pages. `crypto.randomUUID` knows only random ones. Source: RFC 9562, section 5.7.
 */
export function makeId(): string {
  const time = Date.now().toString(16).padStart(12, "0")
  const random = crypto.getRandomValues(new Uint8Array(10))
  // Version 7, variant 1.
  random[0] = ((random[0] ?? 0) & 0x0f) | 0x70
  random[2] = ((random[2] ?? 0) & 0x3f) | 0x80
  const hex = time + Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("")

  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
}
