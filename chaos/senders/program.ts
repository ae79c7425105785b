import { ChannelFaultError } from "../../src/kernel/index.ts"
import { responseTimeoutMs, type WireClient, wireClient } from "../wire.ts"
import { type OutgoingMessage, RefusedError, type SenderClient, type SendTransport } from "./transport.ts"

/** Sends with the typed client over the Covenant wire. */
export class ProgramTransport implements SendTransport {
  readonly #client: SenderClient
  #opening: Promise<{ client: WireClient["client"]; token: string }> | undefined
  #wire: WireClient | undefined

  constructor(client: SenderClient) {
    this.#client = client
  }

  async send(message: OutgoingMessage, onSent: () => void): Promise<void> {
    this.#opening ??= this.#open()
    const { client, token } = await this.#opening
    const timeout = setTimeout(() => this.drop(), responseTimeoutMs)
    try {
      const confirmed = client.send("chat", this.#client.room, token, message)
      onSent()
      await confirmed
    } catch (error) {
      // A fault of the sidekick means that the connection ended, and says nothing about the message.
      const isRefusal = error instanceof ChannelFaultError && error.fault !== "sidekick"
      throw isRefusal ? new RefusedError(error.code ?? 400) : error
    } finally {
      clearTimeout(timeout)
    }
  }

  drop(): void {
    const wire = this.#wire
    this.#wire = undefined
    this.#opening = undefined
    wire?.client.disconnect()
  }

  async #open() {
    const wire = wireClient(this.#client.proxy.origin, this.#client.person.token)
    this.#wire = wire
    void wire.closed.then(() => {
      if (wire === this.#wire) this.drop()
    })
    const connected = await wire.client.connect("chat", this.#client.room, {})
    if (connected.success) return { client: wire.client, token: connected.token }

    this.drop()
    throw new Error("The program could not connect")
  }
}
