import { Refusal } from "../../kernel/index.ts"
import type { Derived } from "../services.ts"
import { isInvitation, releaseInvitation, useInvitation } from "./invitations.ts"
import { findInstance, findSignUpAnswer } from "./store.ts"

interface Asked {
  invitation?: string
  application?: string
  /** To the question at sign-up. */
  answer?: string
  /** A provider of identities knows them: they are no program. */
  isIdentified?: boolean
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
const wrongAnswer = "That is not the answer. Programs sign up too: this question keeps them out"
const applicationNeeded = "Write in a sentence why you want to join"

/**
 * Whether someone may sign up, before anything about the wanted name is looked at: who may not sign up cannot ask which
 * names exist. An invitation spares its owner the question. Fails: 403, 400 (no application or answer where one is needed).
 */
export async function requireAdmission(
  { db, commits, config }: Pick<Derived, "db" | "commits" | "config">,
  { invitation = "", application = "", answer = "", isIdentified = false }: Asked,
): Promise<Admission> {
  const { registration, isSetUp, signUpQuestion } = await findInstance(db, config)
  const requireAnswer = async () => {
    if (signUpQuestion === "" || isIdentified || isAlike(answer, await findSignUpAnswer(db))) return
    throw new Refusal(wrongAnswer, 400, { issues: [{ path: "answer", message: wrongAnswer }] })
  }
  if (registration === "open") {
    await requireAnswer()
    return nothing
  }
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

  await requireAnswer()

  return { ...nothing, waiting: { waitingSince: new Date(), application } }
}

/** Case, accents typed in another way, and spaces do not matter. */
function isAlike(typed: string, answer: string): boolean {
  const plain = (text: string) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim()
  return plain(typed) === plain(answer)
}
