import { Refusal } from "../../kernel/index.ts"
import type { Derived } from "../services.ts"
import { isInvitation, releaseInvitation, useInvitation } from "./invitations.ts"
import { findInstance } from "./store.ts"

interface Asked {
  invitation?: string
  application?: string
}

/** How someone may sign up. */
export interface Admission {
  /** Of the new account: it waits for an approval. */
  waiting?: { waitingSince: Date; application: string }
  /** Uses up what admits them; throws when that is not possible any more. */
  use(): Promise<void>
  /** Takes that back, when the account could not be created. */
  release(): Promise<void>
}

const nothing = { use: async () => {}, release: async () => {} }
export const signUpsClosed = "Sign-ups are closed here"
export const notSetUp =
  "This chat is not set up yet. Its operator finds the setup address in the server's log"
export const invitationNeeded = "Sign-ups need an invitation here, and this one does not work"
const applicationNeeded = "Write in a sentence why you want to join"

/**
 * Whether someone may sign up, before anything about the wanted name is looked at: who may not sign up cannot ask which
 * names exist. Fails: 403, 400 (no application where one is needed).
 */
export async function requireAdmission(
  { db, commits, config }: Pick<Derived, "db" | "commits" | "config">,
  { invitation = "", application = "" }: Asked,
): Promise<Admission> {
  const { registration, isSetUp } = await findInstance(db, config)
  if (registration === "open") return nothing
  if (registration === "closed") throw new Refusal(isSetUp ? signUpsClosed : notSetUp, 403)

  if (invitation !== "" && (await isInvitation(db, invitation, new Date()))) {
    return {
      async use() {
        const isUsed = await commits.decide((tx) => useInvitation(tx, invitation, new Date()))
        if (!isUsed) throw new Refusal(invitationNeeded, 403)
      },
      release: () => commits.decide((tx) => releaseInvitation(tx, invitation)),
    }
  }
  if (registration === "invite" || invitation !== "") throw new Refusal(invitationNeeded, 403)
  if (application === "")
    throw new Refusal(applicationNeeded, 400, {
      issues: [{ path: "application", message: applicationNeeded }],
    })

  return { ...nothing, waiting: { waitingSince: new Date(), application } }
}
