import ION from "@covenant-rpc/ion"
import type { ListenQuestion } from "./protocol.ts"

/** Longest question in characters; a server accepts 64 KB. */
const maxQuestionLength = 16 * 1024

/** Pending checks with the same contexts: those of one client, or of several clients of one user. */
interface CheckGroup {
  contexts: unknown[]
  length: number
  pending: Map<string, PromiseWithResolvers<boolean>>
}

/**
 * Batches "may this client listen to this resource?" questions to a server. When a resource changes, every listener
 * is checked again at the same moment; all checks of one turn of the event loop become one request.
 */
export class ListenChecks {
  readonly #ask: (question: ListenQuestion) => Promise<boolean[][]>
  #groups = new Map<string, CheckGroup>()

  /** `ask` resolves with one list per entry of the question, one boolean per resource. */
  constructor(ask: (question: ListenQuestion) => Promise<boolean[][]>) {
    this.#ask = ask
  }

  /** Resolves with the server's decision. Rejects when `ask` does. */
  check({ resource, contexts }: { resource: string; contexts: unknown[] }): Promise<boolean> {
    if (this.#groups.size === 0) setImmediate(() => void this.#flush())
    const key = ION.stringify(contexts as never)
    const group = this.#groups.get(key) ?? { contexts, length: key.length, pending: new Map() }
    this.#groups.set(key, group)
    const pending = group.pending.get(resource)
    if (pending) return pending.promise

    const answer = Promise.withResolvers<boolean>()
    group.pending.set(resource, answer)
    group.length += resource.length
    return answer.promise
  }

  async #flush(): Promise<void> {
    const groups = [...this.#groups.values()]
    this.#groups = new Map()
    while (groups.length > 0) {
      let length = 0
      const firstTooMany = groups.findIndex((group, index) => {
        length += group.length
        return index > 0 && length > maxQuestionLength
      })
      await this.#askFor(groups.splice(0, firstTooMany === -1 ? groups.length : firstTooMany))
    }
  }

  async #askFor(groups: CheckGroup[]): Promise<void> {
    const asked = groups.map(({ contexts, pending }) => ({ contexts, resources: [...pending.keys()] }))
    try {
      const allowed = await this.#ask({ asked })
      for (const [index, { pending }] of groups.entries()) {
        const answers = allowed[index] ?? []
        for (const [at, { resolve }] of [...pending.values()].entries()) resolve(answers[at] === true)
      }
    } catch (error) {
      for (const { reject } of groups.flatMap(({ pending }) => [...pending.values()])) reject(error)
    }
  }
}
