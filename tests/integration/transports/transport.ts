import { expect } from "bun:test"
import type { TestServer, Visitor } from "../../support/server.ts"
import { Page, parse, type Seen } from "./page.ts"

/** One live connection to the room, by whichever transport. */
export interface Reader {
  /** What is before their eyes, in the order it stands in. */
  view(): Seen[]
  /** What outlives the connection. */
  readonly page: Page
  /** Resolves to the HTTP status that says how it went. */
  send(content: string, id?: string): Promise<number>
  close(): void | Promise<void>
  /** Why it ended, as an HTTP status; `closed` where the transport cannot say; `undefined` while it lives. */
  ended(): number | "closed" | undefined
}

export interface Room {
  serverId: string
  channelId: string
}

/** One way to read a room live. */
export interface Transport {
  name: string
  /** Can it say why it ends? Where not, coming back is what tells. */
  saysWhy: boolean
  /** Does it carry markup? Else messages as they are. */
  isMarkup: boolean
  /** Can it ask for what it missed by its cursor? Else it reads the log again. */
  resumes: boolean
  /** Opens the room as someone, or comes back to what `page` shows. Resolves once it is live or has ended. */
  open(server: TestServer, visitor: Visitor, room: Room, page?: Page): Promise<Reader>
  /** Ends the session by which `open` would come in. */
  signOut(visitor: Visitor): Promise<void>
}

export const pathOf = ({ serverId, channelId }: Room) => `/servers/${serverId}/channels/${channelId}`

/** The room's page as a browser first gets it; empty for whom it is not shown. */
export async function firstPage(visitor: Visitor, room: Room): Promise<Page> {
  const answer = await visitor.get(pathOf(room))
  const page = new Page()
  if (answer.status !== 200) return page

  for (const piece of parse(await answer.text())) {
    if (piece.type === "log") page.advance(piece.seq)
    if (piece.type === "article") page.messages.push(piece.message)
  }
  return page
}

/** Sends by the form, as who has no socket. */
export async function post(visitor: Visitor, room: Room, content: string, id?: string): Promise<number> {
  const fields = { content, ...(id && { id }) }
  const answer = await visitor.post(`${pathOf(room)}/messages`, fields, {
    headers: { accept: "application/json" },
  })
  await answer.body?.cancel()
  return answer.status
}

export async function signOutOfBrowser(visitor: Visitor): Promise<void> {
  const answer = await visitor.post("/logout", {})
  expect(answer.status).toBe(303)
}

/** The HTTP status that a refused page means: to be sent to the sign-in page is to be told 401. */
export function refusalOf({ status, headers }: Response): number {
  return status === 303 && headers.get("location")?.startsWith("/login") ? 401 : status
}

/** Hands on an endless answer's text as it comes; tells when it is over. */
export function readText(answer: Response, take: (text: string) => void, over: () => void): void {
  const decoder = new TextDecoder()
  const read = async () => {
    if (!answer.body) return
    for await (const chunk of answer.body) take(decoder.decode(chunk, { stream: true }))
  }
  read().then(over, over)
}
