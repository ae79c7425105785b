import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { until } from "../support/listen.ts"
import { type ServerProcess, startProcess, temporaryFolder } from "../support/process.ts"
import { Program } from "../support/program.ts"
import { enter, publishedClient } from "../support/published.ts"
import { secret, sidekickAddress, startSidekick } from "../support/sidekick.ts"

// Real servers start and stop here, and hash passwords.
setDefaultTimeout(120_000)
const patience = 30_000

describe("a server and its sidekick, each a process of its own", () => {
  const folder = temporaryFolder()
  let address: Awaited<ReturnType<typeof sidekickAddress>>
  let server: ServerProcess
  let sidekick: Awaited<ReturnType<typeof startSidekick>>
  let alice: Program
  let bob: Program
  let room: { serverId: string; channelId: string }
  const clients: { disconnect(): void }[] = []

  beforeAll(async () => {
    address = await sidekickAddress()
    server = await startProcess(folder.path, { SIDEKICK_URL: address.origin, SIDEKICK_SECRET: secret })
    sidekick = await startSidekick(server.origin)
    address.leadTo(sidekick.port)
    ;[alice, bob] = [await Program.signIn(server.origin, "alice"), await Program.signIn(server.origin, "bob")]
    room = await alice.room()
  }, 120_000)

  afterAll(() => {
    for (const client of clients) client.disconnect()
    sidekick[Symbol.dispose]()
    server[Symbol.dispose]()
    address.close()
    folder[Symbol.dispose]()
  })

  /** Someone's program: the published client, at the sidekick. */
  function programOf({ token }: Program) {
    const client = publishedClient({ origin: server.origin, sidekick: address.origin, token })
    clients.push(client)
    return client
  }

  test("programs talk with each other and with pages", async () => {
    await until("the server has found it", () => isUp(server), patience)
    const [ofAlice, ofBob] = [await enter(programOf(alice), room), await enter(programOf(bob), room)]

    await ofAlice.send("from a program")
    await until("he hears it", () => ofBob.contents().includes("from a program"), patience)
    await alice.send("from a page")
    await until("he hears that too", () => ofBob.contents().includes("from a page"), patience)

    expect(ofBob.heard[0]).toMatchObject({ content: "from a program", username: "alice" })
    expect(ofBob.heard[0]?.createdAt).toBeInstanceOf(Date)
    expect(ofAlice.contents()).toEqual(ofBob.contents())
  })
})

async function isUp({ origin }: ServerProcess): Promise<boolean> {
  const metrics = await (await fetch(`${origin}/metrics`)).text()
  return metrics.includes("covenant_sidekick_up 1")
}
