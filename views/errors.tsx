import { CardPage, type PageViewer } from "./layout.tsx"
import { FormPanel } from "./ui.tsx"

interface Props {
  viewer?: PageViewer
  status: number
  title: string
  message: string
  /** It stands in a frame: its link leads the whole page on. */
  framed?: boolean
}

/** What went wrong, and the way on. */
export function ErrorPage({ viewer, status, title, message, framed }: Props) {
  return (
    <CardPage title={title} viewer={viewer}>
      <section class="panel">
        <p class="status">{status}</p>
        <h1 safe>{title}</h1>
        <p safe>{message}</p>
        <p class="aside">
          <a href="/" target={framed ? "_top" : undefined}>
            Go to my servers
          </a>
        </p>
      </section>
    </CardPage>
  )
}

/** The same in the dialog. */
export function ErrorPanel({ title, message }: Pick<Props, "title" | "message">) {
  return (
    <FormPanel title={title}>
      <p role="alert" safe>
        {message}
      </p>
      <p class="actions">
        <button type="button" class="cancel">
          Close
        </button>
      </p>
    </FormPanel>
  )
}
