import { escapeHtml } from "@kitajs/html"
import { type Announcement, currentLook } from "../src/web/look.ts"
import { TextArea } from "./fields.tsx"
import { Icon } from "./icons.tsx"
import type { PageViewer } from "./layout.tsx"
import { LinkedText } from "./look.tsx"
import { FormErrors, type FormState } from "./ui.tsx"

/**
 * Above the pages of those who are signed in: what administrators announce, unless the viewer has dismissed it. Always
 * there, so that it is read aloud when something is announced.
 */
export function AnnouncementBar({ viewer }: { viewer: PageViewer }) {
  const { announcement } = currentLook()
  const isShown = announcement !== null && announcement.id !== viewer.dismissedAnnouncement
  return (
    <div id="announcement" aria-live="polite">
      {isShown && <AnnouncementText announcement={announcement} />}
    </div>
  )
}

/** The content of the bar, the same for everyone. */
export function AnnouncementText({ announcement: { id, text } }: { announcement: Announcement }) {
  const action = `/announcements/${escapeHtml(id)}/dismiss`
  return (
    <form class="announcement" method="post" action={action} hx-post={action} hx-target="#announcement">
      <p dir="auto">
        <LinkedText text={text} />
      </p>
      <button class="quiet" type="submit" aria-label="Dismiss the announcement" title="Dismiss">
        <Icon name="close" />
      </button>
    </form>
  )
}

interface SectionProps {
  isAnnounced: boolean
  /** What was done just now. */
  done?: string
  state: FormState
}

/** Where administrators announce something. */
export function AnnouncementSection({ isAnnounced, done, state }: SectionProps) {
  return (
    <>
      {done !== undefined && (
        <p role="status" safe>
          {done}
        </p>
      )}
      <p>It is shown above the pages of everyone who is logged in, until they dismiss it or you end it.</p>
      <form method="post" action="/admin/announcement">
        <FormErrors state={state} />
        <TextArea
          name="text"
          label="Announcement"
          hint="Up to 500 characters. Web addresses become links"
          state={state}
          required
        />
        <p class="actions">
          <button class="primary" type="submit">
            {isAnnounced ? "Replace the announcement" : "Announce"}
          </button>
        </p>
      </form>
      {isAnnounced && (
        <form method="post" action="/admin/announcement/clear">
          <p class="actions">
            <button type="submit">End the announcement</button>
          </p>
        </form>
      )}
    </>
  )
}
