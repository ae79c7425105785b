import { setUpTimeoutMs, wireClient } from "./wire.ts"

export interface Room {
  serverId: string
  channelId: string
}

/** A signed-in user: a cookie for pages, a token for the API. */
export interface Person {
  userId: string
  cookie: string
  token: string
}

export interface World {
  people: [Person, ...Person[]]
  rooms: [Room, ...Room[]]
}

export const pathOf = ({ serverId, channelId }: Room) => `/servers/${serverId}/channels/${channelId}`

/**
 * Signs in the seed's alice and bob, creates the channels, and signs more people up until there are `peopleCount`.
 * Several channels keep the load from being one crowd.
 */
export async function createWorld(origin: string, roomCount: number, peopleCount = 2): Promise<World> {
  const [alice, bob] = [await signIn(origin, "alice"), await signIn(origin, "bob")]
  const { client } = wireClient(origin, alice.token, setUpTimeoutMs)
  const [lobby] = dataOf(await client.query("getServers", null))
  const serverId = lobby?.id ?? ""
  const [general] = dataOf(await client.query("getChannels", { serverId }))
  const rooms: World["rooms"] = [{ serverId, channelId: general?.id ?? "" }]
  for (let number = 1; number < roomCount; number++) {
    const { id } = dataOf(await client.mutate("createChannel", { serverId, name: `room ${number}` }))
    rooms.push({ serverId, channelId: id })
  }
  const people: World["people"] = [alice, bob]
  if (peopleCount > people.length) {
    // What the server says about who joins is none of the messages that are counted.
    dataOf(await client.mutate("setSystemChannel", { serverId, channelId: null }))
    const { code } = dataOf(await client.mutate("createInvite", { serverId }))
    while (people.length < peopleCount) people.push(await signUpInto(origin, `person${people.length}`, code))
  }
  client.disconnect()
  return { people, rooms }
}

/** Signs up and joins a server. */
export async function signUpInto(origin: string, username: string, code: string): Promise<Person> {
  const person = await signUp(origin, username)
  const { client } = wireClient(origin, person.token, setUpTimeoutMs)
  dataOf(await client.mutate("joinServer", { code }))
  client.disconnect()
  return person
}

/** Signs up with the password of the seed, and in. */
export async function signUp(origin: string, username: string): Promise<Person> {
  const { client } = wireClient(origin, undefined, setUpTimeoutMs)
  dataOf(await client.mutate("signUp", { username, password: "password" }))
  client.disconnect()
  return signIn(origin, username)
}

/** Signs in with the password of the seed. */
export async function signIn(origin: string, username: string): Promise<Person> {
  const { client } = wireClient(origin, undefined, setUpTimeoutMs)
  const { userId, token } = dataOf(await client.mutate("login", { username, password: "password" }))
  client.disconnect()
  const response = await fetch(`${origin}/login`, {
    method: "POST",
    redirect: "manual",
    headers: { origin },
    body: new URLSearchParams({ username, password: "password" }),
  })
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ")
  return { userId, token, cookie }
}

/** The data of a result that is expected to succeed. */
export function dataOf<T>(
  result: { success: true; data: T } | { success: false; error: { message: string } },
): T {
  if (result.success) return result.data

  throw new Error(result.error.message)
}
