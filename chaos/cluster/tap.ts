import { responseTimeoutMs } from "../wire.ts"
import { type Person, pathOf, type Room } from "../world.ts"

const pollMs = 10
/** 403 as the code of a closed socket. */
const refusedCode = 4403

/** A socket of a room's page at one node. */
export class Tap {
  /** When it was closed, or `undefined`. */
  closedAtMs: number | undefined
  /** Whether the node says that the person may not read here. */
  isRefused = false
  #received = ""
  readonly #socket: WebSocket

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.onmessage = ({ data }) => {
      this.#received += data
    }
    socket.onclose = ({ code }) => {
      this.closedAtMs ??= Date.now()
      this.isRefused = code === refusedCode
    }
  }

  /** Resolves once the socket is live or has ended. */
  static async open(person: Person, room: Room, port: number): Promise<Tap> {
    const headers = { cookie: person.cookie, origin: `http://127.0.0.1:${port}` }
    const tap = new Tap(new WebSocket(`ws://127.0.0.1:${port}${pathOf(room)}/live`, { headers }))
    await until(() => tap.isClosed || tap.heard(`"type":"live"`), responseTimeoutMs)
    return tap
  }

  get isClosed(): boolean {
    return this.closedAtMs !== undefined
  }

  heard(text: string): boolean {
    return this.#received.includes(text)
  }

  /** Resolves to whether it heard the text before it was closed or the time was over. */
  async hears(text: string, timeoutMs: number): Promise<boolean> {
    await until(() => this.isClosed || this.heard(text), timeoutMs)
    return this.heard(text)
  }

  close(): void {
    this.#socket.terminate()
  }
}

/** Waits until something holds, or the time is over. */
export async function until(holds: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!holds() && Date.now() < deadline) await Bun.sleep(pollMs)
}
