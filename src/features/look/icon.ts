import { Refusal } from "../../kernel/index.ts"
import { iconSizes } from "../../web/look.ts"
import type { Viewer } from "../accounts/sessions.ts"
import { squaresOf } from "../files/crop.ts"
import { type FileStorage, newKey } from "../files/storage.ts"
import { contentTypeOf } from "../files/types.ts"
import { recordInstanceAct } from "../instance/record-act.ts"
import { findInstance, updateInstance } from "../instance/store.ts"
import { requireAdministrator } from "../permissions/administrators.ts"
import type { Services } from "../services.ts"
import { iconFolder } from "./look-cache.ts"
import { findIconKey } from "./store.ts"

/** Largest picture that is uploaded, in bytes. */
const maxIconBytes = 8 * 1024 * 1024
const noPicture = "This picture cannot be read. Choose a PNG, JPEG, GIF, WebP or AVIF image"

type IconServices = Pick<Services, "config" | "look" | "publisher" | "report" | "storage">

/** Stores an icon, encoded again from its pixels in each size. Fails: 403, 400 (no picture), 413. */
export async function storeIcon(services: IconServices, viewer: Viewer, file: File): Promise<void> {
  if (file.size > maxIconBytes)
    throw new Refusal(`An image has at most ${maxIconBytes / 1024 / 1024} MB. Make it smaller`, 413)
  const encoded = await encode(new Uint8Array(await file.arrayBuffer()))
  const key = newKey(iconFolder)
  try {
    for (const { size, bytes } of encoded) await services.storage.put(`${key}.${size}`, bytes, "image/png")
    await setIcon(services, viewer, key)
  } catch (error) {
    await deleteIcon(services.storage, key)
    throw error
  }
}

/** Replaces the icon, or removes it, and deletes the bytes of the one before after the commit. Fails: 403. */
export async function setIcon(
  { config, look, publisher, report, storage }: IconServices,
  viewer: Viewer,
  iconKey: string | null,
): Promise<void> {
  await publisher.decide(async (changes) => {
    const { tx } = changes
    await requireAdministrator({ db: tx }, viewer)
    const before = await findIconKey(tx)
    if (before === iconKey) return

    const { registration } = await findInstance(tx, config)
    await updateInstance(tx, { registration, iconKey })
    const icon = { before: before !== null, after: iconKey !== null }
    await recordInstanceAct(tx, { actor: viewer, action: "instance.update", changes: { icon } })
    if (!before) return
    const deletion = () => deleteIcon(storage, before)
    changes.afterCommit(() => void deletion().catch((error) => report(error, "deleting an icon")))
  })
  await look.changed()
}

/** Browsers and home screens take PNG everywhere, and other formats not. */
async function encode(input: Uint8Array): Promise<{ size: number; bytes: Uint8Array }[]> {
  if (!/^image\/(png|jpeg|gif|webp|avif)$/.test(contentTypeOf(input))) throw new Refusal(noPicture, 400)

  try {
    return await squaresOf(input, iconSizes, "png")
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
