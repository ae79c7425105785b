import { describe, expect, test } from "bun:test"
import type { Permission } from "../../../src/features/permissions/bits.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { listen } from "../../support/listen.ts"
import { upload } from "../../support/pictures.ts"
import { giveRole, makePrivate, setOverwrite } from "../../support/rights.ts"
import { changeRows, readRows } from "../../support/test-database.ts"

interface Case {
  what: string
  prepare(app: TestChat): Promise<unknown>
  message?(app: TestChat): Promise<object>
  refusal: string
}

const deny = (app: TestChat, ...bits: Permission[]) =>
  setOverwrite(app, { channelId: app.general.id, targetId: app.lab.id, deny: bits })
const poll = { question: "Tea?", answers: ["yes", "no"] }
const withFile = async (app: TestChat) => ({ files: [(await upload(app, "bob")).id] })
const update = (app: TestChat, statement: string) => changeRows(app.database, statement)
const now = Date.now()

const cases: Case[] = [
  {
    what: "without the permission to send",
    prepare: (app) => deny(app, "sendMessages"),
    refusal: "You do not have permission to send messages here",
  },
  {
    what: "while timed out",
    prepare: (app) =>
      update(
        app,
        `update server_members set timed_out_until = ${now + 3_600_000} where user_id = '${app.cast.bob.id}'`,
      ),
    refusal: "You are timed out: until it ends you can only read",
  },
  {
    what: "in a locked channel",
    prepare: (app) => update(app, `update channels set locked_at = ${now} where id = '${app.general.id}'`),
    refusal: "This channel is locked",
  },
  {
    what: "in an archived channel",
    prepare: (app) => update(app, `update channels set archived_at = ${now} where id = '${app.general.id}'`),
    refusal: "This channel is archived",
  },
  {
    what: "with a file, without the permission for files",
    prepare: (app) => deny(app, "attachFiles"),
    message: withFile,
    refusal: "You do not have the permission “Attach files”",
  },
  {
    what: "with a poll, without the permission for polls",
    prepare: (app) => deny(app, "sendPolls"),
    message: async () => ({ poll }),
    refusal: "You do not have the permission “Send polls”",
  },
]

describe.each(cases)("a message $what", ({ prepare, message = async () => ({}), refusal }) => {
  test("is refused on a connection that was open before, and reaches nobody", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const heard = await listen(alice, app.room)
    const send = await sender(bob, app)
    await send({ content: "before" })
    expect(heard.heard).toHaveLength(1) // or nothing else shows that it was refused
    const more = await message(app)

    await prepare(app)
    const fault = await send({ content: "after", ...more }).catch((thrown) => thrown)

    expect(fault).toMatchObject({ fault: "client", code: 403, message: refusal })
    expect(heard.heard).toHaveLength(1)
    expect(await readRows(app.database, "select id from messages where content = 'after'")).toEqual([])
  })
})

test("a message stored before the permission was lost is confirmed when it is sent again", async () => {
  using app = await createTestChat()
  const send = await sender(app.cast.bob, app)
  const id = crypto.randomUUID()
  await send({ content: "once", id })

  await deny(app, "sendMessages")

  await send({ content: "once", id })
  expect(await readRows(app.database, "select id from messages")).toHaveLength(1)
})

test("a right that was taken after it was looked at is gone in the next commit", async () => {
  using app = await createTestChat()
  const { senders, commits } = app.chat
  const { bob } = app.cast
  const before = await senders.find(bob, app.general.id)
  const same = await commits.decide(async (tx) => before.inCommit(tx))
  expect(same).toBe(before.standing) // without reading it again

  await deny(app, "sendMessages")
  const after = await commits.decide(async (tx) => before.inCommit(tx))

  expect(after?.permissions).not.toBe(before.standing?.permissions)
})

test("an edit needs the channel to be open, and no permission to send", async () => {
  using app = await createTestChat()
  const { bob } = app.cast
  const send = await sender(bob, app)
  const id = crypto.randomUUID()
  await send({ content: "first", id })
  const edit = (content: string) => bob.client.mutate("editMessage", { messageId: id, content })

  await deny(app, "sendMessages")
  expectData(await edit("second"))
  await update(app, `update channels set locked_at = ${now} where id = '${app.general.id}'`)
  const refused = await edit("third")

  expect(refused.error).toMatchObject({ code: 403, message: "This channel is locked" })
})

describe("mentions", () => {
  test("of everyone are plain text without the permission in that channel, despite the server's roles", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const role = await giveRole(app, [bob.id], ["mentionEveryone"])
    const { heard } = await listen(app.cast.alice, app.room)
    const send = await sender(bob, app)

    await send({ content: "@everyone one" })
    await setOverwrite(app, {
      ...{ channelId: app.general.id, targetId: role, kind: "role" },
      deny: ["mentionEveryone"],
    })
    await send({ content: "@everyone two" })

    expect(heard.map(({ extras }) => extras?.mentions?.length ?? 0)).toEqual([1, 0])
  })

  test("name nobody who may not view the channel, and no channel that the author may not view", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const { heard } = await listen(alice, app.room)
    const secret = expectData(
      await alice.client.mutate("createChannel", { serverId: app.lab.id, name: "secret" }),
    )
    await makePrivate(app, secret.id)
    const there = await listen(alice, { ...app.room, channelId: secret.id })

    await (await sender(bob, app))({ content: "#secret and #general and @alice" })
    await there.send("@bob and @alice in #secret")

    expect(heard[0]?.extras).toEqual({
      mentions: [{ userId: alice.id, username: "alice" }],
      channels: [{ id: app.general.id, name: "general" }],
    })
    expect(there.heard[0]?.extras).toEqual({
      mentions: [{ userId: alice.id, username: "alice" }],
      channels: [{ id: secret.id, name: "secret" }],
    })
  })
})

async function sender({ client, username }: Person, { room }: TestChat) {
  const { token } = await client.connect("chat", room, { username })
  return (input: object) => client.send("chat", room, token ?? "", input as never)
}
