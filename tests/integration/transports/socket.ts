import { until } from "../../support/listen.ts"
import { applyFragments } from "./page.ts"
import { firstPage, pathOf, signOutOfBrowser, type Transport } from "./transport.ts"

/** A page's WebSocket: fragments down, messages up as JSON. */
export const socket: Transport = {
  name: "WebSocket",
  saysWhy: true,
  isMarkup: true,
  resumes: true,
  signOut: signOutOfBrowser,

  async open(_server, visitor, room, known) {
    const page = known ?? (await firstPage(visitor, room))
    const { origin } = visitor.server
    const address = `${origin.replace("http", "ws")}${pathOf(room)}/live?after=${page.cursor}`
    const headers = { cookie: await visitor.cookie(), origin }
    const ws = new WebSocket(address, { headers })
    const waiting: { id: string; answered: (status: number) => void }[] = []
    let isLive = false
    let isOpen = false
    let ending: number | undefined

    ws.onopen = () => {
      isOpen = true
    }
    ws.onmessage = ({ data }) => {
      if (data[0] !== "{") {
        page.received += data
        return applyFragments(page, data)
      }

      const { type, id, code } = JSON.parse(data)
      if (type === "live") isLive = true
      else if (type === "stored" || type === "refused") {
        const at = waiting.findIndex((message) => message.id === id)
        waiting.splice(at, 1)[0]?.answered(type === "stored" ? 200 : code)
      }
    }
    ws.onclose = ({ code }) => {
      // A browser cannot read why an upgrade failed, so every refusal of ours must come after one.
      if (!isOpen) throw new Error("The upgrade was refused")
      ending = code >= 4400 ? code - 4000 : code
      for (const { answered } of waiting) answered(ending)
    }
    await until("the socket is live or closed", () => isLive || ending !== undefined)

    return {
      page,
      view: () => page.messages,
      async send(content, id = crypto.randomUUID()) {
        if (ending !== undefined) return ending

        const answer = new Promise<number>((answered) => waiting.push({ id, answered }))
        ws.send(JSON.stringify({ content, id }))
        return answer
      },
      close: () => ws.close(),
      ended: () => ending,
    }
  },
}
