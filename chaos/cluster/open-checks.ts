import type { Site } from "../site.ts"
import type { Trace } from "../trace.ts"
import { setUpTimeoutMs, wireClient } from "../wire.ts"
import { dataOf, type Person, signUp, type World } from "../world.ts"
import { Caller } from "./caller.ts"
import type { Check } from "./check.ts"
import type { Disturbance } from "./disturbance.ts"
import { HintCheck } from "./hint-check.ts"
import { RaceCheck } from "./race-check.ts"
import { RevocationCheck } from "./revocation-check.ts"
import { WebhookCheck } from "./webhook-check.ts"

const guestCount = 6

interface CheckOptions {
  site: Site
  disturbance: Disturbance
  world: World
  trace: Trace
}

/** The checks that only a cluster has, in a server of their own. */
export async function openChecks({ site, disturbance, world, trace }: CheckOptions): Promise<Check[]> {
  const [owner] = world.people
  const origin = `http://127.0.0.1:${site.nextPort()}`
  const { client } = wireClient(origin, owner.token, setUpTimeoutMs)
  const { id: serverId } = dataOf(await client.mutate("createServer", { name: "Checks" }))
  const createRoom = async (name: string) => {
    const { id: channelId } = dataOf(await client.mutate("createChannel", { serverId, name }))
    return { serverId, channelId }
  }
  const hooked = await createRoom("hooked")
  const guarded = await createRoom("guarded")
  const raced = await createRoom("raced")
  // The guests come and go; what the server says about that is none of the messages that are counted.
  dataOf(await client.mutate("setSystemChannel", { serverId, channelId: null }))
  const { code: inviteCode } = dataOf(await client.mutate("createInvite", { serverId }))
  client.disconnect()

  const callerOf = () => new Caller(() => site.nextPort())
  const revocations = new RevocationCheck({
    caller: callerOf(),
    owner,
    guests: await createGuests(origin),
    room: guarded,
    inviteCode,
    servers: site.servers,
    disturbance,
    trace,
  })
  const webhook = await WebhookCheck.open({
    caller: callerOf(),
    owner,
    room: hooked,
    store: site.store,
    trace,
  })
  const races = new RaceCheck({ caller: callerOf(), author: owner, room: raced, trace })
  const hints = new HintCheck({ servers: site.servers, person: owner, room: raced, trace })
  return [revocations, webhook, races, hints]
}

async function createGuests(origin: string): Promise<Person[]> {
  const guests: Person[] = []
  for (let number = 0; number < guestCount; number++) {
    guests.push(await signUp(origin, `guest${number}`))
  }
  return guests
}
