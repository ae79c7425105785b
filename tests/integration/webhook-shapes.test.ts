import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { expectData } from "../support/chat.ts"
import { picture } from "../support/pictures.ts"
import { createTestServer, type TestServer } from "../support/server.ts"
import { createWebhook, messagesOf } from "../support/webhooks.ts"

// What programs send to a webhook beside plain messages: by Discord's libraries, Slack's and GitHub's.

let server: TestServer
let address: string
let post: Awaited<ReturnType<typeof createWebhook>>["post"]
beforeAll(async () => {
  server = await createTestServer()
})
// One renames it.
beforeEach(async () => {
  ;({ address, post } = await createWebhook(server))
})
afterAll(() => server.close())

const newest = async () => (await messagesOf(server)).at(-1)
const said = async () => (await newest())?.content

test("files, with or without words, as Discord's libraries send them", async () => {
  const form = new FormData()
  form.append("payload_json", JSON.stringify({ content: "", username: "Camera" }))
  form.append("files[0]", new Blob([new Uint8Array(await picture("png", 20, 10))]), "cat.png")
  form.append("file1", new Blob(["a log"]), "build.log")

  const answer = await fetch(`${address}?wait=true`, { method: "POST", body: form })

  expect(answer.status).toBe(200)
  const { attachments } = (await answer.json()) as { attachments: { url: string }[] }
  expect(attachments).toMatchObject([
    { filename: "cat.png", content_type: "image/png", width: 20, height: 10 },
    { filename: "build.log", content_type: "text/plain", size: 5 },
  ])
  const message = await newest()
  expect(message).toMatchObject({ content: "", extras: { bot: { name: "Camera" } } })
  const { pathname } = new URL(attachments[1]?.url ?? "")
  expect(await (await server.as("bob").get(pathname)).text()).toBe("a log")
  expect((await server.as("mallory").get(pathname)).status).toBe(404)

  const many = new FormData()
  for (let n = 0; n < 11; n++) many.append(`files[${n}]`, new Blob(["x"]), `${n}.txt`)
  const refused = await fetch(address, { method: "POST", body: many })
  expect([refused.status, await refused.json()]).toMatchObject([
    400,
    { message: expect.stringMatching("10 files") },
  ])
  const guess = await fetch(`${address}x`, { method: "POST", body: form })
  expect(guess.status).toBe(401)
})

test("the address with the version of Discord's API, which its libraries ask for", async () => {
  const versioned = address.replace("/api/", "/api/v10/")

  expect((await post(versioned, { content: "from a library" })).status).toBe(204)
  expect(await said()).toBe("from a library")
  expect(await (await fetch(versioned)).json()).toMatchObject({ type: 1, name: "Builds" })
})

test("mentioned users are notified, unless the program suppresses it", async () => {
  await post(address, { content: "@alice, look" })
  expect((await newest())?.extras?.mentions).toMatchObject([{ username: "alice" }])

  await post(address, { content: "@alice said so", allowed_mentions: { parse: [] } })
  expect((await newest())?.extras?.mentions).toBeUndefined()
})

test("into a thread of its channel, and of no other", async () => {
  const { client } = server.cast.alice
  await post(address, { content: "begins a thread" })
  const parent = await newest()
  const thread = expectData(await client.mutate("createThread", { messageId: parent?.id ?? "" }))
  const other = expectData(await client.mutate("createChannel", { serverId: server.lab.id, name: "other" }))

  expect((await post(`${address}?thread_id=${thread.id}`, { content: "inside" })).status).toBe(204)
  const inside = expectData(await client.query("getMessages", { channelId: thread.id }))
  expect(inside).toMatchObject([{ content: "inside", extras: { bot: { name: "Builds" } } }])
  for (const id of [other.id, "nowhere"]) {
    const refused = await post(`${address}?thread_id=${id}`, { content: "astray" })
    expect([refused.status, await refused.json()]).toMatchObject([404, { code: 10003 }])
  }
})

