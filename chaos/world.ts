import { wireClient } from "./wire.ts"

export interface Room {
  serverId: string
  channelId: string
}

/** Someone signed in, by both kinds of proof. */
export interface Person {
  userId: string
  cookie: string
  token: string
}

export interface World {
  people: [Person, Person]
  rooms: [Room, ...Room[]]
}

export const pathOf = ({ serverId, channelId }: Room) => `/servers/${serverId}/channels/${channelId}`

/** alice and bob of the seed, in as many channels as it takes to keep the whole from being one crowd. */
export async function enterWorld(origin: string, roomCount: number): Promise<World> {
  const [alice, bob] = [await signIn(origin, "alice"), await signIn(origin, "bob")]
  const { client } = wireClient(origin, alice.token)
  const [lobby] = dataOf(await client.query("getServers", null))
  const serverId = lobby?.id ?? ""
  const [general] = dataOf(await client.query("getChannels", { serverId }))
  const rooms: World["rooms"] = [{ serverId, channelId: general?.id ?? "" }]
  for (let number = 1; number < roomCount; number++) {
    const { id } = dataOf(await client.mutate("createChannel", { serverId, name: `room ${number}` }))
    rooms.push({ serverId, channelId: id })
  }
  client.disconnect()
  return { people: [alice, bob], rooms }
}

async function signIn(origin: string, username: string): Promise<Person> {
  const { client } = wireClient(origin)
  const { userId, token } = dataOf(await client.mutate("login", { username, password: "password" }))
  client.disconnect()
  const answer = await fetch(`${origin}/login`, {
    method: "POST",
    redirect: "manual",
    headers: { origin },
    body: new URLSearchParams({ username, password: "password" }),
  })
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ")
  return { userId, token, cookie }
}

/** The data of a call that has no reason to fail. */
function dataOf<T>(result: { success: true; data: T } | { success: false; error: { message: string } }): T {
  if (result.success) return result.data

  throw new Error(result.error.message)
}
