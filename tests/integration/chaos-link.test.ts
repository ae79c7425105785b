import { afterAll, expect, test } from "bun:test"
import { ServiceLink } from "../../chaos/cluster/link.ts"
import { until } from "../support/listen.ts"

let openAtService = 0
const echo = Bun.listen({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    open: () => void openAtService++,
    data: (socket, bytes) => void socket.write(bytes),
    close: () => void openAtService--,
  },
})
afterAll(() => echo.stop(true))

async function openLink() {
  const link = await ServiceLink.open(echo.port)
  const connect = async (port = link.port) => {
    let heard = ""
    let isClosed = false
    const socket = await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        data: (_, bytes) => {
          heard += bytes.toString()
        },
        close: () => {
          isClosed = true
        },
      },
    })
    return {
      say: (text: string) => socket.write(text),
      end: () => socket.terminate(),
      heard: () => heard,
      isClosed: () => isClosed,
    }
  }
  return { link, connect, [Symbol.dispose]: () => link.close() }
}

test("a slow link delivers everything in order, also what comes after it was healed", async () => {
  using opened = await openLink()
  const connection = await opened.connect()
  opened.link.slow(30)
  for (const letter of "abc") connection.say(letter)
  opened.link.heal()
  for (const letter of "def") connection.say(letter)

  await until("it has all", () => connection.heard() === "abcdef")
})

test("a black hole delivers nothing until it is healed, and then everything", async () => {
  using opened = await openLink()
  const old = await opened.connect()
  old.say("before")
  await until("it answers", () => old.heard() === "before")
  opened.link.swallow()
  const fresh = await opened.connect()
  old.say(", during")
  fresh.say("during")
  const direct = await opened.connect(echo.port)
  direct.say("hello")
  await until("the other way answers", () => direct.heard() === "hello")
  expect([old.heard(), fresh.heard()]).toEqual(["before", ""])

  opened.link.heal()

  await until("both have it", () => old.heard() === "before, during" && fresh.heard() === "during")
})

test("a half-open connection receives nothing and stays open, while new ones work", async () => {
  using opened = await openLink()
  const lost = await opened.connect()
  lost.say("before")
  await until("it answers", () => lost.heard() === "before")
  opened.link.halfOpen()
  lost.say("after")
  const fresh = await opened.connect()
  fresh.say("hello")
  await until("the new one answers", () => fresh.heard() === "hello")
  expect(lost.heard()).toBe("before")
  expect(lost.isClosed()).toBe(false)

  opened.link.heal()
  await until("it is reset", lost.isClosed)
})

test("a connection that is closed in a black hole ends at the service once that is healed", async () => {
  using opened = await openLink()
  const connection = await opened.connect()
  connection.say("before")
  await until("it answers", () => connection.heard() === "before")
  const others = openAtService - 1
  opened.link.swallow()
  connection.end()
  await until("it is closed", connection.isClosed)
  // The link has seen the end by the time that something sent later comes back another way.
  const direct = await opened.connect(echo.port)
  direct.say("hello")
  await until("the other way answers", () => direct.heard() === "hello")
  direct.end()

  opened.link.heal()

  await until("the service has lost it", () => openAtService === others)
})

test("a link that refuses resets old and new connections until it is healed", async () => {
  using opened = await openLink()
  const old = await opened.connect()
  old.say("before")
  await until("it answers", () => old.heard() === "before")
  opened.link.refuse()
  await until("the old one is closed", old.isClosed)
  const refused = await opened.connect()
  await until("the new one too", refused.isClosed)

  opened.link.heal()
  const fresh = await opened.connect()
  fresh.say("hello")
  await until("the next answers", () => fresh.heard() === "hello")
})
