import { expect, setDefaultTimeout, test } from "bun:test"
import { covenant } from "../../src/covenant.ts"
import { CovenantClient } from "../../src/kernel/index.ts"
import { httpClientToServer, httpClientToSidekick } from "../../src/kernel/network/index.ts"
import { until } from "../support/listen.ts"
import { launch, startProcess, temporaryFolder } from "../support/process.ts"
import { Program } from "../support/program.ts"
import { enter, publishedClient } from "../support/published.ts"
import { lastingAddress, openSocket, secret, startSidekick } from "../support/sidekick.ts"
import { openTap } from "../support/tap.ts"

// Starts, kills and stops real servers and sidekicks, which takes time.
setDefaultTimeout(120_000)
const patience = 60_000

/** A real server and a real sidekick, each in its own process; both can be restarted. */
async function startBoth() {
  const folder = temporaryFolder()
  const [toServer, toSidekick] = [await lastingAddress(), await lastingAddress()]
  const start = async () => {
    const started = await startSidekick(toServer.origin)
    toSidekick.leadTo(started.port)
    return started
  }
  let sidekick = await start()
  const startServer = async () => {
    const environment = { SIDEKICK_URL: toSidekick.origin, SIDEKICK_SECRET: secret }
    const started = await startProcess(folder.path, environment)
    toServer.leadTo(Number(new URL(started.origin).port))
    return started
  }
  let server = await startServer()
  const people = [await Program.signIn(server.origin, "alice"), await Program.signIn(server.origin, "bob")]
  const [alice, bob] = people as [Program, Program]
  const clients: { disconnect(): void }[] = []
  return {
    server: () => server,
    alice,
    bob,
    room: await alice.room(),
    toSidekick,
    sidekick: () => sidekick,
    /** Starts another sidekick in its place. */
    async restart() {
      sidekick = await start()
    },
    async restartServer() {
      server = await startServer()
    },
    /** A user's program with the published client. */
    program({ token }: Program) {
      const client = publishedClient({ origin: server.origin, sidekick: toSidekick.origin, token })
      clients.push(client)
      return client
    },
    /** A user's program with our own client. */
    client({ token }: Program) {
      const client = new CovenantClient(covenant, {
        serverConnection: httpClientToServer(server.origin, { token }),
        sidekickConnection: httpClientToSidekick(toSidekick.origin),
      })
      clients.push(client)
      return client
    },
    [Symbol.dispose]() {
      for (const client of clients) client.disconnect()
      for (const one of [sidekick, server, toServer, toSidekick, folder]) one[Symbol.dispose]()
    },
  }
}

test("programs talk through the sidekick with each other and with pages, and get updates", async () => {
  using both = await startBoth()
  const { alice, bob, room } = both
  const [hers, his] = [both.program(alice), both.program(bob)]
  const [ofAlice, ofBob] = [await enter(hers, room), await enter(his, room)]
  const lists: { name: string }[][] = []

  await ofAlice.send("from a program")
  await until("bob received it", () => ofBob.contents().includes("from a program"), patience)
  await alice.send("from a page")
  await until("bob received that too", () => ofBob.contents().includes("from a page"), patience)
  his.listen("getChannels", { serverId: room.serverId }, ({ data }) => void lists.push(data), true)
  await until("bob listens", () => his.frames.some(({ type }) => type === "listening"), patience)
  await hers.mutate("createChannel", { serverId: room.serverId, name: "news" })
  await until(
    "bob has the new list",
    () => lists.at(-1)?.some(({ name }) => name === "news") === true,
    patience,
  )

  expect(ofBob.heard[0]).toMatchObject({ content: "from a program", username: "alice" })
  expect(ofBob.heard[0]?.createdAt).toBeInstanceOf(Date)
  expect(ofAlice.contents()).toEqual(["from a program", "from a page"])
  expect(ofBob.contents()).toEqual(ofAlice.contents())
  // The client assumes success after 100 ms of silence, which is too short for a busy machine.
  await ofBob.send("").catch(() => {})
  await until("bob is told what was wrong", () => his.faults()[0]?.fault === "client", patience)
})

test("kill -9 loses only the programs' connections, and the next sidekick accepts them again", async () => {
  using both = await startBoth()
  const { alice, bob, room } = both
  const before = await enter(both.program(bob), room)
  const page = await openTap(bob, "live")
  await until("the page is live", () => page.received().includes('{"type":"live"}'), patience)

  both.sidekick().child.kill("SIGKILL")
  await both.sidekick().ended()
  await alice.send("one")
  await alice.send("two")
  await until("the page shows them", () => page.received().includes("two"), patience)
  const refused = await both.program(bob).connect("chat", room, {})
  const home = await fetch(`${both.server().origin}/login`)
  await home.arrayBuffer()

  expect(home.status).toBe(200)
  expect(refused).toMatchObject({ success: false, error: { fault: "sidekick" } })
  expect(before.heard).toEqual([])

  await both.restart()
  const back = both.program(bob)
  await until("bob can connect again", async () => (await back.connect("chat", room, {})).success, patience)
  const after = await enter(back, room)
  await alice.send("three")
  await until("bob received it", () => after.contents().includes("three"), patience)

  expect(await stored(alice)).toEqual(["one", "two", "three"])
  page.close()
})

