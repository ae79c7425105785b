import { type Permission, permissionsOf } from "../../src/features/permissions/bits.ts"
import { expectData, type Person } from "./chat.ts"
import type { TestServer } from "./server.ts"

/** A way in which bob loses a right, and mallory, who is a member too, and alice do not. By the procedures. */
export interface RightLoss {
  what: string
  /** Returns what makes bob lose it. */
  prepare(rights: Rights): Promise<() => Promise<unknown>>
}

const set = (...names: Permission[]) => String(permissionsOf(...names))

/** What alice does to the rights of her server. Each fails the test when it is refused. */
export class Rights {
  readonly bobId: string
  readonly malloryId: string
  readonly everyone: string
  readonly #client: Person["client"]
  readonly #ofServer: { serverId: string }
  readonly #room: { channelId: string }

  constructor({ cast, lab, general }: TestServer) {
    this.bobId = cast.bob.id
    this.malloryId = cast.mallory.id
    this.everyone = lab.id
    this.#client = cast.alice.client
    this.#ofServer = { serverId: lab.id }
    this.#room = { channelId: general.id }
  }

  /** Creates a role that these have. */
  async role(userIds: string[], ...permissions: Permission[]): Promise<string> {
    const fields = { name: "crew", permissions: set(...permissions) }
    const { id } = expectData(await this.#client.mutate("createRole", { ...this.#ofServer, ...fields }))
    for (const userId of userIds) await this.give(userId, id)
    return id
  }

  async give(userId: string, roleId: string) {
    return expectData(await this.#client.mutate("giveRole", { ...this.#ofServer, userId, roleId }))
  }

  async take(userId: string, roleId: string) {
    return expectData(await this.#client.mutate("takeRole", { ...this.#ofServer, userId, roleId }))
  }

  async change(roleId: string, ...permissions: Permission[]) {
    const change = { ...this.#ofServer, roleId, permissions: set(...permissions) }
    return expectData(await this.#client.mutate("updateRole", change))
  }

  async delete(roleId: string) {
    return expectData(await this.#client.mutate("deleteRole", { ...this.#ofServer, roleId }))
  }

  /** Sets an overwrite of the room, or of a category. */
  async allow(id: string, permissions: Permission[], at: Place = this.#room) {
    return this.#overwrite(id, at, { allow: set(...permissions), deny: "0" })
  }

  async deny(id: string, permissions: Permission[], at: Place = this.#room) {
    return this.#overwrite(id, at, { allow: "0", deny: set(...permissions) })
  }

  async clear(id: string) {
    const of = { ...this.#ofServer, ...this.#room, id }
    return expectData(await this.#client.mutate("deleteOverwrite", of))
  }

  /** The room is synced with a new category. */
  async category(): Promise<{ categoryId: string }> {
    const { id } = expectData(
      await this.#client.mutate("createCategory", { ...this.#ofServer, name: "Rooms" }),
    )
    return { categoryId: id }
  }

  async move({ categoryId }: { categoryId: string }) {
    const channels = [{ id: this.#room.channelId, position: 0, categoryId }]
    return expectData(await this.#client.mutate("moveChannels", { ...this.#ofServer, channels }))
  }

  async sync() {
    return expectData(await this.#client.mutate("syncOverwrites", { ...this.#ofServer, ...this.#room }))
  }

  async access(access: { isPrivate?: boolean; isReadOnly?: boolean }) {
    return expectData(await this.#client.mutate("setChannelAccess", { ...this.#room, ...access }))
  }

  async timeOut(userId: string) {
    return expectData(await this.#client.mutate("timeOutMember", { ...this.#ofServer, userId, seconds: 600 }))
  }

  async #overwrite(id: string, at: Place, sides: { allow: string; deny: string }) {
    const type = [this.bobId, this.malloryId].includes(id) ? 1 : 0
    const overwrite = { ...this.#ofServer, ...at, id, type, ...sides } as const
    return expectData(await this.#client.mutate("setOverwrite", overwrite))
  }
}

type Place = { channelId: string } | { categoryId: string }

/** What ends the view of the room. */
export const viewLosses: RightLoss[] = [
  {
    what: "a role taken",
    async prepare(rights) {
      const role = await rights.role([rights.bobId, rights.malloryId])
      await rights.allow(role, ["viewChannel"])
      await rights.deny(rights.everyone, ["viewChannel"])
      return () => rights.take(rights.bobId, role)
    },
  },
  {
    what: "a role deleted",
    async prepare(rights) {
      const role = await rights.role([rights.bobId], "administrator")
      await rights.allow(rights.malloryId, ["viewChannel"])
      await rights.deny(rights.everyone, ["viewChannel"])
      return () => rights.delete(role)
    },
  },
  {
    what: "the administrator's bit taken from a role",
    async prepare(rights) {
      const role = await rights.role([rights.bobId], "administrator")
      await rights.allow(rights.malloryId, ["viewChannel"])
      await rights.deny(rights.everyone, ["viewChannel"])
      return () => rights.change(role, "kickMembers")
    },
  },
  {
    what: "a role's bits changed",
    async prepare(rights) {
      const role = await rights.role([rights.bobId], "viewChannel")
      await rights.role([rights.malloryId], "viewChannel")
      await rights.change(rights.everyone, "sendMessages", "readHistory")
      return () => rights.change(role, "sendMessages")
    },
  },
  {
    what: "everyone's bits changed",
    async prepare(rights) {
      await rights.role([rights.malloryId], "viewChannel")
      return () => rights.change(rights.everyone, "sendMessages", "readHistory")
    },
  },
  {
    what: "an overwrite for everyone",
    async prepare(rights) {
      await rights.allow(rights.malloryId, ["viewChannel"])
      return () => rights.deny(rights.everyone, ["viewChannel"])
    },
  },
  {
    what: "an overwrite for a role",
    async prepare(rights) {
      const role = await rights.role([rights.bobId])
      return () => rights.deny(role, ["viewChannel"])
    },
  },
  {
    what: "an overwrite for a member",
    prepare: async (rights) => () => rights.deny(rights.bobId, ["viewChannel"]),
  },
  {
    what: "an overwrite removed",
    async prepare(rights) {
      for (const id of [rights.bobId, rights.malloryId]) await rights.allow(id, ["viewChannel"])
      await rights.deny(rights.everyone, ["viewChannel"])
      return () => rights.clear(rights.bobId)
    },
  },
  {
    what: "a channel made private",
    async prepare(rights) {
      await rights.allow(rights.malloryId, ["viewChannel"])
      return () => rights.access({ isPrivate: true })
    },
  },
  {
    what: "a channel moved to a private category",
    async prepare(rights) {
      const [open, hidden] = [await rights.category(), await rights.category()]
      await rights.deny(rights.everyone, ["viewChannel"], hidden)
      await rights.allow(rights.malloryId, ["viewChannel"], hidden)
      await rights.move(open)
      await rights.sync()
      return () => rights.move(hidden)
    },
  },
  {
    what: "an overwrite of its category",
    async prepare(rights) {
      const category = await rights.category()
      await rights.allow(rights.malloryId, ["viewChannel"], category)
      await rights.move(category)
      await rights.sync()
      return () => rights.deny(rights.everyone, ["viewChannel"], category)
    },
  },
  {
    what: "a channel synced with a private category",
    async prepare(rights) {
      const category = await rights.category()
      await rights.allow(rights.malloryId, ["viewChannel"], category)
      await rights.deny(rights.everyone, ["viewChannel"], category)
      await rights.move(category)
      return () => rights.sync()
    },
  },
]

/** What ends writing in the room, and not reading it. */
export const sendLosses: RightLoss[] = [
  {
    what: "an overwrite for a member",
    prepare: async (rights) => () => rights.deny(rights.bobId, ["sendMessages"]),
  },
  {
    what: "a role taken",
    async prepare(rights) {
      const role = await rights.role([rights.bobId, rights.malloryId])
      await rights.allow(role, ["sendMessages"])
      await rights.deny(rights.everyone, ["sendMessages"])
      return () => rights.take(rights.bobId, role)
    },
  },
  {
    what: "everyone's bits changed",
    async prepare(rights) {
      await rights.role([rights.malloryId], "sendMessages")
      return () => rights.change(rights.everyone, "viewChannel", "readHistory")
    },
  },
  {
    what: "a channel made read-only",
    async prepare(rights) {
      await rights.allow(rights.malloryId, ["sendMessages"])
      return () => rights.access({ isReadOnly: true })
    },
  },
  { what: "a timeout", prepare: async (rights) => () => rights.timeOut(rights.bobId) },
]
