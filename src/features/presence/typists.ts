import { typingSeconds } from "./contract.ts"
import type { Typist } from "./presence.ts"

/** Who is typing in one channel. Each typing event counts for some seconds. */
export class Typists {
  readonly #onChange: (users: Typist[]) => void
  readonly #typing = new Map<string, { user: Typist; timer: ReturnType<typeof setTimeout> }>()

  constructor(onChange: (users: Typist[]) => void) {
    this.#onChange = onChange
  }

  add(user: Typist): void {
    const before = this.#typing.get(user.userId)
    clearTimeout(before?.timer)
    const timer = setTimeout(() => this.delete(user.userId), typingSeconds * 1000)
    this.#typing.set(user.userId, { user, timer })
    if (!before) this.#onChange(this.list())
  }

  /** They sent their message, or stopped. */
  delete(userId: string): void {
    const typing = this.#typing.get(userId)
    if (!typing) return

    clearTimeout(typing.timer)
    this.#typing.delete(userId)
    this.#onChange(this.list())
  }

  list(): Typist[] {
    return [...this.#typing.values()].map(({ user }) => user)
  }

  close(): void {
    for (const { timer } of this.#typing.values()) clearTimeout(timer)
    this.#typing.clear()
  }
}
