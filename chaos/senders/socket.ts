import { responseTimeoutMs } from "../wire.ts"
import { pathOf } from "../world.ts"
import { type OutgoingMessage, RefusedError, type SenderClient, type SendTransport } from "./transport.ts"

interface PendingSend {
  resolve: () => void
  reject: (error: Error) => void
}

/** Sends over the page's WebSocket. */
export class SocketTransport implements SendTransport {
  readonly #client: SenderClient
  #opening: Promise<WebSocket> | undefined
  #socket: WebSocket | undefined
  /** By message id; a duplicated send waits beside the first one. */
  readonly #pending = new Map<string, PendingSend[]>()

  constructor(client: SenderClient) {
    this.#client = client
  }

  async send({ id, content }: OutgoingMessage, onSent: () => void): Promise<void> {
    this.#opening ??= this.#open()
    const socket = await this.#opening
    const confirmed = new Promise<void>((resolve, reject) => {
      this.#pending.set(id, [...(this.#pending.get(id) ?? []), { resolve, reject }])
    })
    socket.send(JSON.stringify({ id, content }))
    onSent()
    const timeout = setTimeout(() => this.drop(), responseTimeoutMs)
    try {
      await confirmed
    } finally {
      clearTimeout(timeout)
    }
  }

  drop(): void {
    this.#socket?.terminate()
    this.#onClosed()
  }

  #open(): Promise<WebSocket> {
    const { proxy, room, person } = this.#client
    const headers = { cookie: person.cookie, origin: proxy.origin }
    const socket = new WebSocket(`${proxy.origin.replace("http", "ws")}${pathOf(room)}/live`, { headers })
    this.#socket = socket
    return new Promise((resolve, reject) => {
      const timeout = setTimeout(() => socket.terminate(), responseTimeoutMs)
      socket.onmessage = ({ data }) => {
        if (!String(data).startsWith("{")) return
        const { type, id, code } = JSON.parse(String(data))
        clearTimeout(timeout)
        if (type === "live") resolve(socket)
        else this.#settle(id, type === "stored" ? undefined : new RefusedError(code))
      }
      socket.onclose = () => {
        clearTimeout(timeout)
        reject(new Error("The socket could not be opened"))
        if (socket === this.#socket) this.#onClosed()
      }
    })
  }

  #settle(id: string, refusal: RefusedError | undefined): void {
    for (const { resolve, reject } of this.#pending.get(id) ?? []) {
      if (refusal) reject(refusal)
      else resolve()
    }
    this.#pending.delete(id)
  }

  #onClosed(): void {
    this.#socket = undefined
    this.#opening = undefined
    for (const { reject } of [...this.#pending.values()].flat()) reject(new Error("The socket closed"))
    this.#pending.clear()
  }
}
