import { escapeHtml } from "@kitajs/html"
import type { PushDevice } from "../src/features/push/contract.ts"
import { asset } from "../src/web/assets.ts"
import type { Clock } from "../src/web/clock.ts"
import { AccountPlace } from "./account-place.tsx"
import type { PageViewer } from "./layout.tsx"
import { RenameOrRemove } from "./rename-or-remove.tsx"
import { type ServerName, Shell } from "./shell.tsx"
import { Time } from "./times.tsx"
import { FormErrors, type FormState } from "./ui.tsx"

const address = "/account/devices-for-push"

interface SectionProps {
  devices: PushDevice[]
  /** The key that browsers subscribe with. */
  publicKey: string
  isTextShown: boolean
  /** A name for this browser. */
  device: string
  clock: Clock
}

interface PageProps extends SectionProps {
  viewer: PageViewer
  servers: ServerName[]
  /** The result of the last form. */
  done?: string
  state: FormState
}

/** The devices that get notices while no page is open. */
export function PushPage({ viewer, servers, done, state, ...section }: PageProps) {
  return (
    <Shell title="Push notifications" viewer={viewer} servers={servers} bodyClass="home">
      <AccountPlace current={address}>
        <main id="main" class="page" hx-ignore>
          <h1>Push notifications</h1>
          {done !== undefined && (
            <p role="status" safe>
              {done}
            </p>
          )}
          <FormErrors state={state} />
          <PushSection {...section} />
        </main>
      </AccountPlace>
    </Shell>
  )
}

/** This browser, what notices show, and all devices. */
function PushSection({ devices, publicKey, isTextShown, device, clock }: SectionProps) {
  return (
    <>
      <ThisBrowser devices={devices} publicKey={publicKey} device={device} />
      <ShownText isTextShown={isTextShown} />
      <section aria-labelledby="push-devices">
        <h2 id="push-devices">Your devices</h2>
        {devices.length === 0 && <p class="empty">None yet.</p>}
        <ul class="entries">
          {devices.map((each) => (
            <li>
              <DeviceRow device={each} clock={clock} />
            </li>
          ))}
        </ul>
        <p class="hint">Logging out of a device also ends push there.</p>
      </section>
    </>
  )
}

/** Hidden until `static/push.js` finds that the browser knows push. */
function ThisBrowser({ devices, publicKey, device }: Pick<SectionProps, "devices" | "publicKey" | "device">) {
  const isAdded = devices.some(({ isCurrent }) => isCurrent)
  return (
    <section aria-labelledby="push-here">
      <h2 id="push-here">This browser</h2>
      <p>
        Messages for you arrive here while no page of this chat is open. They come from this server, encrypted
        for your device.
      </p>
      <form
        id="push"
        method="post"
        action={address}
        data-key={publicKey}
        data-added={isAdded ? "yes" : undefined}
        hidden
      >
        {["endpoint", "p256dh", "auth"].map((name) => (
          <input type="hidden" name={name} value="" />
        ))}
        <input type="hidden" name="name" value={escapeHtml(device)} />
        <p class="actions">
          <button class="primary" type="submit">
            Turn on push here
          </button>
        </p>
      </form>
      <p id="push-status" role="status" />
      <script type="module" src={asset("push.js")} />
      <noscript>
        <p class="hint">Turning on push needs JavaScript. Your other devices are listed below.</p>
      </noscript>
    </section>
  )
}

function ShownText({ isTextShown }: Pick<SectionProps, "isTextShown">) {
  return (
    <section aria-labelledby="push-text">
      <h2 id="push-text">What notifications show</h2>
      <form class="push-form" method="post" action={`${address}/text`}>
        <fieldset class="choice">
          <legend class="visually-hidden">What notifications show</legend>
          <div class="options">
            <label>
              <input type="radio" name="text" value="shown" checked={isTextShown} />
              <span>Author, channel and text</span>
            </label>
            <label>
              <input type="radio" name="text" value="hidden" checked={!isTextShown} />
              <span>Only “New message”</span>
            </label>
          </div>
        </fieldset>
        <p class="actions">
          <button type="submit">Save</button>
        </p>
      </form>
    </section>
  )
}

function DeviceRow({ device, clock }: { device: PushDevice; clock: Clock }) {
  const { id, name, service, createdAt, lastSentAt, lastStatus, isCurrent } = device
  return (
    <>
      <div class="grow">
        <b dir="auto" safe>
          {name}
        </b>{" "}
        {isCurrent && <span class="badge">this device</span>}
        <br />
        <small class="hint">
          Added <Time at={createdAt} clock={clock} />
          <span safe>{`, by ${service}`}</span>
          {lastSentAt !== null && (
            <>
              , last notification <Time at={lastSentAt} clock={clock} />
            </>
          )}
          {lastStatus !== null && !/^2\d\d$/.test(lastStatus) && (
            <span safe>{`, last attempt failed: ${lastStatus}`}</span>
          )}
        </small>
        <RenameOrRemove id={id} name={name} address={address} />
      </div>
      <form method="post" action={`${address}/${id}/test`}>
        <button type="submit" aria-label={escapeHtml(`Test ${name}`)}>
          Test
        </button>
      </form>
    </>
  )
}
