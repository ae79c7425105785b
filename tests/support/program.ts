import ION from "@covenant-rpc/ion"

type Room = { serverId: string; channelId: string }

/** A program that talks to a server it reaches by the network alone: calls over the wire, messages by POST. */
export class Program {
  #room: Promise<Room> | undefined

  constructor(
    readonly origin: string,
    readonly token: string,
  ) {}

  /** One of the seed's people. */
  static async signIn(origin: string, username: string, password = "password"): Promise<Program> {
    const { token } = await new Program(origin, "").call<{ token: string }>("login", { username, password })
    return new Program(origin, token)
  }

  async call<T>(procedure: string, inputs: unknown): Promise<T> {
    const answer = await fetch(`${this.origin}/api/covenant?type=procedure`, {
      method: "POST",
      headers: this.#headers(),
      body: ION.stringify({ procedure, inputs } as never),
    })
    const result = ION.parse(await answer.text()) as unknown as { data: T; error?: { message: string } }
    if (result.error) throw new Error(`${procedure}: ${result.error.message}`)

    return result.data
  }

  /** The first channel of the first server: the seed's. */
  room(): Promise<Room> {
    this.#room ??= this.#findRoom()
    return this.#room
  }

  /** Its status once it is answered. */
  async post(content: string, id: string = crypto.randomUUID()): Promise<number> {
    const { serverId, channelId } = await this.room()
    const answer = await fetch(`${this.origin}/servers/${serverId}/channels/${channelId}/messages`, {
      method: "POST",
      headers: { ...this.#headers(), accept: "application/json" },
      body: new URLSearchParams({ content, id }),
    })
    await answer.arrayBuffer()
    return answer.status
  }

  /** Resolves once it is confirmed. */
  async send(content: string): Promise<void> {
    const status = await this.post(content)
    if (status !== 200 && status !== 201) throw new Error(`Sending was answered ${status}`)
  }

  /** Sends a message with a file, without uploading it first; its id. */
  async sendFile(name: string, text: string): Promise<string> {
    const { serverId, channelId } = await this.room()
    const body = new FormData()
    body.append("files", new File([text], name))
    const answer = await fetch(`${this.origin}/servers/${serverId}/channels/${channelId}/messages`, {
      method: "POST",
      headers: { ...this.#headers(), accept: "application/json" },
      body,
    })
    const { extras } = (await answer.json()) as { extras: { attachments: [{ id: string }] } }
    return extras.attachments[0].id
  }

  /** A file's text; `null` when there is none. */
  async file(id: string): Promise<string | null> {
    const answer = await fetch(`${this.origin}/files/${id}`, { headers: this.#headers() })
    const text = await answer.text()
    return answer.status === 200 ? text : null
  }

  /** What was said last, oldest first. */
  async history(): Promise<string[]> {
    const { channelId } = await this.room()
    const messages = await this.call<{ content: string }[]>("getMessages", { channelId })
    return messages.map(({ content }) => content)
  }

  #headers(): Record<string, string> {
    return this.token ? { authorization: `Bearer ${this.token}` } : {}
  }

  async #findRoom(): Promise<Room> {
    const [server] = await this.call<{ id: string }[]>("getServers", null)
    const serverId = server?.id ?? ""
    const [channel] = await this.call<{ id: string }[]>("getChannels", { serverId })
    return { serverId, channelId: channel?.id ?? "" }
  }
}
