/** Chance that is the same each time: mulberry32, small and fast. Source: github.com/bryc/code, PRNGs. */
export class Chance {
  constructor(private state: number) {}

  /** From 0 up to 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  /** Does something happen that happens so often? */
  happens(share: number): boolean {
    return this.next() < share
  }

  /** A whole number, both ends included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T
  }

  /** One of a list whose first are picked most. */
  pickEarly<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() ** 3 * list.length)] as T
  }

  id(): string {
    const hex = () =>
      Math.floor(this.next() * 0x100000000)
        .toString(16)
        .padStart(8, "0")
    const digits = hex() + hex() + hex() + hex()
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`
  }
}
