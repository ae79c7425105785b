import { answerMs } from "../wire.ts"
import { pathOf } from "../world.ts"
import { type Desk, type Outgoing, Refused, type Way } from "./way.ts"

/** By the page's forms: a plain one is answered with 303, a script's with 200. */
export class FormWay implements Way {
  #aborter = new AbortController()
  #isPlain = false

  constructor(private readonly desk: Desk) {}

  async send(message: Outgoing, written: () => void): Promise<void> {
    this.#isPlain = !this.#isPlain
    const answered = this.post(`${pathOf(this.desk.room)}/messages`, { ...message }, this.#isPlain)
    written()
    await answered
  }

  /** Resolves once the server has done what the form says. */
  async post(path: string, fields: Record<string, string>, isPlain = true): Promise<void> {
    const { line, person } = this.desk
    const answer = await fetch(line.origin + path, {
      method: "POST",
      redirect: "manual",
      headers: {
        cookie: person.cookie,
        origin: line.origin,
        ...(!isPlain && { accept: "application/json" }),
      },
      body: new URLSearchParams(fields),
      signal: AbortSignal.any([this.#aborter.signal, AbortSignal.timeout(answerMs)]),
    })
    await answer.body?.cancel()
    if (answer.status !== (isPlain ? 303 : 200)) throw new Refused(answer.status)
  }

  /** Is there a server at the other end of the line? */
  async isAnswered(): Promise<boolean> {
    try {
      const answer = await fetch(`${this.desk.line.origin}/health`, { signal: AbortSignal.timeout(answerMs) })
      return answer.ok
    } catch {
      return false
    }
  }

  drop(): void {
    this.#aborter.abort()
    this.#aborter = new AbortController()
  }
}
