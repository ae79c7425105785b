import { accountDeletionsFeature } from "./account-deletions/index.ts"
import { accountsFeature } from "./accounts/index.ts"
import { administrationFeature } from "./administration/index.ts"
import { announcementsFeature } from "./announcements/index.ts"
import { auditLogFeature } from "./audit-log/index.ts"
import { automodFeature } from "./automod/index.ts"
import { bansFeature } from "./bans/index.ts"
import { blocksFeature } from "./blocks/index.ts"
import { botsFeature } from "./bots/index.ts"
import { categoriesFeature } from "./categories/index.ts"
import { channelsFeature } from "./channels/index.ts"
import { conversationsFeature } from "./conversations/index.ts"
import { dataExportsFeature } from "./data-exports/index.ts"
import { draftsFeature } from "./drafts/index.ts"
import { emailAddressesFeature } from "./email-addresses/index.ts"
import { emojiFeature } from "./emoji/index.ts"
import type { Feature, FeatureOf, SliceName } from "./feature.ts"
import { feedsFeature } from "./feeds/index.ts"
import { filesFeature } from "./files/index.ts"
import { identityProvidersFeature } from "./identity-providers/index.ts"
import { inboxFeature } from "./inbox/index.ts"
import { instanceFeature } from "./instance/index.ts"
import { invitesFeature } from "./invites/index.ts"
import { joiningFeature } from "./joining/index.ts"
import { keyboardFeature } from "./keyboard/index.ts"
import { lookFeature } from "./look/index.ts"
import { membersFeature } from "./members/index.ts"
import { mentionsFeature } from "./mentions/index.ts"
import { messagesFeature } from "./messages/index.ts"
import { missedMailsFeature } from "./missed-mails/index.ts"
import { moderationFeature } from "./moderation/index.ts"
import { notificationsFeature } from "./notifications/index.ts"
import { overwritesFeature } from "./overwrites/index.ts"
import { passkeysFeature } from "./passkeys/index.ts"
import { permissionChecksFeature } from "./permission-checks/index.ts"
import { pinsFeature } from "./pins/index.ts"
import { pollsFeature } from "./polls/index.ts"
import { presenceFeature } from "./presence/index.ts"
import { previewsFeature } from "./previews/index.ts"
import { profilesFeature } from "./profiles/index.ts"
import { pushFeature } from "./push/index.ts"
import { reactionsFeature } from "./reactions/index.ts"
import { readingFeature } from "./reading/index.ts"
import { recoveryCodesFeature } from "./recovery-codes/index.ts"
import { remindersFeature } from "./reminders/index.ts"
import { repliesFeature } from "./replies/index.ts"
import { reportsFeature } from "./reports/index.ts"
import { retentionFeature } from "./retention/index.ts"
import { rolesFeature } from "./roles/index.ts"

import { roomsFeature } from "./rooms/index.ts"
import { savedFeature } from "./saved/index.ts"
import { scheduledMessagesFeature } from "./scheduled-messages/index.ts"
import { searchFeature } from "./search/index.ts"
import { secondFactorFeature } from "./second-factor/index.ts"
import { serversFeature } from "./servers/index.ts"
import { sessionsFeature } from "./sessions/index.ts"
import { settingsFeature } from "./settings/index.ts"
import { switcherFeature } from "./switcher/index.ts"
import { threadsFeature } from "./threads/index.ts"
import { transfersFeature } from "./transfers/index.ts"
import { usernamesFeature } from "./usernames/index.ts"
import { versionsFeature } from "./versions/index.ts"
import { webAppFeature } from "./web-app/index.ts"
import { webhooksFeature } from "./webhooks/index.ts"

/** Requires a feature for each slice of the contract; other features have no slice. */
type Features = { [Name in SliceName]: FeatureOf<Name> } & Record<string, Feature>

/** All features. The contract's slices are listed in `src/covenant.ts`. */
export const features = {
  "account-deletions": accountDeletionsFeature,
  accounts: accountsFeature,
  administration: administrationFeature,
  announcements: announcementsFeature,
  "audit-log": auditLogFeature,
  automod: automodFeature,
  bans: bansFeature,
  blocks: blocksFeature,
  bots: botsFeature,
  categories: categoriesFeature,
  channels: channelsFeature,
  conversations: conversationsFeature,
  "data-exports": dataExportsFeature,
  drafts: draftsFeature,
  "email-addresses": emailAddressesFeature,
  emoji: emojiFeature,
  feeds: feedsFeature,
  files: filesFeature,
  "identity-providers": identityProvidersFeature,
  inbox: inboxFeature,
  instance: instanceFeature,
  invites: invitesFeature,
  joining: joiningFeature,
  keyboard: keyboardFeature,
  look: lookFeature,
  members: membersFeature,
  mentions: mentionsFeature,
  messages: messagesFeature,
  "missed-mails": missedMailsFeature,
  moderation: moderationFeature,
  notifications: notificationsFeature,
  overwrites: overwritesFeature,
  passkeys: passkeysFeature,
  "permission-checks": permissionChecksFeature,
  pins: pinsFeature,
  polls: pollsFeature,
  presence: presenceFeature,
  previews: previewsFeature,
  profiles: profilesFeature,
  push: pushFeature,
  reactions: reactionsFeature,
  reading: readingFeature,
  "recovery-codes": recoveryCodesFeature,
  reminders: remindersFeature,
  replies: repliesFeature,
  reports: reportsFeature,
  retention: retentionFeature,
  roles: rolesFeature,
  rooms: roomsFeature,
  saved: savedFeature,
  "scheduled-messages": scheduledMessagesFeature,
  search: searchFeature,
  "second-factor": secondFactorFeature,
  servers: serversFeature,
  sessions: sessionsFeature,
  settings: settingsFeature,
  switcher: switcherFeature,
  threads: threadsFeature,
  transfers: transfersFeature,
  usernames: usernamesFeature,
  versions: versionsFeature,
  "web-app": webAppFeature,
  webhooks: webhooksFeature,
} satisfies Features
