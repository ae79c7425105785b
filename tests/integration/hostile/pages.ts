import { appear, expectData, type Person } from "../../support/chat.ts"
import { hearPresence, until } from "../../support/listen.ts"
import type { TestServer } from "../../support/server.ts"
import { shapeOf } from "../transports/page.ts"
import { socket } from "../transports/socket.ts"
import { post } from "../transports/transport.ts"

// Every place that shows what somebody wrote.

interface Place {
  messageId: string
  code: string
}

/** A message of alice's and an invite, to be shown. */
export async function furnish({
  cast: { alice },
  lab,
  as,
  room,
}: TestServer & { as: TestServer["as"] }): Promise<Place> {
  const messageId = crypto.randomUUID()
  await post(as("alice"), room, "first", messageId)
  const { code } = expectData(await alice.client.mutate("createInvite", { serverId: lab.id }))
  return { messageId, code }
}

/** Writes a text wherever one can write, and fetches every page that shows it. */
export async function show(
  server: TestServer,
  { messageId, code }: Place,
  text: string,
): Promise<Record<string, string>> {
  const { cast, lab, general, roomPath } = server
  const [alice, mallory] = [server.as("alice"), server.as("mallory")]
  const name = text.slice(0, 90)
  expectData(await cast.alice.client.mutate("editMessage", { messageId, content: text }))
  expectData(await cast.alice.client.mutate("renameServer", { serverId: lab.id, name }))
  expectData(await cast.alice.client.mutate("renameChannel", { channelId: general.id, name }))

  const at = `/servers/${lab.id}`
  const message = `/messages/${messageId}`
  const htmx = { headers: { "hx-request": "true" } }
  const inDialog = { headers: { "hx-request": "true", "hx-target": "div#dialog-body" } }
  const tooLong = `${text}${"x".repeat(101)}`
  const outside = encodeURIComponent(text.toWellFormed())
  const answers: Record<string, Promise<Response>> = {
    home: alice.get("/"),
    room: alice.get(roomPath),
    "room without script": alice.get(`${roomPath}?transport=stream`),
    permalink: alice.get(`${roomPath}?around=${messageId}`),
    history: alice.get(`${roomPath}?before=9999`, htmx),
    around: alice.get(`${roomPath}/around`, htmx),
    edit: alice.get(`${message}/edit`),
    "edit dialog": alice.get(`${message}/edit`, inDialog),
    "delete dialog": alice.get(`${message}/delete`, inDialog),
    "server settings": alice.get(`${at}/settings`),
    "server deletion": alice.get(`${at}/delete`, inDialog),
    "channel settings": alice.get(`${roomPath}/settings`, inDialog),
    "channel deletion": alice.get(`${roomPath}/delete`, inDialog),
    members: alice.get(`${at}/members`),
    invite: mallory.get(`/invites/${code}`),
    "server that cannot be called so": alice.post(at, { name: tooLong }, inDialog),
    "channel that cannot be called so": alice.post(`${at}/channels`, { name: tooLong }),
    "edit that is too long": alice.post(message, { content: text.padEnd(2001, "x") }, inDialog),
    draft: alice.post(`${roomPath}/messages`, { content: text.padEnd(2001, "x") }),
    "framed draft": alice.post(`${roomPath}/messages?from=composer`, { content: text.padEnd(2001, "x") }),
    "sign-in": mallory.post("/login", { username: text, password: text }),
    "sign-up": mallory.post("/signup", { username: text.slice(0, 1), password: text.slice(0, 3) }),
    "ban of nobody": alice.post(`${at}/bans`, { username: `${text}!`, reason: text }),
    "no such invite": mallory.get(`/invites/${outside}`),
    "no such page": alice.get(`/x/${outside}`),
    "no such page in the dialog": alice.get(`/x/${outside}`, inDialog),
    "way back": server.visitor(null).get(`/login?next=/${outside}`),
  }
  const shown: Record<string, string> = {}
  for (const [what, answer] of Object.entries(answers)) shown[what] = await (await answer).text()
  return shown
}

export function shapes(shown: Record<string, string>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(shown).map(([what, html]) => [what, shapeOf(html)]))
}

/** People come into the server, and one after the other writes: the shape of what others see of them. */
export async function meet(server: TestServer, names: string[]) {
  const { chat, cast, lab, general } = server
  const { code } = expectData(await cast.alice.client.mutate("createInvite", { serverId: lab.id }))
  const people: Person[] = await Promise.all(names.map((name) => appear(chat, name)))
  for (const { client } of people) expectData(await client.mutate("joinServer", { code }))
  const bob = await socket.open(server, server.as("bob"), server.room)
  const typing: string[][] = []
  for (const person of people) {
    const before = bob.page.received.length
    const { say } = await hearPresence(person, general.id)
    await say("typing")
    await until(
      "the name is shown",
      () =>
        bob.page.received.slice(before).includes(`data-author="${person.id}"`) ||
        /Several people/.test(bob.page.received.slice(before)),
    )
    typing.push(shapeOf(bob.page.received.slice(before)))
    person.client.disconnect()
  }
  bob.close()
  // People stand in the order of their names.
  const page = async (path: string) => shapeOf(await (await server.as("alice").get(path)).text()).toSorted()
  const [person] = people
  return {
    typing,
    members: await page(`/servers/${lab.id}/members`),
    beside: await page(server.roomPath),
    removal: await page(`/servers/${lab.id}/members/${person?.id}/remove`),
    ban: await page(`/servers/${lab.id}/members/${person?.id}/ban`),
  }
}
