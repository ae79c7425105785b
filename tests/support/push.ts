import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from "node:crypto"
import { eq } from "drizzle-orm"
import { pushSubscriptions, sessions } from "../../drizzle/schema.ts"
import type { Chat } from "../../src/chat.ts"
import { findMessage } from "../../src/features/messages/store.ts"
import { recordPushes } from "../../src/features/push/queue.ts"
import { pushSender } from "../../src/features/push/sender.ts"
import { expectData, type Person, type TestChat } from "./chat.ts"

/** Of a device that nobody has the private key of. Source: RFC 8291, appendix A. */
export const subscriptionKeys = {
  p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
  auth: "BTBZMqHH6r4Tts7J_aSIgg",
}

/** Stores a device of somebody, by the session with their token. Returns its id. */
export async function putPushDevice(
  chat: Chat,
  { id: userId, token }: Pick<Person, "id" | "token">,
  device: { createdAt?: Date } = {},
): Promise<string> {
  const id = crypto.randomUUID()
  const session = await chat.db.select().from(sessions).where(eq(sessions.token, token)).get()
  const endpoint = `https://push.example.org/send/${id}`
  const row = { id, userId, endpoint, name: "Phone", sessionId: session?.id, ...subscriptionKeys, ...device }
  await chat.commits.decide((tx) => tx.insert(pushSubscriptions).values(row).run())
  return id
}

/** What a push service was sent, after it has checked and opened it as a browser would. */
export interface ReceivedPush {
  device: string
  // biome-ignore lint/suspicious/noExplicitAny: what tests look into
  content: any
  headers: Headers
  /** The claims of the signature. */
  claims: { aud: string; exp: number; sub?: string }
  /** The key that it is signed with. */
  publicKey: string
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url")
const bytesOf = (text: string) => Buffer.from(text, "base64url")

/**
 * A push service with its devices. It checks each header and opens each body by Node's cryptography, independent of ours;
 * what is wrong is answered with 400 and collected as `faults`. `answer` decides about the rest. Default: 201.
 */
export function startPushService(
  answer: (push: ReceivedPush) => Response | Promise<Response> = () => accepted(),
) {
  const devices = new Map<string, { keys: ReturnType<typeof createECDH>; auth: Buffer }>()
  const received: ReceivedPush[] = []
  const faults: string[] = []
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const name = new URL(request.url).pathname.slice(1)
      try {
        const device = devices.get(name)
        if (!device) return new Response(null, { status: 410 })
        const { claims, publicKey } = checkHeaders(request)
        const content = JSON.parse(decrypt(Buffer.from(await request.arrayBuffer()), device))
        const push = { device: name, content, headers: request.headers, claims, publicKey }
        const response = await answer(push)
        if (response.ok) received.push(push)
        return response
      } catch (error) {
        faults.push(String(error))
        return new Response(String(error), { status: 400 })
      }
    },
  })
  return {
    received,
    faults,
    origin: `http://127.0.0.1:${server.port}`,
    /** What a browser gives for a new device. */
    subscribe(name: string) {
      const keys = createECDH("prime256v1")
      keys.generateKeys()
      const auth = randomBytes(16)
      devices.set(name, { keys, auth })
      const p256dh = keys.getPublicKey("base64url")
      return { endpoint: `http://127.0.0.1:${server.port}/${name}`, p256dh, auth: base64(auth) }
    },
    /** The device is gone. */
    forget: (name: string) => void devices.delete(name),
    [Symbol.dispose]: () => void server.stop(true),
  }
}

const accepted = () => new Response(null, { status: 201 })

