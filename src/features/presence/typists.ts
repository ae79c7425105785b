import { typingSeconds } from "./contract.ts"
import type { NamedUser } from "./presence.ts"

/** Who is writing in one channel. Each sign of it counts for some seconds. */
export class Typists {
  readonly #people = new Map<string, { person: NamedUser; timer: ReturnType<typeof setTimeout> }>()

  constructor(private readonly changed: (people: NamedUser[]) => void) {}

  add(person: NamedUser): void {
    const known = this.#people.get(person.userId)
    clearTimeout(known?.timer)
    const timer = setTimeout(() => this.delete(person.userId), typingSeconds * 1000)
    this.#people.set(person.userId, { person, timer })
    if (!known) this.changed(this.list())
  }

  /** They sent what they wrote, or stopped. */
  delete(userId: string): void {
    const known = this.#people.get(userId)
    if (!known) return

    clearTimeout(known.timer)
    this.#people.delete(userId)
    this.changed(this.list())
  }

  list(): NamedUser[] {
    return [...this.#people.values()].map(({ person }) => person)
  }

  close(): void {
    for (const { timer } of this.#people.values()) clearTimeout(timer)
    this.#people.clear()
  }
}
