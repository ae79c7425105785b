import { mailOf } from "../../../views/mails.tsx"
import type { Config } from "../../config.ts"
import type { Db } from "../../db/database.ts"
import { linkMinutes, linkPath } from "../instance/one-time-links.ts"
import { findInstance } from "../instance/store.ts"
import type { Mail } from "./queue.ts"

/** How long the link of a verification works, in minutes. */
export const verificationMinutes = 60

/** Where the link of a verification leads. */
export const verificationPath = "/verify-email"

interface Source {
  db: Db
  config: Config
}

interface Addressee {
  to: string
  username: string
}

async function write(
  { db, config }: Source,
  { to, username }: Addressee,
  content: { about: string; says: string; link?: { text: string; path: string }; closing: string },
): Promise<Mail> {
  const { name: chat } = await findInstance(db, config)
  const { about, says, link, closing } = content
  return mailOf({
    chat,
    to,
    subject: `${about} – ${chat}`,
    paragraphs: [`Hello ${username},`, says],
    // Never from a request: its sender chooses the host.
    link: link && {
      text: link.text,
      url: `${config.publicOrigin ?? `http://localhost:${config.port}`}${link.path}`,
    },
    closing,
  })
}

/** Asks whether an address is that of an account. */
export function verificationMail(source: Source, addressee: Addressee, token: string): Promise<Mail> {
  return write(source, addressee, {
    about: "Confirm your e-mail address",
    says: `This address was entered for the account ${addressee.username}.`,
    link: { text: "Confirm this address", path: `${verificationPath}/${token}` },
    closing: `The link works once, for ${verificationMinutes} minutes. If it was not you, ignore this message.`,
  })
}

/** Brings the link for a new password. */
export function passwordMail(source: Source, addressee: Addressee, token: string): Promise<Mail> {
  return write(source, addressee, {
    about: "New password",
    says: `A new password was requested for the account ${addressee.username}.`,
    link: { text: "Set a new password", path: linkPath("password", token) },
    closing: `The link works once, for ${linkMinutes} minutes. If it was not you, ignore this message: your password stays as it is.`,
  })
}

/** Tells the address that an account had before: a takeover of the account must not go unnoticed. */
export function changedMail(source: Source, addressee: Addressee): Promise<Mail> {
  return write(source, addressee, {
    about: "Your e-mail address was changed",
    says: `The account ${addressee.username} has another e-mail address now, or none. This address is no longer used.`,
    closing: "If it was not you, recover your account with your recovery code, or tell an administrator.",
  })
}
