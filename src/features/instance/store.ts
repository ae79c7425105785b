import { eq } from "drizzle-orm"
import { instanceSettings } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { defaultLook } from "../../web/look.ts"
import { hasAdministrator } from "../permissions/administrators.ts"
import type { Instance } from "./contract.ts"

/** The id of the only row. */
const settingsId = 1
/** Before it was set up. */
const unset = {
  name: defaultLook.name,
  serverCreation: "everyone",
  signInText: "",
  accent: null,
  termsUrl: "",
  privacyUrl: "",
  signUpQuestion: "",
  signUpWork: false,
} as const

const statements = prepare((db) => ({
  find: db.select().from(instanceSettings).where(eq(instanceSettings.id, settingsId)).prepare(),
}))

/**
 * The instance and its settings. Until someone sets it up, nobody may sign up in production, where it could be found
 * before its owner has opened its one-time address; in development everybody may.
 */
export async function findInstance(db: Db, { production }: { production: boolean }): Promise<Instance> {
  const stored = await statements(db).find.get({})
  const isSetUp = await hasAdministrator(db)
  if (!stored) {
    const registration = production ? "closed" : "open"
    return { ...unset, registration, isSetUp }
  }
  const { name, registration, serverCreation, signInText, accent, termsUrl, privacyUrl } = stored
  const { signUpQuestion, signUpWork } = stored
  return {
    name,
    registration,
    serverCreation,
    signInText,
    accent,
    termsUrl,
    privacyUrl,
    signUpQuestion,
    signUpWork,
    isSetUp,
  }
}

type Settings = Omit<typeof instanceSettings.$inferInsert, "id" | "updatedAt">

/** Stores settings of the instance; what is not given stays, or gets its default. */
export async function updateInstance(
  tx: Tx,
  settings: Partial<Settings> & Pick<Instance, "registration">,
): Promise<void> {
  const updatedAt = new Date()
  await tx
    .insert(instanceSettings)
    .values({ id: settingsId, ...settings, updatedAt })
    .onConflictDoUpdate({ target: instanceSettings.id, set: { ...settings, updatedAt } })
    .run()
}

/** The answer to the question at sign-up; empty without one. */
export async function findSignUpAnswer(db: Db): Promise<string> {
  return (await statements(db).find.get({}))?.signUpAnswer ?? ""
}
