import type { NotificationSettings, PlaceLevels } from "../src/features/notifications/contract.ts"
import { AccountPlace } from "./account-place.tsx"
import { type Option, Select, TextArea } from "./fields.tsx"
import type { PageViewer } from "./layout.tsx"
import { type Places, Shell } from "./shell.tsx"
import { Time } from "./times.tsx"
import { DialogLink, Field, FormErrors, FormPanel, type FormState, PanelForm } from "./ui.tsx"

interface LevelsProps {
  levels: PlaceLevels
  /** The URL of the form. */
  action: string
  viewer: PageViewer
  state: FormState
  /** The categories of a server: each has settings of its own. */
  categories?: { name: string; href: string }[]
}

/** Notification settings of a server, category, channel, thread or conversation. */
export function NotificationsPanel({ levels, action, categories = [], ...props }: LevelsProps) {
  return (
    <FormPanel title={`Notifications: ${levels.name}`}>
      <PanelForm action={action} state={props.state} submit="Save">
        <LevelFields levels={levels} {...props} />
      </PanelForm>
      {categories.length > 0 && (
        <section>
          <h2>Categories</h2>
          <ul class="links">
            {categories.map(({ name, href }) => (
              <li>
                <DialogLink href={href}>
                  <bdi safe>{name}</bdi>
                </DialogLink>
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="hint">
        Quiet hours and keywords are in your <a href="/account/notifications">notification settings</a>.
      </p>
    </FormPanel>
  )
}

const levelNames = {
  everything: "All messages",
  mentions: "Mentions and replies",
  nothing: "Nothing",
}
const kindNames = {
  account: "your account",
  server: "the server",
  category: "the category",
  channel: "the channel",
}

function LevelFields({ levels, viewer, state }: Omit<LevelsProps, "action">) {
  const { around, inherited } = levels
  const usual = around === null ? "Default" : `Same as ${kindNames[around]}`
  const suppressing = (isSuppressed: boolean): Option[] => [
    { value: "", label: `${usual} (${isSuppressed ? "suppressed" : "notify me"})` },
    { value: "notify", label: "Notify me" },
    { value: "suppress", label: "Suppress" },
  ]
  return (
    <>
      <Select
        name="level"
        label="Notify me of"
        state={state}
        options={[
          { value: "", label: `${usual} (${levelNames[inherited.level].toLowerCase()})` },
          ...Object.entries(levelNames).map(([value, label]) => ({ value, label })),
        ]}
      />
      <Select
        name="everyone"
        label="Mentions of @everyone"
        state={state}
        options={suppressing(inherited.isEveryoneSuppressed)}
      />
      <Select
        name="roles"
        label="Mentions of my roles"
        state={state}
        options={suppressing(inherited.areRolesSuppressed)}
      />
      <MuteField levels={levels} viewer={viewer} state={state} />
    </>
  )
}

const durations: Option[] = [
  { value: "15", label: "For 15 minutes" },
  { value: "60", label: "For 1 hour" },
  { value: "480", label: "For 8 hours" },
  { value: "1440", label: "For 24 hours" },
  { value: "forever", label: "Until I turn it off" },
]

function MuteField({ levels, viewer, state }: Omit<LevelsProps, "action">) {
  const { mutedUntil, isMutedForGood, inherited, around } = levels
  const isMuted = isMutedForGood || mutedUntil !== null
  const options = isMuted
    ? [{ value: "", label: "Stay muted" }, { value: "off", label: "Unmute" }, ...durations]
    : [{ value: "", label: "Not muted" }, ...durations]
  return (
    <>
      <Select
        name="mute"
        label="Mute"
        state={state}
        options={options}
        hint="A muted channel is not bold and makes no sound. Mentions of you still count."
      />
      {isMutedForGood && <p class="hint">Muted until you unmute it.</p>}
      {mutedUntil !== null && (
        <p class="hint">
          Muted until <Time at={mutedUntil} clock={viewer.clock} />.
        </p>
      )}
      {inherited.isMuted && around !== null && (
        <p class="hint">This is muted too, because it belongs to something muted.</p>
      )}
    </>
  )
}

interface PageProps extends Places {
  viewer: PageViewer
  levels: PlaceLevels
  settings: NotificationSettings
  /** The zone is known: chosen, or the browser's. */
  isZoneKnown: boolean
  isSaved: boolean
  /** Of the form that was sent; the others show what is stored. */
  states: { levels: FormState; quiet: FormState; keywords: FormState }
}

/** Notification settings of the account. */
export function NotificationSettingsPage({ viewer, levels, settings, states, ...props }: PageProps) {
  const { isZoneKnown, isSaved, ...places } = props
  return (
    <Shell title="Notifications" viewer={viewer} {...places} bodyClass="home">
      <AccountPlace current="/account/notifications">
        <main id="main" class="page" hx-ignore>
          <h1>Notifications</h1>
          {isSaved && <p role="status">Saved.</p>}
          <section aria-labelledby="levels-title">
            <h2 id="levels-title">In servers</h2>
            <p class="hint">
              Direct messages notify you of everything. To choose something else for a server, a channel or a
              conversation, open “Notifications” there.
            </p>
            <form class="settings" method="post" action="/account/notifications">
              <FormErrors state={states.levels} />
              <LevelFields levels={levels} viewer={viewer} state={states.levels} />
              <SaveButton />
            </form>
          </section>
          <QuietHoursForm timeZone={settings.timeZone} isZoneKnown={isZoneKnown} state={states.quiet} />
          <KeywordsForm state={states.keywords} />
          <DesktopNotices />
          <Devices />
          <section aria-labelledby="disturb-title">
            <h2 id="disturb-title">Do not disturb</h2>
            <p>
              While your status is “Do not disturb”, no notifications pop up and no sounds play.{" "}
              <a href="/account/profile">Change your status</a>
            </p>
          </section>
        </main>
      </AccountPlace>
    </Shell>
  )
}

interface QuietProps {
  timeZone: string
  isZoneKnown: boolean
  state: FormState
}

function QuietHoursForm({ timeZone, isZoneKnown, state }: QuietProps) {
  return (
    <section aria-labelledby="quiet-title">
      <h2 id="quiet-title">Quiet hours</h2>
      <form class="settings" method="post" action="/account/notifications/quiet-hours">
        <FormErrors state={state} />
        <Field name="quietFrom" label="From" type="time" state={state} />
        <Field name="quietUntil" label="Until" type="time" state={state} />
        <p class="hint">
          <span
            safe
          >{`No notifications pop up during this time, every day (time zone ${timeZone}). Leave both empty to turn this off. `}</span>
          {!isZoneKnown && (
            <>
              Your time zone is unknown: <a href="/settings">choose it</a>.
            </>
          )}
        </p>
        <SaveButton />
      </form>
    </section>
  )
}

function KeywordsForm({ state }: { state: FormState }) {
  return (
    <section aria-labelledby="keywords-title">
      <h2 id="keywords-title">Keywords</h2>
      <form class="settings" method="post" action="/account/notifications/keywords">
        <FormErrors state={state} />
        <TextArea
          name="keywords"
          label="Notify me of messages with"
          state={state}
          hint="A word or a short phrase on each line. Capitals and accents do not matter."
        />
        <SaveButton />
      </form>
    </section>
  )
}

/** Notices of the browser, which it asks for on a click. */
function DesktopNotices() {
  return (
    <section class="with-script" aria-labelledby="desktop-title">
      <h2 id="desktop-title">On this computer</h2>
      <p class="hint">
        While a channel is open in a tab, your browser can show a notification for each message that notifies
        you.
      </p>
      <p>
        <button id="desktop-notices" type="button" aria-describedby="desktop-state">
          Show notifications
        </button>{" "}
        <span id="desktop-state" role="status" />
      </p>
    </section>
  )
}

function Devices() {
  return (
    <section aria-labelledby="devices-title">
      <h2 id="devices-title">On your devices</h2>
      <p>
        While no page of this chat is open, your phones and computers can still notify you.{" "}
        <a href="/account/devices-for-push">Push notifications</a>
      </p>
    </section>
  )
}

function SaveButton() {
  return (
    <p class="actions">
      <button class="primary" type="submit">
        Save
      </button>
    </p>
  )
}
