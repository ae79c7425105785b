import { expect, setDefaultTimeout, test } from "bun:test"
import { join } from "node:path"
import { signatureOf } from "../../src/features/webhooks/delivery.ts"
import { until } from "../support/listen.ts"
import { codeBlocks, root } from "../support/markdown.ts"
import { startProcess, temporaryFolder } from "../support/process.ts"
import { Program } from "../support/program.ts"

// Runs the examples of docs/bots.md and docs/webhooks.md.
setDefaultTimeout(120_000)

const [bot = ""] = await codeBlocks("docs/bots.md", "ts")
const [receiver = ""] = await codeBlocks("docs/webhooks.md", "ts")

test("the documented bot is short, and answers with a token and nothing else", async () => {
  expect(bot.split("\n").length).toBeLessThanOrEqual(31) // the last one is empty
  using folder = temporaryFolder()
  const file = join(folder.path, "bot.ts")
  await Bun.write(file, bot.replaceAll('"./src/', `"${root}/src/`))
  using server = await startProcess(folder.path)
  const alice = await Program.signIn(server.origin, "alice")
  const { serverId } = await alice.room()
  const { id: botId } = await alice.call<{ id: string }>("createBot", { username: "pinger" })
  const { token } = await alice.call<{ token: string }>("createBotToken", { botId })
  await alice.call("addBot", { serverId, botId })

  const program = Bun.spawn([process.execPath, file, server.origin, token], { stderr: "pipe" })
  const complaints = new Response(program.stderr).text()
  try {
    const bob = await Program.signIn(server.origin, "bob")
    await until("it has come", async () => (await topicsOf(server.origin)) > 0, 40_000)
    await bob.send("!ping")
    await until("it answers", async () => (await bob.history()).includes("pong"), 40_000)
    await bob.send("ping")
    await bob.send("!ping")
    const pongs = async () => (await bob.history()).filter((content) => content === "pong").length
    await until("it answers again", async () => (await pongs()) === 2, 40_000)

    expect(program.exitCode).toBeNull()
  } finally {
    program.kill()
  }
  expect(await complaints).toBe("")
})

test("the documented receiver accepts recent deliveries signed with its secret, and nothing else", async () => {
  using folder = temporaryFolder()
  const file = join(folder.path, "receiver.ts")
  await Bun.write(file, receiver)
  const { isGenuine } = (await import(file)) as {
    isGenuine(secret: string, header: string, body: string): boolean
  }
  const [secret, body, now] = [
    "covenant_whsec_x",
    '{"type":"message.created"}',
    Math.floor(Date.now() / 1000),
  ]
  const header = (seconds: number) => `t=${seconds},v1=${signatureOf(secret, seconds, body)}`

  expect(isGenuine(secret, header(now), body)).toBe(true)
  expect(isGenuine("another", header(now), body)).toBe(false)
  expect(isGenuine(secret, header(now), `${body} `)).toBe(false)
  expect(isGenuine(secret, header(now - 3600), body)).toBe(false)
  expect(isGenuine(secret, header(now - 3600).replace(/t=\d+/, `t=${now}`), body)).toBe(false)
  for (const garbage of ["", "t=1", "v1=", "t=,v1=x"]) expect(isGenuine(secret, garbage, body)).toBe(false)
})

/** How many channels are listened to. */
async function topicsOf(origin: string): Promise<number> {
  const metrics = await (await fetch(`${origin}/metrics`)).text()
  return Number(metrics.match(/^covenant_topics (\d+)/m)?.[1])
}
