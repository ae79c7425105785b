import { Refusal } from "../../kernel/index.ts"
import type { Viewer } from "../accounts/sessions.ts"
import { recordAct } from "../audit-log/store.ts"
import { maxPixels } from "../files/images.ts"
import { serveFile } from "../files/serve.ts"
import { type FileStorage, newKey } from "../files/storage.ts"
import { contentTypeOf } from "../files/types.ts"
import { requireServer } from "../permissions/require.ts"
import { noSuchServer } from "../permissions/wording.ts"
import type { Services } from "../services.ts"
import type { Server } from "./contract.ts"
import { findIconKey, iconKind, updateServer } from "./store.ts"

/** Largest icon that is uploaded, in bytes. */
const maxIconBytes = 8 * 1024 * 1024
/** Sides of the stored squares, in pixels: for lists, and for large screens. */
const iconSizes = [128, 512] as const

const noPicture = "This is no picture that can be read. Choose a PNG, JPEG, GIF, WebP or AVIF image"

/**
 * Stores a server's icon, encoded again from its pixels, as squares of two sizes. Fails: 403, 404, 400 (no picture), 413.
 */
export async function storeIcon(
  services: Services,
  viewer: Viewer,
  { serverId, file }: { serverId: string; file: File },
): Promise<Server> {
  await requireServer(services, viewer, serverId, "manageServer")
  if (file.size > maxIconBytes) {
    throw new Refusal(`An icon has at most ${maxIconBytes / 1024 / 1024} MB. Make it smaller`, 413)
  }
  const squares = await squaresOf(new Uint8Array(await file.arrayBuffer()))
  const iconKey = newKey(iconKind)
  try {
    for (const { size, bytes } of squares) {
      await services.storage.put(`${iconKey}.${size}`, bytes, "image/webp")
    }
    return await setIcon(services, viewer, { serverId, iconKey })
  } catch (error) {
    await deleteIcon(services.storage, iconKey)
    throw error
  }
}

interface IconChange {
  serverId: string
  /** `null` removes it. */
  iconKey: string | null
  reason?: string
}

/** Replaces or removes a server's icon, and deletes the bytes of the one before after the commit. */
export async function setIcon(
  { publisher, storage, report }: Pick<Services, "publisher" | "storage" | "report">,
  viewer: Viewer,
  { serverId, iconKey, reason }: IconChange,
): Promise<Server> {
  return publisher.decide(async (changes) => {
    const { tx } = changes
    await requireServer({ db: tx }, viewer, serverId, "manageServer")
    const before = await findIconKey(tx, serverId)
    const server = await updateServer(tx, serverId, { iconKey })
    if (!server) throw new Refusal(noSuchServer, 404)
    if (before === iconKey) return server

    await recordAct(tx, {
      ...{ serverId, actor: viewer, action: "server.update", reason },
      changes: { icon: { before: before !== null, after: iconKey !== null } },
    })
    if (before) {
      const deletion = () => deleteIcon(storage, before)
      changes.afterCommit(() => void deletion().catch((error) => report(error, "deleting an icon")))
    }
    return server
  })
}

/** Answers a member with the icon of their server. Fails: 403, 404 (also when it was replaced). */
export async function serveIcon(
  { db, storage }: Services,
  request: Request,
  { viewer, serverId, iconId }: { viewer: Viewer; serverId: string; iconId: string },
): Promise<Response> {
  await requireServer({ db }, viewer, serverId)
  const key = await findIconKey(db, serverId)
  const wanted = Number(new URL(request.url).searchParams.get("size"))
  const size = iconSizes.find((one) => one === wanted) ?? iconSizes[0]
  const stored = key === `${iconKind}/${iconId}` ? await storage.get(`${key}.${size}`) : undefined
  if (!stored) throw new Refusal("There is no such icon", 404)

  return serveFile(request, { stored, type: "image/webp", name: "icon.webp", etag: `"${iconId}.${size}"` })
}

async function squaresOf(input: Uint8Array) {
  if (!/^image\/(png|jpeg|gif|webp|avif)$/.test(contentTypeOf(input))) throw new Refusal(noPicture, 400)

  try {
    const squares = []
    for (const size of iconSizes) {
      const image = new Bun.Image(input, { maxPixels }).resize(size, size, { fit: "inside" })
      squares.push({ size, bytes: await image.webp({ quality: 85 }).bytes() })
    }
    return squares
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : ""
    if (code === "ERR_IMAGE_TOO_MANY_PIXELS")
      throw new Refusal("This picture is too large. Make it smaller", 413)
    if (code.startsWith("ERR_IMAGE_")) throw new Refusal(noPicture, 400)
    throw error
  }
}

async function deleteIcon(storage: FileStorage, key: string): Promise<void> {
  for (const size of iconSizes) await storage.delete(`${key}.${size}`)
}
