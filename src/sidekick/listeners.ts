import ION from "@covenant-rpc/ion"
import type { Listening } from "./protocol.ts"

/** Longest question, in characters: a server takes 64 KB. */
const maxQuestionLength = 16 * 1024

interface Asked {
  resource: string
  contexts: unknown[]
}

/** Those with the same contexts: one client, or several of one person. */
interface Group {
  contexts: unknown[]
  length: number
  waiting: Map<
    string,
    { promise: Promise<boolean>; resolve(may: boolean): void; reject(error: unknown): void }
  >
}

/**
 * Asks a server who may listen to what. Everybody who listens to a resource is asked for when it changes, at once, so
 * what comes together is asked together.
 */
export class Listeners {
  #gathering = new Map<string, Group>()

  constructor(private readonly mayListen: (listening: Listening) => Promise<boolean[][]>) {}

  ask({ resource, contexts }: Asked): Promise<boolean> {
    if (this.#gathering.size === 0) setImmediate(() => void this.#askAll())
    const key = ION.stringify(contexts as never)
    const group = this.#gathering.get(key) ?? { contexts, length: key.length, waiting: new Map() }
    this.#gathering.set(key, group)
    const known = group.waiting.get(resource)
    if (known) return known.promise

    const answer = Promise.withResolvers<boolean>()
    group.waiting.set(resource, answer)
    group.length += resource.length
    return answer.promise
  }

  async #askAll(): Promise<void> {
    const groups = [...this.#gathering.values()]
    this.#gathering = new Map()
    while (groups.length > 0) {
      let length = 0
      const fits = groups.findIndex((group, index) => {
        length += group.length
        return index > 0 && length > maxQuestionLength
      })
      await this.#askFor(groups.splice(0, fits === -1 ? groups.length : fits))
    }
  }

  async #askFor(groups: Group[]): Promise<void> {
    const asked = groups.map(({ contexts, waiting }) => ({ contexts, resources: [...waiting.keys()] }))
    try {
      const allowed = await this.mayListen({ asked })
      for (const [index, { waiting }] of groups.entries()) {
        const answers = allowed[index] ?? []
        for (const [at, { resolve }] of [...waiting.values()].entries()) resolve(answers[at] === true)
      }
    } catch (error) {
      for (const { reject } of groups.flatMap(({ waiting }) => [...waiting.values()])) reject(error)
    }
  }
}
