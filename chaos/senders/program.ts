import { ChannelFaultError } from "../../src/kernel/index.ts"
import { answerMs, type WireClient, wireClient } from "../wire.ts"
import { type Desk, type Outgoing, Refused, type Way } from "./way.ts"

/** By the typed client over the wire. */
export class ProgramWay implements Way {
  #opening: Promise<{ client: WireClient["client"]; token: string }> | undefined
  #wire: WireClient | undefined

  constructor(private readonly desk: Desk) {}

  async send(message: Outgoing, written: () => void): Promise<void> {
    this.#opening ??= this.#open()
    const { client, token } = await this.#opening
    const patience = setTimeout(() => this.drop(), answerMs)
    try {
      const answered = client.send("chat", this.desk.room, token, message)
      written()
      await answered
    } catch (error) {
      // A fault of the sidekick is a connection that has ended.
      const isAnswer = error instanceof ChannelFaultError && error.fault !== "sidekick"
      throw isAnswer ? new Refused(error.code ?? 400) : error
    } finally {
      clearTimeout(patience)
    }
  }

  drop(): void {
    const wire = this.#wire
    this.#wire = undefined
    this.#opening = undefined
    wire?.client.disconnect()
  }

  async #open() {
    const wire = wireClient(this.desk.line.origin, this.desk.person.token)
    this.#wire = wire
    void wire.closed.then(() => {
      if (wire === this.#wire) this.drop()
    })
    const connected = await wire.client.connect("chat", this.desk.room, {})
    if (connected.success) return { client: wire.client, token: connected.token }

    this.drop()
    throw new Error("The program could not connect")
  }
}
