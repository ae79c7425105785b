import type { Message } from "../../../src/features/messages/contract.ts"
import { until } from "../../support/listen.ts"
import { Page, seenFrom } from "./page.ts"
import { pathOf, post, readText, refusalOf, signOutOfBrowser, type Transport } from "./transport.ts"

/** Newline-delimited JSON, as for `curl`; what one sends goes by form. */
export const lines: Transport = {
  name: "NDJSON",
  saysWhy: true,
  isMarkup: false,
  resumes: true,
  signOut: signOutOfBrowser,

  async open(_, visitor, room, page = new Page()) {
    const aborter = new AbortController()
    const headers = { accept: "application/x-ndjson", "last-event-id": String(page.cursor) }
    const answer = await visitor.get(`${pathOf(room)}/events`, { headers, signal: aborter.signal })
    let ending: number | "closed" | undefined = answer.status === 200 ? undefined : refusalOf(answer)
    let violation = ""
    let hasBegun = false
    let unread = ""

    function take(line: string) {
      if (line === "") return
      const entry = JSON.parse(line) as Message | { gap: object } | { end: { code: number } }
      if ("end" in entry) ending = entry.end.code
      else if ("gap" in entry) page.messages = []
      else {
        page.received += line
        page.insert(seenFrom(entry))
      }
    }
    const read = (text: string) => {
      hasBegun = true
      const all = (unread + text).split("\n")
      unread = all.pop() ?? ""
      try {
        for (const line of all) take(line)
      } catch (error) {
        violation ||= String(error)
      }
    }
    if (ending === undefined) {
      readText(answer, read, () => {
        ending ??= "closed"
      })
      await until("the lines begin", () => hasBegun)
    } else await answer.body?.cancel()

    return {
      page,
      view() {
        if (violation) throw new Error(violation)
        return page.messages
      },
      send: (content, id) => post(visitor, room, content, id),
      close: () => aborter.abort(),
      ended: () => ending,
    }
  },
}
