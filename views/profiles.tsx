import {
  maxBioLength,
  maxDisplayNameLength,
  maxPronounsLength,
  maxStatusLength,
  type PresenceChoice,
  type Profile,
} from "../src/features/profiles/contract.ts"
import { AccountPlace } from "./account-place.tsx"
import { Check, Select, TextArea } from "./fields.tsx"
import type { PageViewer } from "./layout.tsx"
import { type Places, Shell } from "./shell.tsx"
import { Time } from "./times.tsx"
import { Avatar, Field, FormErrors, type FormState } from "./ui.tsx"

/** How long a status lasts, by the value of its field; `today`: until midnight. */
export const durations = [
  { value: "", label: "Until I change it" },
  { value: "30", label: "30 minutes" },
  { value: "60", label: "1 hour" },
  { value: "240", label: "4 hours" },
  { value: "today", label: "Today" },
] as const

interface Props extends Places {
  viewer: PageViewer
  profile: Profile
  choice: PresenceChoice
  /** What was saved. */
  saved?: string
  /** Of the form that failed, by its name; the others show what is stored. */
  states: Partial<Record<"profile" | "status" | "avatar", FormState>>
}

/** How one shows to others. */
export function ProfilePage({ viewer, profile, choice, saved, states, ...places }: Props) {
  const { userId, username, displayName, bio, pronouns, avatarUrl, status } = profile
  const stored = {
    profile: { values: { displayName: displayName ?? "", bio, pronouns } },
    status: { values: { text: status?.text ?? "", emoji: status?.emoji ?? "", duration: "" } },
  }
  return (
    <Shell title="Profile" viewer={viewer} {...places} bodyClass="home">
      <AccountPlace current="/account/profile">
        <main id="main" class="page profile" hx-ignore>
          <h1>Profile</h1>
          {saved !== undefined && (
            <p role="status" safe>
              {saved}
            </p>
          )}
          <PictureForm
            {...{ userId, avatarUrl }}
            name={displayName ?? username}
            state={states.avatar ?? {}}
          />
          <NamesForm username={username} state={states.profile ?? stored.profile} />
          <StatusForm status={status} state={states.status ?? stored.status} clock={viewer.clock} />
          <PresenceForm choice={choice} />
        </main>
      </AccountPlace>
    </Shell>
  )
}

interface PictureProps {
  userId: string
  name: string
  avatarUrl: string | null
  state: FormState
}

function PictureForm({ userId, name, avatarUrl, state }: PictureProps) {
  return (
    <section aria-labelledby="picture">
      <h2 id="picture">Picture</h2>
      <div class="profile-face">
        <Avatar userId={userId} name={name} picture={avatarUrl} isLarge />
      </div>
      <FormErrors state={state} />
      <form method="post" action="/account/profile/avatar" enctype="multipart/form-data">
        <p class="field">
          <label for="avatar">Choose a picture</label>
          <input
            id="avatar"
            name="avatar"
            type="file"
            accept="image/*"
            required
            aria-describedby="avatar-hint"
          />
          <small id="avatar-hint" class="hint">
            PNG, JPEG, GIF, WebP or AVIF, up to 8 MB, cropped to a square. A GIF of up to 1 MB and 512 pixels
            plays while the pointer is on it.
          </small>
        </p>
        <p class="actions">
          <button type="submit">Upload picture</button>
        </p>
      </form>
      {avatarUrl !== null && (
        <form method="post" action="/account/profile/avatar/remove">
          <p class="actions">
            <button type="submit" class="danger">
              Remove picture
            </button>
          </p>
        </form>
      )}
    </section>
  )
}

function NamesForm({ username, state }: { username: string; state: FormState }) {
  return (
    <section aria-labelledby="names">
      <h2 id="names">About you</h2>
      <form method="post" action="/account/profile">
        <FormErrors state={{ error: state.error }} />
        <Field
          name="displayName"
          label="Display name"
          state={state}
          hint={`Shown in place of your username, ${username}, with which you log in and are mentioned`}
          autocomplete="nickname"
          maxlength={maxDisplayNameLength}
        />
        <Field name="pronouns" label="Pronouns" state={state} maxlength={maxPronounsLength} />
        <TextArea
          name="bio"
          label="About me"
          hint={`Up to ${maxBioLength} characters`}
          state={state}
          maxlength={maxBioLength}
        />
        <p class="actions">
          <button type="submit" class="primary">
            Save profile
          </button>
        </p>
      </form>
    </section>
  )
}

interface StatusProps {
  status: Profile["status"]
  state: FormState
  clock: PageViewer["clock"]
}

function StatusForm({ status, state, clock }: StatusProps) {
  return (
    <section aria-labelledby="status">
      <h2 id="status">Status</h2>
      {Boolean(status?.expiresAt) && (
        <p>
          Ends <Time at={status?.expiresAt ?? new Date()} clock={clock} />.
        </p>
      )}
      <form method="post" action="/account/profile/status">
        <FormErrors state={{ error: state.error }} />
        <Field name="emoji" label="Emoji" state={state} hint="One emoji, or none" maxlength={40} />
        <Field name="text" label="What are you doing?" state={state} maxlength={maxStatusLength} />
        <Select name="duration" label="Until" options={durations} state={state} />
        <p class="actions">
          <button type="submit" class="primary">
            Set status
          </button>
          {status !== null && (
            <button type="submit" name="clear" value="yes">
              Clear status
            </button>
          )}
        </p>
      </form>
    </section>
  )
}

const choices: [value: PresenceChoice, label: string][] = [
  ["online", "Online"],
  ["idle", "Idle"],
  ["doNotDisturb", "Do not disturb: no sounds"],
  ["invisible", "Invisible: others see you as offline"],
]

function PresenceForm({ choice }: { choice: PresenceChoice }) {
  return (
    <section aria-labelledby="presence">
      <h2 id="presence">Presence</h2>
      <form method="post" action="/account/profile/presence">
        <fieldset class="plain">
          <legend>Others see you as</legend>
          {choices.map(([value, label]) => (
            <Check name="presence" value={value} label={label} isChecked={choice === value} type="radio" />
          ))}
        </fieldset>
        <p class="actions">
          <button type="submit" class="primary">
            Save presence
          </button>
        </p>
      </form>
    </section>
  )
}
