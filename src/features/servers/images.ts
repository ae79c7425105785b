import { Refusal } from "../../kernel/index.ts"
import type { Viewer } from "../accounts/sessions.ts"
import { recordAct } from "../audit-log/store.ts"
import { squaresOf } from "../files/crop.ts"
import { encodePicture } from "../files/encode-picture.ts"
import { maxPixels } from "../files/images.ts"
import { serveFile } from "../files/serve.ts"
import { type FileStorage, newKey } from "../files/storage.ts"
import { requireServer } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { noSuchServer } from "../permissions/wording.ts"
import type { Services } from "../services.ts"
import type { Server } from "./contract.ts"
import { findImageKey, type ImageName, imageKinds, updateServer } from "./store.ts"

/** Largest image that is uploaded, in bytes. */
const maxImageBytes = 8 * 1024 * 1024

/** The sizes in which an image is stored, in pixels; the first one is sent unless another is asked for. */
const sizes = {
  /** Sides of squares: for lists, and for large screens. */
  icon: [128, 512],
  /** Widths: for the list of channels, and for everything larger. */
  banner: [480, 1600],
} as const satisfies Record<ImageName, readonly number[]>

/** A server's icon or its banner. */
interface OfServer {
  serverId: string
  image: ImageName
}

/** Stores an image of a server, encoded again from its pixels. Fails: 403, 404, 400 (no picture), 413. */
export async function storeImage(
  services: Services,
  viewer: Viewer,
  { serverId, image, file }: OfServer & { file: File },
): Promise<Server> {
  await requireServer(services, viewer, serverId, "manageServer")
  if (file.size > maxImageBytes) {
    throw new Refusal(`An image has at most ${maxImageBytes / 1024 / 1024} MB. Make it smaller`, 413)
  }
  const encoded = await encodePicture(new Uint8Array(await file.arrayBuffer()), (input) =>
    image === "icon" ? squaresOf(input, sizes.icon) : bannersOf(input),
  )
  const key = newKey(imageKinds[image])
  try {
    for (const { size, bytes } of encoded) {
      await services.storage.put(`${key}.${size}`, bytes, "image/webp")
    }
    const server = await setImage(services, viewer, { serverId, image, key })
    await services.server.updateResources([resource.server(serverId), resource.auditLog(serverId)])
    return server
  } catch (error) {
    await deleteImage(services.storage, image, key)
    throw error
  }
}

interface ImageChange extends OfServer {
  /** `null` removes it. */
  key: string | null
  reason?: string
}

/** Replaces or removes an image of a server, and deletes the bytes of the one before after the commit. */
export async function setImage(
  { publisher, storage, report }: Pick<Services, "publisher" | "storage" | "report">,
  viewer: Viewer,
  { serverId, image, key, reason }: ImageChange,
): Promise<Server> {
  return publisher.decide(async (changes) => {
    const { tx } = changes
    await requireServer({ db: tx }, viewer, serverId, "manageServer")
    const before = await findImageKey(tx, serverId, image)
    const server = await updateServer(tx, serverId, image === "icon" ? { iconKey: key } : { bannerKey: key })
    if (!server) throw new Refusal(noSuchServer, 404)
    if (before === key) return server

    await recordAct(tx, {
      ...{ serverId, actor: viewer, action: "server.update", reason },
      changes: { [image]: { before: before !== null, after: key !== null } },
    })
    if (before) {
      const deletion = () => deleteImage(storage, image, before)
      changes.afterCommit(() => void deletion().catch((error) => report(error, `deleting an ${image}`)))
    }
    return server
  })
}

/** Answers a member with an image of their server. Fails: 403, 404 (also when it was replaced). */
export async function serveImage(
  services: Services,
  request: Request,
  { viewer, imageId, ...of }: OfServer & { viewer: Viewer; imageId: string },
): Promise<Response> {
  await requireServer(services, viewer, of.serverId)
  const key = await findImageKey(services.db, of.serverId, of.image)
  if (key !== `${imageKinds[of.image]}/${imageId}`) throw noSuchImage(of.image)

  return sendImage(services, request, { image: of.image, key })
}

/** Answers with a stored image, in the size that the query asks for. The caller has checked who may have it. Fails: 404. */
export async function sendImage(
  { storage }: Pick<Services, "storage">,
  request: Request,
  { image, key }: { image: ImageName; key: string },
): Promise<Response> {
  const wanted = Number(new URL(request.url).searchParams.get("size"))
  const size = sizes[image].find((one) => one === wanted) ?? sizes[image][0]
  const stored = await storage.get(`${key}.${size}`)
  if (!stored) throw noSuchImage(image)

  const etag = `"${key.slice(key.indexOf("/") + 1)}.${size}"`
  return serveFile(request, { stored, type: "image/webp", name: `${image}.webp`, etag })
}

function noSuchImage(image: ImageName): Refusal {
  return new Refusal(`There is no such ${image}`, 404)
}

/** At most as wide and as high as their size; the pages cut them to one shape. */
async function bannersOf(input: Uint8Array) {
  const encoded = []
  for (const size of sizes.banner) {
    const fit = { fit: "inside", withoutEnlargement: true } as const
    const banner = new Bun.Image(input, { maxPixels }).resize(size, size, fit)
    encoded.push({ size, bytes: await banner.webp({ quality: 80 }).bytes() })
  }
  return encoded
}

async function deleteImage(storage: FileStorage, image: ImageName, key: string): Promise<void> {
  for (const size of sizes[image]) await storage.delete(`${key}.${size}`)
}
