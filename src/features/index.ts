import { accounts } from "./accounts/index.ts"
import { bans } from "./bans/index.ts"
import { blocks } from "./blocks/index.ts"
import { bots } from "./bots/index.ts"
import { channels } from "./channels/index.ts"
import { conversations } from "./conversations/index.ts"
import { emoji } from "./emoji/index.ts"
import type { Feature, FeatureOf, SliceName } from "./feature.ts"
import { files } from "./files/index.ts"
import { invites } from "./invites/index.ts"
import { keyboard } from "./keyboard/index.ts"
import { members } from "./members/index.ts"
import { mentions } from "./mentions/index.ts"
import { messages } from "./messages/index.ts"
import { pins } from "./pins/index.ts"
import { presence } from "./presence/index.ts"
import { previews } from "./previews/index.ts"
import { reactions } from "./reactions/index.ts"
import { reading } from "./reading/index.ts"
import { replies } from "./replies/index.ts"
import { rooms } from "./rooms/index.ts"
import { saved } from "./saved/index.ts"
import { search } from "./search/index.ts"
import { servers } from "./servers/index.ts"
import { sessions } from "./sessions/index.ts"
import { settings } from "./settings/index.ts"
import { switcher } from "./switcher/index.ts"
import { threads } from "./threads/index.ts"
import { versions } from "./versions/index.ts"
import { webhooks } from "./webhooks/index.ts"

/** What has to be here: a feature for each slice of the contract, and others that have no part in it. */
type Features = { [Name in SliceName]: FeatureOf<Name> } & Record<string, Feature>

/** All features: the one list beside the contract's (`src/covenant.ts`). */
export const features = {
  accounts,
  bans,
  blocks,
  bots,
  channels,
  conversations,
  emoji,
  files,
  invites,
  keyboard,
  members,
  mentions,
  messages,
  pins,
  presence,
  previews,
  reactions,
  reading,
  replies,
  rooms,
  saved,
  search,
  servers,
  sessions,
  settings,
  switcher,
  threads,
  versions,
  webhooks,
} satisfies Features
