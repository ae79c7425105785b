import { answerMs } from "../wire.ts"
import { pathOf } from "../world.ts"
import { type Desk, type Outgoing, Refused, type Way } from "./way.ts"

interface Awaited {
  resolve: () => void
  reject: (error: Error) => void
}

/** By the page's WebSocket. */
export class SocketWay implements Way {
  #opening: Promise<WebSocket> | undefined
  #socket: WebSocket | undefined
  readonly #awaited = new Map<string, Awaited[]>()

  constructor(private readonly desk: Desk) {}

  async send({ id, content }: Outgoing, written: () => void): Promise<void> {
    this.#opening ??= this.#open()
    const socket = await this.#opening
    const answered = new Promise<void>((resolve, reject) => {
      this.#awaited.set(id, [...(this.#awaited.get(id) ?? []), { resolve, reject }])
    })
    socket.send(JSON.stringify({ id, content }))
    written()
    const patience = setTimeout(() => this.drop(), answerMs)
    try {
      await answered
    } finally {
      clearTimeout(patience)
    }
  }

  drop(): void {
    this.#socket?.terminate()
    this.#lose()
  }

  #open(): Promise<WebSocket> {
    const { line, room, person } = this.desk
    const headers = { cookie: person.cookie, origin: line.origin }
    const socket = new WebSocket(`${line.origin.replace("http", "ws")}${pathOf(room)}/live`, { headers })
    this.#socket = socket
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => socket.terminate(), answerMs)
      socket.onmessage = ({ data }) => {
        if (!String(data).startsWith("{")) return
        const { type, id, code } = JSON.parse(String(data))
        clearTimeout(patience)
        if (type === "live") resolve(socket)
        else this.#answer(id, type === "stored" ? undefined : new Refused(code))
      }
      socket.onclose = () => {
        clearTimeout(patience)
        reject(new Error("The socket could not be opened"))
        if (socket === this.#socket) this.#lose()
      }
    })
  }

  #answer(id: string, refused: Refused | undefined): void {
    for (const { resolve, reject } of this.#awaited.get(id) ?? []) {
      if (refused) reject(refused)
      else resolve()
    }
    this.#awaited.delete(id)
  }

  #lose(): void {
    this.#socket = undefined
    this.#opening = undefined
    for (const { reject } of [...this.#awaited.values()].flat()) reject(new Error("The socket has closed"))
    this.#awaited.clear()
  }
}
