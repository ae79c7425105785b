import { accountDeletionsContract } from "./features/account-deletions/contract.ts"
import { accountsContract } from "./features/accounts/contract.ts"
import { administrationContract } from "./features/administration/contract.ts"
import { announcementsContract } from "./features/announcements/contract.ts"
import { auditLogContract } from "./features/audit-log/contract.ts"
import { automodContract } from "./features/automod/contract.ts"
import { bansContract } from "./features/bans/contract.ts"
import { blocksContract } from "./features/blocks/contract.ts"
import { botsContract } from "./features/bots/contract.ts"
import { categoriesContract } from "./features/categories/contract.ts"
import { channelsContract } from "./features/channels/contract.ts"
import { conversationsContract } from "./features/conversations/contract.ts"
import { dataExportsContract } from "./features/data-exports/contract.ts"
import { emailAddressesContract } from "./features/email-addresses/contract.ts"
import { feedsContract } from "./features/feeds/contract.ts"
import { filesContract } from "./features/files/contract.ts"
import { identityProvidersContract } from "./features/identity-providers/contract.ts"
import { inboxContract } from "./features/inbox/contract.ts"
import { instanceContract } from "./features/instance/contract.ts"
import { invitesContract } from "./features/invites/contract.ts"
import { joiningContract } from "./features/joining/contract.ts"
import { lookContract } from "./features/look/contract.ts"
import { membersContract } from "./features/members/contract.ts"
import { messagesChannels, messagesContract } from "./features/messages/contract.ts"
import { missedMailsContract } from "./features/missed-mails/contract.ts"
import { moderationContract } from "./features/moderation/contract.ts"
import { notificationsContract } from "./features/notifications/contract.ts"
import { overwritesContract } from "./features/overwrites/contract.ts"
import { passkeysContract } from "./features/passkeys/contract.ts"
import { permissionChecksContract } from "./features/permission-checks/contract.ts"
import { pinsContract } from "./features/pins/contract.ts"
import { pollsContract } from "./features/polls/contract.ts"
import { presenceChannels } from "./features/presence/contract.ts"
import { previewsContract } from "./features/previews/contract.ts"
import { profilesContract } from "./features/profiles/contract.ts"
import { pushContract } from "./features/push/contract.ts"
import { reactionsContract } from "./features/reactions/contract.ts"
import { readingChannels, readingContract } from "./features/reading/contract.ts"
import { recoveryCodesContract } from "./features/recovery-codes/contract.ts"
import { remindersContract } from "./features/reminders/contract.ts"
import { reportsContract } from "./features/reports/contract.ts"
import { retentionContract } from "./features/retention/contract.ts"
import { rolesContract } from "./features/roles/contract.ts"

import { savedContract } from "./features/saved/contract.ts"
import { scheduledMessagesContract } from "./features/scheduled-messages/contract.ts"
import { searchContract } from "./features/search/contract.ts"
import { secondFactorContract } from "./features/second-factor/contract.ts"
import { serversContract } from "./features/servers/contract.ts"
import { sessionsContract } from "./features/sessions/contract.ts"
import { settingsContract } from "./features/settings/contract.ts"
import { threadsContract } from "./features/threads/contract.ts"
import { transfersContract } from "./features/transfers/contract.ts"
import { usernamesContract } from "./features/usernames/contract.ts"
import { versionsContract } from "./features/versions/contract.ts"
import { webhooksContract } from "./features/webhooks/contract.ts"
import { composeCovenant } from "./kernel/index.ts"

declare module "./kernel/declare.ts" {
  interface ProcedureMeta {
    /** May bots call it? Without this they are refused with 403: it is for people. */
    bots?: true
  }
}

/** The contract's slices: everything anyone can ask of a feature, by the feature's name in `features/index.ts`. */
export const slices = {
  announcements: { procedures: announcementsContract },
  accounts: { procedures: accountsContract },
  "account-deletions": { procedures: accountDeletionsContract },
  administration: { procedures: administrationContract },
  "audit-log": { procedures: auditLogContract },
  automod: { procedures: automodContract },
  bans: { procedures: bansContract },
  blocks: { procedures: blocksContract },
  bots: { procedures: botsContract },
  categories: { procedures: categoriesContract },
  channels: { procedures: channelsContract },
  conversations: { procedures: conversationsContract },
  "email-addresses": { procedures: emailAddressesContract },
  "data-exports": { procedures: dataExportsContract },
  feeds: { procedures: feedsContract },
  files: { procedures: filesContract },
  "identity-providers": { procedures: identityProvidersContract },
  inbox: { procedures: inboxContract },
  instance: { procedures: instanceContract },
  invites: { procedures: invitesContract },
  joining: { procedures: joiningContract },
  look: { procedures: lookContract },
  members: { procedures: membersContract },
  messages: { procedures: messagesContract, channels: messagesChannels },
  notifications: { procedures: notificationsContract },
  overwrites: { procedures: overwritesContract },
  "permission-checks": { procedures: permissionChecksContract },
  "missed-mails": { procedures: missedMailsContract },
  moderation: { procedures: moderationContract },
  passkeys: { procedures: passkeysContract },
  pins: { procedures: pinsContract },
  polls: { procedures: pollsContract },
  presence: { channels: presenceChannels },
  previews: { procedures: previewsContract },
  profiles: { procedures: profilesContract },
  push: { procedures: pushContract },
  reactions: { procedures: reactionsContract },
  reading: { procedures: readingContract, channels: readingChannels },
  "recovery-codes": { procedures: recoveryCodesContract },
  roles: { procedures: rolesContract },
  reminders: { procedures: remindersContract },
  reports: { procedures: reportsContract },
  retention: { procedures: retentionContract },
  saved: { procedures: savedContract },
  "scheduled-messages": { procedures: scheduledMessagesContract },
  search: { procedures: searchContract },
  "second-factor": { procedures: secondFactorContract },
  servers: { procedures: serversContract },
  sessions: { procedures: sessionsContract },
  settings: { procedures: settingsContract },
  threads: { procedures: threadsContract },
  transfers: { procedures: transfersContract },
  usernames: { procedures: usernamesContract },
  versions: { procedures: versionsContract },
  webhooks: { procedures: webhooksContract },
}

/** The contract: everything anyone can ask of Covenant Chat. Pure zod, so that clients import it too. */
export const covenant = composeCovenant(slices)
