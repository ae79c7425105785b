import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { expectData, type Person } from "../support/chat.ts"
import { listen, until } from "../support/listen.ts"
import { outsideFetch, serveOutside } from "../support/outside.ts"
import { giveRole, takeRole } from "../support/rights.ts"
import { createTestServer, type TestServer } from "../support/server.ts"
import { changeRows } from "../support/test-database.ts"
import { json } from "../support/webhooks.ts"

// Webhooks after their creator lost what they needed to create them.

setDefaultTimeout(60_000)

const soon = { fetcher: outsideFetch(), waitMs: () => 1 }
const suspend = (server: TestServer) =>
  changeRows(server.database, `update users set suspended_at = 1 where id = '${server.cast.bob.id}'`)

describe("an outgoing webhook is paused, and says so", () => {
  const losses = {
    "a right is lost": (server: TestServer, roleId: string) => takeRole(server, server.cast.bob.id, roleId),
    "an account is suspended": suspend,
    "a membership ends": (server: TestServer) =>
      server.cast.alice.client.mutate("removeMember", {
        serverId: server.lab.id,
        userId: server.cast.bob.id,
      }),
  }

  for (const [what, lose] of Object.entries(losses)) {
    test(`when ${what}`, async () => {
      const told: string[] = []
      using receiver = serveOutside(async (request) => {
        told.push(((await request.json()) as { message: { content: string } }).message.content)
        return new Response(null, { status: 204 })
      })
      using server = await createTestServer({}, soon)
      const { alice, bob } = server.cast
      const roleId = await giveRole(server, [bob.id], ["manageWebhooks"])
      const { send } = await listen(alice, server.room)
      const made = { channelId: server.general.id, url: receiver.at() }
      const { id } = expectData(await bob.client.mutate("createOutgoingWebhook", made))
      await send("before")
      await until("the first is told", () => told.length === 1)

      await lose(server, roleId)
      await send("after")
      await until("it is paused", async () => (await hookOf(server)).disabledAt !== null)

      expect((await hookOf(server)).lastStatus).toContain("may no longer manage webhooks here")
      expect(told).toEqual(["before"])
      const page = await (await server.as("alice").get(`/servers/${server.lab.id}/settings/webhooks`)).text()
      expect(page).toContain("An outgoing webhook is disabled")

      // The person who starts it again becomes its creator: it depends on their permission from then on.
      expectData(await alice.client.mutate("retryOutgoingWebhook", { webhookId: id }))
      await until("the rest is told", () => told.length === 2)
      expect(told).toEqual(["before", "after"])
    })
  }
})

test("an incoming webhook goes on without its creator's right, and not while they are suspended", async () => {
  using server = await createTestServer()
  const { bob } = server.cast
  const roleId = await giveRole(server, [bob.id], ["manageWebhooks"])
  const made = { channelId: server.general.id, name: "Builds" }
  const { id, token } = expectData(await bob.client.mutate("createWebhook", made))
  const post = (content: string) =>
    fetch(`${server.origin}/api/webhooks/${id}/${token}`, {
      ...{ method: "POST", headers: json, body: JSON.stringify({ content }) },
    })

  await takeRole(server, bob.id, roleId)
  expect((await post("goes on")).status).toBe(204)
  await suspend(server)
  const refused = await post("does not")
  expect([refused.status, ((await refused.json()) as { message: string }).message]).toEqual([
    403,
    "The person who created this webhook is suspended",
  ])
  await changeRows(server.database, "update users set suspended_at = null")
  expect((await post("goes on again")).status).toBe(204)
})

test("the permission to manage webhooks is checked again in the commit", async () => {
  using server = await createTestServer()
  const { alice, bob } = server.cast
  const channelId = server.general.id
  const roleId = await giveRole(server, [bob.id], ["manageWebhooks"])
  const url = "https://hook.example/"
  const webhookId = expectData(await alice.client.mutate("createWebhook", { channelId, name: "One" })).id
  const hookId = expectData(await alice.client.mutate("createOutgoingWebhook", { channelId, url })).id
  const calls: ((who: Person) => Promise<{ error: { code: number } | null }>)[] = [
    ({ client }) => client.mutate("createWebhook", { channelId, name: "Two" }),
    ({ client }) => client.mutate("renewWebhook", { webhookId }),
    ({ client }) => client.mutate("deleteWebhook", { webhookId }),
    ({ client }) => client.mutate("createOutgoingWebhook", { channelId, url }),
    ({ client }) => client.mutate("retryOutgoingWebhook", { webhookId: hookId }),
    ({ client }) => client.mutate("deleteOutgoingWebhook", { webhookId: hookId }),
  ]

  // All are allowed while the commit that takes the right is being written.
  const taken = takeRole(server, bob.id, roleId)
  const answers = await Promise.all(calls.map((call) => call(bob)))
  await taken

  expect(answers.map(({ error }) => error?.code)).toEqual(calls.map(() => 403))
})

async function hookOf({ cast, general }: TestServer) {
  const [hook] = expectData(await cast.alice.client.query("getOutgoingWebhooks", { channelId: general.id }))
  if (!hook) throw new Error("There is no such webhook")
  return hook
}
