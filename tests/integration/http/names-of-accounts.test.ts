import { expect, test } from "bun:test"
import { giveRole } from "../../support/rights.ts"
import { createTestServer } from "../../support/server.ts"

// Anyone may create a server and manage it: that must not tell which accounts the chat has.

test("forms for members answer the same for a name that nobody has as for one of an outsider", async () => {
  using server = await createTestServer()
  const settings = `/servers/${server.lab.id}/settings`
  const role = await giveRole(server, [], [], 1)
  const asking = {
    check: (username: string) => server.as("alice").get(`${settings}/permissions/check?username=${username}`),
    "check, as bob": (username: string) =>
      server.as("bob").get(`${settings}/permissions/check?username=${username}`),
    "view as": (username: string) =>
      server.as("alice").get(`${settings}/permissions/view-as?username=${username}`),
    "audit log": (username: string) => server.as("alice").get(`${settings}/audit-log?actor=${username}`),
    role: (username: string) => server.as("alice").post(`${settings}/roles/${role}/members`, { username }),
    transfer: (username: string) =>
      server.as("alice").post(`${settings}/transfer`, { username, name: "Lab" }),
  }

  for (const [form, ask] of Object.entries(asking)) {
    const answers = []
    for (const name of ["mallory", "nobody1"]) {
      const answer = await ask(name)
      answers.push([answer.status, (await answer.text()).replaceAll(name, "NAME")])
    }
    expect([form, answers[1]]).toEqual([form, answers[0]])
  }
})

test("names of people who are not members can be looked up for a ban, but not without end", async () => {
  using server = await createTestServer()
  const alice = server.as("alice")
  const bans = `/servers/${server.lab.id}/bans`
  const bulk = `/servers/${server.lab.id}/settings/bans/bulk`
  expect((await alice.post(bans, { username: "mallory" })).status).toBe(303)
  for (let asked = 1; asked < 20; asked++)
    expect((await alice.post(bulk, { names: "dora" })).status).toBe(200)

  const byList = await alice.post(bulk, { names: "dora nobody1" })
  const one = await alice.post(bans, { username: "nobody1", reason: "kept" })

  for (const refused of [byList, one]) {
    expect([refused.status, Number(refused.headers.get("retry-after"))]).toEqual([429, expect.any(Number)])
    expect(await refused.text()).toContain("You looked up many people who are not members")
  }
  expect((await alice.post(bans, { username: "bob" })).status).toBe(303)
})