function checkHeaders(request: Request) {
  const { headers, method } = request
  const check = (isRight: boolean, what: string) => {
    if (!isRight) throw new Error(`${what}: ${headers.get(what)}`)
  }
  check(method === "POST", "method")
  check(headers.get("content-encoding") === "aes128gcm", "content-encoding")
  check(/^\d+$/.test(headers.get("ttl") ?? ""), "ttl")
  check(/^(very-low|low|normal|high)$/.test(headers.get("urgency") ?? ""), "urgency")
  check(/^[\w-]{1,32}$/.test(headers.get("topic") ?? ""), "topic")
  const [, token = "", k = ""] =
    headers.get("authorization")?.match(/^vapid t=([\w-]+\.[\w-]+\.[\w-]+), k=([\w-]+)$/) ?? []
  const [header = "", payload = "", signature = ""] = token.split(".")
  check(bytesOf(k).length === 65, "authorization")
  check(JSON.parse(String(bytesOf(header))).alg === "ES256", "authorization")
  const [x, y] = [bytesOf(k).subarray(1, 33), bytesOf(k).subarray(33)]
  const jwk = { kty: "EC", crv: "P-256", x: base64(x), y: base64(y) }
  const key = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" as const }
  check(verify("sha256", Buffer.from(`${header}.${payload}`), key, bytesOf(signature)), "authorization")
  const claims: ReceivedPush["claims"] = JSON.parse(String(bytesOf(payload)))
  check(claims.aud === new URL(request.url).origin, "authorization")
  const seconds = claims.exp - Date.now() / 1000
  check(seconds > 0 && seconds <= 86_400, "authorization")
  return { claims, publicKey: k }
}

/** Source: RFC 8291, section 3.4, and RFC 8188, section 2. */
function decrypt(
  body: Buffer,
  { keys, auth }: { keys: ReturnType<typeof createECDH>; auth: Buffer },
): string {
  if (body.length > 4096) throw new Error(`The body has ${body.length} bytes`)
  const [salt, sender, sealed] = [body.subarray(0, 16), body.subarray(21, 86), body.subarray(86)]
  if (body.readUInt32BE(16) !== 4096 || body[20] !== 65) throw new Error("The header of the body is wrong")
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), keys.getPublicKey(), sender])
  const input = Buffer.from(hkdfSync("sha256", keys.computeSecret(sender), auth, info, 32))
  const derived = (name: string, length: number) =>
    Buffer.from(hkdfSync("sha256", input, salt, `Content-Encoding: ${name}\0`, length))
  const decipher = createDecipheriv("aes-128-gcm", derived("aes128gcm", 16), derived("nonce", 12))
  decipher.setAuthTag(sealed.subarray(-16))
  const record = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
  const end = record.findLastIndex((byte) => byte !== 0)
  if (record[end] !== 2) throw new Error("The last record is not marked as such")
  return record.subarray(0, end).toString("utf8")
}

/** Lets notices be sent to the push service of the tests. */
export const pushEnvironment = { PUSH_PRIVATE_HOSTS: "127.0.0.1", PUBLIC_URL: "https://chat.example.org" }
type PushService = ReturnType<typeof startPushService>

/** Adds a device of bob's; returns what the procedure answers. */
export async function addPushDevice(app: TestChat, service: PushService, name: string) {
  const subscription = service.subscribe(name)
  return expectData(await app.cast.bob.client.mutate("addPushDevice", { ...subscription, name }))
}

/** Queues a notice for bob, as the notifier does for a message that concerns him. */
export async function queuePush(
  { chat, cast }: TestChat,
  messageId: string,
  reason: "mention" | "message",
): Promise<void> {
  const message = await findMessage(chat.db, messageId)
  if (!message) throw new Error("There is no such message")
  await chat.commits.decide((tx) =>
    recordPushes(tx, [
      { userId: cast.bob.id, reason, message, isPushed: true },
      { userId: cast.alice.id, reason, message, isPushed: false },
    ]),
  )
}

/** Sends what is due some seconds from now. */
export function sendPushesDue({ chat }: TestChat, seconds: number): Promise<void> {
  return chat.workers.get(pushSender).run(new Date(Date.now() + seconds * 1000))
}

export async function pushDevicesOf({ cast }: TestChat, { client }: Person = cast.bob) {
  return expectData(await client.query("getPushDevices", null))
}
