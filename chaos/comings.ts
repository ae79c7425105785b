import ION from "@covenant-rpc/ion"

/** Where to come, and as whom. */
export interface Coming {
  origin: string
  token: string
  room: { serverId: string; channelId: string }
}

/**
 * One connection of a program's: it asks for a token, shows it on a socket of its own, listens to what changes around
 * the room, and leaves: politely, with a word less, with none, or without having used its token.
 */
export async function comeAndGo({ origin, token, room }: Coming, number: number): Promise<void> {
  const answer = await fetch(`${origin}/api/covenant?type=connect`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: ION.stringify({ channel: "chat", params: room, data: number % 2 ? {} : { after: 0 } }),
  })
  const { result } = ION.parse(await answer.text()) as unknown as { result: { token: string } }
  const socket = new WebSocket(`${origin.replace("http", "ws")}/socket`)
  const say = (frame: object) => socket.send(ION.stringify(frame as never))
  await new Promise<void>((resolve, reject) => {
    socket.onerror = () => reject(new Error("The socket failed"))
    socket.onclose = () => resolve()
    socket.onopen = () => {
      if (number % 10 === 9) return socket.close()
      say({ type: "subscribe", token: result.token })
      say({ type: "listen", resources: [`channels/server/${room.serverId}`] })
    }
    socket.onmessage = ({ data }) => {
      if (!String(data).includes("listening")) return
      if (number % 3 === 0) say({ type: "unsubscribe", token: result.token })
      if (number % 3 === 2) socket.terminate()
      else socket.close()
    }
  })
}
