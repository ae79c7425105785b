import { until } from "./listen.ts"
import type { TestServer } from "./server.ts"

/** A program's socket that shows its token as soon as it is open. */
export async function openProgram(server: TestServer, token: string) {
  const connected = await server.chat.server.connect("chat", server.room, {}, withToken(token))
  const socket = new WebSocket(`${server.origin.replace("http", "ws")}/socket`)
  const heard: string[] = []
  let code: number | undefined
  socket.onopen = () => socket.send(JSON.stringify({ type: "subscribe", token: connected.token }))
  socket.onmessage = ({ data }) => void heard.push(String(data))
  socket.onclose = (event) => {
    code = event.code
  }
  return { socket, heard, code: () => code }
}

/** A call with a token of the API. */
export function withToken(token: string) {
  return { headers: new Headers({ authorization: `Bearer ${token}` }), url: "" }
}

/** The page of a room, live over a WebSocket. */
export async function openSocket(server: TestServer, name: "alice" | "bob") {
  const address = `${server.origin.replace("http", "ws")}${server.roomPath}/live`
  const headers = { authorization: `Bearer ${server.cast[name].token}` }
  const socket = new WebSocket(address, { headers } as never)
  const heard: string[] = []
  let code: number | undefined
  socket.onmessage = ({ data }) => void heard.push(String(data))
  socket.onclose = (event) => {
    code = event.code
  }
  await until(`${name} is live`, () => heard.includes('{"type":"live"}'))
  return { socket, heard, code: () => code }
}

/** The metrics, as text. */
export async function measured(server: TestServer): Promise<string> {
  return (await fetch(`${server.origin}/metrics`)).text()
}
