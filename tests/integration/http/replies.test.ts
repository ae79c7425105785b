import { expect, test } from "bun:test"
import { findMessage } from "../../../src/features/messages/store.ts"
import { expectData } from "../../support/chat.ts"
import { find, the } from "../../support/html.ts"
import { say } from "../../support/say.ts"
import { createTestServer } from "../../support/server.ts"

test("one replies by a link and a form: to the room, in its frame, and back to it", async () => {
  using server = await createTestServer()
  const { cast, roomPath } = server
  const bob = server.as("bob")
  const question = await say(server, cast.alice, "What <now>?")

  const linked = await bob.get(`/messages/${question}/reply`)
  expect(linked.headers.get("location")).toBe(`${roomPath}?reply=${question}`)
  for (const path of [`${roomPath}?reply=${question}`, `${roomPath}/composer?reply=${question}`]) {
    const page = await (await bob.get(path)).text()
    expect(the(page, "input[name=replyTo]").attributes.value).toBe(question)
    expect(the(page, "#composer-reply-text").text).toMatch(/Replying to\s+alice\s+What <now>\?/)
  }
  const plain = await (await bob.get(roomPath)).text()
  expect(the(plain, "#composer-reply").attributes.hidden).toBe("")
  // Else Firefox fills it in again after a reload, and the script takes it for what the address asked for.
  expect(the(plain, "#composer-reply input").attributes.autocomplete).toBe("off")
  const framed = await (await bob.get(`${roomPath}?transport=stream&reply=${question}`)).text()
  expect(the(framed, "iframe[name=composer]").attributes.src).toBe(`${roomPath}/composer?reply=${question}`)
  const scriptless = await (await bob.get(`${roomPath}?reply=${question}`)).text()
  expect(scriptless).toContain(`content="0; url=?transport=stream&amp;reply=${question}"`)

  await bob.post(`${roomPath}/messages`, { content: "This", replyTo: question })

  const page = await (await bob.get(roomPath)).text()
  const quote = the(page, "#messages .quote")
  expect(quote.attributes.href).toBe(`/messages/${question}`)
  expect(quote.text).toContain("What <now>?")
})

test("a reply to a deleted message is refused, and its draft is kept", async () => {
  using server = await createTestServer()
  const { cast, roomPath } = server
  const bob = server.as("bob")
  const question = await say(server, cast.alice, "to be deleted")
  expectData(await cast.alice.client.mutate("deleteMessage", { messageId: question }))

  for (const path of [`${roomPath}/messages`, `${roomPath}/messages?from=composer`]) {
    const answer = await bob.post(path, { content: "My long answer", replyTo: question })
    const page = await answer.text()
    expect(answer.status).toBe(410)
    expect(the(page, "#composer-error").text).toContain("was deleted")
    expect(the(page, "#composer-content").text.trim()).toBe("My long answer")
    expect(the(page, "input[name=replyTo]").attributes.value ?? "").toBe("")
  }
  expect(find(await (await bob.get(roomPath)).text(), "article[data-position]")).toHaveLength(1)
})

test("a program replies with the same field, by a form and by JSON", async () => {
  using server = await createTestServer()
  const { cast, roomPath, origin } = server
  const question = await say(server, cast.alice, "question")
  const headers = { authorization: `Bearer ${cast.bob.token}`, accept: "application/json" }

  for (const body of [
    JSON.stringify({ content: "answer", replyTo: question }),
    new URLSearchParams({ content: "answer", replyTo: question }),
  ]) {
    const type = typeof body === "string" ? { "content-type": "application/json" } : undefined
    const answer = await fetch(`${origin}${roomPath}/messages`, {
      method: "POST",
      headers: { ...headers, ...type },
      body,
    })
    const { id } = (await answer.json()) as { id: string }
    expect([answer.status, (await findMessage(server.chat.db, id))?.extras?.replyTo?.id]).toEqual([
      201,
      question,
    ])
  }
})
