import { databaseConfigOf, publicOriginOf } from "../config.ts"
import { openDatabase } from "../db/open.ts"
import { findUserByName } from "../features/accounts/store.ts"
import {
  createResetLink,
  removeSecondFactor,
  setAdministrator,
  suspendPerson,
  unsuspendPerson,
} from "../features/administration/acts-on-people.ts"
import type { ChangeSet } from "../features/change-set.ts"
import { updatePasswordSignIn } from "../features/identity-providers/password-sign-in.ts"
import { insertInvitation } from "../features/instance/invitations.ts"
import { linkMinutes, linkPath } from "../features/instance/one-time-links.ts"
import { commandLine, recordInstanceAct } from "../features/instance/record-act.ts"
import { createSetUpPath } from "../features/instance/setting-up.ts"
import { AccessFollower } from "../features/permissions/access-follower.ts"
import { Publisher } from "../features/publisher.ts"
import { Refusal } from "../kernel/index.ts"

// `bun run admin <command> [name]`, with the server running or not: what an administrator does, for emergencies.

const usage = `Usage: bun run admin <command>
  allow-passwords           if people log in at providers only and none works
  setup-link                a link that makes the first person who opens it administrator, if there is none
  reset-password <name>     a link with which this person sets a new password
  remove-factor <name>      for someone who lost it; ends all sessions
  make-administrator <name>
  suspend <name> [reason]   until you end it; ends all sessions
  unsuspend <name>
  invite [note]             a link with which one person can sign up, within seven days`

const inviteMs = 7 * 24 * 60 * 60 * 1000

const [command = "", name = "", ...words] = process.argv.slice(2)
let failed = false
try {
  process.stdout.write(`${await run()}\n`)
} catch (error) {
  failed = true
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
}
process.exit(failed ? 1 : 0)

async function run(): Promise<string> {
  const isKnown = usage.includes(`  ${command} `) || command === "make-administrator"
  if (command === "" || !isKnown) throw new Error(usage)

  const database = await openDatabase(databaseConfigOf())
  try {
    if (command === "setup-link") return await offerSetUp(database)
    if (command === "invite") return await invite(database)
    if (command === "allow-passwords") return await allowPasswords(database)
    return await actOnPerson(database)
  } finally {
    await database.close()
  }
}

type OpenedDatabase = Awaited<ReturnType<typeof openDatabase>>

async function offerSetUp(database: OpenedDatabase): Promise<string> {
  const path = await createSetUpPath(database, { keepOthers: false })
  if (!path)
    throw new Error("There is an administrator already. Use: bun run admin make-administrator <name>")

  return `${address(path)}\nWorks once, within ${linkMinutes} minutes, and makes its opener administrator.`
}

async function allowPasswords({ commits }: OpenedDatabase): Promise<string> {
  await commits.decide(async (tx) => {
    await updatePasswordSignIn(tx, true, { production: true })
    const changes = { allowsPasswords: { after: true } }
    await recordInstanceAct(tx, { actor: commandLine, action: "instance.update", changes })
  })
  return "People can log in with a password. People without one need: bun run admin reset-password <name>"
}

async function invite({ commits }: OpenedDatabase): Promise<string> {
  const note = [name, ...words].join(" ")
  const expiresAt = new Date(Date.now() + inviteMs)
  const made = await commits.decide(async (tx) => {
    const invitation = { note, expiresAt, maxUses: 1, createdByName: commandLine.username }
    const created = await insertInvitation(tx, invitation)
    const target = { id: created.id, name: note }
    await recordInstanceAct(tx, { actor: commandLine, action: "invitation.create", target })
    return created
  })
  return `${address(`/join/${made.code}`)}\nLets one person sign up, within seven days, unless sign-ups are closed.`
}

async function actOnPerson({ db, commits }: OpenedDatabase): Promise<string> {
  const user = name === "" ? undefined : await findUserByName(db, name)
  if (!user) throw new Refusal(name === "" ? usage : `There is no person named ${name}`, 404)

  const act = { actor: commandLine, userId: user.id, reason: words.join(" ") || undefined }
  // A running server reads the log of ended access, and ends what was live.
  const access = new AccessFollower({ db, end: () => {}, endAll: () => {} })
  const publisher = new Publisher({ commits, access, announce: async () => {} })
  const decide = <Result>(write: (changes: ChangeSet) => Promise<Result>) => publisher.decide(write)
  switch (command) {
    case "reset-password": {
      const { token } = await decide((changes) => createResetLink(changes, act))
      const path = linkPath("password", token)
      return `${address(path)}\nWorks once, within ${linkMinutes} minutes, and ends all sessions of ${name}.`
    }
    case "remove-factor":
      await decide((changes) => removeSecondFactor(changes, act))
      return `The password alone logs ${name} in again.`
    case "make-administrator":
      await decide((changes) => setAdministrator(changes, { ...act, isAdministrator: true }))
      return `${name} is an administrator.`
    case "suspend":
      await decide((changes) => suspendPerson(changes, { ...act, until: null }))
      return `${name} is suspended.`
    default:
      await decide((changes) => unsuspendPerson(changes, act))
      return `The suspension of ${name} is over.`
  }
}

/** The whole address where `PUBLIC_URL` says it. */
function address(path: string): string {
  return `${publicOriginOf()}${path}`
}
