import { describe, expect, test } from "bun:test"
import { randomBytes } from "node:crypto"
import { z } from "zod"
import {
  CovenantClient,
  CovenantServer,
  channel,
  declareCovenant,
  directClientToServer,
  InternalSidekick,
  query,
} from "../../../src/kernel/index.ts"

// The seed's samples with a tiny store in place of SQL; only import paths and lookups differ.

const Message = z.object({
  id: z.string(),
  content: z.string(),
  username: z.string(),
  userId: z.string(),
  createdAt: z.date(),
})

const covenant = declareCovenant({
  procedures: {
    getMessages: query({
      input: z.object({
        channelId: z.string(),
        limit: z.number().optional(),
        before: z.string().optional(), // Message ID
      }),
      output: z.array(Message),
    }),
  },
  channels: {
    chat: channel({
      clientMessage: z.object({ content: z.string() }),
      serverMessage: z.object({
        id: z.string(),
        content: z.string(),
        username: z.string(),
        userId: z.string(),
        createdAt: z.date(),
      }),
      connectionRequest: z.object({ username: z.string() }),
      connectionContext: z.object({
        userId: z.string(),
        username: z.string(),
      }),
      // Params scope connections to specific channels
      params: ["serverId", "channelId"],
    }),
    presence: channel({
      clientMessage: z.object({ status: z.enum(["typing", "online", "idle"]) }),
      serverMessage: z.object({ userId: z.string(), status: z.string() }),
      params: ["channelId"],
    }),
  },
})

function createSeedApp() {
  const db = {
    channels: [{ id: "123", serverId: "abc" }],
    serverMembers: [{ serverId: "abc", userId: "alice" }],
    messages: [] as (z.infer<typeof Message> & { channelId: string })[],
  }
  const getRecentMessageCount = async (userId: string) =>
    db.messages.filter((message) => message.userId === userId).length

  const sidekick = new InternalSidekick()

  const server = new CovenantServer(covenant, {
    sidekickConnection: sidekick.getConnectionFromServer(),
    contextGenerator: async ({ request }) => ({
      user: request.headers.get("authorization")?.replace("Bearer ", ""),
    }),
    derivation: ({ ctx, error }) => ({
      db,
      requireAuth: () => ({ id: ctx.user ?? error("Log in first", 401) }),
    }),
  })

  // Without this, channel messages won't be processed!
  sidekick.setServerCallback((channelName, params, data, context) =>
    server.processChannelMessage(channelName, params, data, context),
  )

  server.defineProcedure("getMessages", {
    procedure: ({ inputs, derived }) => {
      derived.requireAuth()
      const all = derived.db.messages.filter((message) => message.channelId === inputs.channelId)
      const end = inputs.before ? all.findIndex((message) => message.id === inputs.before) : all.length
      return all.slice(0, end).slice(-(inputs.limit ?? 50))
    },
    resources: ({ inputs }) => [`messages/channel/${inputs.channelId}`],
  })

  server.defineChannel("chat", {
    onConnect: async ({ inputs, params, derived, reject }) => {
      const user = derived.requireAuth()

      // Verify channel exists and belongs to server
      const channel = derived.db.channels.find(({ id }) => id === params.channelId)

      if (!channel || channel.serverId !== params.serverId) {
        reject("Channel not found", "client")
        return null as never
      }

      // Verify user is member of server
      const membership = derived.db.serverMembers.find(
        (member) => member.serverId === params.serverId && member.userId === user.id,
      )

      if (!membership) {
        reject("You are not a member of this server", "client")
        return null as never
      }

      // Connection approved! Return context for this connection
      return {
        userId: user.id,
        username: inputs.username,
      }
    },
    onMessage: async ({ inputs, params, context, derived, error }) => {
      const messageCount = await getRecentMessageCount(context.userId)
      if (messageCount > 10) {
        error("Rate limit exceeded", 429)
      }
      // Save to database
      const messageId = randomBytes(16).toString("hex")
      derived.db.messages.push({
        id: messageId,
        channelId: params.channelId,
        userId: context.userId,
        username: context.username,
        content: inputs.content,
        createdAt: new Date(),
      })

      // Broadcast to ALL clients connected to this channel
      await server.postChannelMessage("chat", params, {
        id: messageId,
        content: inputs.content,
        username: context.username,
        userId: context.userId,
        createdAt: new Date(),
      })
    },
  })

  server.defineChannel("presence", {
    onConnect: ({ derived }) => {
      derived.requireAuth()
      return null
    },
    onMessage: async ({ inputs, params }) => {
      await server.postChannelMessage("presence", params, { userId: "alice", status: inputs.status })
    },
  })
  server.assertAllDefined()

  const as = (token: string) =>
    new CovenantClient(covenant, {
      serverConnection: directClientToServer(server, { Authorization: `Bearer ${token}` }),
      sidekickConnection: sidekick.getConnectionFromClient(),
    })

  return { as, db, sidekick }
}