test("our client reconnects by itself: kill -9 neither loses nor duplicates messages", async () => {
  using both = await startBoth()
  const { alice, bob, room } = both
  const [hers, his] = [both.client(alice), both.client(bob)]
  const [ofAlice, ofBob] = [
    await hers.connect("chat", room, {}),
    await his.connect("chat", room, { after: 0 }),
  ]
  const heard: string[] = []
  const listening = (async () => {
    for await (const { content } of his.messages("chat", room, ofBob.token ?? "")) heard.push(content)
  })()
  const contents = Array.from({ length: 60 }, (_, index) => `number ${index}`)

  for (const [index, content] of contents.entries()) {
    const sent = hers.send("chat", room, ofAlice.token ?? "", { content })
    if (index === 20) {
      both.sidekick().child.kill("SIGKILL")
      await both.sidekick().ended()
      await both.restart()
    }
    await sent
  }
  await until("bob received the last message", () => heard.includes("number 59"), patience)

  expect(heard).toEqual(contents)
  expect((await stored(alice)).slice(-10)).toEqual(contents.slice(-10))
  his.disconnect()
  await listening.catch(() => {})
})

test("a hanging sidekick delays no one, and when it continues its clients must reconnect", async () => {
  using both = await startBoth()
  const { alice, bob, room } = both
  const socket = await openSocket(both.toSidekick.origin)
  const { token } = await both.program(bob).connect("chat", room, {})
  expect(await socket.ask({ type: "subscribe", token })).toMatchObject({ type: "subscribed" })

  both.sidekick().child.kill("SIGSTOP")
  await alice.send("first")
  // The message was confirmed although the server still waits, up to five seconds, for the sidekick's answer.
  expect(await metric(both.server(), "covenant_sidekick_up")).toBe(1)
  for (let count = 0; count < 20; count++) await alice.send(`${count}`)
  await until(
    "the server gave up on the sidekick",
    async () => (await metric(both.server(), "covenant_sidekick_up")) === 0,
    patience,
  )
  expect(socket.heard()).toEqual([]) // or the sidekick did not hang
  both.sidekick().child.kill("SIGCONT")

  await until("its clients must reconnect", () => socket.code() === 1012, patience)
  await until(
    "the sidekick is reached again",
    async () => (await metric(both.server(), "covenant_sidekick_up")) === 1,
    patience,
  )
})

test("SIGTERM makes its clients reconnect and ends it in time", async () => {
  using both = await startBoth()
  const { bob, room } = both
  const [socket, idle] = [await openSocket(both.toSidekick.origin), await openSocket(both.toSidekick.origin)]
  const { token } = await both.program(bob).connect("chat", room, {})
  await socket.ask({ type: "subscribe", token })

  both.sidekick().child.kill("SIGTERM")

  expect(await both.sidekick().ended()).toBe(0)
  await until("both sockets are closed", () => socket.code() === 1012 && idle.code() === 1012, patience)
})

test("a server that restarts keeps its clients, and they get new messages", async () => {
  using both = await startBoth()
  const { alice, bob, room } = both
  const his = both.program(bob)
  const ofBob = await enter(his, room)
  await alice.send("before")
  await until("bob received it", () => ofBob.contents().includes("before"), patience)

  both.server().child.kill("SIGTERM")
  expect(await both.server().ended()).toBe(0)
  await ofBob.send("is anybody there?").catch(() => {})
  await until(
    "bob is told that the server is unreachable",
    () => his.faults()[0]?.fault === "sidekick",
    patience,
  )
  await both.restartServer()
  await new Program(both.server().origin, alice.token).send("after")

  await until("bob gets new messages", () => ofBob.contents().includes("after"), patience)
  expect(ofBob.contents()).toEqual(["before", "after"])
})

const starts: { environment: Record<string, string>; sentence: string }[] = [
  { environment: {}, sentence: "SIDEKICK_SECRET is not set" },
  { environment: { SIDEKICK_SECRET: "short" }, sentence: "SIDEKICK_SECRET is not valid" },
  { environment: { SIDEKICK_SECRET: secret }, sentence: "SIDEKICK_SERVER_URL is not set" },
]
test.each(starts)("it does not start with $environment", async ({ environment, sentence }) => {
  using sidekick = launch(["src/sidekick.ts"], "/nowhere", environment)

  expect(await sidekick.ended()).toBe(1)
  expect(sidekick.said()).toContain(sentence)
  expect(sidekick.said()).not.toContain("short")
})

/** The stored contents of the room, from the API. */
async function stored(program: Program): Promise<string[]> {
  const { channelId } = await program.room()
  const messages = await program.call<{ content: string }[]>("getMessages", { channelId })
  return messages.map(({ content }) => content)
}

async function metric({ origin }: { origin: string }, name: string): Promise<number> {
  const text = await (await fetch(`${origin}/metrics`)).text()
  return Number(text.match(new RegExp(`^${name} (\\d+)$`, "m"))?.[1])
}
