import { Elysia } from "elysia"
import { createApp } from "../src/app.ts"
import { createTestChat } from "../tests/support/chat.ts"
import { listen } from "../tests/support/listen.ts"
import type { Part } from "./main.ts"
import { perSecond } from "./sends.ts"

const requests = 1000

/** A room of 50 messages as a page, beside an Elysia route that answers a string of the same size. */
export const pages: Part = async () => {
  const chat = await createTestChat()
  const { send } = await listen(chat.cast.alice, chat.room)
  for (let i = 0; i < 50; i++)
    await send(`Message ${i}: enough words to be an ordinary one in an ordinary chat`)

  const app = createApp(chat.chat)
  const path = `http://localhost/servers/${chat.lab.id}/channels/${chat.general.id}`
  const request = () => new Request(path, { headers: { authorization: `Bearer ${chat.cast.alice.token}` } })
  const page = await (await app.handle(request())).text()
  if (!page.includes("Message 49")) throw new Error("This is not the page to measure")

  const plain = new Elysia().get("/*", () => new Response(page, { headers: { "content-type": "text/html" } }))
  const handled = (one: { handle(request: Request): Promise<Response> | Response }) => async () => {
    const started = performance.now()
    for (let i = 0; i < requests; i++) await (await one.handle(request())).text()
    return perSecond(requests, started)
  }
  return {
    unit: "requests/s in process",
    contenders: { "room page": handled(app), "Elysia, a string of the same size": handled(plain) },
    close: () => chat.close(),
  }
}
