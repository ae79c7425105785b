import { expect } from "bun:test"
import { join } from "node:path"
import { story, unreachable } from "../support/browser.ts"
import { listen, until } from "../support/listen.ts"
import { untilIntercepted } from "./held.ts"

const root = join(import.meta.dir, "../..")

/** The script of somebody's own page: logs in, subscribes to a channel, and sends a message. */
const program = `
  import { covenant } from "${root}/src/covenant.ts"
  import { CovenantClient } from "${root}/src/kernel/index.ts"
  import { httpClientToServer, httpClientToSidekick } from "${root}/src/kernel/network/index.ts"

  export async function run(room, heard) {
    let token
    const client = new CovenantClient(covenant, {
      serverConnection: httpClientToServer(location.origin, { token: () => token }),
      sidekickConnection: httpClientToSidekick(location.origin),
    })
    token = (await client.mutate("login", { username: "alice", password: "password" })).data.token
    const joined = await client.connect("chat", room, {})
    await client.subscribe("chat", room, joined.token, ({ content, createdAt }) => {
      heard.push(createdAt instanceof Date ? content : "no date")
    })
    await client.send("chat", room, joined.token, { content: "hello from a page" })
  }`

story("our client runs in a browser, and catches up after an interruption", async (stage) => {
  const { cast, room, open, proxy, expectTrouble } = stage
  expectTrouble(unreachable)
  const way = await proxy()
  const page = await open(undefined, { path: "/login", url: way.origin })
  const source = await bundled(program)
  await page.route("**/program.mjs", (route) =>
    route.fulfill({ contentType: "text/javascript", body: source }),
  )
  await untilIntercepted(page)
  const heard = () => page.evaluate<string[]>("window.heard")
  const bob = await listen(cast.bob, room)

  const start = `import("/program.mjs").then((made) => made.run(${JSON.stringify(room)}, (window.heard = [])))`
  await page.evaluate(start)
  await bob.send("hello")
  await until("it hears both", async () => (await heard()).length === 2)

  way.cut()
  await bob.send("while it was away")
  way.restore()
  await until("it hears what it missed", async () => (await heard()).length === 3, 20_000)

  expect(await heard()).toEqual(["hello from a page", "hello", "while it was away"])
  expect(bob.heard.map(({ username }) => username)).toEqual(["alice", "bob", "bob"])
})

async function bundled(text: string): Promise<string> {
  const { outputs } = await Bun.build({
    entrypoints: ["program.ts"],
    files: { "program.ts": text },
    target: "browser",
  })
  return (await outputs[0]?.text()) ?? ""
}
