import { Refusal } from "../../kernel/index.ts"
import { iconSizes } from "../../web/look.ts"
import type { Viewer } from "../accounts/sessions.ts"
import { squaresOf } from "../files/crop.ts"
import { encodePicture } from "../files/encode-picture.ts"
import { type FileStorage, newKey } from "../files/storage.ts"
import { recordInstanceAct } from "../instance/record-act.ts"
import { findInstance, updateInstance } from "../instance/store.ts"
import { requireAdministrator } from "../permissions/administrators.ts"
import type { Services } from "../services.ts"
import { iconFolder } from "./look-cache.ts"
import { findIconKey } from "./store.ts"

/** Largest picture that is uploaded, in bytes. */
const maxIconBytes = 8 * 1024 * 1024

type IconServices = Pick<Services, "config" | "look" | "publisher" | "report" | "storage">

/** Stores an icon, encoded again from its pixels in each size. Fails: 403, 400 (no picture), 413. */
export async function storeIcon(services: IconServices, viewer: Viewer, file: File): Promise<void> {
  if (file.size > maxIconBytes)
    throw new Refusal(`An image has at most ${maxIconBytes / 1024 / 1024} MB. Make it smaller`, 413)
  // Browsers and home screens take PNG everywhere, and other formats not.
  const encoded = await encodePicture(new Uint8Array(await file.arrayBuffer()), (input) =>
    squaresOf(input, iconSizes, "png"),
  )
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

async function deleteIcon(storage: FileStorage, key: string): Promise<void> {
  for (const size of iconSizes) await storage.delete(`${key}.${size}`)
}
