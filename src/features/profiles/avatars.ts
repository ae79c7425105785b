import { animatedPrefix } from "../../../views/people.ts"
import { Refusal } from "../../kernel/index.ts"
import { squaresOf } from "../files/crop.ts"
import { encodePicture } from "../files/encode-picture.ts"
import { cleanGif } from "../files/gif.ts"
import { serveFile } from "../files/serve.ts"
import { newKey } from "../files/storage.ts"
import { contentTypeOf } from "../files/types.ts"
import type { Services } from "../services.ts"
import { announceFace } from "./announce.ts"
import { avatarLimit } from "./limits.ts"
import { avatarKind, findAvatar, updateAvatarVersion, upsertProfile } from "./store.ts"

/** Largest picture that is uploaded, in bytes. */
const maxAvatarBytes = 8 * 1024 * 1024
/** Sides of the stored squares in pixels: for lists, and for the card on large screens. */
const sizes = [128, 512] as const
/** A larger animation is stored as a still picture alone: it cannot be scaled down here, and many load it. */
const maxAnimation = { bytes: 1024 * 1024, side: 512 }
const tooFast = "You changed your picture too often. Wait some minutes, then try again"

type Picture = Pick<Blob, "size" | "arrayBuffer">

/** Stores a user's picture, encoded again from its pixels, and shows it everywhere. Fails: 400 (no picture), 413, 429. */
export async function storeAvatar(services: AvatarServices, userId: string, file: Picture): Promise<void> {
  if (file.size > maxAvatarBytes)
    throw new Refusal(`A picture has at most ${maxAvatarBytes / 1024 / 1024} MB. Make it smaller`, 413)
  const retryAfterSeconds = await services.limits.get(avatarLimit).take(userId)
  if (retryAfterSeconds > 0) throw new Refusal(tooFast, 429, { retryAfterSeconds })

  const input = new Uint8Array(await file.arrayBuffer())
  const squares = await encodePicture(input, (picture) => squaresOf(picture, sizes))
  const animation = await animationOf(input)
  const key = newKey(avatarKind)
  const keys: Record<string, string> = {}
  try {
    for (const { size, bytes } of squares) {
      keys[size] = `${key}.${size}`
      await services.storage.put(keys[size], bytes, "image/webp")
    }
    if (animation) {
      keys.animated = `${key}.gif`
      await services.storage.put(keys.animated, animation, "image/gif")
    }
    await replaceAvatar(services, userId, { version: newVersion(animation !== null), keys })
  } catch (error) {
    await deleteKeys(services, keys)
    throw error
  }
}

type AvatarServices = Pick<
  Services,
  "publisher" | "storage" | "report" | "sessions" | "db" | "server" | "presence" | "limits"
>

interface StoredAvatar {
  version: string
  keys: Record<string, string>
}

/** Replaces or removes a user's picture, and deletes the bytes of the one before after the commit. */
export async function replaceAvatar(
  services: Pick<Services, "publisher" | "storage" | "report" | "sessions" | "db" | "server" | "presence">,
  userId: string,
  avatar: StoredAvatar | null,
): Promise<void> {
  await services.publisher.decide(async (changes) => {
    const { tx } = changes
    const before = await findAvatar(tx, userId)
    await updateAvatarVersion(tx, userId, avatar?.version ?? null)
    const isAvatarAnimated = avatar?.keys.animated !== undefined
    await upsertProfile(tx, userId, { avatarKeys: avatar?.keys ?? null, isAvatarAnimated })
    const old = before?.keys ?? {}
    changes.afterCommit(() => {
      deleteKeys(services, old).catch((error) => services.report(error, "deleting a picture"))
    })
  })
  services.sessions.forget({ userId })
  await announceFace(services, userId)
}

/**
 * Answers with a picture. Its version is a random number that only those know who see the user, so everyone who is
 * signed in may ask. It never changes: browsers keep it for good. Fails: 404 (also when it was replaced).
 */
export async function serveAvatar(
  { db, storage }: Pick<Services, "db" | "storage">,
  request: Request,
  { userId, version, form = "128" }: { userId: string; version: string; form?: string },
): Promise<Response> {
  const avatar = await findAvatar(db, userId)
  const isCurrent = avatar?.version === version
  const key = isCurrent && Object.hasOwn(avatar.keys ?? {}, form) ? avatar.keys?.[form] : undefined
  const stored = key && (await storage.get(key))
  if (!stored) throw new Refusal("There is no such picture", 404)

  const [type, name] = form === "animated" ? ["image/gif", "avatar.gif"] : ["image/webp", "avatar.webp"]
  const response = serveFile(request, { stored, type, name, etag: `"${version}.${form}"` })
  response.headers.set("cache-control", "private, max-age=31536000, immutable")
  return response
}

/** Random, so that nobody can guess it; short, because every message has it. */
function newVersion(isAnimated: boolean): string {
  const random = Buffer.from(crypto.getRandomValues(new Uint8Array(9))).toString("base64url")
  // Starts with a letter of its own, so that no still picture looks animated.
  return `${isAnimated ? animatedPrefix : "s"}${random}`
}

/** The frames of a small animated GIF, without what else is in it. */
async function animationOf(input: Uint8Array): Promise<Uint8Array | null> {
  if (contentTypeOf(input) !== "image/gif" || input.length > maxAnimation.bytes) return null

  const cleaned = await cleanGif(input)
  if (!cleaned) return null
  const { bytes, width, height } = cleaned
  return Math.max(width, height) <= maxAnimation.side && bytes.length <= maxAnimation.bytes ? bytes : null
}

async function deleteKeys(
  { storage }: Pick<Services, "storage">,
  keys: Record<string, string>,
): Promise<void> {
  for (const key of Object.values(keys)) await storage.delete(key)
}
