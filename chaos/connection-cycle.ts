import ION from "@covenant-rpc/ion"

/** Where a program connects, and as whom. */
interface ConnectionTarget {
  origin: string
  token: string
  room: { serverId: string; channelId: string }
}

/**
 * Opens and ends one connection of a program: it asks for a token, subscribes with it on a socket of its own and
 * listens to a resource. `number` selects how it ends: with or without `unsubscribe`, closed or terminated, or
 * without having used its token.
 */
export async function connectAndLeave(
  { origin, token, room }: ConnectionTarget,
  number: number,
): Promise<void> {
  const response = await fetch(`${origin}/api/covenant?type=connect`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: ION.stringify({ channel: "chat", params: room, data: number % 2 ? {} : { after: 0 } }),
  })
  const { result } = ION.parse(await response.text()) as unknown as { result: { token: string } }
  const socket = new WebSocket(`${origin.replace("http", "ws")}/socket`)
  const sendFrame = (frame: object) => socket.send(ION.stringify(frame as never))
  await new Promise<void>((resolve, reject) => {
    socket.onerror = () => reject(new Error("The socket failed"))
    socket.onclose = () => resolve()
    socket.onopen = () => {
      if (number % 10 === 9) return socket.close()
      sendFrame({ type: "subscribe", token: result.token })
      sendFrame({ type: "listen", resources: [`channels/server/${room.serverId}`] })
    }
    socket.onmessage = ({ data }) => {
      if (!String(data).includes("listening")) return
      if (number % 3 === 0) sendFrame({ type: "unsubscribe", token: result.token })
      if (number % 3 === 2) socket.terminate()
      else socket.close()
    }
  })
}
