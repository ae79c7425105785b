import { eq } from "drizzle-orm"
import { instanceKeys, pushSubscriptions } from "../../../drizzle/schema.ts"
import type { Config } from "../../config.ts"
import type { Commits, Db } from "../../db/database.ts"
import { open, seal } from "../secret-box.ts"
import { generateVapidKeys, importVapidKeys, type VapidKeys } from "./vapid.ts"

const name = "vapid"

interface KeyServices {
  db: Db
  commits: Commits
  config: Pick<Config, "authSecret">
}

/**
 * The keys of the instance, made with the first use and then the same at all nodes. They are stored encrypted: anyone who has
 * them can send to every device. With another `AUTH_SECRET` they cannot be read any more: then they are made anew, and all
 * devices, which are bound to the old ones, are removed.
 */
export async function loadVapidKeys({ db, commits, config }: KeyServices): Promise<VapidKeys> {
  const stored = await findKey(db)
  const known = stored && open(config, stored)
  if (known) return importVapidKeys(known)

  const made = await generateVapidKeys()
  const kept = await commits.decide(async (tx) => {
    // Another node may have made them meanwhile.
    const existing = await findKey(tx)
    const readable = existing && open(config, existing)
    if (readable) return readable

    const value = seal(config, made)
    await tx
      .insert(instanceKeys)
      .values({ name, value })
      .onConflictDoUpdate({ target: instanceKeys.name, set: { value, createdAt: new Date() } })
      .run()
    if (existing) await tx.delete(pushSubscriptions).run()
    return made
  })
  return importVapidKeys(kept)
}

async function findKey(db: Db): Promise<string | undefined> {
  const row = await db
    .select({ value: instanceKeys.value })
    .from(instanceKeys)
    .where(eq(instanceKeys.name, name))
    .get()
  return row?.value
}
