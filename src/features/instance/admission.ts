import { Refusal } from "../../kernel/index.ts"
import { isWorkDone, spendWork } from "../accounts/sign-up-work.ts"
import type { Derived } from "../services.ts"
import { isInvitation, releaseInvitation, useInvitation } from "./invitations.ts"
import { findInstance, findSignUpAnswer } from "./store.ts"

interface Asked {
  invitation?: string
  application?: string
  /** To the question at sign-up. */
  answer?: string
  /** Work in place of the answer, see `sign-up-work.ts`. */
  work?: string
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
export const notSetUp = "This chat is not set up yet. Its operator finds the setup link in the server's log"
export const invitationNeeded = "Sign-ups need an invitation here, and this one does not work"
const wrongAnswer = "That is not the answer. The question blocks automated sign-ups"
const workUsed = "Your browser has to repeat the computation: try again"
const applicationNeeded = "Write in a sentence why you want to join"

/**
 * Whether someone may sign up, before anything about the wanted name is looked at: who may not sign up cannot ask which
 * names exist. An invitation spares its owner the question. Fails: 403, 400 (no application or answer where one is needed).
 */
export async function requireAdmission(
  { db, commits, config }: Pick<Derived, "db" | "commits" | "config">,
  { invitation = "", application = "", answer = "", work = "", isIdentified = false }: Asked,
): Promise<Admission> {
  const { registration, isSetUp, signUpQuestion, signUpWork } = await findInstance(db, config)
  const requireAnswer = async (): Promise<Admission> => {
    if (signUpQuestion === "" || isIdentified) return nothing
    if (signUpWork && isWorkDone(config, work)) return byWork(commits, work)
    if (isAlike(answer, await findSignUpAnswer(db))) return nothing
    throw new Refusal(wrongAnswer, 400, { issues: [{ path: "answer", message: wrongAnswer }] })
  }
  if (registration === "open") return requireAnswer()
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

  return { ...(await requireAnswer()), waiting: { waitingSince: new Date(), application } }
}

/** A solution is valid once. It stays used when the account cannot be created: the form then has a new challenge. */
function byWork(commits: Derived["commits"], work: string): Admission {
  return {
    async use() {
      if (!(await commits.decide((tx) => spendWork(tx, work)))) throw new Refusal(workUsed, 400)
    },
    release: async () => {},
  }
}

/** Case, accents typed in another way, and spaces do not matter. */
function isAlike(typed: string, answer: string): boolean {
  const plain = (text: string) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim()
  return plain(typed) === plain(answer)
}
