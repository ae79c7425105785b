import type { ShownElsewhere, ViewedRoom } from "../features/presence/shown-rooms.ts"
import type { Bus } from "./bus.ts"

/** A node that has not answered by then counts as showing nothing: a second notice is better than none. */
const patienceMs = 500

const askPath = "/shown"
const answerPath = "/shown-here"

interface Question {
  /** Nodes that have not answered yet. */
  waiting: Set<string>
  /** The places of rooms that are shown. */
  shown: Set<number>
  end(): void
}

interface Options {
  bus: Bus
  /** The rooms that pages of this node show. */
  whichHere(rooms: readonly ViewedRoom[]): ViewedRoom[]
}

/** Asks the other nodes which rooms their pages show, and answers them. */
export class ShownAtOtherNodes implements ShownElsewhere {
  readonly #bus: Bus
  readonly #questions = new Map<number, Question>()
  #asked = 0

  constructor({ bus, whichHere }: Options) {
    this.#bus = bus
    bus.handle(askPath, {
      receive(body, node) {
        const { number, rooms } = body as { number: number; rooms: ViewedRoom[] }
        const shown = new Set(whichHere(rooms))
        const places = rooms.flatMap((room, place) => (shown.has(room) ? [place] : []))
        bus.publish({ path: answerPath, body: { to: node, number, places } })
      },
    })
    bus.handle(answerPath, {
      receive: (body, node) => {
        const { to, number, places } = body as { to: string; number: number; places: number[] }
        if (to === bus.node) this.#answered(number, node, places)
      },
    })
  }

  /** Resolves once all nodes have answered, or after half a second. */
  async which<Room extends ViewedRoom>(rooms: readonly Room[]): Promise<Room[]> {
    const waiting = new Set(this.#bus.nodes)
    if (waiting.size === 0) return []

    const shown = new Set<number>()
    const number = ++this.#asked
    await new Promise<void>((end) => {
      const timer = setTimeout(end, patienceMs)
      this.#questions.set(number, { waiting, shown, end: () => end(clearTimeout(timer)) })
      const asked = rooms.map(({ userId, channelId }) => ({ userId, channelId }))
      this.#bus.publish({ path: askPath, body: { number, rooms: asked } })
    })
    this.#questions.delete(number)
    return rooms.filter((_, place) => shown.has(place))
  }

  #answered(number: number, node: string, places: number[]): void {
    const question = this.#questions.get(number)
    if (!question) return

    for (const place of places) question.shown.add(place)
    question.waiting.delete(node)
    if (question.waiting.size === 0) question.end()
  }
}
