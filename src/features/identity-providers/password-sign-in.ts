import { instanceSettings } from "../../../drizzle/schema.ts"
import type { Config } from "../../config.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { Refusal } from "../../kernel/index.ts"
import { findInstance, updateInstance } from "../instance/store.ts"

const statements = prepare((db) => ({
  find: db.select({ isAllowed: instanceSettings.allowsPasswords }).from(instanceSettings).limit(1).prepare(),
}))

const noPasswords = "Passwords are switched off here. Log in at a provider"

/** May people sign in and sign up with a password? */
export async function allowsPasswords(db: Db): Promise<boolean> {
  return (await statements(db).find.get({}))?.isAllowed ?? true
}

/** Refuses passwords where only providers sign people in. Fails: 403. */
export async function requirePasswords({ db }: { db: Db }): Promise<void> {
  if (!(await allowsPasswords(db))) throw new Refusal(noPasswords, 403)
}

/** Stores whether passwords are allowed. */
export async function updatePasswordSignIn(
  tx: Tx,
  isAllowed: boolean,
  config: Pick<Config, "production">,
): Promise<void> {
  // There is no row before someone has set the chat up.
  const { registration } = await findInstance(tx, config)
  await updateInstance(tx, { registration })
  await tx.update(instanceSettings).set({ allowsPasswords: isAllowed }).run()
}
