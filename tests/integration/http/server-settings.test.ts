import { expect, test } from "bun:test"
import { expectData } from "../../support/chat.ts"
import { find } from "../../support/html.ts"
import { createTestServer } from "../../support/server.ts"

test("every form of a server's settings says that it was saved, where the page is scrolled to", async () => {
  using server = await createTestServer()
  const { lab, cast } = server
  const alice = server.as("alice")
  const role = expectData(await cast.alice.client.mutate("createRole", { serverId: lab.id, name: "Helpers" }))
  const at = `/servers/${lab.id}/settings`
  const joining = { rules: "Be kind", minAccountMinutes: "0", minMemberMinutes: "0", raidJoinsPerMinute: "0" }
  const forms: [string, Record<string, string>][] = [
    [`/servers/${lab.id}`, { name: "Laboratory", description: "" }],
    [`${at}/roles/${role.id}`, { name: "Guests", color: "#2e8b57" }],
    [`${at}/roles/${role.id}/permissions`, { shown: "banMembers", allowed: "banMembers" }],
    [`${at}/members/${cast.bob.id}/roles`, { shown: role.id, roles: role.id, confirmed: "yes" }],
    [`${at}/joining`, joining],
    [`${at}/joining/questions/new`, { title: "Which?", answer0: "This", answer1: "That" }],
    [`${at}/automod`, { kind: "words", name: "Words", words: "word", actions: "block" }],
    [`/servers/${lab.id}/questions`, { from: "settings" }],
    [`/servers/${lab.id}/retention`, { messageDays: "", fileDays: "" }],
    [`${server.roomPath}/permissions/access`, { isReadOnly: "on", confirmed: "yes" }],
    [`${server.roomPath}/permissions`, { of: lab.id, "state-sendMessages": "deny", confirmed: "yes" }],
  ]

  for (const [action, fields] of forms) {
    const saved = await alice.post(action, fields)
    const location = saved.headers.get("location") ?? ""
    const page = await (await alice.get(location)).text()
    const place = location.includes("#permissions") ? "section[aria-labelledby=permissions]" : ".panel"
    const said = find(page, `${place} > [role=status]`).map(({ text }) => text)
    expect([action, saved.status, said]).toEqual([action, 303, ["Saved."]])

    const refreshed = await (await alice.get(location.replace(/[?&]saved[^#]*/, ""))).text()
    expect([action, find(refreshed, ".settings-section [role=status]")]).toEqual([action, []])
  }
})
