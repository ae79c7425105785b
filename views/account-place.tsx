import type { Children } from "@kitajs/html"
import { Described, type DescribedLink } from "./described-links.tsx"
import { SettingsNav } from "./settings-frame.tsx"

/** One page or panel of an account, with what it is for. */
interface AccountLink extends DescribedLink {
  /** A page without the list of the others. */
  isApart?: true
}

/** The pages of an account, by section. */
const groups: { title: string; links: AccountLink[] }[] = [
  {
    title: "You",
    links: [
      {
        title: "Profile",
        href: "/account/profile",
        about: "Name, picture, status and other details",
      },
      {
        title: "Order of servers",
        href: "/account/servers",
        about: "How your servers are listed, on all your devices",
      },
      { title: "Settings", href: "/settings", about: "Appearance, time, sounds and keyboard" },
      {
        ...{ title: "Notifications", href: "/account/notifications" },
        about: "What notifies you, keywords and quiet hours",
      },
      {
        ...{ title: "Push notifications", href: "/account/devices-for-push" },
        about: "Notifications on your devices while the chat is closed",
      },
    ],
  },
  {
    title: "Logging in",
    links: [
      {
        title: "Change username",
        href: "/account/username",
        about: "The name you log in with",
        isPanel: true,
      },
      {
        title: "Change password",
        href: "/account/password",
        about: "Logs out your other devices",
        isPanel: true,
      },
      {
        title: "Two-factor login",
        href: "/account/second-factor",
        about: "A code or passkey in addition to your password",
      },
      {
        ...{ title: "Recovery code", href: "/account/recovery-code" },
        ...{ about: "Sets a new password if you lose yours", isPanel: true },
      },
      {
        ...{ title: "Log in with other accounts", href: "/account/providers" },
        ...{ about: "Accounts at other services that you log in with", isApart: true },
      },
    ],
  },
  {
    title: "Later",
    links: [
      {
        title: "Reminders",
        href: "/reminders",
        about: "Messages you want to see again later",
        isApart: true,
      },
      {
        ...{ title: "Scheduled messages", href: "/scheduled" },
        ...{ about: "Messages sent at a time you choose", isApart: true },
      },
      {
        title: "Feeds",
        href: "/account/feeds",
        about: "Channels and searches in your feed reader",
      },
    ],
  },
  {
    title: "Privacy",
    links: [
      {
        title: "Blocked people",
        href: "/account/blocked",
        about: "People who cannot message you",
        isPanel: true,
      },
      { title: "Your data", href: "/account/data", about: "Everything stored about you, as an archive" },
    ],
  },
  {
    title: "Programs",
    links: [
      { title: "Bots", href: "/account/bots", about: "Accounts for programs that you run" },
      { title: "API", href: "/api", about: "Reference for developers, with examples", isApart: true },
    ],
  },
]

const email: AccountLink = {
  ...{ title: "E-mail address", href: "/account/email" },
  ...{ about: "For a new password if you lose yours", isPanel: true },
}
const missed: AccountLink = {
  ...{ title: "E-mail for what you missed", href: "/account/mails" },
  ...{ about: "Sent when messages stay unread", isPanel: true },
}
const administration: AccountLink = {
  ...{ title: "Administration", href: "/admin" },
  about: "People, servers and settings of this chat",
}
const deletion: AccountLink = {
  ...{ title: "Delete account", href: "/account/delete" },
  ...{ about: "Permanently, now or in 14 days", isPanel: true, isDanger: true },
}

/** A page of the account beside the list of its pages. */
export function AccountPlace({ current, children }: { current: string; children?: Children }) {
  const pages = groups.flatMap(({ title: group, links }) =>
    links.filter(({ isPanel, isApart }) => !isPanel && !isApart).map((link) => ({ ...link, group })),
  )
  const overview = { title: "Account", href: "/account", group: undefined }
  const sections = [overview, ...pages].map(({ title, href, group }) => ({
    ...{ title, href, group },
    isCurrent: href === current,
  }))
  return (
    <div class="server-settings">
      <SettingsNav
        label="Account"
        name="Your account"
        back={{ href: "/", text: "Back to my servers" }}
        sections={sections}
      />
      {children as "safe"}
    </div>
  )
}

/** Everything an account has, in groups. */
export function AccountLinks({
  isAdministrator,
  sendsMail,
}: {
  isAdministrator: boolean
  sendsMail: boolean
}) {
  return (
    <>
      {groups.map(({ title, links }) => (
        <section class="account-group">
          <h2 safe>{title}</h2>
          <ul class="described-links">
            {isAdministrator && title === "Programs" && <Described {...administration} />}
            {links.map((link) => (
              <Described {...link} />
            ))}
            {sendsMail && title === "Logging in" && <Described {...email} />}
            {sendsMail && title === "Later" && <Described {...missed} />}
            {title === "Privacy" && <Described {...deletion} />}
          </ul>
        </section>
      ))}
    </>
  )
}
