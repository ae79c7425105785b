import { describe, expect, test } from "bun:test"
import { mayListen } from "../../../src/features/permissions/listen.ts"
import { type Resource, resource } from "../../../src/features/permissions/resources.ts"
import { createTestChat, type Person, type TestChat } from "../../support/chat.ts"
import { listen, until } from "../../support/listen.ts"

// Being told that something changed tells that it is there: it follows the rules of reading it.

describe("who receives a resource's updates", () => {
  test("members receive their own servers' updates, and no others", async () => {
    using app = await createTestChat()
    const { alice, bob, mallory } = app.cast
    const shared = [
      `server/${app.lab.id}`,
      `channels/server/${app.lab.id}`,
      `members/server/${app.lab.id}`,
      `invites/server/${app.lab.id}`,
      `channel/${app.general.id}`,
      `messages/channel/${app.general.id}`,
    ]
    const bobs = [`servers/user/${bob.id}`, `reading/user/${bob.id}/channel/${app.general.id}`]

    expect(await told(app, bob, [...shared, ...bobs])).toEqual([...shared, ...bobs])
    expect(await told(app, alice, [...shared, ...bobs])).toEqual(shared)
    expect(await told(app, mallory, [...shared, ...bobs])).toEqual([])
    expect(await told(app, null, [...shared, ...bobs])).toEqual([])
  })

  test("managers receive the updates that only they may read", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    const managed = [resource.bans(app.lab.id), resource.webhooks(app.general.id)]

    expect(await told(app, alice, managed)).toEqual(managed)
    expect(await told(app, bob, managed)).toEqual([])
  })

  test("unknown names reach nobody", async () => {
    using app = await createTestChat()
    const { lab, cast } = app
    const names = ["", "/", "server", "server/", "server/none", `elsewhere/${lab.id}`, "channel/none"]
    names.push(`elsewhere/server/${lab.id}`, `${resource.server(lab.id)}/more`, resource.file("none"))

    expect(await told(app, cast.alice, names)).toEqual([])
  })

  test("a connection is identified by its token, and receives what its user may read", async () => {
    using app = await createTestChat()
    const { bob, mallory } = app.cast
    const seen: (number | undefined)[] = []
    await listen(bob, app.room)
    bob.client.listen("getMembers", { serverId: app.lab.id }, ({ data }) => seen.push(data?.length))
    await until("bob watches", () => app.chat.sidekick.stats().listeners === 1)

    const { data: invite } = await bob.client.mutate("createInvite", { serverId: app.lab.id })
    await mallory.client.mutate("joinServer", { code: invite?.code ?? "" })

    await until("bob sees mallory join", () => seen.at(-1) === 3)
    expect(seen[0]).toBe(2) // or it proves nothing
  })
})

/** Those of the resources that someone may listen to. */
async function told({ chat }: TestChat, person: Person | null, resources: string[]) {
  const identity = person && { userId: person.id, username: person.username }
  const allowed = await Promise.all(
    resources.map((resource) => mayListen(chat.db, { resource, identity, contexts: [] })),
  )
  return resources.filter((_, index) => allowed[index])
}

test("a name that has no rule cannot be given to a procedure", () => {
  // @ts-expect-error Only `resource` makes names.
  const name: Resource = "polls/channel/1"
  // @ts-expect-error There is no such kind.
  expect(resource.polls).toBeUndefined()
  expect(name).toBeString()
})
