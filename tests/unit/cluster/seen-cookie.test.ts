import { expect, test } from "bun:test"
import { rememberSeen } from "../../../src/cluster/seen-cookie.ts"

const secret = "a secret that is only used in tests"

/** A position as a node of this installation signs it. */
function signed(position: string): string {
  const hash = new Bun.CryptoHasher("sha256", secret).update(`seen ${position}`).digest("hex")
  return `${position}.${hash.slice(0, 16)}`
}

/** An app behind the cookie, at a node that has received some positions. */
function createApp(heard: string[]) {
  const done: string[] = []
  const respond = rememberSeen({
    bus: { position: "this-node.7", hasHeard: (position) => heard.includes(position) },
    forgetCached: () => void done.push("forget"),
    isSecure: true,
    secret,
  })(() => {
    done.push("answer")
    return new Response("")
  })
  const request = async (method: string, cookie?: string) => {
    const headers = new Headers(cookie === undefined ? {} : { cookie: `a=b; covenant.seen=${cookie}` })
    const response = await respond(new Request("http://chat.example/", { method, headers }))
    return response.headers.get("set-cookie")
  }
  return { done, request, heard }
}

test("what changes something is answered with how far the node is, and what reads is not", async () => {
  const { request } = createApp([])

  expect(await request("POST")).toBe(
    `covenant.seen=${signed("this-node.7")}; Path=/; Max-Age=10; HttpOnly; SameSite=Lax; Secure`,
  )
  expect(await request("GET")).toBeNull()
})

test("a node that has received it answers at once", async () => {
  const { done, request } = createApp(["other.3"])

  await request("GET", signed("other.3"))

  expect(done).toEqual(["answer"])
})

test("a node that receives it meanwhile answers then, from its caches", async () => {
  const { done, request, heard } = createApp([])

  const answered = request("GET", signed("other.3"))
  heard.push("other.3")
  await answered

  expect(done).toEqual(["answer"])
})

test("a node that does not receive it clears its caches first, once for all waiting requests", async () => {
  const { done, request } = createApp([])

  await Promise.all(["other.3", "other.4", "gone.1"].map((position) => request("GET", signed(position))))

  expect(done).toEqual(["forget", "answer", "answer", "answer"])
})

test("anything else in the cookie is ignored: also a position that no node has signed", async () => {
  const { done, request } = createApp([])

  const invented = [
    "other.999",
    "other.999.0123456789abcdef",
    signed("other.3").replace("other.3", "other.4"),
  ]
  for (const cookie of ["", "other.x", "..", "<script>.1", ...invented]) await request("GET", cookie)

  expect(done).toEqual(Array(7).fill("answer"))
})
