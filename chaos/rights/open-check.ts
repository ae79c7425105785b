import { permissionsOf } from "../../src/features/permissions/bits.ts"
import { Caller } from "../cluster/caller.ts"
import type { Disturbance } from "../cluster/disturbance.ts"
import type { Random } from "../random.ts"
import type { Site } from "../site.ts"
import type { Trace } from "../trace.ts"
import { setUpTimeoutMs, wireClient } from "../wire.ts"
import { dataOf, type Person, signUpInto, type World } from "../world.ts"
import { RightsCheck } from "./check.ts"

interface RightsOptions {
  site: Site
  disturbance?: Disturbance
  world: World
  random: Random
  trace: Trace
}

/** The check of rights, in a server of its own with three guests. */
export async function openRightsCheck(options: RightsOptions): Promise<RightsCheck> {
  const { site, world } = options
  const [owner] = world.people
  const origin = `http://127.0.0.1:${site.nextPort()}`
  const { client } = wireClient(origin, owner.token, setUpTimeoutMs)
  const { id: serverId } = dataOf(await client.mutate("createServer", { name: "Rights" }))
  const permissions = String(permissionsOf("viewChannel", "readHistory", "sendMessages"))
  dataOf(await client.mutate("updateRole", { serverId, roleId: serverId, permissions }))
  const { id: channelId } = dataOf(await client.mutate("createChannel", { serverId, name: "watched" }))
  // The guests come and go; what the server says about that is none of the messages that are counted.
  dataOf(await client.mutate("setSystemChannel", { serverId, channelId: null }))
  const { id: roleId } = dataOf(
    await client.mutate("createRole", { serverId, name: "Guests", permissions: "0" }),
  )
  const categoryOf = async (name: string) =>
    dataOf(await client.mutate("createCategory", { serverId, name })).id
  const [open, hidden] = [await categoryOf("open"), await categoryOf("hidden")]
  const deny = String(permissionsOf("viewChannel"))
  const everyone = { id: serverId, type: 0, allow: "0", deny } as const
  dataOf(await client.mutate("setOverwrite", { serverId, categoryId: hidden, ...everyone }))

  const { code } = dataOf(await client.mutate("createInvite", { serverId }))
  const guestOf = async (number: number): Promise<Person> => {
    const guest = await signUpInto(origin, `rights${number}`, code)
    dataOf(await client.mutate("giveRole", { serverId, roleId, userId: guest.userId }))
    return guest
  }
  const guests: [Person, Person, Person] = [await guestOf(1), await guestOf(2), await guestOf(3)]
  client.disconnect()

  return new RightsCheck({
    ...options,
    ...{ owner, guests, servers: site.servers, random: options.random.fork("rights") },
    place: { room: { serverId, channelId }, roleId, categories: [open, hidden] },
    caller: new Caller(() => site.nextPort()),
  })
}
