import { eq } from "drizzle-orm"
import { emailAddresses, oneTimeLinks, recoveryCodes, signInSteps, users } from "../../drizzle/schema.ts"
import type { Chat } from "../../src/chat.ts"
import { updateAdministrator } from "../../src/features/instance/setting-up.ts"
import { updateInstance } from "../../src/features/instance/store.ts"
import { normalizedCode } from "../../src/features/recovery-codes/code.ts"
import { tokenHash } from "../../src/features/token-hash.ts"

/** Makes someone administrator of the instance, or no longer. */
export function administrate({ commits }: Pick<Chat, "commits">, userId: string, isAdministrator = true) {
  return commits.decide((tx) => updateAdministrator(tx, userId, isAdministrator))
}

/** Makes someone wait for an approval. */
export function keepWaiting({ commits }: Pick<Chat, "commits">, userId: string) {
  const waiting = { waitingSince: new Date(), application: "I know alice" }
  return commits.decide((tx) => tx.update(users).set(waiting).where(eq(users.id, userId)).run())
}

/** Suspends someone without ending anything. */
export function suspend({ commits }: Pick<Chat, "commits">, userId: string) {
  const suspension = { suspendedAt: new Date(), suspensionReason: "Advertising" }
  return commits.decide((tx) => tx.update(users).set(suspension).where(eq(users.id, userId)).run())
}

interface KnownLink {
  token: string
  purpose: "setup" | "password"
  userId?: string
  /** From now on. */
  minutes?: number
}

/** Stores a one-time address with a known token. */
export function putLink({ commits }: Pick<Chat, "commits">, { token, minutes = 15, ...link }: KnownLink) {
  const expiresAt = new Date(Date.now() + minutes * 60_000)
  return commits.decide((tx) =>
    tx
      .insert(oneTimeLinks)
      .values({ ...link, hash: tokenHash(token), expiresAt })
      .run(),
  )
}

/** Gives someone a known recovery code. */
export function putRecoveryCode(
  { commits }: Pick<Chat, "commits">,
  userId: string,
  code: string,
  createdAt?: Date,
) {
  const hash = tokenHash(normalizedCode(code))
  return commits.decide(async (tx) => {
    await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId)).run()
    const row = { id: crypto.randomUUID(), userId, purpose: "account" as const, hash }
    await tx
      .insert(recoveryCodes)
      .values({ ...row, ...(createdAt && { createdAt }) })
      .run()
  })
}

/** Announces something to everyone; returns its id. */
export async function putAnnouncement(
  { commits, look }: Pick<Chat, "commits" | "look">,
  announcement: { id: string; text: string } = { id: crypto.randomUUID(), text: "New servers tonight" },
): Promise<string> {
  const { id: announcementId, text } = announcement
  await commits.decide((tx) =>
    updateInstance(tx, { registration: "open", announcement: text, announcementId }),
  )
  await look.changed()
  return announcementId
}

/** A mail server that is not there. */
export const someMail = { SMTP_URL: "smtp://127.0.0.1:1", MAIL_FROM: "Chat <chat@example.org>" }

/** Gives someone a confirmed e-mail address. */
export function putAddress({ commits }: Pick<Chat, "commits">, userId: string, address: string) {
  const row = { userId, address, verifiedAt: new Date() }
  return commits.decide((tx) => tx.insert(emailAddresses).values(row).run())
}

/** Stores the link that confirms an address, with a known token. */
export function putVerification(
  { commits }: Pick<Chat, "commits">,
  { token, userId, address }: { token: string; userId: string; address: string },
) {
  const expiresAt = new Date(Date.now() + 3_600_000)
  const step = { hash: tokenHash(token), kind: "email" as const, userId, data: { address }, expiresAt }
  return commits.decide((tx) => tx.insert(signInSteps).values(step).run())
}