test("another name for itself", async () => {
  const renamed = await post(address, { name: "Deployments" }, "PATCH")

  expect([renamed.status, await renamed.json()]).toMatchObject([200, { name: "Deployments", type: 1 }])
  await post(address, { content: "x" })
  expect((await newest())?.extras?.bot?.name).toBe("Deployments")
  const refused = await post(address, { name: "" }, "PATCH")
  expect([refused.status, await refused.json()]).toMatchObject([400, { code: 50035 }])
})

test("what posts to Slack", async () => {
  const slack = await post(`${address}/slack`, {
    text: "*Deployed* <https://ci.example/7|build 7> &amp; <!here>",
    username: "Slackish",
    attachments: [
      {
        pretext: "So it went",
        title: "Log",
        title_link: "https://ci.example/log",
        text: "all *green*",
        fields: [{ title: "Tests", value: "110", short: true }],
      },
    ],
  })

  expect([slack.status, await slack.text()]).toEqual([200, "ok"])
  expect(await newest()).toMatchObject({
    content: [
      "**Deployed** [build 7](https://ci.example/7) & @here\n",
      "**[Log](https://ci.example/log)**",
      "So it went",
      "all **green**",
      "**Tests**: 110",
    ].join("\n"),
    extras: { bot: { name: "Slackish" } },
  })

  const fields = new URLSearchParams({
    payload: JSON.stringify({ blocks: [{ text: { text: "in *blocks*" } }] }),
  })
  expect((await fetch(`${address}/slack`, { method: "POST", body: fields })).status).toBe(200)
  expect(await said()).toBe("in **blocks**")
  const endless = "<http:".repeat(20_000)
  expect((await post(`${address}/slack`, { text: endless })).status).toBe(200)
  expect(await said()).toHaveLength(2000)
  expect((await post(`${address}/slack`, { channel: "#x" })).status).toBe(400)
})

test("GitHub's events", async () => {
  const sender = { login: "octo" }
  const repository = { full_name: "acme/chat" }
  const tell = (event: string, body: object) =>
    post(`${address}/github`, { sender, repository, ...body }, "POST", { "x-github-event": event })

  const push = await tell("push", {
    ref: "refs/heads/main",
    compare: "https://github.example/c",
    commits: [{ id: "0123456789abcdef", message: "Mend it\n\nLong story", author: { name: "Octo" } }],
  })
  expect(push.status).toBe(204)
  expect(await said()).toBe(
    "**acme/chat:main** octo pushed [1 commit](https://github.example/c)\n- `0123456` Mend it (Octo)",
  )
  const pull = { number: 5, title: "Add it", html_url: "https://github.example/5", merged: true }
  await tell("pull_request", { action: "closed", pull_request: pull })
  expect(await said()).toBe("**acme/chat** octo merged pull request [#5 Add it](https://github.example/5)")
  const comment = { html_url: "https://github.example/6#c", body: "Yes.\nPlease." }
  await tell("issue_comment", { action: "created", issue: { number: 6, title: "Why" }, comment })
  expect(await said()).toBe(
    "**acme/chat** octo commented on issue [#6 Why](https://github.example/6#c)\n> Yes.\n> Please.",
  )

  // As long as they come: nobody can tell GitHub to be brief.
  const long = { id: "fedcba9876543210", message: "x".repeat(10_000), author: { name: "Octo" } }
  const many = await tell("push", { ref: "refs/heads/main", commits: Array.from({ length: 20 }, () => long) })
  expect(many.status).toBe(204)
  expect(await said()).toHaveLength(2000)

  // Uninteresting events post nothing, and requests that are not GitHub's are refused.
  const before = (await messagesOf(server)).length
  for (const event of ["ping", "push", "workflow_run", "watch"])
    expect((await tell(event, {})).status).toBe(204)
  expect((await messagesOf(server)).length).toBe(before)
  expect((await post(`${address}/github`, { content: "x" })).status).toBe(400)
})
