/** Sends to WebSockets by topic, through the server that holds them. */
export class Broadcaster {
  #server: Pick<Bun.Server<unknown>, "publish"> | null = null

  /** Sends through this server from now on. Before, nobody is connected who could be sent anything. */
  attach(server: Pick<Bun.Server<unknown>, "publish"> | null): void {
    this.#server = server
  }

  /** Sends to the WebSockets that subscribed to the topic. */
  readonly publish = (topic: string, data: string): void => {
    this.#server?.publish(topic, data)
  }
}
