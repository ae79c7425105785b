import { expect, test } from "bun:test"
import { giveRole, makePrivate, setOverwrite } from "../../support/rights.ts"
import { createTestServer, type Visitor } from "../../support/server.ts"

test("the page of a check names role, overwrite and step, a row for each permission", async () => {
  using server = await createTestServer()
  const { cast, lab, general } = server
  await giveRole(server, [cast.bob.id], ["kickMembers"])
  await setOverwrite(server, { channelId: general.id, targetId: lab.id, deny: ["sendMessages"] })
  const page = `/servers/${lab.id}/settings/permissions/check`

  const rows = await rowsOf(server.as("alice"), `${page}?userId=${cast.bob.id}&channelId=${general.id}`)
  expect(rows.get("sendMessages")).toBe(
    "No Denied in this channel for everyone: Allowed by the role “@everyone”, Denied in this channel for everyone",
  )
  expect(rows.get("kickMembers")).toBe("Yes Allowed by the role “crew”")
  expect(rows.get("banMembers")).toBe("No No role allows it")
  expect(rows.size).toBe(26)

  const byName = await rowsOf(server.as("alice"), `${page}?username=bob&roleId=&channelId=`)
  expect(byName.get("sendMessages")).toBe("Yes Allowed by the role “@everyone”")
  const own = await rowsOf(server.as("bob"), page)
  expect(own.get("kickMembers")).toBe("Yes Allowed by the role “crew”")
})

test("a form without a valid member comes back with an explanation", async () => {
  using server = await createTestServer()
  const { lab, cast } = server

  for (const section of ["check", "view-as"]) {
    const page = `/servers/${lab.id}/settings/permissions/${section}`
    const answer = await server.as("alice").get(`${page}?username=nobody%3Cb%3E`)
    expect(answer.status).toBe(404)
    const text = await answer.text()
    expect(text).toContain('value="nobody&lt;b&gt;"')
    expect(text).toContain("There is no such member")
    const outsider = await server.as("alice").get(`${page}?userId=${cast.mallory.id}`)
    expect(outsider.status).toBe(404)
    expect(await outsider.text()).toContain("There is no such member")
    const nowhere = await server.as("alice").get(`${page}?channelId=none`)
    expect([section, nowhere.status]).toEqual([section, 404])
  }
})

test("viewing as a member shows their channels and their actions", async () => {
  using server = await createTestServer()
  const { cast, lab, general } = server
  await setOverwrite(server, { channelId: general.id, targetId: lab.id, deny: ["sendMessages"] })
  const page = `/servers/${lab.id}/settings/permissions/view-as?userId=${cast.bob.id}`

  const room = await (await server.as("alice").get(`${page}&channelId=${general.id}`)).text()
  expect(room).toContain("They cannot write here: <span>Denied in this channel for everyone</span>")
  expect(room).toContain("<li>React to messages</li>")
  expect(room).not.toContain("<li>Attach files</li>")

  await makePrivate(server, general.id)
  const list = await (await server.as("alice").get(page)).text()
  expect(list).toContain("Hidden from them")
  expect(list).toContain("No channels")
})

/** What each row says, by permission. */
async function rowsOf(visitor: Visitor, path: string): Promise<Map<string, string>> {
  const answer = await visitor.get(path)
  expect(answer.status).toBe(200)
  const rows = [...(await answer.text()).matchAll(/<tr id="permission-(\w+)">(.*?)<\/tr>/gs)]
  return new Map(
    rows.map(([, name = "", html = ""]) => {
      const [, is = "", why = ""] = html.match(/<td[^>]*>(\w+)<\/td><td><span>(.*?)<\/span>/) ?? []
      const steps = [...html.matchAll(/<li>(.*?)<\/li>/g)].map(([, step]) => step)
      return [name, `${is} ${why}${steps.length > 0 ? `: ${steps.join(", ")}` : ""}`]
    }),
  )
}