const params = { serverId: "abc", channelId: "123" }

describe("the seed's samples", () => {
  test("connect, subscribe, send: the message is stored and delivered", async () => {
    const { as, db } = createSeedApp()
    const client = as("alice")
    const messages: z.infer<typeof Message>[] = []

    const result = await client.connect("chat", params, { username: "Alice" })
    if (!result.success) throw new Error(result.error.message)
    const unsubscribe = await client.subscribe("chat", params, result.token, (message) => {
      messages.push(message)
    })
    await client.send("chat", params, result.token, { content: "hello" })

    expect(db.messages).toHaveLength(1)
    expect(messages).toMatchObject([{ content: "hello", username: "Alice", userId: "alice" }])
    expect(messages[0]?.createdAt).toBeInstanceOf(Date)

    unsubscribe()
    const again = await client.connect("chat", params, { username: "Alice" })
    if (!again.success) throw new Error(again.error.message)
    await client.send("chat", params, again.token, { content: "unheard" })
    expect(db.messages).toHaveLength(2)
    expect(messages).toHaveLength(1)
  })

  test("onConnect refuses outsiders and channels of another server, and says why", async () => {
    const { as, sidekick } = createSeedApp()

    const outsider = await as("mallory").connect("chat", params, { username: "Alice" })
    const spoofed = await as("alice").connect(
      "chat",
      { serverId: "abc", channelId: "999" },
      { username: "A" },
    )

    expect(outsider).toEqual({
      success: false,
      token: null,
      error: expect.objectContaining({ fault: "client", message: "You are not a member of this server" }),
    })
    expect(spoofed.error).toMatchObject({ fault: "client", message: "Channel not found" })
    expect(sidekick.stats().tokens).toBe(0)
  })

  test("a channel without request and context works as presence", async () => {
    const { as } = createSeedApp()
    const client = as("alice")
    const heard: string[] = []

    const result = await client.connect("presence", { channelId: "123" })
    if (!result.success) throw new Error(result.error.message)
    await client.subscribe("presence", { channelId: "123" }, result.token, ({ status }) => {
      heard.push(status)
    })
    await client.send("presence", { channelId: "123" }, result.token, { status: "typing" })

    expect(heard).toEqual(["typing"])
  })

  test("error('Rate limit exceeded', 429) refuses the eleventh message and stores nothing", async () => {
    const { as, db } = createSeedApp()
    const client = as("alice")
    const result = await client.connect("chat", params, { username: "Alice" })
    if (!result.success) throw new Error(result.error.message)
    const send = (content: string) => client.send("chat", params, result.token, { content })
    for (let count = 0; count <= 10; count++) await send(`message ${count}`)

    await expect(send("one too many")).rejects.toMatchObject({
      fault: "client",
      code: 429,
      message: "Rate limit exceeded",
    })

    expect(db.messages).toHaveLength(11)
  })

  test("getMessages pages backwards by message id", async () => {
    const { as } = createSeedApp()
    const client = as("alice")
    const result = await client.connect("chat", params, { username: "Alice" })
    if (!result.success) throw new Error(result.error.message)
    for (const content of ["a", "b", "c"]) await client.send("chat", params, result.token, { content })

    const history = await client.query("getMessages", { channelId: "123" })
    const before = await client.query("getMessages", {
      channelId: "123",
      limit: 1,
      before: history.data?.[2]?.id,
    })

    expect(history.data?.map(({ content }) => content)).toEqual(["a", "b", "c"])
    expect(before.data?.map(({ content }) => content)).toEqual(["b"])
    expect(before.resources).toEqual(["messages/channel/123"])
  })
})
