import { renderContent } from "../src/features/messages/render.ts"
import type { MessageVersion } from "../src/features/versions/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { Time } from "./times.tsx"
import { FormPanel } from "./ui.tsx"

/** What a message said, newest first. */
export function MessageHistoryPanel({ versions, clock }: { versions: MessageVersion[]; clock: Clock }) {
  if (versions.length === 0) {
    return (
      <FormPanel title="Edit history">
        <p class="hint">This message was deleted, along with its history.</p>
      </FormPanel>
    )
  }

  return (
    <FormPanel title="Edit history">
      <ol class="versions">
        {versions.toReversed().map((version, at) => (
          <li>
            <p class="hint">
              <Time at={version.writtenAt} clock={clock} />{" "}
              {at === 0 ? "(current)" : at === versions.length - 1 ? "(original)" : ""}
            </p>
            <blockquote class="content" dir="auto">
              {renderContent(version.content, { clock }) as "safe"}
            </blockquote>
          </li>
        ))}
      </ol>
    </FormPanel>
  )
}
