import type { Program } from "./program.ts"

export type Tap = Awaited<ReturnType<typeof openTap>>

/** A live reader on a bare connection, which can stop taking what it is sent. */
export async function openTap(program: Program, kind: "live" | "events" | "stream", after?: number) {
  const { hostname, port, host } = new URL(program.origin)
  const { serverId, channelId } = await program.room()
  const query = after === undefined ? "" : `?after=${after}`
  let received = ""
  let bytes = 0
  let isEnded = false
  const connection = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      data(_, chunk) {
        bytes += chunk.length
        // The end says how far it got; megabytes of it would only hide what the server holds.
        received = (received + chunk.toString("latin1")).slice(-200_000)
      },
      close() {
        isEnded = true
      },
    },
  })
  const upgrade = [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
  ]
  const head = [
    `GET /servers/${serverId}/channels/${channelId}/${kind}${query} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: Bearer ${program.token}`,
    ...(kind === "live" ? upgrade : []),
  ]
  connection.write(`${head.join("\r\n")}\r\n\r\n`)
  return {
    pause: () => connection.pause(),
    resume: () => connection.resume(),
    close: () => connection.end(),
    /** Sends bytes as they are; waits until the connection takes all of them. */
    async write(data: Buffer): Promise<void> {
      for (let sent = 0; sent < data.length; ) {
        const taken = connection.write(data.subarray(sent))
        if (taken < 0) return
        sent += taken
        if (sent < data.length) await Bun.sleep(1)
      }
    },
    received: () => received,
    bytes: () => bytes,
    isEnded: () => isEnded,
    /** The number of the last change it has got. */
    seq: () => Number([...received.matchAll(/data-seq="(\d+)"/g)].at(-1)?.[1] ?? 0),
    /** The code of the close frame that it got last; its payload is a big-endian number and a reason. */
    closeCode() {
      const payload = received.match(/\x88.(..)[ -~]*$/s)?.[1]
      return payload && payload.charCodeAt(0) * 256 + payload.charCodeAt(1)
    },
  }
}
