import { type Children, escapeHtml } from "@kitajs/html"
import { CardPage, type PageViewer } from "./layout.tsx"

interface FormPageProps {
  title: string
  viewer?: PageViewer
  /** What it is about. */
  back?: { href: string; name: string }
  /** More for the head. */
  head?: JSX.Element
  children?: Children
}

/** A form as a page: for browsers without JavaScript, and for links that lead straight to it. */
export function FormPage({ title, viewer, back, head, children }: FormPageProps) {
  return (
    <CardPage title={title} viewer={viewer} head={head}>
      {children as "safe"}
      {back !== undefined && (
        <p>
          <a class="way-back" href={escapeHtml(back.href)} safe>
            {`Back to ${back.name}`}
          </a>
        </p>
      )}
    </CardPage>
  )
}
